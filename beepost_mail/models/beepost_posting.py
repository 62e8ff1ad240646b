from odoo import api, fields, models

from .beepost_mailing import OPTION_FIELDS
from .beepost_mailing_planned import read_moment


class BeepostPosting(models.AbstractModel):
    """How letters come to be, whatever lies in them: the one door to the outbox."""

    _name = "beepost.posting"
    _description = "Making Letters"

    @api.model
    def _option_names(self):
        """Fields of a letter that whoever makes it may choose. Another addon adds its
        own; those that no field answers to are left aside."""
        return (*OPTION_FIELDS, "lot_id", "planned_at")

    @api.model
    def _post(self, envelopes, user):
        """Makes one letter of each envelope and wakes the outbox.

        Options that an envelope leaves open are as the addressee, else the company,
        prefers them; an account or a service of another company is not taken.

        :param envelopes: list of dicts ``{"name": str, "company": res.company,
            "partner": res.partner, "options": {name of a letter's field: plain value},
            "documents": [{"name": str, "kind": "document" or "enclosure",
            "res_model": str, "res_id": int, "attachment": ir.attachment, "report":
            ir.actions.report that made it, if any}, …]}``; the documents lie in the
            envelope in the order of the list
        :param user: who sends them
        :return: the letters in the order of ``envelopes``, as superuser
        :raises ValueError: an envelope is empty, or its company has no account
        """
        usual = _Usual()
        letters = (
            self.env["beepost.mailing"]
            .with_user(user)
            .sudo()
            .with_context(tracking_disable=True)
            .create([self._prepare_vals(one, user, usual) for one in envelopes])
        )
        letters._keep_enclosures()
        self._replace_refused(letters)
        letters._snapshot_addresses()
        letters._log_to_documents(
            {
                letter: letter._created_words()
                for letter in letters
                if letter.state != "rejected"
            },
            own={},
        )
        letters._wake_outbox()
        return letters

    @api.model
    def _prepare_vals(self, envelope, user, usual):
        company, partner = envelope["company"], envelope["partner"]
        if not envelope["documents"]:
            raise ValueError(f"Nothing lies in the envelope {envelope['name']!r}")
        # What nobody chose is as the addressee, else the company, prefers it.
        options = {**partner._beepost_options(company), **envelope["options"]}
        options["planned_at"] = read_moment(options.get("planned_at"))
        account = usual.account(company, options.get("account_id"))
        if not account:
            raise ValueError(f"{company} has no account to post through")
        service = usual.service(company, options.get("service_id"))
        known = self.env["beepost.mailing"]._fields
        return {
            "name": envelope["name"],
            "company_id": company.id,
            "partner_id": partner.id,
            "user_id": user.id,
            **{
                name: options[name]
                for name in self._option_names()
                if name in options and name in known
            },
            "account_id": account.id,
            "service_id": service.id,
            "document_ids": [
                fields.Command.create(
                    {
                        "sequence": 10 * position,
                        "name": document["name"],
                        "kind": document["kind"],
                        "res_model": document["res_model"],
                        "res_id": document["res_id"],
                        "attachment_id": document["attachment"].id,
                        "report_id": bool(document.get("report"))
                        and document["report"].id,
                    }
                )
                for position, document in enumerate(envelope["documents"], 1)
            ],
        }

    @api.model
    def _replace_refused(self, letters):
        """A refused letter must not be sent again beside its successor: where all its
        documents lie in these letters, they replace it. Of a shared envelope, only the
        documents that do are taken out, so that the rest can be tried again."""
        posted = {}
        for line in letters.document_ids:
            if line.kind == "document":
                posted.setdefault(line._identity(), line.mailing_id)
        refused = self._lock_waiting(self._letters_with(posted, letters))
        for former in refused.sorted("id", reverse=True):
            its_own = {
                line._identity()
                for line in former.document_ids
                if line.kind == "document"
            }
            again = its_own & posted.keys()
            if not again:
                continue
            if again != its_own:
                self._replace_part(former, again, posted)
                continue
            for identity in its_own:
                successor = posted[identity]
                successor.origin_id = successor.origin_id or former
            former._cancel_here(former, self.env._("A new letter replaces it."))

    @api.model
    def _replace_part(self, former, again, posted):
        """The other documents of ``former`` stay in it, refused as they were."""
        own = former.document_ids.filtered(lambda line: line.kind == "document")
        out = own.filtered(lambda line: line._identity() in again)
        kept = {(line.res_model, line.res_id) for line in own - out}
        gone = {(line.res_model, line.res_id) for line in out} - kept
        # What was enclosed with a document goes along with it.
        enclosed = (former.document_ids - own).filtered(
            lambda line: (line.res_model, line.res_id) in gone
        )
        former._take_out(
            (out + enclosed).sorted(), self.env._("A new letter replaces it.")
        )
        for line in out:
            successor = posted[line._identity()]
            successor.origin_id = successor.origin_id or line.mailing_id

    @api.model
    def _lock_waiting(self, letters):
        """Whoever tries one of these again at this moment is first, or comes too late:
        PostgreSQL makes one of the two transactions start again."""
        letters.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM beepost_mailing WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE",
            [letters.ids],
        )
        return letters

    @api.model
    def _letters_with(self, identities, letters):
        """:return: refused letters, none of ``letters``, with any of these documents"""
        ids_by_model = {}
        for model, res_id, _name in identities:
            ids_by_model.setdefault(model, []).append(res_id)
        refused = letters.browse()
        for model, ids in ids_by_model.items():
            refused |= letters.search(
                [
                    ("state", "=", "rejected"),
                    ("id", "not in", letters.ids),
                    (
                        "document_ids",
                        "any",
                        [("res_model", "=", model), ("res_id", "in", ids)],
                    ),
                ]
            )
        return refused


class _Usual:
    """Account and service of each company are looked up once for all envelopes."""

    def __init__(self):
        self._accounts, self._services = {}, {}

    def account(self, company, wanted_id):
        key = company, wanted_id
        if key not in self._accounts:
            self._accounts[key] = company._beepost_account(wanted_id)
        return self._accounts[key]

    def service(self, company, wanted_id):
        key = company, wanted_id
        if key not in self._services:
            self._services[key] = company._beepost_service(wanted_id)
        return self._services[key]

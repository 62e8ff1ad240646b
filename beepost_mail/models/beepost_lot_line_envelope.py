from odoo import api, models
from odoo.exceptions import UserError

from .beepost_postable import name_of

SKIP = "skip_posted"  # the lot's option to leave out what was posted
# Names of a lot's options that an addressee's own wishes may stand against.
WISHES = {"service_id", "color", "duplex", "address_sheet"}


class BeepostLotLine(models.Model):
    """What lies in the envelope of one document, as its sender asked for it."""

    _inherit = "beepost.lot.line"

    def _author_env(self):
        """As the sender, with the sender's rights, in the company of the lot."""
        self.ensure_one()
        lot = self.sudo().lot_id
        return (
            self.with_user(lot.user_id)
            .with_context(lang=lot.user_id.lang, allowed_company_ids=lot.company_id.ids)
            .env
        )

    def _posted_meanwhile(self):
        """Whoever asks to leave out what was posted means the moment of posting: since
        the dialog another lot, or another person, may have been faster.

        :return: {line: why no letter is made of it}
        """
        careful = self.filtered(lambda line: (line.lot_id.options or {}).get(SKIP))
        reasons = {}
        for model_name, lines in careful.grouped("res_model").items():
            if model_name not in self.env:
                continue  # the run says so
            records = self.env[model_name].browse(lines.mapped("res_id"))
            posted = self.env["beepost.postable"]._posted_letters(records)
            for line in lines.filtered(lambda line, p=posted: line.res_id in p):
                reasons[line] = line._author_env()._(
                    "It was posted meanwhile with another letter, and this lot leaves"
                    " out what was posted already."
                )
        return reasons

    def _waits_for(self, others):
        """Whether one of ``others`` posts the same document at this moment: only once
        its letter is there can be told that nothing is left to do."""
        self.ensure_one()
        return bool((self.lot_id.options or {}).get(SKIP)) and any(
            (one.res_model, one.res_id) == (self.res_model, self.res_id)
            for one in others
        )

    def _prepare_envelope(self):
        """
        :return: an envelope as ``beepost.posting._post`` wants it, with files that
            live nowhere yet
        :raises Refusal: a file cannot be printed
        :raises UserError: why there is no letter, in words
        """
        self.ensure_one()
        lot = self.sudo().lot_id
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The document is gone."))
        record.check_access("read")
        plan = lot.options["plan"]
        partner = self._addressee(record, plan)
        papers = self._papers(record, partner, lot.company_id, plan["items"])
        return {
            "name": name_of(record),
            "company": lot.company_id,
            "partner": partner.sudo(),
            "options": self._letter_options(lot),
            "documents": self._prepare_documents(record, papers),
        }

    def _addressee(self, record, plan):
        postable = self.env["beepost.postable"]
        partner = self.sudo().partner_id.sudo(False)
        partner = partner or postable._addressees(record)[record]
        if not partner:
            raise UserError(self.env._("The document names nobody to send it to."))
        return postable._at_address(partner, plan.get("address"))

    def _letter_options(self, lot):
        """What the sender chose; what is missing here is as the addressee prefers."""
        chosen, options = lot.options, {"lot_id": lot.id}
        names = set(self.env["beepost.posting"]._option_names())
        if chosen.get("own_options"):
            names -= WISHES
        for name in names & chosen.keys():
            # Nothing chosen, but for a box, which says no.
            if chosen[name] or name in ("color", "duplex"):
                options[name] = chosen[name]
        self._require_choice(lot, options)
        return options

    @api.model
    def _require_choice(self, lot, options):
        """No other account, and no other service, takes the place of the chosen one.

        :raises UserError: it is gone
        """
        account = lot.env["beepost.account"].browse(options.get("account_id"))
        service = lot.env["beepost.service"].browse(options.get("service_id"))
        misfit = lot.company_id._beepost_misfit(account, service)
        if misfit:
            raise UserError(misfit)

    @api.model
    def _papers(self, record, partner, company, items):
        """
        :param items: list of ``["report", id]``, ``["file", id, name]`` (a PDF
            already) or ``["own", 0]`` (the record is a file itself)
        :return: list of (name, report or None, bytes or ir.attachment)
        """
        papers = self.env["beepost.papers"]
        limits = company._beepost_account()._letter_limits()
        made = []
        for kind, id_, *names in items:
            if kind == "report":
                report = self.env["ir.actions.report"].browse(id_)
                name = f"{report.sudo().name} {name_of(record)}"
                made.append(
                    (name, report, papers._print(report, record, partner, company))
                )
            elif kind == "own":
                content = papers._convert(record.name, record.raw or b"", limits)
                made.append((record.name, None, content))
            else:
                file = self.env["ir.attachment"].sudo().browse(id_).exists()
                if not file:
                    raise UserError(self.env._("A file that was enclosed is gone."))
                made.append((*names, None, file))
        return made

    @api.model
    def _prepare_documents(self, record, papers):
        # An enclosure goes along with a document; alone it is the document.
        has_document = any(not isinstance(paper, models.Model) for *_n, paper in papers)
        documents = []
        for position, (name, report, paper) in enumerate(papers):
            is_file = isinstance(paper, models.Model)
            file = paper if is_file else self._keep(name, paper)
            enclosed = is_file and (has_document or position > 0)
            documents.append(
                {
                    "name": name,
                    "kind": "enclosure" if enclosed else "document",
                    "res_model": record._name,
                    "res_id": record.id,
                    "attachment": file,
                    "report": report,
                }
            )
        return documents

    @api.model
    def _keep(self, name, content):
        """A file of the letter's own: it moves in once the letter is there."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name.removesuffix('.pdf')}.pdf".replace("/", "_"),
                    "raw": content,
                    "mimetype": "application/pdf",
                    # Odoo sweeps these away should no letter take them in.
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )

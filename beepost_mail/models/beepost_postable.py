from ast import literal_eval

from odoo import api, models
from odoo.tools import SQL

from .beepost_mailing import NOT_GONE
from .beepost_mailing_document import FILE

# These have a dialog of their own, which knows their law.
OWN_DIALOG = ("account.move",)


class BeepostPostable(models.AbstractModel):
    """What any record tells about a letter with it, by Odoo's own rules.

    An attachment is a document like others: its record says to whom it goes.
    """

    _name = "beepost.postable"
    _description = "What Can Be Posted"

    # ------------------------------------------------------------------
    # Kinds of documents
    # ------------------------------------------------------------------

    @api.model
    def _bound_domain(self):
        """Reports as PDF that stand in a Print menu."""
        return [
            ("report_type", "=", "qweb-pdf"),
            ("binding_model_id", "!=", False),
            ("binding_type", "=", "report"),
        ]

    @api.model
    def _has_addressee(self, model_name):
        model = self.env.get(model_name)
        if model is None or model._abstract or model._transient:
            return False
        return bool(model._mail_get_partner_fields(**_introspect(model)))

    @api.model
    def _is_postable(self, model_name):
        """Whether *Send by post* stands in the Print menu of this kind."""
        if model_name in OWN_DIALOG or not self._has_addressee(model_name):
            return False
        left_out = self.env["beepost.left.out"].sudo()
        if left_out.search_count([("model", "=", model_name)], limit=1):
            return False
        domain = [*self._bound_domain(), ("binding_model_id.model", "=", model_name)]
        return bool(self.env["ir.actions.report"].sudo().search_count(domain, limit=1))

    @api.model
    def _reports(self, model_name):
        """Reports that the user may print of this kind of document, the usual one
        first: Odoo's own templates for e-mails say which paper goes to an addressee."""
        reports = (
            self.env["ir.actions.report"]
            .sudo()
            .search(
                [*self._bound_domain(), ("binding_model_id.model", "=", model_name)],
                order="id",
            )
        )
        groups = self.env.user.all_group_ids
        reports = reports.filtered(
            lambda report: not report.group_ids or report.group_ids & groups
        )
        mailed = (
            self.env["mail.template"]
            .sudo()
            .search([("model", "=", model_name)])
            .report_template_ids
        )
        usual = reports & mailed
        return (usual + (reports - usual)).sudo(False)

    @api.model
    def _fits(self, report, records):
        """Those of ``records`` that ``report`` is meant for."""
        domain = report.sudo().domain
        return records.filtered_domain(literal_eval(domain)) if domain else records

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    @api.model
    def _addressees(self, records):
        """:return: {record: res.partner, empty where Odoo knows none}"""
        if records._name == FILE:
            return self._through_records(records, self._addressees, "res.partner")
        found = records._mail_get_partners(**_introspect(records))
        everyone = self.env["res.partner"].union(*found.values())
        return {
            record: found[record.id][:1].with_prefetch(everyone.ids)
            for record in records
        }

    @api.model
    def _at_address(self, partner, kind):
        """:param kind: a type of address (``invoice``, ``delivery``), or empty for the
        addressee itself"""
        return partner.browse(partner.address_get([kind])[kind]) if kind else partner

    @api.model
    def _companies(self, records):
        """:return: {record: res.company}, the user's own where a record has none"""
        if records._name == FILE:
            return {
                file: file.company_id or company or self.env.company
                for file, company in self._through_records(
                    records, self._companies, "res.company"
                ).items()
            }
        found = records._mail_get_companies(default=self.env.company)
        return {record: found[record.id] for record in records}

    @api.model
    def _through_records(self, files, ask, comodel):
        """What the records tell that ``files`` hang on; empty for loose files."""
        found = dict.fromkeys(files, self.env[comodel])
        for model_name, of_model in files.grouped("res_model").items():
            model = self.env.get(model_name or "")
            if model is None or model._abstract or model_name == FILE:
                continue
            ids = set(of_model.mapped("res_id")) - {0}
            records = model.browse(ids).exists()._filtered_access("read")
            told = {record.id: value for record, value in ask(records).items()}
            for file in of_model:
                found[file] = told.get(file.res_id, found[file])
        return found

    @api.model
    def _letters_of(self, records, states=None):
        """Letters with these documents, for whoever asks to make another.

        :param states: of these states only
        :return: {record id: letters as superuser, newest first}
        """
        domain = [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            ("kind", "=", "document"),
        ]
        if states:
            domain.append(("mailing_id.state", "in", states))
        Document = self.env["beepost.mailing.document"].sudo()
        lines = Document.search_fetch(domain, ["res_id", "mailing_id"])
        return {
            res_id: of_record.mailing_id.sorted("id", reverse=True)
            for res_id, of_record in lines.grouped("res_id").items()
        }

    @api.model
    def _posted(self, records):
        """Those that left or are about to, also where the letter is still to be made.

        :return: {record id: letters as superuser, newest first; none of a document
            that waits in a lot}
        """
        domain = [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            ("state", "=", "waiting"),
            ("lot_id.state", "!=", "cancelled"),
        ]
        Line = self.env["beepost.lot.line"].sudo()
        waiting = Line.search_fetch(domain, ["res_id"]).mapped("res_id")
        none = self.env["beepost.mailing"].sudo()
        return dict.fromkeys(waiting, none) | self._posted_letters(records)

    @api.model
    def _posted_letters(self, records):
        """Those of which a letter left or is about to, as ``account.move`` has it:
        practice counts only as long as there is nothing else.

        :return: {record id: letters as superuser, newest first}
        """
        states = ("sending", "accepted", "unknown", *NOT_GONE)
        counted = {}
        for res_id, letters in self._letters_of(records, states).items():
            letters = letters.filtered(
                lambda letter: (
                    letter.state in NOT_GONE
                    or not letter.is_practice
                    or letter.company_id._beepost_account().gateway == "sandbox"
                )
            )
            if letters:
                counted[res_id] = letters
        return counted

    @api.model
    def _meet_others(self, records):
        """Whoever sends these at the same moment meets this transaction on their rows:
        PostgreSQL makes one of the two start again, which then sees what is posted.

        Called last, for others wait as long as these rows are locked.
        """
        if records._auto:
            table = SQL.identifier(records._table)
            self.env.cr.execute(
                SQL("UPDATE %s SET id = id WHERE id = ANY(%s)", table, records.ids)
            )

    @api.model
    def _has_own_dialog(self, record):
        """An invoice is posted as its law wants it: its legal PDF, and once it is
        confirmed. Neither its reports nor the stored PDF go another way."""
        if record._name == FILE:
            return bool(record.res_field) and record.res_model in OWN_DIALOG
        return record._name in OWN_DIALOG

    @api.model
    def _obstacles(self, addressees, companies):
        """Why these cannot be posted, whatever the options.

        :return: {record: reason in words}, to follow its name
        """
        reasons, accounts = {}, {}
        for record, company in companies.items():
            if company not in accounts:
                accounts[company] = company._beepost_account()
            if self._has_own_dialog(record):
                reasons[record] = self.env._(
                    "is an invoice: use “Send by post” of the invoice itself"
                )
            elif not accounts[company]:
                reasons[record] = self.env._(
                    "belongs to company %s, which has no BeePOST account",
                    company.name,
                )
            elif not addressees[record]:
                reasons[record] = self.env._("names nobody to send it to")
        return reasons


def _introspect(model):
    """A custom model calls its fields as it likes."""
    return {"introspect_fields": bool(model._custom)}


def name_of(record):
    """What a person calls a record that may be read; some have no name yet."""
    return record.display_name or anonymous(record)


def anonymous(record):
    """Nothing that only readers of the record may know."""
    return f"{record._description} {record.id}"

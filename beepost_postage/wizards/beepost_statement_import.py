import base64
import binascii

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.beepost_mail.letter.finding import Refusal

from ..models import bill_words as words
from ..tabular import table as tabular
from ..tabular.raw import fault
from ..tariff.bill_rows import bill_rows, guess

SHOWN = 20  # faults in the dialog


class BeepostStatementImport(models.TransientModel):
    """A statement as a file: looked through at once, taken over as a whole or not at
    all. What its columns hold is remembered for the next one of this provider."""

    _name = "beepost.statement.import"
    _description = "Import of a Postage Statement"

    statement_id = fields.Many2one(
        "beepost.postage.statement", required=True, ondelete="cascade", readonly=True
    )
    file = fields.Binary(string="CSV or XLSX file", attachment=False)
    file_name = fields.Char()
    column_ids = fields.One2many(
        "beepost.statement.import.column",
        "import_id",
        string="Columns",
        compute="_compute_column_ids",
        store=True,
        readonly=False,
    )
    faults = fields.Html(compute="_compute_faults")
    row_count = fields.Integer(string="Rows", compute="_compute_faults")

    @api.depends("file")
    def _compute_column_ids(self):
        for wizard in self:
            try:
                table = wizard._read()
            except Refusal:
                table = None
            commands = [Command.clear()]
            if table:
                roles = {c: role for role, c in wizard._guess(table).items()}
                commands += [
                    Command.create(
                        {
                            "name": name,
                            "sample": table.rows[0].cells[name][:80],
                            "role": roles.get(name, False),
                        }
                    )
                    for name in table.columns
                ]
            wizard.column_ids = commands

    def _guess(self, table):
        """As the last file of this account had them, if this one is the same; else as
        the columns are called."""
        account = self.statement_id.account_id.sudo()
        former = account.statement_columns or {}
        kept = {role: table.column(name) for role, name in former.items()}
        return kept if kept and all(kept.values()) else guess(table.columns)

    @api.depends("file", "column_ids.role", "column_ids.name")
    @api.depends_context("lang")
    def _compute_faults(self):
        for wizard in self:
            wizard.faults, wizard.row_count = False, 0
            if not wizard.file:
                continue
            try:
                wizard.row_count = len(wizard._rows())
            except Refusal as refusal:
                wizard.faults = wizard._as_list(refusal)

    def _as_list(self, refusal):
        findings = refusal.findings
        items = [
            Markup("<li>%s</li>") % words.fault(self.env, finding)
            for finding in findings[:SHOWN]
        ]
        if len(findings) > SHOWN:
            more = self.env._("and %s more.", len(findings) - SHOWN)
            items.append(Markup("<li>%s</li>") % more)
        return Markup("<ul>%s</ul>") % Markup().join(items)

    def _read(self):
        """:raises Refusal: it is no table"""
        try:
            content = base64.b64decode(self.file or b"", validate=True)
        except binascii.Error:
            raise Refusal([fault("table.not_a_table")]) from None
        return tabular.read(content)

    def _mapping(self):
        """:raises Refusal: two columns hold the same"""
        mapping = {}
        for column in self.column_ids.filtered("role"):
            if column.role in mapping:
                found = fault("bill.role_twice", role=column.role)
                raise Refusal([found])
            mapping[column.role] = column.name
        return mapping

    def _rows(self):
        """:raises Refusal: with every fault"""
        statement = self.statement_id
        return bill_rows(
            self._read(), self._mapping(), statement.date_from, statement.date_to
        )

    def action_import(self):
        self.ensure_one()
        what = self.env._("Import a file")
        statement = self.statement_id._manage(("draft", "compared"), what)
        statement._require_no_bill()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            rows = self._rows()
        except Refusal as refusal:
            findings = refusal.findings
            sentences = [words.fault(self.env, one) for one in findings[:SHOWN]]
            if len(findings) > SHOWN:
                more = self.env._("and %s more.", len(findings) - SHOWN)
                sentences.append(more)
            raise UserError(
                self.env._(
                    "Nothing was imported:\n%(faults)s", faults="\n".join(sentences)
                )
            ) from refusal
        statement.account_id.statement_columns = self._mapping()
        added = statement._add_rows(rows)
        return self.statement_id._tell_added(added, len(rows))


class BeepostStatementImportColumn(models.TransientModel):
    _name = "beepost.statement.import.column"
    _description = "Column of an Imported Statement"

    import_id = fields.Many2one(
        "beepost.statement.import", required=True, ondelete="cascade"
    )
    name = fields.Char(string="Column", required=True)
    sample = fields.Char(string="First value")
    role = fields.Selection(
        [
            ("client_reference", "Our reference"),
            ("provider_reference", "BeePOST reference"),
            ("label", "Label"),
            ("amount", "Amount without tax"),
            ("tax_rate", "VAT rate"),
            ("billed_on", "Date"),
        ],
        string="It holds",
        help="Empty: not read.",
    )

import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding, Refusal

from ..models.beepost_postage_file import LIMITS
from ..models.postage_grid_words import sentence
from ..tabular.table import letters
from ..tariff.columns import recognise

SHOWN = 200  # faults and doubts; nobody reads more


class BeepostPostageImport(models.TransientModel):
    """Brings the prices of a file in, as a draft grid: all of them, or nothing.

    First the file is only read, and everything that is wrong with it is shown.
    """

    _name = "beepost.postage.import"
    _description = "Import Postage Prices"

    tariff_id = fields.Many2one(
        "beepost.postage.tariff",
        required=True,
        domain="[('company_id', 'in', allowed_company_ids + [False])]",
    )
    file = fields.Binary(required=True)
    filename = fields.Char()
    valid_from = fields.Date(
        string="In force from", help="Empty: the day that the file says."
    )
    valid_to = fields.Date(
        string="Until before",
        help="The first day on which these prices no longer hold. Empty: the file says"
        " it, or they hold until others take their place.",
    )
    former_id = fields.Many2one(
        "beepost.postage.grid",
        string="Replaces",
        domain="[('tariff_id', '=', tariff_id),"
        " ('state', 'in', ('announced', 'confirmed'))]",
        help="Only for a new version of a grid: when the new one is published, the"
        " former one ends where it begins, or is closed.",
    )
    origin = fields.Char(
        string="Where it comes from",
        help="The letter, contract or page that these prices were taken from.",
    )
    column_ids = fields.One2many("beepost.postage.import.column", "wizard_id")
    fault_ids = fields.One2many(
        "beepost.postage.import.fault", "wizard_id", readonly=True
    )
    is_checked = fields.Boolean(readonly=True)
    fault_count = fields.Integer(readonly=True)
    step_count = fields.Integer(string="Steps", readonly=True)
    option_count = fields.Integer(string="Options", readonly=True)
    read_from = fields.Date(string="First day", readonly=True)
    read_to = fields.Date(string="In force until before", readonly=True)

    @api.onchange("file", "tariff_id", "valid_from", "valid_to", "former_id")
    def _onchange_file(self):
        """What was checked is not what is here now."""
        self.is_checked = False
        self.fault_ids = [Command.clear()]

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_check(self):
        """Reads the file and shows what would come of it; nothing else changes."""
        self.ensure_one()
        self._check()
        return self._reopen()

    def action_import(self):
        """
        :return: action of the new draft; of this dialog where something is wrong
        """
        self.ensure_one()
        self.tariff_id.check_access("write")
        reading = self._check()
        if self.fault_count:
            return self._reopen()
        File = self.env["beepost.postage.file"]
        values = File._grid_vals(self.tariff_id, reading)
        values["former_id"] = self.former_id.id
        values["origin"] = values.get("origin") or self.origin or self.filename
        try:
            with self.env.cr.savepoint():
                grid = self.env["beepost.postage.grid"].create(values)
        except (ValidationError, UserError) as error:
            # Only what the reading does not know; no part of the grid is left.
            refused = Finding("import.refused", ERROR, {"reason": str(error)})
            self._show([refused])
            return self._reopen()
        grid.message_post(
            body=self.env._("Imported from %(file)s.", file=self.filename or "?")
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": grid._name,
            "res_id": grid.id,
            "view_mode": "form",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import prices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------
    # The dry run
    # ------------------------------------------------------------------

    def _check(self):
        """:return: ``tariff.reading.Reading``; None where there is no table at all"""
        self.write(
            {"is_checked": True, "step_count": 0, "option_count": 0}
            | dict.fromkeys(("read_from", "read_to"), False)
        )
        File = self.env["beepost.postage.file"]
        try:
            table = File._read_table(self._content(), self.filename)
        except Refusal as refusal:
            self.column_ids = [Command.clear()]
            self._show(refusal.findings)
            return None
        self._take_columns(table)
        reading = File._reading(
            self.tariff_id,
            table,
            {column.name: column.field or "" for column in self.column_ids},
            self.valid_from or None,
            self.valid_to or None,
        )
        if reading.valid_from:
            File._judge(self.tariff_id, reading, self._former(reading))
            overlaps = File._overlap(self.tariff_id, reading, self.former_id)
            reading.findings.extend(overlaps)
        self.write(
            {
                "step_count": len(reading.steps),
                "option_count": len(reading.options),
                "read_from": reading.valid_from,
                "read_to": reading.valid_to,
            }
        )
        self._show(reading.findings)
        return reading

    def _content(self):
        """
        :raises Refusal: more bytes than are read, or none
        """
        encoded = self.with_context(bin_size=False).file or b""
        if len(encoded) > LIMITS.max_bytes * 4 // 3 + 4:
            params = {"bytes": len(encoded) * 3 // 4, "max": LIMITS.max_bytes}
            raise Refusal([Finding("table.too_large", ERROR, params)])
        try:
            return base64.b64decode(encoded)
        except binascii.Error:
            raise Refusal([Finding("table.not_a_table", ERROR)]) from None

    def _take_columns(self, table):
        """What a person said of the columns is kept as long as they are the same."""
        if self.column_ids.mapped("name") == list(table.columns):
            return
        known = recognise(table.columns)
        first = table.rows[0].cells
        self.column_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "position": position,
                        "letter": letters(position),
                        "name": name,
                        "sample": first[name],
                        "field": known[name] or False,
                    }
                )
                for position, name in enumerate(table.columns)
            ),
        ]

    def _former(self, reading):
        """What the new grid is compared with, as if it were there already."""
        if self.former_id:
            return self.former_id
        matters = {(step["product"], step["zone"]) for _row, step in reading.steps}
        before = self.tariff_id.grid_ids.filtered(
            lambda grid: grid._is_published() and grid.valid_from < reading.valid_from
        )
        return before.sorted(
            lambda grid: (
                sum(
                    (line.product_id.code, line.zone_id.code) in matters
                    for line in grid.line_ids
                )
                > 0,
                not grid.valid_to or grid.valid_to >= reading.valid_from,
                len(grid.line_ids),
                grid.valid_from,
            )
        )[-1:]

    def _show(self, findings):
        findings = sorted(findings, key=lambda finding: finding.level != ERROR)
        self.fault_count = sum(finding.level == ERROR for finding in findings)
        self.fault_ids = [
            Command.clear(),
            *(
                Command.create(self._prepare_fault_vals(finding))
                for finding in findings[:SHOWN]
            ),
        ]

    def _prepare_fault_vals(self, finding):
        params = finding.params
        return {
            "is_warning": finding.level != ERROR,
            "code": finding.code,
            "row": params.get("row") and str(params["row"]),
            "column": params.get("column"),
            "cell": params.get("cell"),
            "message": sentence(self.env, finding),
        }

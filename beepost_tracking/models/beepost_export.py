from odoo import api, fields, models
from odoo.exceptions import AccessError

ADMIN = "beepost_mail.group_admin"


class BeepostExport(models.Model):
    """That evidence was exported: who, when, and up to which letter.

    The file itself is made while it is downloaded (``beepost.export.file``) and not
    kept: it would be one more copy of what has a set end.
    """

    _name = "beepost.export"
    _description = "Export of Evidence"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    date_from = fields.Date(string="Letters from", readonly=True)
    date_to = fields.Date(string="Letters up to", readonly=True)
    done_at = fields.Datetime(
        string="Exported", readonly=True, help="Empty: the file was never fetched."
    )
    letters = fields.Integer(readonly=True)
    withheld = fields.Integer(
        string="Without content",
        readonly=True,
        help="Letters with documents that the user may not read: their addresses, PDFs"
        " and proofs are not in the file, and they do not count as exported.",
    )
    last_letter = fields.Integer(string="Number of the last letter", readonly=True)
    sha256 = fields.Char(string="SHA-256 of the file", readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)

    @api.depends("company_id", "create_date")
    def _compute_display_name(self):
        for export in self:
            export.display_name = f"{export.company_id.name} {export.create_date:%F}"

    def _file_name(self):
        self.ensure_one()
        return f"beepost-evidence-{self.company_id.id}-{self.id}.zip"

    def _require_own(self):
        """Whoever asked for an export fetches it, as an administrator still.

        :return: ``self``, with rights to write down how it went
        :raises AccessError: nobody else does
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(ADMIN) or self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only the administrator who asked for an export fetches it.")
            )
        return self.sudo()

    def action_download(self):
        """Makes the file anew: letters have gone on since."""
        self.ensure_one()
        self._require_own()
        return {
            "type": "ir.actions.act_url",
            "url": f"/beepost/export/{self.id}",
            # A new window would be blocked: the file took too long after the click.
            "target": "self",
        }

from odoo import api, fields, models

from .res_partner import YES_NO


class BeepostLetterOptions(models.AbstractModel):
    """How a text is posted, and what goes along in the envelope."""

    _name = "beepost.letter.options"
    _description = "Options of a Letter"

    service_id = fields.Many2one(
        "beepost.service",
        string="Postal service",
        ondelete="set null",
        help="Empty: as each addressee, else the company, usually does.",
    )
    color = fields.Selection(
        YES_NO,
        string="In colour",
        help="Empty: as each addressee, else the company, usually does.",
    )
    duplex = fields.Selection(
        YES_NO,
        string="Both sides",
        help="Empty: as each addressee, else the company, usually does.",
    )
    address_sheet = fields.Selection(
        [("auto", "Only if needed"), ("always", "Always"), ("never", "Never")],
        string="Address sheet",
        help="Empty: as the company usually does. The letterhead shows the address in"
        " the window: it needs none.",
    )
    enclosure_ids = fields.Many2many(
        "ir.attachment",
        string="Enclosures",
        bypass_search_access=True,
        help="PDF files that go along in each envelope, behind the letter.",
    )

    def _enclosures(self):
        """In the order in which they were added, which Odoo turns round; as superuser:
        whoever may read the letter may read what it encloses."""
        return self.sudo().enclosure_ids.sorted(lambda file: file._origin.id)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._keep_enclosures()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "enclosure_ids" in vals:
            self._keep_enclosures()
        return result

    def _keep_enclosures(self):
        """A file that was only uploaded for this record moves in; one of another record
        is copied, so that what is enclosed does not change or vanish later."""
        for record in self:
            kept = self.env["ir.attachment"].sudo()
            for file in record._enclosures():
                home = {"res_model": record._name, "res_id": record.id}
                if (file.res_model, file.res_id) == (record._name, record.id):
                    kept |= file
                elif not file.res_id and file.create_uid == self.env.user:
                    file.write(home)
                    kept |= file
                else:
                    kept |= file.copy({**home, "res_field": False})
            if kept != record._enclosures():
                record.sudo().enclosure_ids = kept

    def _chosen_options(self):
        """:return: dict of plain values, without those that were left open"""
        self.ensure_one()
        options = {
            "service_id": self.service_id.id,
            "address_sheet": self.address_sheet,
        }
        options = {name: value for name, value in options.items() if value}
        for name in ("color", "duplex"):
            if self[name]:
                options[name] = self[name] == "yes"
        return options

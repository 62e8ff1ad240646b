from odoo import Command, api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_beepost_write_letter(self):
        """A draft to these contacts; nothing is kept until it is saved."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a letter"),
            "res_model": "beepost.free.letter",
            "view_mode": "form",
            "context": {
                "default_addressee_ids": [
                    Command.create({"partner_id": partner.id}) for partner in self
                ],
            },
        }

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'mail': what a letter says of its addressee, and anybody may fill in
        return (
            *super().mail_allowed_qweb_expressions(),
            *(
                f"object.{name}"
                for name in (
                    "city",
                    "commercial_company_name",
                    "country_id.name",
                    "email",
                    "function",
                    "parent_id.name",
                    "phone",
                    "ref",
                    "street",
                    "street2",
                    "vat",
                    "zip",
                )
            ),
        )

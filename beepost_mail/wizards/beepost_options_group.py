from odoo import fields, models


class BeepostOptions(models.AbstractModel):
    """Several documents of one addressee in one envelope, in any dialog that sends
    many."""

    _inherit = "beepost.options"

    together = fields.Boolean(
        string="One envelope for each addressee",
        help="Documents to the same address share an envelope, as far as it holds them."
        " The letters wait until the PDFs of all documents are made. Registered letters"
        " only where a registered service is chosen here for all.",
    )

    def _joins_registered(self):
        """Whoever chooses a registered service for all and one envelope as well has
        asked for both."""
        return not self.own_options and self.service_id.registered

    def _choose_options(self, usual):
        # EXTENDS: the wish travels with the letter, the outbox fulfils it
        options = super()._choose_options(usual)
        if self.together:
            options["grouping"] = "lot"
        return options

    def _prepare_lot_vals(self, company, count):
        # EXTENDS: read when letters are made, and by the outbox when all of them are
        values = super()._prepare_lot_vals(company, count)
        values["options"].update(
            grouping=self.together and "lot",
            together=self.together,
            together_registered=self.together and self._joins_registered(),
        )
        return values

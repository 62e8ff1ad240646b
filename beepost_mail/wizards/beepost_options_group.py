from odoo import api, fields, models


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
    envelope_count = fields.Integer(
        string="Envelopes",
        compute="_compute_from_drafts",
        help="More where an envelope does not hold all documents of an addressee.",
    )
    together_words = fields.Text(
        string="Shared envelopes",
        compute="_compute_from_drafts",
        help="What sharing envelopes does, or would do, to these documents.",
    )

    @api.depends(lambda self: self._drafts_depend_on())
    def _compute_from_drafts(self):
        for wizard in self:
            wizard._tell_of(wizard._drafts())

    def _tell_of(self, drafts):
        """Hook: fills each field that these letters tell. All of them in one place, as
        hundreds of letters take their time to be told."""
        self.envelope_count, sentences = self._together_sentences(drafts)
        self.together_words = "\n".join(sentences) or False

    def _drafts_depend_on(self):
        """:return: names of fields that :meth:`_drafts` and their envelopes hang on"""
        return [
            *self._options_depend_on(),
            *("together", "own_options", "service_id", "color", "duplex"),
            *("address_sheet", "account_id", "planned_on"),
        ]

    def _drafts(self):
        """The letters that this dialog would make, as far as they can be told without
        making anything.

        :return: list of ``models.beepost_mailing_group_draft.Draft``, in the order in
            which they will be made
        """
        raise NotImplementedError

    def _options_of(self, partner, company):
        """:return: what was chosen for a letter to ``partner``, else is preferred"""
        return self._choose_options(partner._beepost_options(company))

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

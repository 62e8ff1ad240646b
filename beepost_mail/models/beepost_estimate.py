from odoo import api, models
from odoo.tools import formatLang

from ..letter import envelope as room
from ..letter.finding import Refusal
from ..letter.workshop import Workshop
from .wording import sentence


class BeepostEstimate(models.AbstractModel):
    """What a letter will be, as far as it can be told before it is made."""

    _name = "beepost.estimate"
    _description = "Estimate of a Letter"

    @api.model
    def _get_estimate(self, company, partner, attachments, options):
        """Hook: the postage addon adds the price here.

        :param attachments: the PDFs that will lie in the envelope, in order
        :param options: of the letter, plain values; ``res_model`` beside them says
            what is posted, where it may share an envelope
        :return: dict with ``sentence`` (in words) and, once the PDFs exist, ``pages``,
            ``document_pages`` (of each PDF), ``sheets``, ``envelope`` and ``weight_mg``
        """
        account = company._beepost_account(options.get("account_id"))
        if not attachments or not account:
            return {
                "sentence": self.env._(
                    "Sheets and envelope are known once the PDF of the document exists."
                )
            }
        # The web client asks for sizes instead of contents when it shows a dialog.
        pdfs = attachments.sudo().with_context(bin_size=False)
        try:
            with Workshop() as workshop:
                counts = [workshop.count(pdf.raw or b"") for pdf in pdfs]
            measure = room.measure(
                counts,
                duplex=options["duplex"],
                address_sheet=options["address_sheet"] == "always",
                profile=account.profile_id._as_room_profile(),
            )
        except Refusal as refusal:
            return {
                "sentence": " ".join(sentence(self.env, f) for f in refusal.findings)
            }
        return {
            "pages": sum(counts),
            "document_pages": counts,
            "sheets": measure.sheets,
            "envelope": measure.envelope,
            "weight_mg": measure.weight_mg,
            "sentence": self._paper_words(sum(counts), measure),
        }

    def _paper_words(self, pages, measure):
        env, sheets = self.env, measure.sheets
        return env._(
            "%(pages)s on %(sheets)s, envelope %(envelope)s, about %(grams)s g. An"
            " address sheet, should one be needed, adds a sheet.",
            pages=env._("1 page") if pages == 1 else env._("%s pages", pages),
            sheets=env._("1 sheet") if sheets == 1 else env._("%s sheets", sheets),
            envelope=measure.envelope,
            grams=formatLang(env, measure.weight_mg / 1000, digits=1),
        )

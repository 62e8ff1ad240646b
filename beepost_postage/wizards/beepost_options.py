from odoo import models

from odoo.addons.beepost_mail.models.beepost_mailing_group_draft import NOT_COUNTED

from ..models import postage_words as words
from ..models.price_sharing import price_both

SECONDS = 1


class BeepostOptions(models.AbstractModel):
    """What one envelope for each addressee costs less, in dialogs that send many."""

    _inherit = "beepost.options"

    def _seconds_to_count(self):
        """For opening PDFs while this dialog is worked out."""
        return SECONDS

    def _count_drafts(self, drafts):
        # EXTENDS 'beepost_mail': PDFs that are there are opened for a moment, once
        result = super()._count_drafts(drafts)
        wanted = [draft for draft in drafts if draft.unknown == NOT_COUNTED]
        files = [file for draft in wanted for file in draft.files]
        if files:
            attachments = self.env["ir.attachment"].sudo().union(*files)
            seconds = self._seconds_to_count()
            known = self.env["beepost.page.count"]._count(attachments, seconds)
            for draft in wanted:
                draft.set_pages([known.get(file.checksum) for file in draft.files])
        return result

    def _get_sharing_saving(self, sharing):
        # EXTENDS 'beepost_mail'
        saving = super()._get_sharing_saving(sharing)
        prices = price_both(self.env, sharing)
        saving["totals"] = prices.totals
        for currency, (former, coming) in prices.totals.items():
            saving["figures"].append(
                words.price_instead(self.env, former, coming, currency)
            )
        if prices.totals and saving["maybe_sheets"]:
            saving["missing"].append(words.without_maybe_sheets(self.env))
        if prices.unpriced:
            saving["missing"].append(self._unpriced_words(prices.unpriced))
        if prices.totals and not (prices.unknown or prices.unpriced):
            # Nobody is advised to pay more.
            saving["is_worthwhile"] &= any(
                former > coming for former, coming in prices.totals.values()
            )
        return saving

    def _unpriced_words(self, count):
        if count == 1:
            return self.env._(
                "Not in the amount: one document, since it, or another one in the same"
                " envelope, has no price."
            )
        return self.env._(
            "Not in the amount: %(count)s documents, since they, or others in the same"
            " envelope, have no price.",
            count=count,
        )

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.beepost_mail.letter.finding import Refusal

from . import postage_words as words

SECONDS = 1  # for opening files while a dialog is worked out


class BeepostMailing(models.Model):
    """What sharing envelopes saves in euros: both ways are priced for the day on which
    La Poste gets letters that are handed over now, or as planned."""

    _inherit = "beepost.mailing"

    @api.model
    def _get_group_saving(self, groups):
        # EXTENDS 'beepost_mail': ``before`` and ``after`` get ``total``, an exact
        # amount with tax as ``Decimal``, where every envelope has a price
        saving = super()._get_group_saving(groups)
        before, after, _uncounted = self._measure_groups(groups)
        members = self.browse().union(*groups)
        others = members.sudo().lot_id._count_envelopes(except_for=members)
        former = self._sum_of_prices(self._named(before), others)
        coming = self._sum_of_prices(self._named(after), others)
        if not before or former is None or coming is None:
            return saving
        saving["before"]["total"], saving["after"]["total"] = former, coming
        text = words.price_instead(self.env, former, coming)
        saving["sentences"].append(text)
        if saving["maybe_sheets"]:
            saving["sentences"].append(words.without_maybe_sheets(self.env))
        return saving

    def _papers_if_counted(self):
        """What lies in the envelope, for a figure in a dialog: files are opened for a
        moment, nothing is rendered.

        :return: list of ``letter.once.Paper``, with 0 pages where that was too short
        """
        self.ensure_one()
        papers = self.document_ids._as_papers()
        files = self.document_ids.filtered(lambda line: not line.pages).attachment_id
        known = self.env["beepost.page.count"]._count(files, SECONDS) if files else {}
        return [
            paper
            if paper.pages
            else replace(paper, pages=known.get(line.attachment_id.checksum, 0))
            for line, paper in papers.items()
        ]

    @api.model
    def _sum_of_prices(self, measured, others):
        """
        :param measured: [(letter, documents printed in it, ``Measure``)]
        :param others: {lot id: its envelopes beside these}
        :return: ``Decimal`` with tax, or None where one has no price
        """
        wanted, now = [], fields.Datetime.now()
        own = Counter(letter.lot_id.id for letter, *_measured in measured)
        for letter, lines, measure in measured:
            account, lot_id = letter.account_id, letter.lot_id.id
            if not account.tariff_id or not letter.country_code:
                return None
            moment = max(letter.planned_at or now, now)
            envelopes = account.profile_id.envelope_ids
            parcel = self.env["beepost.postage"]._parcel(
                letter.service_id,
                (letter.country_code, letter.zip_code or ""),
                account._deposit_date(moment),
                envelopes.filtered(lambda e, m=measure: e.code == m.envelope)[:1],
                pages=sum(lines.mapped("pages")),
                sheets=measure.sheets,
                weight_mg=measure.weight_mg,
                color=letter.color,
                address_sheet=measure.address_sheet,
                quantity=own[lot_id] + others.get(lot_id, 0) if lot_id else 1,
            )
            wanted.append((account.tariff_id, parcel))
        quotes = self.env["beepost.postage"]._quotes(wanted)
        if any(isinstance(quote, Refusal) for quote in quotes):
            return None
        return sum((quote.total for quote in quotes), Decimal(0))

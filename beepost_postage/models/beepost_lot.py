from decimal import Decimal

from odoo import models

from . import postage_words as words


class BeepostLot(models.Model):
    """What a lot cost, from the frozen prices of its letters."""

    _inherit = "beepost.lot"

    def _get_cost_sentence(self):
        # EXTENDS 'beepost_mail'
        sentences = [super()._get_cost_sentence()]
        for currency, untaxed, total, count, practice in self._sums_of_prices():
            figures = {
                "total": words.euros(self.env, total, currency),
                "untaxed": words.euros(self.env, untaxed, currency),
                "count": count,
            }
            if practice:
                text = self.env._(
                    "Practice, nothing is billed: %(total)s with VAT, %(untaxed)s"
                    " without, for %(count)s letters.",
                    **figures,
                )
            else:
                text = self.env._(
                    "%(total)s with VAT, %(untaxed)s without, for %(count)s letters.",
                    **figures,
                )
            sentences.append(text)
        if unpriced := self._count_unpriced():
            sentences.append(
                self.env._("Unpriced, and in no sum: %(count)s.", count=unpriced)
            )
        return " ".join(filter(None, sentences))

    def _count_unpriced(self):
        """:return: letters of this lot that leave, or have left, without a price"""
        self.ensure_one()
        return self.env["beepost.mailing"].search_count(
            [("lot_id", "=", self.id), ("unpriced_count", "=", 1)]
        )

    def _sums_of_prices(self):
        """Letters without a price are not in it: they have none yet, did not leave,
        are unpriced, or lie in the envelope of another one, which bears it.

        :return: list of (currency, ``Decimal`` without VAT, with VAT, letters, whether
            they are for practice), real ones first
        """
        self.ensure_one()
        Mailing = self.env["beepost.mailing"]
        Mailing.flush_model(["lot_id", "quote", "postage_grid_id", "is_practice"])
        # Exact amounts are text in ``quote``: the columns beside it are floats, and so
        # is what Odoo makes of a sum.
        self.env.cr.execute(
            """
            SELECT tariff.currency_id,
                   SUM((letter.quote->>'untaxed')::numeric)::text,
                   SUM((letter.quote->>'total')::numeric)::text,
                   COUNT(*),
                   COALESCE(letter.is_practice, FALSE)
              FROM beepost_mailing letter
              JOIN beepost_postage_grid grid ON grid.id = letter.postage_grid_id
              JOIN beepost_postage_tariff tariff ON tariff.id = grid.tariff_id
             WHERE letter.lot_id = %s AND letter.quote IS NOT NULL
             GROUP BY 1, 5
             ORDER BY 5, 1
            """,
            [self.id],
        )
        return [
            (
                self.env["res.currency"].browse(id_),
                Decimal(untaxed),
                Decimal(total),
                *row,
            )
            for id_, untaxed, total, *row in self.env.cr.fetchall()
        ]

from odoo import models
from odoo.fields import Domain

GONE_WRONG = ("cancelled", "rejected")


class BeepostLot(models.Model):
    """How many letters are sent together, for prices that begin at a quantity."""

    _inherit = "beepost.lot"

    def _count_envelopes(self, except_for=None):
        """Letters that are there, and neither share another one's envelope nor were
        cancelled or refused. Prudent: a document without a letter, or a letter that
        waits for company, may be no envelope in the end, and earns no cheaper price.

        :param except_for: letters not to count
        :return: {lot id: how many}; none of a lot without any
        """
        domain = (
            Domain("lot_id", "in", self.ids)
            & Domain("grouped_into_id", "=", False)
            & Domain("grouping", "=", False)
            & Domain("state", "not in", GONE_WRONG)
        )
        if except_for:
            domain &= Domain("id", "not in", except_for.ids)
        groups = (
            self.env["beepost.mailing"]
            .sudo()
            ._read_group(domain, ["lot_id"], ["__count"])
        )
        return {lot.id: count for lot, count in groups}

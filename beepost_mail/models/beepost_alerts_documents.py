from odoo import api, models

from ..letter.finding import ERROR
from .beepost_alerts import short_list
from .beepost_postable import name_of


class BeepostAlerts(models.AbstractModel):
    """What a sender should know before letters with any documents leave."""

    _inherit = "beepost.alerts"

    @api.model
    def _get_for_documents(self, addressees, companies, posted):
        """
        :param addressees: {document: res.partner} of those that will be sent
        :param companies: {document: res.company} of the same
        :param posted: {document: letters that left or are about to; none where its
            letter is still to be made}
        :return: {key: alert} as :meth:`_get`
        """
        senders = self.env["res.company"].union(*companies.values())
        alerts = {
            "beepost_account": self._account_stopped(senders),
            "beepost_practice": self._practice(senders),
            "beepost_address": self._bad_addressees(addressees),
            "beepost_posted": self._posted_before(posted, single=len(addressees) == 1),
        }
        return {key: alert for key, alert in alerts.items() if alert}

    def _bad_addressees(self, addressees):
        bad, found = {}, {}
        for document, partner in addressees.items():
            if partner not in found:
                _address, findings = partner._beepost_address()
                found[partner] = [one for one in findings if one.level == ERROR]
            if found[partner]:
                bad[document] = found[partner]
        partners = self.env["res.partner"].union(*(addressees[one] for one in bad))
        return self._tell_bad_addresses(
            bad, _names(self.env, bad), partners, single=len(addressees) == 1
        )

    def _posted_before(self, posted, single):
        if not posted:
            return None
        letters = self.env["beepost.mailing"].sudo().union(*posted.values())
        names = _names(self.env, posted)
        return self._tell_posted(letters, len(posted), names, single)


def _names(env, documents):
    """A few names, and how many more there are."""
    return short_list(env, [name_of(document) for document in documents])

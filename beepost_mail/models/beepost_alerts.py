from odoo import api, models
from odoo.tools import format_date

from .beepost_mailing import NOT_GONE
from .wording import sentence

SHOWN = 5


class BeepostAlerts(models.AbstractModel):
    """What a sender should know before letters leave, in the form of core's alerts."""

    _name = "beepost.alerts"
    _description = "Alerts Before Posting"

    @api.model
    def _get(self, moves):
        """:return: {key: alert} as ``account.move.send._get_alerts`` has it"""
        alerts = {}
        for key, make in (
            ("beepost_account", lambda moves: self._account_stopped(moves.company_id)),
            ("beepost_practice", lambda moves: self._practice(moves.company_id)),
            ("beepost_address", self._bad_addresses),
            ("beepost_posted", self._already_posted),
            ("beepost_waiting", self._already_waiting),
            ("beepost_electronic", self._must_be_electronic),
        ):
            alert = make(moves)
            if alert:
                alerts[key] = alert
        return alerts

    def _account_stopped(self, companies):
        accounts = self.env["beepost.account"].union(
            *(company._beepost_account() for company in companies)
        )
        stopped = accounts.filtered(lambda account: account.state == "stopped")
        if not stopped:
            return None
        return {
            "level": "warning",
            "message": self.env._(
                "The BeePOST account is stopped: %(reason)s The letters wait until an"
                " administrator resumes it.",
                reason=stopped[0].stop_reason or "",
            ),
            "action_text": self.env._("View account"),
            "action": stopped._get_records_action(name=self.env._("BeePOST account")),
        }

    def _practice(self, companies):
        accounts = {company._beepost_account() for company in companies}
        if not any(account.gateway == "sandbox" for account in accounts):
            return None
        return {
            "level": "info",
            "message": self.env._(
                "This is a practice account: letters go through all their stages inside"
                " Odoo, and nothing is printed or posted."
            ),
        }

    def _bad_addresses(self, moves):
        bad = moves._beepost_bad_addresses()
        partners = self.env["res.partner"].union(*(move.partner_id for move in bad))
        return self._tell_bad_addresses(
            bad, _names(self.env, bad), partners, single=len(moves) == 1
        )

    def _tell_bad_addresses(self, bad, names, partners, single):
        """
        :param bad: {document: findings}
        :param names: some of those documents, in words
        """
        if not bad:
            return None
        if single:
            reasons = " ".join(sentence(self.env, f) for f in next(iter(bad.values())))
            message = self.env._(
                "The address cannot be printed in the window. %(reasons)s",
                reasons=reasons,
            )
        elif len(bad) == 1:
            message = self.env._(
                "One address cannot be printed in the window; that letter will be"
                " refused with its reason: %(names)s",
                names=names,
            )
        else:
            message = self.env._(
                "%(count)s addresses cannot be printed in the window; those letters"
                " will be refused with their reason: %(names)s",
                count=len(bad),
                names=names,
            )
        return {
            "level": "danger" if single else "warning",
            "message": message,
            "action_text": self.env._("Correct the address")
            if len(partners) == 1
            else self.env._("View the addresses"),
            "action": partners._get_records_action(
                name=self.env._("Addresses to correct")
            ),
        }

    def _already_posted(self, moves):
        posted = moves.filtered(lambda move: move._beepost_posted_letters())
        if not posted:
            return None
        return self._tell_posted(
            posted._beepost_posted_letters(),
            len(posted),
            _names(self.env, posted),
            single=len(moves) == 1,
        )

    def _tell_posted(self, letters, count, names, single):
        """
        :param letters: the newest first; none where they are still to be made
        :param count: how many documents were posted
        :param names: of the first of them
        :param single: whether nothing else is about to be sent
        """
        if not single and count == 1:
            message = self.env._(
                "One of these documents was posted already: %(names)s", names=names
            )
        elif not single:
            message = self.env._(
                "%(count)s of these documents were posted already: %(names)s",
                count=count,
                names=names,
            )
        elif not letters or letters[0].state in NOT_GONE:
            message = self.env._(
                "A letter with it is on its way out already. Sending again makes a"
                " second letter."
            )
        else:
            last = letters[0]
            message = self.env._(
                "Already posted on %(date)s (%(reference)s). Sending again makes a"
                " second letter.",
                date=format_date(self.env, last.accepted_at or last.create_date),
                reference=last.provider_reference or last.client_reference,
            )
        alert = {"level": "warning", "message": message}
        if letters:
            alert.update(
                action_text=self.env._("View letters"),
                action=letters.with_env(self.env)._get_records_action(
                    name=self.env._("Letters already sent")
                ),
            )
        return alert

    def _already_waiting(self, moves):
        waiting = moves.filtered(lambda move: move._beepost_waiting_letters())
        if not waiting:
            return None
        letters = waiting._beepost_waiting_letters()
        names = _names(self.env, waiting)
        return {
            "level": "warning",
            "message": self.env._(
                "A letter is on its way out already (%(names)s). Sending again makes a"
                " second letter.",
                names=names,
            )
            if len(moves) == 1
            else self.env._(
                "Letters are on their way out already for: %(names)s. Sending again"
                " makes a second letter of each.",
                names=names,
            ),
            "action_text": self.env._("View letters"),
            "action": letters.with_env(self.env)._get_records_action(
                name=self.env._("Letters on their way out")
            ),
        }

    def _must_be_electronic(self, moves):
        electronic = moves._beepost_must_be_electronic()
        if not electronic:
            return None
        names = _names(self.env, electronic)
        return {
            "level": "warning",
            "message": self.env._(
                "The law wants an electronic invoice here (%(names)s): paper is only a"
                " copy. Send the electronic invoice as well. Odoo notes this letter as"
                " “copy by post”; nothing is printed on it.",
                names=names,
            )
            if len(moves) == 1
            else self.env._(
                "The law wants electronic invoices for: %(names)s. Paper is only a"
                " copy: send these invoices electronically as well. Odoo notes their"
                " letters as “copy by post”; nothing is printed on them.",
                names=names,
            ),
        }


def _names(env, moves):
    """A few names, and how many more there are."""
    return short_list(env, [move.name for move in moves])


def short_list(env, names, shown=SHOWN):
    """The first of ``names``, and how many more there are: without brackets, since the
    whole may stand in some."""
    first, more = ", ".join(names[:shown]), len(names) - shown
    if more <= 0:
        return first
    return env._("%(names)s and %(count)s more", names=first, count=more)

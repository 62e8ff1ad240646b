from contextlib import contextmanager

from odoo import models
from odoo.tools import format_date, format_datetime

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding
from odoo.addons.beepost_mail.models.beepost_mailing import NOT_GONE

from ..journey.codes import FAILED, RANKS, UNKNOWN


class BeepostMailing(models.Model):
    """What follows from news of a letter: accountants read what matters, and only
    that: posted, delivered, came back."""

    _inherit = "beepost.mailing"

    @contextmanager
    def _noticing_news(self):
        """What the block changes in the standing of ``self`` has its consequences, in
        the same transaction: each once, since each change happens once. One that fails
        takes back neither the news nor the others."""
        letters = self.sudo()
        before = {letter: letter._standing() for letter in letters}
        yield
        letters._settle_by_evidence()
        changed = {
            letter: (before[letter], letter._standing())
            for letter in letters
            if letter._standing() != before[letter]
        }
        if changed:
            moved = letters.browse([letter.id for letter in changed])
            steps = moved._news_steps({m: old for m, (old, _new) in changed.items()})
            moved._follow_up(*steps)

    def _standing(self):
        """What consequences depend on.

        :return: dict of ``status``, ``posted_at``, ``delivered_at``, ``reason``
        """
        return {
            "status": self.status,
            "posted_at": self.posted_at,
            "delivered_at": self.delivered_at,
            "reason": self.return_reason,
        }

    def _settle_by_evidence(self):
        """An event proves that BeePOST has a letter of which nobody could tell, or
        which it said to have stopped; and one that it stopped before printing is no
        more “accepted”."""
        arrived = self.filtered(lambda letter: letter._was_there_after_all())
        for letter in arrived:
            values = {"state": "accepted", "in_doubt": False}
            if letter.state in ("unknown", *NOT_GONE) or not letter.accepted_at:
                first = letter.event_ids.filtered(
                    lambda event, letter=letter: (
                        event.client_reference in (False, "", letter.client_reference)
                    )
                ).sorted("happened_at")[:1]
                values["accepted_at"] = first.happened_at
                values["provider_reference"] = first.provider_reference
            letter.write(values)
        arrived.activity_unlink(["mail.mail_activity_data_warning"])
        arrived._follow_up(arrived._tell_accepted, arrived._after_accepted)
        for status in ("cancelled", "rejected"):
            self.filtered(
                lambda m, status=status: m.state == "accepted" and m.status == status
            )._stopped_by_provider(status)

    def _was_there_after_all(self):
        """One that was printed must not stay “refused”, nor one that BeePOST has wait
        for its turn: it would be sent again. What a person cancelled stays so, marked
        as contradicted."""
        self.ensure_one()
        if self.state == "unknown":
            return self.status != UNKNOWN
        if self.state in NOT_GONE:
            return self.status in RANKS
        return self.contradicted and (
            self.state == "rejected"
            or (
                self.state == "cancelled"
                and "cancelled" in self.event_ids.mapped("canonical")
            )
        )

    def _stopped_by_provider(self, status):
        """BeePOST says of an accepted letter that it will not be printed."""
        if not self:
            return
        if status == "rejected":
            self._refuse({letter: letter._findings_of_stop() for letter in self})
        else:
            self.write({"state": "cancelled"})
            self._log_to_documents(
                {
                    letter: letter._author_env()._(
                        "BeePOST cancelled this letter before printing it."
                    )
                    for letter in self
                }
            )

    def _findings_of_stop(self):
        self.ensure_one()
        told = self.event_ids.filtered(lambda event: event.canonical == "rejected")[:1]
        return [
            Finding(
                "provider.refused",
                ERROR,
                {"code": told.code, "message": told.label, "field": "", "page": 0},
            )
        ]

    def _news_steps(self, before):
        """Hook: the standing of each of ``self`` has changed.

        :param before: {letter: its former ``_standing()``}
        :return: functions, each of them a consequence
        """

        def tell_documents():
            self._tell_documents(before)

        return [tell_documents]

    def _tell_documents(self, before):
        bodies = {}
        for letter in self:
            words = letter._news_words(before[letter])
            if words:
                bodies[letter] = letter._as_practice(" ".join(words))
        self._log_to_documents(bodies)

    def _as_practice(self, words):
        """Nobody takes what happens in practice for what happened."""
        self.ensure_one()
        if not self.is_practice:
            return words
        return self._author_env()._("Practice, nothing was posted: %s", words)

    def _news_words(self, former):
        """:return: sentences in the author's language, for the documents' chatter"""
        self.ensure_one()
        env = self._author_env()
        words = []
        if self.posted_at and not former["posted_at"]:
            words.append(
                env._(
                    "Letter %(reference)s handed to La Poste on %(date)s.",
                    reference=self.provider_reference or self.name,
                    date=format_date(env, self.deposit_date),
                )
            )
        failed = self.status in FAILED
        if failed and former["status"] not in FAILED:
            words.append(
                env._(
                    "Letter %(reference)s could not be delivered: %(reason)s.",
                    reference=self.provider_reference or self.name,
                    reason=self.with_env(env)._reason_label(),
                )
            )
        elif failed and former["reason"] == "other" != self.return_reason:
            words.append(
                env._(
                    "Why letter %(reference)s could not be delivered: %(reason)s.",
                    reference=self.provider_reference or self.name,
                    reason=self.with_env(env)._reason_label(),
                )
            )
        elif self.delivered_at and not former["delivered_at"] and not failed:
            words.append(
                env._(
                    "Letter %(reference)s delivered on %(date)s.",
                    reference=self.provider_reference or self.name,
                    date=format_datetime(
                        env, self.delivered_at, tz="Europe/Paris", dt_format="short"
                    ),
                )
            )
        return words

    def _reason_label(self):
        labels = dict(self._fields["return_reason"]._description_selection(self.env))
        return labels.get(self.return_reason, "")

    def _documents_of(self, model):
        """The records of ``model`` that lie in these envelopes."""
        lines = self.sudo().document_ids.filtered(
            lambda line: line.res_model == model and line.kind == "document"
        )
        return self.env[model].browse(lines.mapped("res_id")).exists()

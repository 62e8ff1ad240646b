import time

from odoo import api, models
from odoo.tools import formatLang

from ..letter import grouping as room
from ..letter.finding import Refusal
from ..letter.sharing import measure_both, sheets_that_may_come
from . import sharing_words


class BeepostMailing(models.Model):
    """What sharing envelopes saves, counted from the pages of the documents."""

    _inherit = "beepost.mailing"

    def _count_pages(self, workshop, seconds=None):
        """Counts the pages of documents that nobody opened yet.

        :param seconds: how long at most
        :return: the letters with a document that is not counted: nobody can open it, or
            the time is over
        """
        started, bad = time.monotonic(), self.sudo().browse()
        # The web client asks for sizes instead of contents when it saves a dialog.
        lines = self.sudo().with_context(bin_size=False).document_ids
        for line in lines.filtered(lambda line: not line.pages):
            letter = line.mailing_id.with_env(bad.env)
            if seconds is not None and time.monotonic() - started > seconds:
                bad |= letter
                continue
            try:
                line.pages = workshop.count(
                    line.attachment_id.raw or b"", letter.account_id._letter_limits()
                )
            except Refusal:
                bad |= letter
        return bad

    @api.model
    def _get_group_saving(self, groups):
        """Hook: what these groups save as shared envelopes; the postage addon adds the
        price.

        Only groups whose pages are all counted have figures. An address sheet that
        only may be needed is in none of them, and the sentences say so.

        :param groups: recordsets, the letter that carries the others first
        :return: dict with ``sentences`` (list of str), ``uncounted`` (letters without
            figures), ``maybe_sheets`` (whether address sheets may come on top of them),
            and ``before`` and ``after``, each a dict with ``letters``, ``sheets`` and
            ``weight_mg``
        """
        before, after, uncounted = self._measure_groups(groups)
        saving = {
            "before": _total(before),
            "after": _total(after),
            "uncounted": uncounted,
            "maybe_sheets": bool(sheets_that_may_come([*before, *after])),
            "sentences": [],
        }
        if before:
            saving["sentences"] += [
                self._saving_words(saving),
                *sharing_words.maybe_sheets(self.env, before, after),
            ]
        left_out = _count_papers(before) - _count_papers(after)
        if left_out:
            saving["sentences"].append(
                self.env._(
                    "Identical enclosures are printed once in each envelope; copies"
                    " left out: %(count)s.",
                    count=left_out,
                )
            )
        if uncounted:
            saving["sentences"].append(self._uncounted_words(uncounted))
        return saving

    def _uncounted_words(self, count):
        if count == 1:
            return self.env._(
                "The pages of one letter are not counted yet: it is not in these"
                " figures."
            )
        return self.env._(
            "The pages of %(count)s letters are not counted yet: they are not in these"
            " figures.",
            count=count,
        )

    def _saving_words(self, saving):
        before, after = saving["before"], saving["after"]
        if after["sheets"] == before["sheets"]:
            text = self.env._(
                "%(letters)s letters become %(envelopes)s: %(sheets)s sheets, as many"
                " as apart, %(grams)s g instead of %(former_grams)s g."
            )
        elif after["sheets"] == 1:
            text = self.env._(
                "%(letters)s letters become %(envelopes)s: one sheet instead of"
                " %(former_sheets)s, %(grams)s g instead of %(former_grams)s g."
            )
        else:
            text = self.env._(
                "%(letters)s letters become %(envelopes)s: %(sheets)s sheets instead of"
                " %(former_sheets)s, %(grams)s g instead of %(former_grams)s g."
            )
        return text % dict(
            letters=before["letters"],
            envelopes=after["letters"],
            sheets=after["sheets"],
            former_sheets=before["sheets"],
            grams=formatLang(self.env, after["weight_mg"] / 1000, digits=1),
            former_grams=formatLang(self.env, before["weight_mg"] / 1000, digits=1),
        )

    @api.model
    def _measure_groups(self, groups):
        """
        :return: as ``letter.sharing.measure_both``
        """
        letters = self.sudo().browse().union(*groups)
        waiting = letters._as_waiting(True)
        return measure_both(
            [[waiting[letter] for letter in group] for group in groups],
            letters.account_id._group_bounds(),
        )

    @api.model
    def _named(self, measured):
        """
        :return: [(letter that carries the others, documents printed in it, measure)]
        """
        carriers = self.sudo().browse([members[0].number for members, _ in measured])
        return [
            (carrier, self._printed_in(members), measure)
            for carrier, (members, measure) in zip(carriers, measured, strict=True)
        ]

    def _printed_in(self, members):
        """:return: the documents that are in the PDF of these ``Waiting`` together"""
        lines = self.env["beepost.mailing.document"].sudo()
        return lines.browse([paper.number for paper in room.printed(members)])


def _count_papers(measured):
    return sum(len(room.printed(members)) for members, _measure in measured)


def _total(measured):
    return {
        "letters": len(measured),
        "sheets": sum(measure.sheets for _members, measure in measured),
        "weight_mg": sum(measure.weight_mg for _members, measure in measured),
    }

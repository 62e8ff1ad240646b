from dataclasses import dataclass

from odoo import models

from ..letter import grouping as room
from ..letter.sharing import measure_both, sheets_that_may_come
from ..models import sharing_words


@dataclass(frozen=True)
class Sharing:
    """Who would lie in an envelope with whom.

    :param drafts: {``letter.grouping.Waiting``: ``Draft``}
    :param groups: every letter in one of them, the oldest first; those that stay alone
        are groups too
    """

    drafts: dict
    groups: list

    @property
    def shared(self):
        return [group for group in self.groups if len(group) > 1]

    @property
    def bounds(self):
        accounts = {one.key.account for one in self.drafts}
        Account = next(iter(self.drafts.values())).company.env["beepost.account"]
        return Account.browse(accounts)._group_bounds()


class BeepostOptions(models.AbstractModel):
    """What one envelope for each addressee does, and what it would do: among the
    documents of the dialog, and with letters that wait already.

    Nothing is rendered for these words. What nobody knows yet is not in the figures,
    and they say so.
    """

    _name = "beepost.options"
    _inherit = ["beepost.options"]

    def _together_sentences(self, drafts):
        """:return: (envelopes of the documents as they are sent now, sentences)"""
        many = len(drafts) > 1
        beside = self._drafts_beside(drafts) if many and not self.together else {}
        self._count_drafts([*drafts, *beside.values()])
        if not many:
            return len(drafts), []
        if self.together:
            sharing = self._share(drafts)
            return len(sharing.groups), self._ticked_sentences(sharing)
        left = self._left_to_chance(drafts)
        return len(drafts), [
            *self._offer_sentences(self._share(left)),
            *self._beside_sentences(self._share_beside(left, beside)),
        ]

    def _count_drafts(self, drafts):
        """Hook: an addon that knows pages of files sets them here."""

    # ------------------------------------------------------------------
    # Who shares with whom
    # ------------------------------------------------------------------

    def _share(self, drafts):
        """With the tick: the documents share envelopes with each other only."""
        made = self.env["beepost.mailing"]._drafts_as_waiting(
            drafts, lot=1, registered=self._joins_registered()
        )
        return _grouped(made)

    def _left_to_chance(self, drafts):
        """Those that nobody puts together unless somebody asks."""
        companies = {draft.company for draft in drafts}
        houses = {company: company._beepost_house() for company in companies}
        return [
            draft
            for draft in drafts
            if houses[draft.company].beepost_grouping != "automatic"
        ]

    def _drafts_beside(self, drafts):
        """:return: {``Waiting`` of a letter that waits: its ``Draft``}"""
        Mailing = self.env["beepost.mailing"]
        own = Mailing._drafts_as_waiting(self._left_to_chance(drafts))
        found = Mailing._waiting_with({one.key for one in own if not one.alone})
        letters = Mailing.sudo().browse([letter.id for letter in found])
        as_drafts = letters._as_drafts()
        return {one: as_drafts[letter] for letter, one in found.items()}

    def _share_beside(self, drafts, beside):
        """Without the tick: documents of the dialog and letters that wait, as *Put
        together* would take them later. Documents with no letter beside stay alone."""
        if not beside:
            return Sharing({}, [])
        own = self.env["beepost.mailing"]._drafts_as_waiting(drafts)
        waiting = {one.recounted(d.pages): d for one, d in beside.items()}
        sharing = _grouped({**waiting, **own})
        keys = {
            group[0].key
            for group in sharing.groups
            if group[0] in waiting and group[-1] in own
        }
        groups = []
        for group in sharing.groups:
            groups += [group] if group[0].key in keys else [(one,) for one in group]
        return Sharing(sharing.drafts, groups)

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    def _ticked_sentences(self, sharing):
        figures = {"documents": len(sharing.drafts), "envelopes": len(sharing.groups)}
        if not sharing.shared:
            return [
                self.env._(
                    "%(documents)s documents in %(envelopes)s envelopes: no two of them"
                    " can share one.",
                    **figures,
                )
            ]
        words = (
            self.env._("%(documents)s documents in one envelope.", **figures)
            if figures["envelopes"] == 1
            else self.env._(
                "%(documents)s documents in %(envelopes)s envelopes.", **figures
            )
        )
        return [words, *self._figures(sharing, self._get_sharing_saving(sharing))]

    def _offer_sentences(self, sharing):
        shared = sharing.shared
        if not shared:
            return []
        count, total = sum(len(group) for group in shared), len(sharing.drafts)
        who = (
            self.env._("All %s documents go to the same address as others here.", total)
            if count == total
            else self.env._(
                "%(shared)s of the %(documents)s documents go to the same address as"
                " others here.",
                shared=count,
                documents=total,
            )
        )
        what = (
            self.env._("With one envelope for each addressee they fill a single one.")
            if len(shared) == 1
            else self.env._(
                "With one envelope for each addressee they fill %s.", len(shared)
            )
        )
        return self._advise(f"{who} {what}", sharing)

    def _beside_sentences(self, sharing):
        shared = sharing.shared
        if not shared:
            return []
        letters = sum(len(group) for group in shared)
        own = sum(not sharing.drafts[one].letter for group in shared for one in group)
        who = (
            self.env._(
                "At least one letter waits already for the addressee of one of these"
                " documents."
            )
            if own == 1
            else self.env._(
                "At least one letter waits already for the addressees of %s of these"
                " documents.",
                own,
            )
        )
        figures = {"envelopes": len(shared), "letters": letters}
        what = (
            self.env._("Together they fill one envelope instead of %(letters)s.")
            if len(shared) == 1
            else self.env._(
                "Together they fill %(envelopes)s envelopes instead of %(letters)s."
            )
        )
        how = self.env._(
            "Send these documents, then choose the new letters and those that wait"
            " among the letters, and press “Put together”."
        )
        return self._advise(f"{who} {what % figures} {how}", sharing)

    def _advise(self, words, sharing):
        saving = self._get_sharing_saving(sharing)
        if not saving["is_worthwhile"]:
            return []
        return [words, *self._figures(sharing, saving)]

    def _figures(self, sharing, saving):
        """Those who stay alone have a price as well, and it is not in these figures."""
        shared = sum(len(group) for group in sharing.shared)
        scope = []
        if saving["figures"] and shared < len(sharing.drafts):
            scope = [self.env._("For the %s in shared envelopes:", shared)]
        return [*scope, *saving["figures"], *saving["missing"]]

    def _get_sharing_saving(self, sharing):
        """Hook: what the shared envelopes of ``sharing`` save; the postage addon adds
        the price.

        :return: dict with ``figures`` and ``missing`` (lists of sentences: what is
            known, and what is not in it), ``maybe_sheets`` (whether address sheets may
            come on top of that) and ``is_worthwhile`` (whether that is worth a word
            before somebody asks)
        """
        before, after, unknown = measure_both(sharing.shared, sharing.bounds)
        saving = {
            "figures": [],
            "missing": [],
            "maybe_sheets": bool(sheets_that_may_come([*before, *after])),
            "is_worthwhile": True,
        }
        if after:
            saving["figures"] += self._sheet_words(before, after)
        if unknown:
            saving["missing"].append(self._unknown_words(unknown, bool(after)))
        return saving

    def _unknown_words(self, count, others):
        """
        :param others: whether there are figures without these
        """
        if not others:
            return self.env._(
                "What that saves is known once the PDFs are there and their pages"
                " counted, at the latest when the letters leave."
            )
        if count == 1:
            return self.env._(
                "Not in these figures: one document, since its pages, or those of"
                " others in the same envelope, are not known yet."
            )
        return self.env._(
            "Not in these figures: %(count)s documents, since their pages, or those of"
            " others in the same envelope, are not known yet.",
            count=count,
        )

    def _sheet_words(self, before, after):
        """
        :param before: list of (members, ``Measure``): each letter apart
        :return: sentences
        """
        now, former = _sheets(after), _sheets(before)
        figures = {"sheets": now, "former": former}
        return [
            self.env._("Sheets: %(sheets)s, as many as apart.", **figures)
            if now == former
            else self.env._("Sheets: %(sheets)s instead of %(former)s.", **figures),
            *sharing_words.maybe_sheets(self.env, before, after),
        ]


def _sheets(measured):
    return sum(found.sheets for _members, found in measured)


def _grouped(drafts):
    sharing = Sharing(drafts, [])
    if drafts:
        sharing.groups.extend(room.group(drafts, sharing.bounds))
    return sharing

from dataclasses import dataclass, field, replace
from datetime import timezone
from functools import cached_property

from odoo import api, fields, models
from odoo.fields import Domain

from ..letter import grouping as room
from ..letter import once
from ..letter.calendar import paris_day
from .beepost_confidentiality import ORDER
from .beepost_mailing_planned import read_moment

BESIDE = 3  # letters looked at for an advice on a single one
# Why nobody knows the pages of a letter.
NO_PDF, NOT_COUNTED, UNREADABLE = "no_pdf", "not_counted", "unreadable"
# What is still to be made is younger than any letter.
_FIRST_NUMBER = 1 << 40


@dataclass
class Draft:
    """A letter as a dialog sees it: one still to be made, or one that waits already.

    :param company: whose letter it is
    :param partner: the addressee, at the address that was chosen
    :param options: of the letter, plain values
    :param kinds: technical names of models: how confidential it is
    :param files: list of ``ir.attachment``, the PDFs that lie in it, in order; None:
        some are still to be made
    :param enclosed: how many of them are enclosures, the last ones
    :param pages: of each PDF, in order; empty as long as nobody knows them
    :param unknown: why not: ``NO_PDF``, ``NOT_COUNTED`` or ``UNREADABLE``
    :param letter: the letter that waits, as superuser, if it is one
    :param lines: what lies in that letter
    """

    company: models.Model
    partner: models.Model
    options: dict
    kinds: frozenset = frozenset()
    files: list | None = None
    enclosed: int = 0
    pages: tuple[int, ...] = ()
    unknown: str = field(init=False, default="")
    letter: models.Model | None = None
    lines: tuple[once.Paper, ...] = ()

    def __post_init__(self):
        if not self.pages:
            self.unknown = NO_PDF if self.files is None else NOT_COUNTED

    def set_pages(self, counts):
        """:param counts: of each file, 0 of what cannot be counted, None where nobody
        did yet"""
        if None in counts:
            self.unknown = NOT_COUNTED
        elif not all(counts):
            self.unknown = UNREADABLE
        else:
            self.pages, self.unknown = tuple(counts), ""

    @cached_property
    def address(self):
        """The addressee's, in the window; None where it cannot be printed."""
        address, _findings = self.partner._beepost_address()
        return address

    def papers(self):
        """
        :return: tuple of ``letter.once.Paper``, one at least; where nobody knows their
            pages, one page each
        """
        lines = self.lines or tuple(self._papers_to_be()) or (self._paper(0),)
        pages = self.pages or [1] * len(lines)
        return tuple(
            replace(one, pages=count) for one, count in zip(lines, pages, strict=True)
        )

    def _papers_to_be(self):
        files = self.files or ()
        for place, file in enumerate(files):
            is_enclosed = place >= len(files) - self.enclosed
            content = file.checksum if is_enclosed else ""
            yield self._paper(place, size=file.file_size, content=content)

    def _paper(self, place, **values):
        return once.Paper((id(self), place), owner=id(self), pages=0, **values)


class BeepostMailing(models.Model):
    """Letters that are still to be made, beside each other and beside those that wait:
    they share envelopes by the rules of letters that are there."""

    _inherit = "beepost.mailing"

    @api.model
    def _drafts_as_waiting(self, drafts, lot=0, registered=False):
        """
        :param drafts: in the order in which their letters will be made
        :param lot: whether they wait for each other and for nobody else
        :param registered: whether registered letters may share envelopes as well
        :return: {``letter.grouping.Waiting``: ``Draft``}
        """
        levels = self.env["beepost.confidentiality"]._levels(
            set().union(*(draft.kinds for draft in drafts))
        )
        known, made = _Usual(levels), {}
        for number, draft in enumerate(drafts, _FIRST_NUMBER):
            key = known.key(draft, lot)
            service = known.service(draft)
            one = room.Waiting(
                number=number,
                key=key,
                papers=draft.papers(),
                with_sheet=key.address_sheet != "never",
                alone=(service.registered and not registered)
                or not (key.sender and key.recipient)
                or draft.unknown == UNREADABLE,
                counted=not draft.unknown,
                sheet_is_sure=key.address_sheet != "auto",
            )
            made[one] = draft
        return made

    @api.model
    def _waiting_with(self, keys, limit=None):
        """Letters that wait, and could share an envelope with those still to be made.

        As many queries for a thousand keys as for one.

        :param keys: set of ``letter.grouping.Key`` of those
        :param limit: letters looked at, the oldest first
        :return: {letter that the user may read: ``Waiting``}, the oldest first
        """
        if not keys:
            return {}
        domain = self._groupable_domain() & Domain("grouping", "!=", "lot")
        for name, of_key in _FIELDS.items():
            domain &= Domain(name, "in", list({of_key(key) for key in keys}))
        letters = self.sudo().search(domain, order="id", limit=limit)
        found = {
            letter: one
            for letter, one in letters._as_waiting().items()
            if one.key in keys and not one.alone
        }
        readable = self.browse([letter.id for letter in found])._filtered_access("read")
        return {
            letter: one for letter, one in found.items() if letter.id in readable._ids
        }

    @api.model
    def _waiting_beside(self, company, partner, options, res_model):
        """Letters that one still to be made could share an envelope with.

        :param options: of that letter, plain values
        :param res_model: what its document is
        :return: letters that the user may read, the oldest first, ``BESIDE`` at most
        """
        draft = Draft(company, partner, options, frozenset([res_model]))
        keys = {one.key for one in self._drafts_as_waiting([draft]) if not one.alone}
        return self.browse([letter.id for letter in self._waiting_with(keys, BESIDE)])

    def _as_drafts(self):
        """:return: {letter: ``Draft``}, with the pages that are known"""
        made = {}
        papers = self.sudo().document_ids._as_papers()
        for letter in self.sudo():
            lines = letter.document_ids
            counted = all(line.pages for line in lines)
            made[letter] = Draft(
                company=letter.company_id,
                partner=letter.partner_id,
                options={
                    "account_id": letter.account_id.id,
                    "service_id": letter.service_id.id,
                    "color": letter.color,
                    "duplex": letter.duplex,
                    "address_sheet": letter.address_sheet,
                    "planned_at": letter.planned_at,
                },
                files=[line.attachment_id for line in lines],
                pages=tuple(lines.mapped("pages")) if counted else (),
                letter=letter,
                lines=tuple(papers[line] for line in lines),
            )
        return made


# Fields of a letter → what they are in a key; its day is looked at afterwards.
_FIELDS = {
    "account_id": lambda key: key.account,
    "company_id": lambda key: key.company,
    "service_id": lambda key: key.service,
    "color": lambda key: key.color,
    "duplex": lambda key: key.duplex,
    "address_sheet": lambda key: key.address_sheet,
    "is_copy": lambda key: key.is_copy,
    "confidentiality": lambda key: key.confidentiality,
    "recipient": lambda key: key.recipient.rpartition("\n")[0],
    "country_code": lambda key: key.recipient.rpartition("\n")[2],
    "sender": lambda key: key.sender,
    "partner_id.commercial_partner_id": lambda key: key.family,
}


class _Usual:
    """What many letters have in common is looked up once for all of them."""

    def __init__(self, levels):
        self._levels, self._known = levels, {}
        now = fields.Datetime.now()
        self._now, self._today = now, _day(now)

    def _once(self, kind, key, look_up):
        if (kind, key) not in self._known:
            self._known[kind, key] = look_up()
        return self._known[kind, key]

    def service(self, draft):
        company, wanted = draft.company, draft.options.get("service_id")
        return self._once(
            "service", (company, wanted), lambda: company._beepost_service(wanted)
        )

    def _account(self, draft):
        company, wanted = draft.company, draft.options.get("account_id")
        return self._once(
            "account", (company, wanted), lambda: company._beepost_account(wanted)
        )

    def _sender(self, company):
        def look_up():
            address, _findings = company._beepost_sender()
            return "\n".join(address.lines) if address else ""

        return self._once("sender", company, look_up)

    def _recipient(self, draft):
        def look_up():
            address = draft.address
            return address and "\n".join([*address.lines, address.country]) or ""

        return self._once("recipient", draft.partner, look_up)

    def _level(self, kinds):
        return self._once("level", kinds, lambda: _highest(self._levels, kinds))

    def key(self, draft, lot):
        options = draft.options
        planned = read_moment(options.get("planned_at"))
        return room.Key(
            company=draft.company.id,
            sender=self._sender(draft.company),
            recipient=self._recipient(draft),
            family=draft.partner.commercial_partner_id.id,
            account=self._account(draft).id,
            service=self.service(draft).id,
            color=bool(options["color"]),
            duplex=bool(options["duplex"]),
            address_sheet=options["address_sheet"],
            confidentiality=self._level(draft.kinds),
            is_copy=bool(options.get("is_copy")),
            day=_day(planned) if planned and planned > self._now else self._today,
            lot=lot,
        )


def _day(moment):
    """
    :param moment: naive datetime in UTC, as Odoo's own
    :return: its day in Paris
    """
    return paris_day(moment.replace(tzinfo=timezone.utc))


def _highest(levels, kinds):
    return max({levels[kind] for kind in kinds} or ORDER[:1], key=ORDER.index)

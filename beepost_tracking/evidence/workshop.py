"""Papers from outside are opened, and the evidence file is made, in a process with
bounds on memory and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from odoo.addons.beepost_mail.letter import framing
from odoo.addons.beepost_mail.letter.address_sheet import FONT_FILE
from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_mail.letter.profile import Limits
from odoo.addons.beepost_mail.letter.workshop import Workshop

from .join import Annex, Dossier
from .paper import kind_of
from .showing import HEAVY

# A paper, and all that goes into one evidence file, in bytes.
MAX_PAPER = 32 * 1024 * 1024
MAX_FILES = 96 * 1024 * 1024
_PAPER = Limits(max_bytes=MAX_PAPER)
# Each file may lie in the result twice: shown, and as it came.
_DOSSIER = Limits(max_bytes=2 * MAX_FILES + 16 * 1024 * 1024)


@dataclass(frozen=True)
class Examined:
    """:param kind: see ``paper.kind_of``
    :param pages: how many show it
    :param problem: why it cannot be shown, see ``showing``; empty when it can
    """

    kind: str
    pages: int = 0
    problem: str = ""


class EvidenceWorkshop(Workshop):
    """Both operations of the room, and those of letters."""

    room = Path(__file__).resolve().parent

    def __init__(self, *, memory_mb: int = 2048, seconds: int = 30):
        super().__init__(memory_mb=memory_mb, seconds=seconds)

    def examine(self, content: bytes) -> Examined:
        """What ``content`` is. Never raises: what the child dies of is too heavy."""
        if len(content) > MAX_PAPER:
            return Examined(kind_of(content), problem=HEAVY)
        try:
            answer, _blobs = self._ask(
                framing.frame({"op": "examine"}, [content]), _PAPER, ""
            )
            found = Examined(**answer["examined"])
            sound = isinstance(found.problem, str) and type(found.pages) is int
            if not sound or found.kind != kind_of(content):
                raise self._distrust("")
        except (KeyError, TypeError, Refusal):
            return Examined(kind_of(content), problem=HEAVY)
        return found

    def join(
        self, title: str, head: str, summary: bytes, annexes: Sequence[Annex]
    ) -> Dossier:
        """``join.join``, bounded. :raises Refusal: ``pages.too_heavy``"""
        header = {
            "op": "join",
            "title": title,
            "head": head,
            "font": str(FONT_FILE),
            "annexes": [_described(annex) for annex in annexes],
        }
        contents = [annex.content for annex in annexes]
        request = framing.frame(header, [summary, *contents])
        answer, blobs = self._ask(request, _DOSSIER, title)
        try:
            (pdf,) = blobs
            joined = answer["joined"]
            hidden = tuple(joined["hidden"])
            numbers = (joined["pages"], *hidden)
            if any(type(number) is not int for number in numbers):
                raise self._distrust(title)
            if not pdf.startswith(b"%PDF-"):
                raise self._distrust(title)
        except (KeyError, TypeError, ValueError) as error:
            raise self._distrust(title) from error
        return Dossier(pdf, joined["pages"], hidden)


def _described(annex: Annex) -> dict:
    described = asdict(annex)
    del described["content"]
    return described

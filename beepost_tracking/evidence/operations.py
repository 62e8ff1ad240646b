"""What the workshop's child does of this room's work; see ``letter.workshop``."""

from __future__ import annotations

from .join import Annex, join
from .paper import kind_of
from .showing import CannotShow, pages_of


def _examine(header: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
    (content,) = blobs
    found = {"kind": kind_of(content), "pages": 0, "problem": ""}
    try:
        found["pages"] = pages_of(content)[1]
    except CannotShow as error:
        found["problem"] = error.problem
    return {"examined": found}, []


def _join(header: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
    summary, *contents = blobs
    described = zip(header["annexes"], contents, strict=True)
    made = join(
        header["title"],
        header["head"],
        summary,
        [Annex(content=content, **annex) for annex, content in described],
        header["font"],
    )
    joined = {"pages": made.pages, "hidden": list(made.hidden)}
    return {"joined": joined}, [made.pdf]


OPERATIONS = {"examine": _examine, "join": _join}

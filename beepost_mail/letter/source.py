"""One document of a letter, page by page: what is wrong and where it must go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import placement
from .finding import ERROR, REPAIR, WARNING, Finding, Refusal, errors
from .ink import Ink
from .intake import refusal
from .look import CannotOpen, Look, Page
from .matrix import Matrix
from .opening import open_document
from .placement import MAX_SIDE_MM, MIN_SIDE_MM, NoPlace, Placement, is_a4
from .profile import Limits, Profile
from .structure import PageFacts, Structure

# Fonts that every printer has, under the names that producers give them. Anything else
# that is not embedded comes out in another face, or as other signs.
_STANDARD_FONT = re.compile(
    r"(?:[A-Z]{6}\+)?(?:(?:Helvetica|Courier|Times|Arial(?:MT)?"
    r"|(?:TimesNewRoman|CourierNew)(?:PS)?(?:MT)?)"
    r"(?:[-,]?(?:Roman|Regular|Bold|Italic|Oblique)+(?:MT)?)?"
    r"|Symbol|ZapfDingbats)"
)
_MAX_MEDIA_MM = 5100.0  # 14 400 units, the largest page that PDF allows
_BOX_TOLERANCE = 0.5  # PDF units between MediaBox and CropBox that nobody sees


@dataclass(frozen=True)
class SourcePage:
    """A page and the matrix that brings it onto its sheet; None leaves it as it is."""

    bbox: tuple[float, float, float, float]
    matrix: Matrix | None


@dataclass(frozen=True)
class Source:
    """A document that can be printed once its pages are where ``pages`` says.

    :param pdf: what was given, or a decrypted or rebuilt form of it
    :param annotated: something of annotations or form fields prints
    """

    name: str
    pdf: bytes = field(repr=False)
    pages: tuple[SourcePage, ...]
    signatures: int
    scripts: bool
    annotated: bool
    findings: tuple[Finding, ...]


def examine(name: str, pdf: bytes, profile: Profile, limits: Limits) -> Source:
    """Opens and checks one document; the caller holds ``look.LOCK``.

    :raises Refusal: with every page's errors at once
    """
    pdf, structure, findings = open_document(name, pdf, limits)
    pages, blank, annotated = [], [], False
    try:
        with Look(pdf) as look:
            for number, facts in enumerate(structure.pages, 1):
                page = look.page(number - 1, facts.user_unit)
                where = {"document": name, "page": number}
                found, ink, matrix = _examine_page(page, facts, where, profile)
                findings += found
                pages.append(SourcePage(page.bbox, matrix))
                blank += [number] if ink is not None and ink.blank else []
                annotated |= page.annotated
                page.raw.close()
            signatures = look.signatures
    except CannotOpen as error:
        raise refusal("pages.unreadable", name) from error
    findings += _blank(name, blank, len(pages))
    findings += _document(name, structure, annotated)
    if errors(findings):
        raise Refusal(findings)
    return Source(
        name=name,
        pdf=pdf,
        pages=tuple(pages),
        signatures=signatures,
        scripts=structure.scripts,
        annotated=annotated,
        findings=tuple(findings),
    )


def _examine_page(page: Page, facts: PageFacts, where: dict, profile: Profile):
    size = {
        "width_mm": round(page.width_mm, 1),
        "height_mm": round(page.height_mm, 1),
    }
    if not _usable(page, facts):
        return [Finding("pages.size_unusable", ERROR, {**where, **size})], None, None
    ink = Ink(page.raster())
    findings = _content(page, facts, where)
    corner = _corner(page, facts)
    try:
        placed = placement.place(
            page.width_mm, page.height_mm, ink, profile, corner=corner
        )
    except NoPlace as error:
        return [*findings, _no_place(error, where)], ink, None
    repairs = _repairs(page, facts, placed, corner, where, size)
    if not repairs:
        return findings, ink, None
    matrix = placed.as_matrix(page.bbox, page.rotation, page.mm_per_unit)
    return findings + repairs, ink, matrix


def _usable(page: Page, facts: PageFacts) -> bool:
    """PDFium replaces a box that makes no sense by US letter; other readers do not."""
    left, bottom, right, top = facts.mediabox
    unit = page.mm_per_unit
    if not 0 < (right - left) * unit < _MAX_MEDIA_MM > (top - bottom) * unit > 0:
        return False
    shorter, longer = sorted((page.width_mm, page.height_mm))
    return shorter >= MIN_SIDE_MM and longer <= MAX_SIDE_MM


def _corner(page: Page, facts: PageFacts) -> tuple[float, float] | None:
    """Where a page that was cropped out of an upright A4 sheet stood on it, in mm."""
    left, bottom, right, top = facts.mediabox
    unit = page.mm_per_unit
    if page.rotation or not is_a4((right - left) * unit, (top - bottom) * unit):
        return None
    if not _cropped(page, facts):
        return None
    return (page.bbox[0] - left) * unit, (top - page.bbox[3]) * unit


def _cropped(page: Page, facts: PageFacts) -> bool:
    return any(
        abs(a - b) > _BOX_TOLERANCE
        for a, b in zip(page.bbox, facts.mediabox, strict=True)
    )


def _repairs(
    page: Page,
    facts: PageFacts,
    placed: Placement,
    corner: tuple[float, float] | None,
    where: dict,
    size: dict,
) -> list[Finding]:
    """What placing the page changes, in words; empty when it changes nothing."""
    found = []
    turn = placed.turn or page.rotation
    if turn:
        found.append(Finding("pages.rotated", REPAIR, {**where, "degrees": turn}))
    if _cropped(page, facts):
        found.append(Finding("pages.cropped", REPAIR, where))
    upright = sorted((page.width_mm, page.height_mm))
    percent = {"percent": round(placed.scale * 100)}
    if corner is None and not is_a4(*upright):
        found.append(Finding("pages.scaled", REPAIR, {**where, **size, **percent}))
    elif placed.scale != 1:
        found.append(Finding("pages.shrunk", REPAIR, {**where, **percent}))
    if facts.user_unit != 1:
        unit = {"unit": facts.user_unit}
        found.append(Finding("pages.user_unit", REPAIR, {**where, **unit}))
    return found


def _content(page: Page, facts: PageFacts, where: dict) -> list[Finding]:
    found = []
    if page.comments:
        counts = {"count": len(page.comments), "printed": page.comments_printed}
        found.append(Finding("pages.comments", WARNING, {**where, **counts}))
    if facts.font_doubt:
        for font in sorted(page.fonts_not_embedded()):
            standard = _STANDARD_FONT.fullmatch(font)
            code = "pages.font_not_embedded" if standard else "pages.font_missing"
            level = WARNING if standard else ERROR
            found.append(Finding(code, level, {**where, "font": font}))
    return found


def _no_place(error: NoPlace, where: dict) -> Finding:
    code = "pages.reserved_ink" if error.reserved else "pages.margin_ink"
    zone = error.zone
    place = {
        "left_mm": round(zone.left, 1),
        "top_mm": round(zone.top, 1),
        "right_mm": round(zone.right, 1),
        "bottom_mm": round(zone.bottom, 1),
    }
    return Finding(code, ERROR, {**where, **place})


def _blank(name: str, blank: list[int], pages: int) -> list[Finding]:
    if len(blank) == pages:
        return [Finding("pages.blank_document", ERROR, {"document": name})]
    return [
        Finding("pages.blank_page", WARNING, {"document": name, "page": number})
        for number in blank
    ]


def _document(name: str, structure: Structure, annotated: bool) -> list[Finding]:
    found = []
    if structure.fields and annotated:
        fields = {"document": name, "fields": structure.fields}
        found.append(Finding("pages.form", WARNING, fields))
    if structure.scripts:
        found.append(Finding("pages.javascript", WARNING, {"document": name}))
    return found

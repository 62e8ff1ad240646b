"""What pypdf finds in a document: its pages, and whether each can be printed whole.

A viewer draws what it can of a damaged page and says nothing. A letter must not leave
with half a page, so every content stream is decoded here, and every object that a page
needs must be there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    StreamObject,
)

from . import streams

_MAX_DEPTH = 30


class Damaged(Exception):
    """Part of page ``page`` (from 1) is missing or cannot be decoded."""

    def __init__(self, page: int):
        super().__init__(f"page {page}")
        self.page = page


class Irregular(Exception):
    """An object does not stand where the cross-references say."""


class TooHeavy(Exception):
    """The document unfolds to more than a letter can need."""


@dataclass(frozen=True)
class PageFacts:
    """What PDFium does not tell of a page.

    :param mediabox: as four numbers in order, PDF units
    :param font_doubt: a font in its resources is not embedded (it may be unused)
    """

    mediabox: tuple[float, float, float, float]
    user_unit: float
    font_doubt: bool


class Structure:
    """A document read by pypdf.

    :param strict: any irregularity is an error; otherwise pypdf mends what it can
    :param thorough: embedded fonts are decoded too, for a document that was mended
    :raises Exception: whatever pypdf raises on what it cannot read (it has no common
        base class), and :class:`Damaged`, :class:`Irregular`, :class:`TooHeavy`
    """

    def __init__(self, pdf: bytes, *, strict: bool, thorough: bool = False):
        self._thorough = thorough
        self._whole: set[int] = set()  # streams that several pages may share
        try:
            self.reader = PdfReader(io.BytesIO(pdf), strict=strict)
            table = {gen: dict(at) for gen, at in self.reader.xref.items()}
            root = self.reader.root_object
            self.declared = int(root["/Pages"]["/Count"])
            self.pages = tuple(
                self._facts(number, page)
                for number, page in enumerate(self.reader.pages, 1)
            )
            self.scripts = _has_scripts(root)
            self.fields = len(_array(_dict(root.get("/AcroForm")).get("/Fields")))
        except (LimitReachedError, streams.TooLarge) as error:
            raise TooHeavy(str(error)) from error
        # Even when strict, pypdf looks for a misplaced object elsewhere in the file.
        self.searched = [
            number
            for gen, entries in self.reader.xref.items()
            for number, at in entries.items()
            if table.get(gen, {}).get(number) != at
        ]
        if strict and self.searched:
            raise Irregular(f"objects {self.searched}")

    def _facts(self, number: int, page: DictionaryObject) -> PageFacts:
        seen: set[int] = set()
        try:
            for stream in _contents(page):
                self._require_whole(stream)
            doubt = self._walk(page.get("/Resources"), seen, 0)
        except (LimitReachedError, streams.TooLarge, RecursionError, MemoryError):
            raise
        except Exception as error:
            raise Damaged(number) from error
        box = page.mediabox
        unit = float(page.get("/UserUnit", 1))
        x = sorted((float(box[0]), float(box[2])))
        y = sorted((float(box[1]), float(box[3])))
        return PageFacts((x[0], y[0], x[1], y[1]), unit, doubt)

    def _walk(self, resources, seen: set[int], depth: int) -> bool:
        """Decodes what the resources hold; True when a font in it is not embedded."""
        resources = _dict(resources)
        doubt = False
        for font in _values(resources.get("/Font"), seen):
            doubt |= not self._font_embedded(_dict(font))
        for item in _values(resources.get("/XObject"), seen):
            if not isinstance(item, StreamObject):
                raise ValueError("an XObject is no stream")
            if item.get("/Subtype") == "/Form":
                self._require_whole(item)
                if depth < _MAX_DEPTH:
                    doubt |= self._walk(item.get("/Resources"), seen, depth + 1)
            elif streams.is_lossless(item):
                self._require_whole(item, streams.MAX_IMAGE_BYTES)
        for item in _values(resources.get("/Pattern"), seen):
            if isinstance(item, StreamObject):
                self._require_whole(item)
                if depth < _MAX_DEPTH:
                    doubt |= self._walk(item.get("/Resources"), seen, depth + 1)
        return doubt

    def _font_embedded(self, font: DictionaryObject) -> bool:
        kind = font.get("/Subtype")
        if kind == "/Type3":
            return True
        if kind == "/Type0":
            font = _dict(_there(_array(_there(font.raw_get("/DescendantFonts")))[0]))
        descriptor = _dict(font.get("/FontDescriptor"))
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in descriptor:
                file = _there(descriptor.raw_get(key))
                if self._thorough:
                    self._require_whole(file)
                return True
        return False

    def _require_whole(self, stream: StreamObject, most=streams.MAX_BYTES) -> None:
        reference = stream.indirect_reference
        if reference is None or reference.idnum not in self._whole:
            streams.require_whole(stream, most)
        if reference is not None:
            self._whole.add(reference.idnum)


def _contents(page: DictionaryObject) -> Iterator[StreamObject]:
    if "/Contents" not in page:
        return
    contents = _there(page.raw_get("/Contents"))
    for part in contents if isinstance(contents, ArrayObject) else [contents]:
        stream = _there(part)
        if not isinstance(stream, StreamObject):
            raise ValueError("the content is no stream")
        yield stream


def _there(obj):
    """The object behind a reference. :raises ValueError: there is none."""
    found = obj.get_object() if isinstance(obj, IndirectObject) else obj
    if found is None or (isinstance(obj, IndirectObject) and _is_null(found)):
        raise ValueError(f"{obj!r} is missing")
    return found


def _values(holder, seen: set[int]) -> Iterator:
    """The objects of a resource dictionary that were not met before on this page."""
    holder = _dict(holder)
    for key in holder:
        obj = holder.raw_get(key)
        if isinstance(obj, IndirectObject):
            if obj.idnum in seen:
                continue
            seen.add(obj.idnum)
        yield _there(obj)


def _has_scripts(root: DictionaryObject) -> bool:
    action = _dict(root.get("/OpenAction"))
    names = _dict(root.get("/Names"))
    return action.get("/S") == "/JavaScript" or "/JavaScript" in names or "/AA" in root


def _dict(obj) -> DictionaryObject:
    found = obj.get_object() if obj is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(obj) -> ArrayObject:
    found = obj.get_object() if obj is not None else None
    return found if isinstance(found, ArrayObject) else ArrayObject()


def _is_null(obj) -> bool:
    return isinstance(obj, NullObject)

"""Whether a PDF stream can be decoded to its end, within bounds.

Every viewer, and pypdf too, hands out what could be decoded of a stream that is cut off
or damaged. For the post that is half a page, so the end itself is looked for.
"""

from __future__ import annotations

import zlib

from pypdf.generic import ArrayObject, StreamObject

# What one stream may unfold to. The densest real content stays under 10 MB; a page
# scanned in colour at 600 dpi takes 104 MB.
MAX_BYTES = 64 * 1024 * 1024
MAX_IMAGE_BYTES = 256 * 1024 * 1024
_STEP = 1024 * 1024
_LOSSLESS = {
    "/FlateDecode",
    "/Fl",
    "/LZWDecode",
    "/LZW",
    "/ASCII85Decode",
    "/A85",
    "/ASCIIHexDecode",
    "/AHx",
    "/RunLengthDecode",
    "/RL",
}


class CutOff(Exception):
    """The stream ends before its data does, or is no such data at all."""


class TooLarge(Exception):
    """The stream unfolds to more than it may."""


def require_whole(stream: StreamObject, most: int = MAX_BYTES) -> None:
    """:raises CutOff, TooLarge: and whatever pypdf's decoders raise"""
    filters = _filters(stream)
    if filters in (["/FlateDecode"], ["/Fl"]):
        # pypdf has no public name for a stream's bytes as stored.
        _require_whole_deflate(stream._data, most)
    elif not is_lossless(stream):
        raise CutOff(f"filters {filters}")
    elif filters:
        stream.get_data()


def is_lossless(stream: StreamObject) -> bool:
    """Whether ``require_whole`` can tell: not for formats that only images have."""
    return all(name in _LOSSLESS for name in _filters(stream))


def _filters(stream: StreamObject) -> list:
    if "/Filter" not in stream:
        return []
    found = stream["/Filter"].get_object()
    return list(found) if isinstance(found, ArrayObject) else [found]


def _require_whole_deflate(data: bytes, most: int) -> None:
    # Raw deflate: a wrong checksum at the very end is common and harms nobody.
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    total, rest = 0, data[2:]
    try:
        while rest and not inflater.eof:
            total += len(inflater.decompress(rest, _STEP))
            rest = inflater.unconsumed_tail
            if total > most:
                raise TooLarge
    except zlib.error as error:
        raise CutOff(str(error)) from error
    if data and not inflater.eof:
        raise CutOff("no end of data")

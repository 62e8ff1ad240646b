"""Jobs and results as bytes between the workshop and its child.

A frame is a four-byte length, a JSON header, then raw blobs whose lengths the header
gives. Never pickle: the child has handled a file from outside and is not believed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict

from .finding import Finding
from .job import Document, Job, Prepared
from .profile import EnvelopeSpec, Limits, Profile, Zone

LENGTH = struct.Struct(">I")
# Findings of ninety pages are some kilobytes.
MAX_HEADER = 4 * 1024 * 1024

OUT_OF_MEMORY = 71  # the child's exit code


class BadFrame(Exception):
    """The bytes are no frame, or not the one expected."""


def frame(header: dict, blobs: Sequence[bytes] = ()) -> bytes:
    text = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join((LENGTH.pack(len(text)), text, *blobs))


class FrameReader:
    """Collects one frame from pieces of any size.

    :param max_blob: largest blob that is accepted, in bytes
    """

    def __init__(self, max_blob: int):
        self._max_blob = max_blob
        self._buffer = bytearray()
        self._header: dict | None = None
        self._lengths: list[int] = []

    def missing(self) -> int:
        """How many bytes to read next; 0 when the frame is complete.

        :raises BadFrame:
        """
        if self._header is None:
            if len(self._buffer) < LENGTH.size:
                return LENGTH.size - len(self._buffer)
            (length,) = LENGTH.unpack_from(self._buffer)
            if length > MAX_HEADER:
                raise BadFrame("header too long")
            if len(self._buffer) < LENGTH.size + length:
                return LENGTH.size + length - len(self._buffer)
            self._take_header(length)
        return sum(self._lengths) - len(self._buffer)

    def feed(self, piece: bytes) -> None:
        self._buffer += piece

    def result(self) -> tuple[dict, list[bytes]]:
        """The header and its blobs, once nothing is missing."""
        blobs, at = [], 0
        for length in self._lengths:
            blobs.append(bytes(self._buffer[at : at + length]))
            at += length
        return self._header, blobs

    def _take_header(self, length: int) -> None:
        text = bytes(self._buffer[LENGTH.size : LENGTH.size + length])
        try:
            header = json.loads(text)
            lengths = header.pop("blobs")
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            raise BadFrame("header") from error
        sound = isinstance(lengths, list) and all(
            isinstance(n, int) and 0 <= n <= self._max_blob for n in lengths
        )
        if not sound:
            raise BadFrame("blobs")
        self._header, self._lengths = header, lengths
        del self._buffer[: LENGTH.size + length]


def job_to_frame(job: Job) -> bytes:
    header = {
        "op": "prepare",
        "names": [document.name for document in job.documents],
        "recipient": list(job.recipient),
        "sender": list(job.sender),
        "duplex": job.duplex,
        "address_sheet": job.address_sheet,
        "profile": asdict(job.profile),
        "limits": asdict(job.limits),
    }
    return frame(header, [document.pdf for document in job.documents])


def job_from(header: dict, blobs: Sequence[bytes]) -> Job:
    profile = dict(header["profile"])
    for key in ("window", "quiet"):
        profile[key] = Zone(**profile[key])
    profile["reserved"] = tuple(Zone(**zone) for zone in profile["reserved"])
    profile["envelopes"] = tuple(EnvelopeSpec(**spec) for spec in profile["envelopes"])
    named = zip(header["names"], blobs, strict=True)
    return Job(
        documents=tuple(Document(name, pdf) for name, pdf in named),
        recipient=tuple(header["recipient"]),
        sender=tuple(header["sender"]),
        duplex=header["duplex"],
        address_sheet=header["address_sheet"],
        profile=Profile(**profile),
        limits=Limits(**header["limits"]),
    )


def prepared_to_frame(prepared: Prepared) -> bytes:
    """An untouched PDF is not sent back: the workshop has it."""
    header = {
        "pages": prepared.pages,
        "document_pages": list(prepared.document_pages),
        "document_sheets": list(prepared.document_sheets),
        "address_sheet": prepared.address_sheet,
        "sheets": prepared.sheets,
        "envelope": prepared.envelope,
        "weight_mg": prepared.weight_mg,
        "untouched": prepared.untouched,
        "findings": [finding.as_dict() for finding in prepared.findings],
    }
    return frame({"prepared": header}, [] if prepared.untouched else [prepared.pdf])


def prepared_from(header: dict, blobs: Sequence[bytes], job: Job, sha256) -> Prepared:
    """:raises BadFrame: the header is not what a child of ours would send"""
    try:
        untouched = header["untouched"]
        (pdf,) = [job.documents[0].pdf] if untouched else blobs
        counts = [header[key] for key in ("document_pages", "document_sheets")]
        figures = [header[key] for key in ("pages", "sheets", "weight_mg")]
        for number in (*figures, *counts[0], *counts[1]):
            if type(number) is not int or number < 0:
                raise BadFrame("figures")
        return Prepared(
            pdf=pdf,
            sha256=sha256(pdf).hexdigest(),
            pages=figures[0],
            document_pages=tuple(counts[0]),
            document_sheets=tuple(counts[1]),
            address_sheet=bool(header["address_sheet"]),
            sheets=figures[1],
            envelope=str(header["envelope"]),
            weight_mg=figures[2],
            untouched=pdf == job.documents[0].pdf,
            findings=findings_from(header["findings"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFrame("prepared") from error


def findings_from(items) -> tuple[Finding, ...]:
    """:raises BadFrame:"""
    try:
        found = tuple(Finding.from_dict(item) for item in items)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadFrame("findings") from error
    for finding in found:
        plain = all(isinstance(v, (str, int, float)) for v in finding.params.values())
        if not (isinstance(finding.code, str) and plain):
            raise BadFrame("findings")
    return found

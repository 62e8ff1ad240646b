"""A ZIP file that lists the hash of everything in it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

SUMS = "SHA256SUMS.txt"
CHUNK = 1024 * 1024  # bytes


class Archive:
    """Written straight through to ``target``; memory holds one chunk.

    >>> with Archive(file, datetime.now()) as archive:
    ...     archive.add("README.txt", b"...")
    """

    def __init__(self, target: BinaryIO, moment: datetime):
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self._moment = moment.timetuple()[:6]
        self._sums: dict[str, str] = {}

    def __enter__(self):
        return self

    def __exit__(self, kind, *_rest):
        if not kind:
            lines = [f"{value}  {name}\n" for name, value in self._sums.items()]
            self.add(SUMS, "".join(lines).encode())
        self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        self.add_from(name, BytesIO(content))

    def add_from(self, name: str, source: BinaryIO) -> None:
        """:raises ValueError: the name is taken, or leads out of the archive"""
        if name in self._sums or ".." in name.split("/") or name.startswith("/"):
            raise ValueError(f"not a name for a file in here: {name!r}")
        info = zipfile.ZipInfo(name, self._moment)
        # A PDF is compressed already.
        packed = not name.endswith(".pdf")
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest = hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
        self._sums[name] = digest.hexdigest()


def safe_name(name: str) -> str:
    """One step of a path that every system takes.

    >>> safe_name("../à payer?.pdf")
    '_à_payer_.pdf'
    """
    return re.sub(r"[^\w.-]+", "_", name).lstrip(".")[-100:] or "_"

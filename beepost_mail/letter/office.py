"""Office files as PDF, by LibreOffice where the server has it.

An office file is a program of a kind, and LibreOffice a large one: it gets a profile of
its own that forbids macros and links, no network, no environment, bounds on time and on
what it writes, and everything that it started dies with it.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from .kinds import SHEET, SLIDES, WORD, refusal

SECONDS = 45
_MEMORY_MB = 3072
_NAMES = ("soffice", "libreoffice")
# The format is named: left to find it out, LibreOffice takes a damaged file for plain
# text and prints its bytes.
_RTF = "Rich Text Format"
_OLE = {WORD: "MS Word 97", SHEET: "MS Excel 97", SLIDES: "MS PowerPoint 97"}
_ODF = {WORD: "writer8", SHEET: "calc8", SLIDES: "impress8"}
_OPEN_XML = {
    WORD: "MS Word 2007 XML",
    SHEET: "Calc MS Excel 2007 XML",
    SLIDES: "Impress MS PowerPoint 2007 XML",
}
# A second lock beside the missing network.
_NOWHERE = "http://127.0.0.1:9"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
%s
</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.%s"><prop oor:name="%s" oor:op="fuse">'
    "<value>%s</value></prop></item>"
)
_FORBIDDEN = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "UseLocking", "false"),
    # Both say “never”: each program counts its choices in its own way.
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
# LibreOffice prints a picture of the server's disk that an RTF names. Instructions of
# fields that count pages or tell the day are left, the others show their last result.
_RTF_FIELD = re.compile(
    rb"\\fldinst(?![a-z])(?!(?:[\s{}]|\\[a-z]{1,32}-?\d{0,9}){0,24}"
    rb"(?:PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME)\b)"
)
_MADE_AT = re.compile(rb"(/CreationDate\(D:)\d{14}")
_MARKS = re.compile(
    rb"/ID \[ <[0-9A-F]{32}>\s<[0-9A-F]{32}> \]\s/DocChecksum /[0-9A-F]{32}"
)

# Bounds that the program cannot lift, set between fork and exec without ``preexec_fn``,
# which is not safe in a threaded server.
_BOUNDED = """
import os, resource, sys
memory, size, seconds = map(int, sys.argv[1:4])
for kind, value in (
    (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, size),
    (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
):
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
os.execvp(sys.argv[4], sys.argv[4:])
"""


def program() -> str | None:
    """LibreOffice on this server, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def as_pdf(
    name: str, content: bytes, kind: str, max_bytes: int, seconds: int = SECONDS
) -> bytes:
    """
    :param kind: one of ``kinds.OFFICE``
    :raises Refusal: ``document.office_missing``, ``office_network``, ``office_slow``,
        ``office_failed``
    """
    office = program()
    if not office:
        raise refusal("document.office_missing", name, kind=kind)
    try:
        _without_network()
    except OSError as error:
        raise refusal("document.office_network", name) from error
    with tempfile.TemporaryDirectory(prefix="beepost_office_") as folder:
        made = _convert(office, Path(folder), name, content, kind, max_bytes, seconds)
        if made is None or b"%PDF-" not in made[:1024] or len(made) > max_bytes:
            raise refusal("document.office_failed", name)
        return _without_moment(made)


def _convert(office, folder, name, content, kind, max_bytes, seconds):
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    items = "\n".join(_ITEM % item for item in _FORBIDDEN)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS % items)
    # The giver's own name is not passed on.
    given = folder / "document"
    given.write_bytes(_without_links(content))
    command = [
        *_without_network(),
        *(sys.executable, "-I", "-c", _BOUNDED),
        # One byte more than may be: what was cut off there is told from what fits.
        *(str(_MEMORY_MB << 20), str(max_bytes + 1), str(seconds)),
        office,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--nologo", "--nofirststartwizard", f"--infilter={_filter(content, kind)}"),
        *("--convert-to", "pdf", "--outdir", str(out), str(given)),
    ]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _NOWHERE),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise refusal("document.office_slow", name, seconds=seconds) from error
    finally:
        # Also what it left running behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    made = out / f"{given.name}.pdf"
    if process.returncode or not made.is_file() or made.is_symlink():
        return None
    with made.open("rb") as file:
        return file.read(max_bytes + 1)


def _without_links(content: bytes) -> bytes:
    """No byte changes its place: an RTF may hold binary data with its length."""
    if not content.startswith(b"{\\rtf"):
        return content
    return _RTF_FIELD.sub(rb"\\fldnone", content)


def _without_moment(pdf: bytes) -> bytes:
    """When a PDF was made, and what LibreOffice derives from that, is written over:
    terms that several letters bring are one paper only where their bytes are the same.
    No place in the file moves."""
    pdf = _MADE_AT.sub(rb"\g<1>19700101000000", pdf)
    return _MARKS.sub(lambda found: re.sub(rb"[0-9A-F]{32}", b"0" * 32, found[0]), pdf)


def _filter(content: bytes, kind: str) -> str:
    """LibreOffice's name of a format, by the content's first bytes."""
    if content.startswith(b"{\\rtf"):
        return _RTF
    if not content.startswith(b"PK"):
        return _OLE[kind]
    # An ODF archive holds its type as plain text.
    is_odf = b"mimetypeapplication/vnd.oasis.opendocument" in content
    return (_ODF if is_odf else _OPEN_XML)[kind]


@functools.lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """A prefix of the command that leaves it no network.

    :raises OSError: this server allows none; that is not remembered
    """
    for prefix in (
        ("unshare", "--user", "--map-current-user", "--net", "--"),
        ("unshare", "--net", "--"),
    ):
        with suppress(OSError, subprocess.TimeoutExpired):
            tried = subprocess.run(
                [*prefix, "true"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=10,
                check=False,
            )
            if tried.returncode == 0:
                return prefix
    raise OSError("no command can be started without a network here")

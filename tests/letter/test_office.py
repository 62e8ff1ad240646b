"""Office files through the real LibreOffice, and what such a file may not do.

Each lock is tried with a file that passes it where the lock is open: the test would
fail without it.
"""

import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import office_files as files
import pypdfium2
import pytest
from PIL import Image

from beepost_mail.letter import kinds, office
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.profile import DEFAULT_LIMITS

TEXT = "Relance du 29 novembre"


def convert(content, seconds=120):
    kind = kinds.check("file", content)
    return office.as_pdf("file", content, kind, DEFAULT_LIMITS.max_bytes, seconds)


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture
def with_network(monkeypatch):
    """Where the settings alone must hold."""
    monkeypatch.setattr(office, "_without_network", lambda: ())


@contextmanager
def counting_server():
    """:return: its address, and the paths that were asked for"""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "content",
    [
        files.rtf(TEXT),
        files.docx(TEXT),
        files.odt(TEXT),
        files.xlsx(TEXT),
        files.odp(TEXT),
    ],
    ids=["rtf", "docx", "odt", "xlsx", "odp"],
)
def test_each_kind_becomes_pages_and_always_the_same(content):
    """Terms that go with several letters of one envelope are printed once only where
    they are the same, byte by byte."""
    made = convert(content)
    assert TEXT in text_of(made)
    assert convert(content) == made


@pytest.mark.parametrize(
    "content",
    [
        files.archive({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
        files.locked_odt(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
    ],
    ids=["broken", "with a password", "cut off"],
)
def test_what_cannot_be_opened(content):
    with pytest.raises(Refusal) as error:
        convert(content)
    assert [finding.code for finding in error.value.findings] == [
        "document.office_failed"
    ]


def macro(tmp_path):
    ran = tmp_path / "ran"
    write = f'Open "{ran}" For Output As #1 : Print #1, "ran" : Close #1'
    return ran, files.odt(TEXT, on_open=f"{write} : StarDesktop.terminate()")


def test_no_macro_runs(tmp_path):
    ran, content = macro(tmp_path)
    assert TEXT in text_of(convert(content))
    assert not ran.exists()


def test_the_macro_runs_where_it_may(tmp_path):
    """Where a person opens it and allows macros. Converting never runs any."""
    ran, content = macro(tmp_path)
    user = tmp_path / "profile" / "user"
    user.mkdir(parents=True)
    level = ("Office.Common/Security/Scripting", "MacroSecurityLevel", "0")
    allowed = office._ITEM % level
    (user / "registrymodifications.xcu").write_text(office._SETTINGS % allowed)
    file = tmp_path / "file.odt"
    file.write_bytes(content)
    subprocess.run(
        [
            office.program(),
            f"-env:UserInstallation={user.parent.as_uri()}",
            "--headless",
            str(file),
        ],
        stderr=subprocess.DEVNULL,
        timeout=120,
    )
    assert ran.exists()


def picture_of(address):
    return files.odt(TEXT, picture=f"{address}/picture.png")


def test_nothing_is_fetched():
    with counting_server() as (address, asked):
        assert TEXT in text_of(convert(picture_of(address)))
    assert asked == []


def test_nothing_is_fetched_even_with_a_network(with_network):
    with counting_server() as (address, asked):
        assert TEXT in text_of(convert(picture_of(address)))
    assert asked == []


def test_the_picture_would_be_fetched(with_network, monkeypatch):
    """With neither of the two locks."""
    monkeypatch.setattr(office, "_NOWHERE", "")
    monkeypatch.setattr(office, "_FORBIDDEN", ())
    with counting_server() as (address, asked):
        convert(picture_of(address))
    assert "/picture.png" in asked


def rtf_with_field(instruction, result):
    return (
        rb"{\rtf1\ansi Relance {\field{\*\fldinst {\b "
        + instruction.encode()
        + rb" }}{\fldrslt "
        + result.encode()
        + rb"}}}"
    )


def pictures_in(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [o for page in document for o in page.get_objects() if o.type == 3]


def picture_on_disk(tmp_path):
    file = tmp_path / "picture.png"
    Image.new("RGB", (50, 50), "red").save(file)
    return rtf_with_field(f'INCLUDEPICTURE "{file.as_uri()}" \\\\d', "")


def test_no_picture_of_the_server_is_printed(tmp_path):
    assert not pictures_in(convert(picture_on_disk(tmp_path)))


def test_the_picture_of_the_server_would_be_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "_without_links", lambda content: content)
    assert pictures_in(convert(picture_on_disk(tmp_path)))


@pytest.mark.parametrize(
    ("instruction", "printed"), [("PAGE", "Relance 1"), ("REF x", "Relance 9")]
)
def test_other_fields_say_what_they_said(instruction, printed):
    assert text_of(convert(rtf_with_field(instruction, "9"))).strip() == printed

"""Files by their content: kinds, images as pages, office files by LibreOffice."""

import io
import os
import stat
import time
import zipfile
import zlib
from contextlib import suppress

import pdfs
import pypdfium2
import pytest
from PIL import Image

from beepost_mail.letter import images, kinds, office, workshop
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.profile import DEFAULT_LIMITS, Limits

PDF = pdfs.letter()


def image(kind="PNG", size=(40, 20), color="red", mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in files.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<a/>", "word__document.xml": "<a/>"})
XLSX = archive(**{"[Content_Types].xml": "<a/>", "xl__workbook.xml": "<a/>"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content="<a/>")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def refused(call, *args):
    with pytest.raises(Refusal) as error:
        call(*args)
    [finding] = error.value.findings
    return finding.code, dict(finding.params)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\n\n" + PDF, "pdf"),
        (image("PNG"), "image"),
        (image("JPEG"), "image"),
        (image("GIF"), "image"),
        (image("BMP"), "image"),
        (image("TIFF"), "image"),
        (image("WEBP"), "image"),
        (DOCX, "word"),
        (XLSX, "sheet"),
        (ODT, "word"),
        (rb"{\rtf1 Bonjour}", "word"),
        (OLE + "WordDocument".encode("utf-16-le"), "word"),
        (OLE + "Workbook".encode("utf-16-le"), "sheet"),
        (OLE, "unknown"),
        (archive(a="b"), "zip"),
        (b"PK\x03\x04 cut short", "zip"),
        (b"<html>%PD", "html"),
        (b"<svg xmlns='x'/>", "html"),
        (b"MZ\x90", "unknown"),
        (b"plain text", "unknown"),
    ],
)
def test_kind_is_the_contents(content, kind):
    assert kinds.kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("photo.pdf", image(), "document.lies"),
        ("letter.pdf", DOCX, "document.lies"),
        ("letter.docx", PDF, "document.lies"),
        ("photo.png", b"<html>", "document.lies"),
        ("sheet.docx", XLSX, "document.lies"),
        ("photo.png", image("JPEG"), None),  # both are images
        ("old.doc", DOCX, None),
        ("no ending", PDF, None),
        ("tariff.2026", PDF, None),
        ("a.pdf", b"", "document.empty"),
        ("a.exe", b"MZ", "document.unprintable_kind"),
        ("page.html", b"<html>", "document.unprintable_kind"),
        ("all.zip", archive(a="b"), "document.unprintable_kind"),
    ],
)
def test_what_lies_or_cannot_be_printed(name, content, code):
    if code:
        assert refused(kinds.check, name, content)[0] == code
    else:
        kinds.check(name, content)


# ---------------------------------------------------------------------------
# Images
# ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop():
    with workshop.Workshop() as found:
        yield found


def drawn(pdf, page=0):
    """The page at 72 dpi; one pixel a point."""
    document = pypdfium2.PdfDocument(pdf)
    return document[page].render(scale=1).to_pil().convert("RGB")


def ink(picture):
    """Where something is drawn: (left, top, right, bottom)."""
    return Image.eval(picture.convert("L"), lambda v: 255 if v < 250 else 0).getbbox()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_an_image_is_one_a4_page(shop, kind):
    pdf = shop.picture("a", image(kind, (400, 300)))
    assert shop.count(pdf) == 1
    picture = drawn(pdf)
    assert picture.size == (596, 842) or picture.size == (595, 842)
    red, green, blue = picture.getpixel((298, 100))
    assert red > 200 and green < 60 and blue < 60


def test_large_images_stay_within_the_margins(shop):
    left, top, right, bottom = ink(drawn(shop.picture("a", image(size=(4000, 6000)))))
    assert left >= 41 and top >= 41 and right <= 555 and bottom <= 801
    assert bottom - top > 700


def test_small_images_are_not_blown_up(shop):
    left, top, right, bottom = ink(drawn(shop.picture("a", image(size=(96, 48)))))
    assert abs(right - left - 72) <= 2 and abs(bottom - top - 36) <= 2


def test_as_the_camera_was_held(shop):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    pdf = shop.picture("a", image("JPEG", (400, 200), exif=exif))
    left, top, right, bottom = ink(drawn(pdf))
    assert bottom - top > right - left


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 0, (0, 0, 0)),
        ("1", 0, (0, 0, 0)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_transparency_is_white(shop, mode, color, expected):
    pdf = shop.picture("a", image("PNG", (400, 400), color, mode))
    assert drawn(pdf).getpixel((298, 150)) == expected


def test_sixteen_bits_a_pixel(shop):
    out = io.BytesIO()
    picture = Image.new("I;16", (100, 100), 60000)
    picture.paste(0, (0, 0, 50, 100))
    picture.save(out, "PNG")
    assert shop.count(shop.picture("a", out.getvalue())) == 1


def test_pages_of_a_scan(shop):
    out = io.BytesIO()
    first, *others = (Image.new("1", (80, 80), 0) for _ in range(3))
    first.save(out, "TIFF", save_all=True, append_images=others)
    assert shop.count(shop.picture("a", out.getvalue())) == 3
    limits = Limits(max_pages=2)
    assert refused(shop.picture, "a", out.getvalue(), limits)[0] == (
        "document.image_broken"
    )


def test_what_moves_stands_still(shop):
    out = io.BytesIO()
    first, second = Image.new("P", (80, 80), 0), Image.new("P", (80, 80), 1)
    first.save(out, "GIF", save_all=True, append_images=[second])
    assert shop.count(shop.picture("a", out.getvalue())) == 1


def bomb(width, height):
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    rows = zlib.compress(bytes(1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)


def test_bombs_are_not_unpacked(shop):
    code, params = refused(shop.picture, "b.png", bomb(50_000, 50_000))
    assert code == "document.image_too_large"
    assert params["name"] == "b.png"
    assert params["max_megapixels"] == images.MAX_MEGAPIXELS


def test_damaged_images(shop):
    whole = image("PNG", (300, 300))
    for broken in (whole[:60], b"\x89PNG\r\n\x1a\n", bomb(100, 100)):
        assert refused(shop.picture, "x", broken)[0] == "document.image_broken"
    assert shop.picture("x", whole)  # the next one is served


def test_files_too_large_are_not_read(shop):
    limits = Limits(max_bytes=1000)
    assert refused(shop.picture, "x", bytes(2000), limits)[0] == (
        "pages.too_many_bytes"
    )


# ---------------------------------------------------------------------------
# LibreOffice
# ---------------------------------------------------------------------------


@pytest.fixture
def pretend(monkeypatch, tmp_path):
    """A program in LibreOffice's place that does what the test says in shell."""

    try:
        office._without_network()
    except OSError:  # tests run there as well
        monkeypatch.setattr(office, "_without_network", lambda: ())

    def install(script):
        # The output folder and the given file are the last but one and the last.
        path = tmp_path / "soffice"
        path.write_text(
            '#!/bin/sh\nargs="$*"\nwhile [ $# -gt 2 ]; do shift; done\n'
            f'out=$1; given=$2\nmkdir -p "$out"\n{script}\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(office, "program", lambda: str(path))
        return tmp_path

    return install


def convert(content=DOCX, seconds=20, max_bytes=DEFAULT_LIMITS.max_bytes):
    return office.as_pdf("a.docx", content, "word", max_bytes, seconds)


def test_without_libreoffice(monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    assert refused(convert) == (
        "document.office_missing",
        {"name": "a.docx", "kind": "word"},
    )


def test_never_with_a_network(pretend, monkeypatch, tmp_path):
    folder = pretend('touch "$(dirname "$0")/ran"')
    monkeypatch.undo()  # the real one, on a server without ``unshare``
    monkeypatch.setattr(office, "program", lambda: str(folder / "soffice"))
    office._without_network.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert refused(convert) == ("document.office_network", {"name": "a.docx"})
    assert not (folder / "ran").exists()
    monkeypatch.undo()
    with suppress(OSError):
        office._without_network()  # what failed once is tried again


def test_found_in_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office.program() is None
    path = tmp_path / "libreoffice"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    assert office.program() == str(path)


def test_it_converts(pretend):
    folder = pretend(
        'printf "%%PDF-1.4 made of " >"$out/document.pdf"; '
        'cat "$given" >>"$out/document.pdf"'
    )
    assert convert(b"something") == b"%PDF-1.4 made of something"
    assert {path.name for path in folder.iterdir()} == {"soffice"}


def test_it_is_shut_in(pretend, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "secret")
    folder = pretend(
        'here=$(dirname "$0"); echo "$args" >"$here/args"; env >"$here/env"; '
        'cat "$HOME/profile/user/registrymodifications.xcu" >"$here/settings"; '
        'cat /proc/net/dev >"$here/net"; ulimit -v >"$here/memory"'
    )
    refused(convert)
    said = (folder / "args").read_text()
    assert "-env:UserInstallation=file:///" in said
    for option in ("--headless", "--norestore", "--nolockcheck"):
        assert option in said
    assert "a.docx" not in said, "the giver's name is not passed on"
    environment = (folder / "env").read_text()
    assert "secret" not in environment
    assert "https_proxy=http://127.0.0.1:9" in environment
    settings = (folder / "settings").read_text()
    for word in ("DisableMacrosExecution", "MacroSecurityLevel", "Update"):
        assert word in settings
    # Never: each program counts its choices in its own way.
    for where, value in (("Writer", 0), ("Calc", 1)):
        item = f'{where}/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>'
        assert f"{item}{value}<" in settings
    assert (folder / "memory").read_text().strip().isdecimal()
    if office._without_network():
        lines = (folder / "net").read_text().splitlines()[2:]
        assert [line.split(":")[0].strip() for line in lines] == ["lo"]


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "true",
        'echo "<html>" >"$out/document.pdf"',
        'ln -s /etc/passwd "$out/document.pdf"',
        'printf "%%PDF-" >"$out/document.pdf"; '
        'head -c 5000 /dev/zero >>"$out/document.pdf"',
    ],
    ids=["fails", "makes nothing", "no pdf", "a link", "too much"],
)
def test_it_fails(pretend, script):
    pretend(script)
    assert refused(convert, DOCX, 20, 4000)[0] == "document.office_failed"


def test_it_hangs_and_leaves_nothing_behind(pretend):
    folder = pretend('sleep 300 & echo $! >"$(dirname "$0")/pid"; sleep 300')
    code, params = refused(convert, DOCX, 2)
    assert (code, params["seconds"]) == ("document.office_slow", 2)
    pid = int((folder / "pid").read_text())
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
        with open(f"/proc/{pid}/stat") as file:
            if file.read().split()[2] == "Z":
                break
    else:
        assert not os.path.exists(f"/proc/{pid}")

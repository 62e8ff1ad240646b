"""The workshop: hostile PDFs die in a child, and the next letter is served."""

import os
import select
import signal
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import odd_files
import pdfs
import pytest
from pdfs import ADDRESS, CONTENT

from beepost_mail.letter import framing, pages, workshop
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.pages import Document, Job
from beepost_mail.letter.profile import Limits, Profile, Zone
from beepost_mail.letter.workshop import Workshop

PLAIN = pdfs.letter()


def job(pdf=PLAIN, recipient=ADDRESS, **options):
    return Job((Document("d", pdf),), recipient, **options)


def bomb(operators: bytes, times: int) -> bytes:
    """A page whose content unfolds to much work or memory, from little data."""
    packed = zlib.compress(operators * times, 9)
    found = pdfs.objects()
    found[4] = pdfs.stream(packed, b"/Filter /FlateDecode")
    return pdfs.write(found)


# 60 MB of operators in 130 kB: PDFium keeps an object of 300 bytes for each.
MEMORY = bomb(b"0 0 595 842 re f ", 3_000_000)
# Strokes across the page, more than can be drawn in a second.
TIME = bomb(b"0 0 m 595 842 l S ", 1_000_000)


@pytest.fixture(scope="module")
def shop():
    with Workshop(memory_mb=600, seconds=20) as found:
        yield found


def refusal(call, *args):
    with pytest.raises(Refusal) as error:
        call(*args)
    return {finding.code: dict(finding.params) for finding in error.value.findings}


# ---------------------------------------------------------------------------
# It gives what pages gives
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "each",
    [
        job(),
        job(recipient=("MADAME ŁĘCKA", "69001 LYON")),
        job(profile=Profile(margin_mm=7.5, reserved=(Zone(1, 2, 3, 4),)), duplex=False),
        Job((Document("a", PLAIN), Document("é", PLAIN)), ADDRESS, ("X", "Y")),
    ],
    ids=["untouched", "sheet", "profile", "joined"],
)
def test_it_prepares_as_pages_does(shop, each):
    assert shop.prepare(each) == pages.prepare(each)


def test_it_refuses_as_pages_does(shop):
    wrong = odd_files.CASES["deflated content cut short"][0]
    assert refusal(shop.prepare, job(wrong)) == {
        "pages.damaged": {"document": "d", "page": 1}
    }
    assert "pages.not_pdf" in refusal(shop.prepare, job(b"<html>"))
    assert "pages.not_pdf" in refusal(shop.count, b"<html>")
    assert "pages.too_many_bytes" in refusal(
        shop.prepare, job(limits=Limits(max_bytes=9))
    )


def test_it_counts(shop):
    assert shop.count(pdfs.pages([CONTENT] * 5)) == 5
    limits = Limits(max_pages=4)
    assert "pages.too_many_pages" in refusal(
        shop.count, pdfs.pages([CONTENT] * 5), limits
    )


def test_one_child_serves_many_jobs(shop):
    shop.prepare(job())
    child = shop._child.pid
    for _ in range(20):
        shop.prepare(job())
    assert shop._child.pid == child


def test_threads_wait_for_each_other(shop):
    results = []

    def work(number):
        recipient = (f"PERSONNE {number}", "75011 PARIS")
        results.append((recipient, shop.prepare(job(recipient=recipient))))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    for recipient, prepared in results:
        assert prepared == pages.prepare(job(recipient=recipient))


# ---------------------------------------------------------------------------
# Bounds
# ---------------------------------------------------------------------------


def test_memory_is_bounded():
    with Workshop(memory_mb=300, seconds=20) as shop:
        found = refusal(shop.prepare, job(MEMORY))
        assert found["pages.too_heavy"]["document"] == "d"
        assert found["pages.too_heavy"]["limit"] in ("memory", "crash")
        assert shop.prepare(job()).untouched


def test_time_is_bounded():
    with Workshop(seconds=1) as shop:
        found = refusal(shop.prepare, job(TIME))
        assert found == {"pages.too_heavy": {"document": "d", "limit": "time"}}
        assert shop.prepare(job()).untouched


def test_a_child_that_waits_for_ever_is_killed(monkeypatch):
    """It computes nothing, so that no CPU limit ends it; the clock does."""
    monkeypatch.setattr(workshop, "_BOOT", "import sys; sys.stdin.read()")
    monkeypatch.setattr(workshop, "_GRACE", 0.2)
    with Workshop(seconds=0) as shop:
        found = refusal(shop.prepare, job())
        assert found == {"pages.too_heavy": {"document": "d", "limit": "time"}}


def test_a_child_that_is_killed_is_replaced():
    with Workshop() as shop:
        shop.prepare(job())
        os.kill(shop._child.pid, signal.SIGKILL)
        shop._child.wait()
        assert shop.prepare(job()).untouched


def test_the_child_has_limits_and_no_environment():
    with Workshop(memory_mb=512) as shop:
        shop.prepare(job())
        here = Path(f"/proc/{shop._child.pid}")
        limits = (here / "limits").read_text()
        assert f"Max address space         {512 << 20}" in limits
        assert "Max file size             0" in limits
        assert (here / "environ").read_text().startswith("PYTHONPATH=")
        assert "odoo" not in (here / "maps").read_text()
        kept = {os.readlink(fd) for fd in (here / "fd").iterdir()}
        assert all("pipe:" in name or name == "/dev/null" for name in kept)


ALONE = """
import os, resource, sys, types
parent = types.ModuleType("beepost_mail")
parent.__path__ = [sys.argv[1]]
sys.modules["beepost_mail"] = parent
from beepost_mail.letter.workshop import Workshop
"""


def run(code):
    """Python code in a process of its own, with a plain letter as its input."""
    addon = Path(workshop.__file__).parent.parent
    command = [sys.executable, "-c", ALONE + code, str(addon)]
    return subprocess.run(command, input=PLAIN, capture_output=True, check=False)


def test_a_lower_limit_of_this_process_holds_for_the_child():
    done = run("""
resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))
with Workshop(memory_mb=4000) as shop:
    assert shop.count(sys.stdin.buffer.read()) == 1
    print(open(f"/proc/{shop._child.pid}/limits").read())
""")
    assert b"Max address space         %d" % (900 << 20) in done.stdout


def test_the_child_ends_with_its_parent():
    done = run("""
shop = Workshop()
assert shop.count(sys.stdin.buffer.read()) == 1
print(shop._child.pid, flush=True)
os.kill(os.getpid(), 9)
""")
    assert done.returncode == -signal.SIGKILL
    try:
        child = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    assert select.select([child], [], [], 30)[0], "the child still runs"


def test_a_forked_process_starts_a_child_of_its_own(shop):
    shop.prepare(job())
    ours = shop._child.pid
    reader, writer = os.pipe()
    forked = os.fork()
    if not forked:
        try:
            good = shop.prepare(job()).untouched and shop._child.pid != ours
            shop.close()
            os.write(writer, b"y" if good else b"n")
        finally:
            os._exit(0)
    os.waitpid(forked, 0)
    assert os.read(reader, 1) == b"y"
    assert shop.prepare(job()).untouched and shop._child.pid == ours


def test_nothing_is_left_open_or_running():
    before = set(os.listdir("/proc/self/fd"))
    with Workshop() as shop:
        shop.prepare(job())
        child = shop._child
    assert child.returncode is not None
    assert set(os.listdir("/proc/self/fd")) == before


# ---------------------------------------------------------------------------
# A child that was taken over by a PDF is not believed
# ---------------------------------------------------------------------------

LIAR = """
import os, sys
os.write(1, bytes.fromhex({answer!r}))
sys.stdin.read()
"""
GOOD = pages.prepare(job())


def changed(**values):
    header = {
        "pages": 1,
        "document_pages": [1],
        "document_sheets": [1],
        "address_sheet": False,
        "sheets": 1,
        "envelope": "C6/5",
        "weight_mg": 1,
        "untouched": True,
        "findings": [],
    }
    return framing.frame({"prepared": {**header, **values}})


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xff\xff\xff",
        struct.pack(">I", 5) + b"hello",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 14) + b'{"blobs":[-1]}',
        struct.pack(">I", 24) + b'{"blobs":[999999999999]}',
        framing.frame({}),
        framing.frame({"prepared": 7}),
        framing.frame({"refused": 7}),
        framing.frame({"refused": []}),
        framing.frame({"refused": [{"code": 1, "level": "error"}]}),
        framing.frame({"refused": [{"code": "a", "level": "error", "params": [1]}]}),
        framing.frame({"refused": [{"code": "a", "level": "fatal"}]}),
        changed(pages="1"),
        changed(sheets=-1),
        changed(weight_mg=True),
        changed(document_pages=[1.5]),
        changed(untouched=False),
        changed(findings=[{"code": "a", "level": "repair", "params": {"x": [1]}}]),
    ],
)
def test_a_lying_child_is_replaced(monkeypatch, answer):
    with Workshop() as shop:
        with monkeypatch.context() as patched:
            patched.setattr(workshop, "_BOOT", LIAR.format(answer=answer.hex()))
            found = refusal(shop.prepare, job())
            assert found == {"pages.too_heavy": {"document": "d", "limit": "crash"}}
        assert shop.prepare(job()) == GOOD


def test_frames_may_come_in_pieces():
    reader = framing.FrameReader(1000)
    data = framing.frame({"a": 1}, [b"xyz", b""])
    while reader.missing():
        reader.feed(data[:1])
        data = data[1:]
    assert not data
    assert reader.result() == ({"a": 1}, [b"xyz", b""])

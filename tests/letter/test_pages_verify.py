"""A letter that was written anew must look like its documents, or it does not leave."""

import pdfs
import pytest
from pdfs import CONTENT, rect, text

from beepost_mail.letter import address_sheet, source
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.profile import DEFAULT, DEFAULT_LIMITS
from beepost_mail.letter.repair import layout, write
from beepost_mail.letter.verify import verify

FOOT = text("TOTAL 12", 20, 200)


def letter(contents, *, sheet=b""):
    document = source.examine("d", pdfs.pages(contents), DEFAULT, DEFAULT_LIMITS)
    slots = layout((len(contents),), duplex=True, sheet=bool(sheet))
    pdf, _ = write([document], slots, sheet)
    return document, slots, pdf


SHEET = address_sheet.make(["A"], [], DEFAULT)


def failed_page(*args):
    with pytest.raises(Refusal) as refusal:
        verify(*args, DEFAULT)
    (finding,) = refusal.value.findings
    assert finding.code == "pages.repair_failed"
    return finding.params["page"]


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize(
    "other",
    [b"", text("TOTAL 13", 20, 200) + rect(20, 210, 22, 212), text("TOTAL 1", 20, 200)],
    ids=["lost", "more", "a letter less"],
)
def test_a_page_that_looks_different_is_found(moved, other):
    margin = rect(3, 150, 9, 152) if moved else b""
    good = [CONTENT, CONTENT + margin + FOOT]
    bad = [CONTENT, CONTENT + margin + other]
    document, slots, pdf = letter(good, sheet=SHEET)
    verify(pdf, slots, [document], DEFAULT)
    _, _, wrong = letter(bad, sheet=SHEET)
    assert failed_page(wrong, slots, [document]) == 4


def test_pages_in_another_order_are_found():
    document, slots, _ = letter([CONTENT, FOOT], sheet=SHEET)
    _, _, wrong = letter([FOOT, CONTENT], sheet=SHEET)
    assert failed_page(wrong, slots, [document]) == 3


def test_a_blank_back_that_is_not_blank_is_found():
    document, slots, pdf = letter([CONTENT], sheet=SHEET)
    stained = letter([FOOT, FOOT, CONTENT])[2]
    assert failed_page(stained, slots, [document]) == 2


def test_a_missing_page_is_found():
    document, slots, _ = letter([CONTENT, FOOT], sheet=SHEET)
    _, _, short = letter([CONTENT], sheet=SHEET)
    assert failed_page(short, slots, [document]) == 0
    assert failed_page(b"%PDF-1.7", slots, [document]) == 0

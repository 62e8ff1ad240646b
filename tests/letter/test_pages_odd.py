"""Odd PDFs, each with the one thing that must come of it.

All show the address where they can, so that an address sheet says something. Why page 1
does not show it (``window.*``) is test_window's matter and left out here.
"""

import hashlib

import odd_content
import odd_files
import odd_shapes
import pytest
from pdfs import ADDRESS

from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.pages import FINDING_CODES, Document, Job, prepare

CASES = {**odd_files.CASES, **odd_shapes.CASES, **odd_content.CASES}


def outcome(pdf):
    """``untouched``, ``repaired`` or ``refused``, and the codes found."""
    try:
        prepared = prepare(Job((Document("d", pdf),), ADDRESS))
    except Refusal as refusal:
        return None, ("refused",), refusal.findings
    kind = "untouched" if prepared.untouched else "repaired"
    return prepared, (kind,), prepared.findings


@pytest.mark.parametrize("name", CASES)
def test_odd_pdf(name):
    pdf, expected = CASES[name]
    prepared, kind, findings = outcome(pdf)
    codes = [f.code for f in findings if not f.code.startswith("window.")]
    assert kind + tuple(codes) == expected
    for finding in findings:
        assert set(finding.params) == set(FINDING_CODES[finding.code])
    if prepared:
        assert prepared.sha256 == hashlib.sha256(prepared.pdf).hexdigest()
        again, kind, _ = outcome(prepared.pdf)
        assert again.pdf == prepared.pdf


def test_at_least_sixty_odd_pdfs():
    assert len({pdf for pdf, _ in CASES.values()}) >= 60

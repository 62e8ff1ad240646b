"""Odd PDFs, each with the one thing that must come of it.

All of them show the address where they show anything, so that the address sheet does
not hide what the repair of the page itself is.
"""

import hashlib

import odd_files
import pdfs
import pytest
from pdfs import ADDRESS

from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.pages import FINDING_CODES, Document, Job, prepare

CASES = {**odd_files.CASES}


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
    assert kind + tuple(finding.code for finding in findings) == expected
    for finding in findings:
        assert set(finding.params) == set(FINDING_CODES[finding.code])
    if prepared:
        assert prepared.sha256 == hashlib.sha256(prepared.pdf).hexdigest()
        again, kind, _ = outcome(prepared.pdf)
        assert again.pdf == prepared.pdf


def test_at_least_sixty_odd_pdfs():
    assert len({pdf for pdf, _ in CASES.values()}) >= 60

"""The worker is killed while it posts envelopes of documents that bring the same
terms: each document is printed once, and the terms once in each envelope."""

import sys
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bearing import ServiceProcess  # noqa: E402
from campaign import HANGS, STEPS, Campaign  # noqa: E402
from sharing import DOCUMENTS  # noqa: E402

ENVELOPES = 12
LETTERS = ENVELOPES * DOCUMENTS
BATCH = 2


@pytest.mark.parametrize("mode", ["on", "off_with_lookup"])
def test_deaths_among_shared_envelopes(mode):
    with ServiceProcess() as service:
        service.mode(mode)
        service.limits(max_request_letters=BATCH)
        with Campaign(service, f"sharing_{mode}", LETTERS, "sharing") as campaign:
            for when in HANGS[:3]:
                campaign.die_while(when)
            for step in STEPS[::3]:
                campaign.die_at(step)
            assert any(claimed and not arrived for claimed, arrived in campaign.seen)
            assert any(claimed and arrived for claimed, arrived in campaign.seen)
            campaign.finish()
            arrivals = service.arrivals()
            assert set(arrivals) == campaign.references("accepted")
            assert {entry["printed"] for entry in arrivals.values()} == {1}
            printed = [texts(service.pdf(reference)) for reference in arrivals]
    assert len(printed) == ENVELOPES
    assert all(envelope.count("Terms") == 1 for envelope in printed)
    assert Counter(text for envelope in printed for text in envelope) == {
        "Terms": ENVELOPES,
        **{f"Document {number}": 1 for number in range(LETTERS)},
    }


def texts(pdf):
    """What the pages say, but for the address sheet."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range().strip() for page in document]
    return [text for text in pages if "Jeanne Essai" not in text]

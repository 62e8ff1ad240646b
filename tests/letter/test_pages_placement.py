"""Where pages go: margins and reserved zones stay white, whatever page and ink."""

import io

import pdfs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pypdf import PdfReader

from beepost_mail.letter import matrix
from beepost_mail.letter.finding import Refusal
from beepost_mail.letter.ink import Ink, to_px
from beepost_mail.letter.look import Look
from beepost_mail.letter.matrix import MM_PER_PT
from beepost_mail.letter.pages import Document, Job, prepare
from beepost_mail.letter.placement import (
    INK_TOLERANCE_MM,
    MAX_GROWTH,
    MIN_SHRINK,
    NoPlace,
    Placement,
    is_clear,
    place,
)
from beepost_mail.letter.profile import DEFAULT, Profile, Zone

SIDES = st.floats(45, 500)
PARTS = st.tuples(*[st.floats(0, 1)] * 4)


def page(width, height, *boxes):
    """A drawn page with black boxes, mm."""
    raster = Image.new("L", (to_px(width), to_px(height)), 255)
    for left, top, right, bottom in boxes:
        ImageDraw.Draw(raster).rectangle(
            (to_px(left), to_px(top), to_px(right) - 1, to_px(bottom) - 1), fill=0
        )
    return Ink(raster)


def clear_of(zone, sheet):
    """Whether a box on the sheet keeps off a reserved zone, measuring apart."""
    left, top, right, bottom = sheet
    slack = 2 * INK_TOLERANCE_MM
    return (
        right <= zone.left + slack
        or left >= zone.right - slack
        or bottom <= zone.top + slack
        or top >= zone.bottom - slack
    )


@given(SIDES, SIDES, PARTS)
def test_any_ink_on_any_page_comes_clear(width, height, parts):
    x1, x2 = sorted(part * width for part in parts[:2])
    y1, y2 = sorted(part * height for part in parts[2:])
    assume(to_px(x2) > to_px(x1) and to_px(y2) > to_px(y1))
    placed = place(width, height, page(width, height, (x1, y1, x2, y2)), DEFAULT)
    box = Zone(x1, y1, x2, y2)
    if placed.turn:
        assert width > height and placed.turn == 270
        # The page's right edge has become its head.
        box = Zone(y1, width - x2, y2, width - x1)
    sheet = placed.put(box)
    room = DEFAULT.margin_mm - 2 * INK_TOLERANCE_MM
    assert sheet[0] >= room and sheet[2] <= 210 - room
    assert sheet[1] >= room and sheet[3] <= 297 - room
    assert clear_of(DEFAULT.reserved[0], sheet)
    fit = min(210 / min(width, height), 297 / max(width, height), MAX_GROWTH)
    assert placed.scale >= min(1.0, fit) * MIN_SHRINK - 1e-9


@given(PARTS)
def test_an_a4_page_that_is_clear_stays(parts):
    x1, x2 = sorted(20 + part * 170 for part in parts[:2])
    y1, y2 = sorted(20 + part * 257 for part in parts[2:])
    assume(to_px(x2) > to_px(x1) and to_px(y2) > to_px(y1))
    assert place(210, 297, page(210, 297, (x1, y1, x2, y2)), DEFAULT) == Placement()


def test_the_change_is_the_smallest_that_helps():
    placed = place(210, 297, page(210, 297, (4, 150, 20, 160)), DEFAULT)
    assert placed.scale == 0.99
    # about the middle of the sheet, so that the address hardly moves
    assert (placed.left, placed.top) == pytest.approx((1.14, 1.485))


@pytest.mark.parametrize(
    ("profile", "box", "reserved"),
    [
        (Profile(margin_mm=20), (0, 100, 210, 110), False),
        (Profile(reserved=(Zone(0, 140, 210, 160),)), (20, 20, 30, 290), True),
    ],
)
def test_what_cannot_be_cleared_says_where(profile, box, reserved):
    with pytest.raises(NoPlace) as error:
        place(210, 297, page(210, 297, box), profile)
    assert error.value.reserved == reserved
    assert error.value.zone.touches(Zone(*box))


def test_a_page_cropped_out_of_a4_stays_where_it_was():
    assert place(100, 100, page(100, 100), DEFAULT, corner=(30, 40)) == Placement(
        left=30, top=40
    )


@given(
    st.floats(0.3, 2),
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.5, 2),
)
def test_the_matrix_says_the_same_in_points(scale, left, top, rotation, unit):
    bbox = (30.0, -20.0, 430.0, 580.0)
    placed = Placement(0, scale, left, top)
    mm = MM_PER_PT * unit
    found = placed.as_matrix(bbox, rotation, mm)
    # The corner that the reader sees at the top left.
    corner = {0: (30, 580), 90: (30, -20), 180: (430, -20), 270: (430, 580)}[rotation]
    x, y = matrix.apply(found, *corner)
    assert x * MM_PER_PT == pytest.approx(left, abs=1e-6)
    assert 297 - y * MM_PER_PT == pytest.approx(top, abs=1e-6)
    assert matrix.apply(matrix.product(found, matrix.inverse(found)), 5, 7) == (
        pytest.approx((5, 7))
    )


@settings(max_examples=40)
@given(
    st.integers(0, 190),
    st.integers(0, 280),
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from([0, 90, 180, 270]),
)
def test_prepared_pages_are_clear_a4(left, top, width, height, rotation):
    ink = pdfs.rect(left, top, left + width, top + height)
    turn = b" /Rotate %d" % rotation
    pdf = pdfs.letter(pdfs.CONTENT + ink, page=pdfs.A4 + turn)
    try:
        prepared = prepare(Job((Document("d", pdf),), pdfs.ADDRESS))
    except Refusal as refusal:
        raise AssertionError(refusal.findings) from refusal
    with Look(prepared.pdf) as look:
        for index in range(len(look)):
            shown = look.page(index)
            assert shown.rotation == 0
            size = shown.width_mm, shown.height_mm
            assert size == pytest.approx((210, 297), abs=0.2)
            assert is_clear(Ink(shown.raster()), DEFAULT)


def test_a_moved_page_keeps_nothing_of_its_old_frame():
    pdf = pdfs.letter(
        page=b"/MediaBox [0 0 612 792] /TrimBox [9 9 600 780] /Rotate 180"
    )
    prepared = prepare(Job((Document("d", pdf),), pdfs.ADDRESS, duplex=False))
    moved = PdfReader(io.BytesIO(prepared.pdf)).pages[1]
    assert "/TrimBox" not in moved and moved.rotation == 0
    assert [float(side) for side in moved.cropbox] == pytest.approx(
        [0, 0, 595.276, 841.89], abs=0.01
    )

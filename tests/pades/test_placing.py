"""Stamps and signatures stand where the sender saw them, upright, however the page is turned."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from shared.pades.appearance import Appearance
from shared.pades.certificates import KeyKind, issue
from shared.pades.content import LONGEST_TEXT, Picture, Text
from shared.pades.errors import (
    AlreadySigned,
    NotAPdf,
    PageNotFound,
    PictureRefused,
    PlacementRefused,
    RequestRefused,
)
from shared.pades.geometry import Fractions, PageShape, Rectangle, Rotation
from shared.pades.rendering import render
from shared.pades.signing import SignatureField, sign
from shared.pades.stamping import Stamp, stamp
from tests.pades import documents
from tests.pades.people import NOW, World
from tests.pades.pixels import drawn_signature, ink, inside

SPOT = (0.15, 0.6, 0.5, 0.06)
ROTATIONS = (0, 90, 180, 270)
CROPS = (None, (50.0, 100.0, 350.0, 500.0))
SCRIPTS = ("Zażółć", "Ελλάδα", "Привет", "שלום", "مرحبا", "Հայաստան", "საქართველო", "Việt Nam €")


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("rotation", ROTATIONS)
def test_stamp_stands_in_its_rectangle_upright(
    rotation: int, crop: tuple[float, float, float, float] | None
) -> None:
    pdf = documents.blank(rotation, crop=crop)
    found = ink(stamp(pdf, [Stamp(1, Fractions(*SPOT), Text("Hello reader", 10))]))
    assert inside(found, *SPOT), found
    assert found is not None
    with Image.open(BytesIO(render(pdf, 1, width_px=600))) as image:
        upright = (found[2] - found[0]) * image.width > 2 * (found[3] - found[1]) * image.height
    assert upright


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize("drawn", [False, True])
def test_signature_stands_in_its_rectangle_upright(
    world: World, rotation: int, drawn: bool, crop: tuple[float, float, float, float] | None
) -> None:
    pdf = documents.blank(rotation, crop=crop)
    signed = sign(
        pdf,
        signer=issue(world.root, name="Ana", now=NOW, kind=KeyKind.EC_P256),
        field=SignatureField("S1", 1, Fractions(*SPOT)),
        appearance=Appearance("Ana Example", drawn_signature() if drawn else None),
        reason="I agree",
        signed_at=NOW,
        timestamper=None,
    )
    found = ink(signed.pdf, width_px=1600)
    assert inside(found, *SPOT), found
    assert world.verify(signed.pdf).valid


def test_transparent_picture_lets_the_page_show_through() -> None:
    pdf = documents.blank(0)
    whole = Fractions(0, 0, 1, 1)
    under = stamp(pdf, [Stamp(1, Fractions(0.4, 0.48, 0.2, 0.04), Text("under", 20))])
    over = stamp(under, [Stamp(1, whole, Picture(drawn_signature()))])
    with Image.open(BytesIO(render(over, 1, width_px=400))) as image:
        assert image.convert("L").getpixel((2, 2)) == 255


@pytest.mark.parametrize("text", SCRIPTS)
def test_every_script_has_glyphs_and_text_can_be_copied(text: str) -> None:
    pdf = stamp(documents.blank(0), [Stamp(1, Fractions(*SPOT), Text(text, 20))])
    assert ink(pdf) is not None
    page = PdfReader(BytesIO(pdf)).pages[0]
    letters = {letter for letter in text if letter.isalpha()}
    assert letters <= set(page.extract_text())


def test_long_text_wraps_and_shrinks_and_stays_inside() -> None:
    words = "word " * 120 + "x" * 200
    found = ink(stamp(documents.blank(0), [Stamp(1, Fractions(*SPOT), Text(words, 14))]), 1, 1600)
    assert inside(found, *SPOT), found


def test_empty_text_and_control_characters_draw_nothing_and_break_nothing() -> None:
    for text in ("", " ", "\0\1\x1b", "\n\n"):
        stamped = stamp(documents.blank(0), [Stamp(1, Fractions(*SPOT), Text(text))])
        assert ink(stamped) is None


def test_stamps_that_do_not_fit_are_refused(world: World) -> None:
    pdf = documents.plain()
    spot = Fractions(*SPOT)
    with pytest.raises(PageNotFound):
        stamp(pdf, [Stamp(2, spot, Text("x"))])
    with pytest.raises(PlacementRefused):
        stamp(pdf, [Stamp(1, Rectangle(0, 0, 10_000, 10), Text("x"))])
    with pytest.raises(PictureRefused):
        stamp(pdf, [Stamp(1, spot, Picture(b"no picture"))])
    with pytest.raises(RequestRefused):
        Text("x" * (LONGEST_TEXT + 1))
    with pytest.raises(AlreadySigned):
        stamp(world.sign(pdf).pdf, [])
    with pytest.raises(NotAPdf):
        stamp(b"", [])


def test_huge_picture_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(PictureRefused):
        stamp(documents.plain(), [Stamp(1, Fractions(*SPOT), Picture(out.getvalue()))])


@pytest.mark.parametrize(
    "box", [(-0.1, 0, 1, 1), (0, 0, 1.1, 1), (0.5, 0, 0.6, 1), (0, 0, 0, 1), (0, 0.5, 1, 0.6)]
)
def test_fractions_outside_the_page_are_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(PlacementRefused):
        Fractions(*box)


def test_fractions_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(PlacementRefused):
        Fractions(float("nan"), 0, 1, 1)


@given(
    rotation=st.sampled_from(ROTATIONS),
    x=st.floats(0, 0.5),
    y=st.floats(0, 0.5),
    width=st.floats(0.01, 0.5),
    height=st.floats(0.01, 0.5),
)
def test_displayed_and_user_space_agree(
    rotation: Rotation, x: float, y: float, width: float, height: float
) -> None:
    shape = PageShape(Rectangle(30, 40, 430, 640), rotation)
    seen = shape.displayed(Fractions(x, y, width, height))
    assert seen.x1 == pytest.approx(x * shape.width, abs=1e-6)
    assert seen.y2 == pytest.approx((1 - y) * shape.height, abs=1e-6)
    assert seen.width == pytest.approx(width * shape.width, abs=1e-6)
    assert seen.height == pytest.approx(height * shape.height, abs=1e-6)
    user = shape.rectangle(Fractions(x, y, width, height))
    assert shape.displayed(user).x1 == pytest.approx(seen.x1, abs=1e-6)
    assert shape.displayed(user).y1 == pytest.approx(seen.y1, abs=1e-6)

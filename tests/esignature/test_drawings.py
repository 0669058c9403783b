"""Drawn signatures: what is a picture of ink, and what is not."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from functions.esignature.models.signing import Sign
from functions.esignature.service.marks import marks_of
from tests.esignature.cast import agree_and_sign, drawn, png, sent, sign, token_of


def encoded(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


UNUSABLE = {
    "no base64": {"kind": "drawn", "png_base64": "äöü"},
    "no picture": drawn(b"hello"),
    "a JPEG": drawn(encoded(Image.effect_noise((30, 30), 90), "JPEG")),
    "half a PNG": drawn(png()[:200]),
    "too wide": drawn(png(2001, 50)),
    "too high": drawn(png(50, 1001)),
    "transparent": drawn(png(ink=False)),
    "white on nothing": drawn(png(colour="white")),
    "pale on nothing": drawn(png(colour="#e8e8e8")),
    "one colour": drawn(encoded(Image.new("RGB", (300, 100), "black"))),
    "a claim of 30000 by 30000 pixels": drawn(
        png()[:16] + (30_000).to_bytes(4, "big") * 2 + png()[24:]
    ),
}


@pytest.mark.parametrize("drawing", UNUSABLE.values(), ids=UNUSABLE.keys())
async def test_what_is_no_drawing_is_refused(tenant: str, drawing: dict[str, str]) -> None:
    await sent(tenant)
    token = await token_of(tenant)
    refused = await agree_and_sign(token, signature=drawing)
    assert (refused.status, refused.code) == (422, "signature-not-usable")
    assert refused.json["fields"][0]["at"] == "signature"
    assert (await sign(token)).status == 200  # nothing was spoilt


async def test_drawn_initials_are_checked_as_well(tenant: str) -> None:
    await sent(tenant)
    refused = await agree_and_sign(await token_of(tenant), initials=UNUSABLE["transparent"])
    assert (refused.status, refused.code) == (422, "signature-not-usable")
    assert refused.json["fields"][0]["at"] == "initials"


async def test_too_many_bytes_are_refused(tenant: str) -> None:
    await sent(tenant)
    token = await token_of(tenant)
    for width, height, status, code in [(1000, 900, 422, "invalid"), (1900, 900, 413, "too-large")]:
        noise = drawn(encoded(Image.effect_noise((width, height), 200)))
        refused = await agree_and_sign(token, signature=noise)
        assert (refused.status, refused.code) == (status, code)


async def test_the_largest_drawing_is_taken(tenant: str) -> None:
    await sent(tenant)
    signed = await agree_and_sign(
        await token_of(tenant), signature=drawn(png(2000, 1000)), initials=drawn(png(2000, 1000))
    )
    assert signed.status == 200


async def test_only_the_picture_is_kept(tenant: str) -> None:
    """Texts and whatever follows the picture do not reach the sealed document."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hidden text")
    picture = Image.open(BytesIO(png()))
    smuggled = encoded(picture, pnginfo=info) + zlib.compress(b"more") + b"appended"
    marks = await marks_of(Sign.model_validate({"signature": drawn(smuggled)}))

    (kept,) = marks.drawings
    assert b"hidden text" not in kept
    assert b"appended" not in kept
    assert base64.b64encode(kept)
    assert Image.open(BytesIO(kept)).size == (300, 100)

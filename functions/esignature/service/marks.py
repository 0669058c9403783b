"""From what a signer drew or typed to a mark: checked, and cleaned of all that is no picture."""

import asyncio
import base64
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from functions.esignature.domain.refusals import SignatureNotUsable
from functions.esignature.domain.signer import Mark
from functions.esignature.models.signing import DrawnMark, Sign, TypedMark

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST_PX, HIGHEST_PX = 2000, 1000
LEAST_CONTRAST = 48  # of 255: what is paler on white paper is no ink


@dataclass(frozen=True)
class Given:
    """A mark, and its drawing if it was drawn."""

    mark: Mark
    png: bytes | None = None


@dataclass(frozen=True)
class Marks:
    """A signature and perhaps initials."""

    signature: Given
    initials: Given | None

    @property
    def drawings(self) -> list[bytes]:
        given = (self.signature, self.initials)
        return [each.png for each in given if each is not None and each.png is not None]


async def marks_of(body: Sign) -> Marks:
    """Raises SignatureNotUsable."""
    return Marks(
        await _given("signature", body.signature),
        None if body.initials is None else await _given("initials", body.initials),
    )


async def _given(name: str, mark: DrawnMark | TypedMark) -> Given:
    if isinstance(mark, TypedMark):
        return Given(Mark(kind="typed", text=mark.text))
    png = await asyncio.to_thread(_clean, name, mark.png_base64)
    return Given(Mark(kind="drawn", sha256=sha256(png).hexdigest()), png)


def _clean(name: str, encoded: str) -> bytes:
    """The picture written anew, without whatever else the file held."""
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise _refused(name, "It is not base64.") from error
    picture = _opened(name, data)
    if _contrast(picture) < LEAST_CONTRAST:
        raise _refused(name, "It is blank.")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _opened(name: str, data: bytes) -> "Image":
    from PIL import Image

    try:
        image = Image.open(BytesIO(data), formats=("PNG",))
        fits = image.width <= WIDEST_PX and image.height <= HIGHEST_PX
        picture = image.convert("RGBA") if fits else None  # not unpacked where it does not
    except Exception as error:
        raise _refused(name, "It is not a PNG.") from error
    if picture is None:
        raise _refused(name, f"It is larger than {WIDEST_PX} by {HIGHEST_PX} pixels.")
    return picture


def _contrast(picture: "Image") -> int:
    """Between the darkest and the palest spot, as it looks on white paper."""
    from PIL import Image

    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    tones = [tone for tone, count in enumerate(paper.convert("L").histogram()) if count]
    return tones[-1] - tones[0]


def _refused(name: str, problem: str) -> SignatureNotUsable:
    return SignatureNotUsable(
        f"The {name} cannot be used. {problem}", fields=[{"at": name, "problem": problem}]
    )

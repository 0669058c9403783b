"""What may be put on a page: text, or a picture. Descriptions only."""

from dataclasses import dataclass
from typing import Literal

from shared.pades.errors import RequestRefused

LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Text:
    """Wraps inside its rectangle, and shrinks from `size_pt` as far as needed to fit."""

    text: str
    size_pt: float = 11.0
    align: Literal["left", "center"] = "left"

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT or not self.size_pt > 0:
            raise RequestRefused("The text is too long to be put on a page.")


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG, scaled to fit its rectangle without distortion, and centred."""

    image: bytes


Content = Text | Picture

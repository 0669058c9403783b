"""Where things stand on a page: in fractions of what a reader sees, in points of the PDF. Pure."""

from dataclasses import dataclass
from typing import Literal

from shared.pades.errors import PlacementRefused

Rotation = Literal[0, 90, 180, 270]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Rectangle:
    """A rectangle in PDF user space: points, origin at the bottom left of the unrotated page."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def width(self) -> float:
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        return self.y2 - self.y1


@dataclass(frozen=True)
class Fractions:
    """A rectangle as parts (0..1) of the page as displayed, measured from its top-left corner."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = (
            self.x >= 0
            and self.y >= 0
            and self.x + self.width <= 1 + TOLERANCE
            and self.y + self.height <= 1 + TOLERANCE
        )
        if not (inside and self.width > 0 and self.height > 0):
            raise PlacementRefused("A field needs a rectangle inside the page, in fractions 0..1.")


Area = Rectangle | Fractions


@dataclass(frozen=True)
class PageShape:
    """The visible part of a page (crop box) in user space, and how it is turned for display."""

    crop: Rectangle
    rotation: Rotation = 0
    user_unit: float = 1.0

    @property
    def width(self) -> float:
        """Displayed width in units of user space."""
        return self.crop.height if self.rotation in (90, 270) else self.crop.width

    @property
    def height(self) -> float:
        """Displayed height in units of user space."""
        return self.crop.width if self.rotation in (90, 270) else self.crop.height

    @property
    def width_pt(self) -> float:
        return self.width * self.user_unit

    @property
    def height_pt(self) -> float:
        return self.height * self.user_unit

    def to_user_space(self) -> tuple[float, float, float, float, float, float]:
        """The matrix (a b c d e f) that turns displayed points, origin bottom left, into user
        space.
        """
        crop = self.crop
        return {
            0: (1.0, 0.0, 0.0, 1.0, crop.x1, crop.y1),
            90: (0.0, 1.0, -1.0, 0.0, crop.x2, crop.y1),
            180: (-1.0, 0.0, 0.0, -1.0, crop.x2, crop.y2),
            270: (0.0, -1.0, 1.0, 0.0, crop.x1, crop.y2),
        }[self.rotation]

    def rectangle(self, area: Area) -> Rectangle:
        """`area` in user space, the same on screen whatever the rotation and the crop box."""
        if isinstance(area, Rectangle):
            return self._inside(area)
        left, right = area.x * self.width, (area.x + area.width) * self.width
        top, bottom = (1 - area.y) * self.height, (1 - area.y - area.height) * self.height
        return _spanned(_apply(self.to_user_space(), left, bottom), self._corner(right, top))

    def displayed(self, area: Area) -> Rectangle:
        """`area` in displayed points, origin at the bottom left of what the reader sees."""
        user = self.rectangle(area)
        a, b, c, d, e, f = self.to_user_space()
        inverse = (a, c, b, d, -(a * e + b * f), -(c * e + d * f))  # a rotation: transpose
        return _spanned(
            _apply(inverse, user.x1, user.y1),
            _apply(inverse, user.x2, user.y2),
        )

    def _corner(self, x: float, y: float) -> tuple[float, float]:
        return _apply(self.to_user_space(), x, y)

    def _inside(self, area: Rectangle) -> Rectangle:
        crop, slack = self.crop, 0.01
        inside = (
            area.x1 >= crop.x1 - slack
            and area.y1 >= crop.y1 - slack
            and area.x2 <= crop.x2 + slack
            and area.y2 <= crop.y2 + slack
        )
        if not (inside and area.width > 0 and area.height > 0):
            raise PlacementRefused("A field needs a rectangle inside the visible page.")
        return area


def _apply(
    matrix: tuple[float, float, float, float, float, float], x: float, y: float
) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _spanned(one: tuple[float, float], other: tuple[float, float]) -> Rectangle:
    (xa, ya), (xb, yb) = one, other
    return Rectangle(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

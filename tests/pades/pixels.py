"""Finds the ink on a rendered page."""

from io import BytesIO

from PIL import Image

from shared.pades.rendering import render

Box = tuple[float, float, float, float]


def ink(pdf: bytes, page: int = 1, width_px: int = 800) -> Box | None:
    """The box around everything dark, as fractions of the page from its top left corner."""
    with Image.open(BytesIO(render(pdf, page, width_px=width_px))) as image:
        dark = image.convert("L").point(lambda value: 255 if value < 160 else 0)
        box = dark.getbbox()
        if box is None:
            return None
        return (
            box[0] / image.width,
            box[1] / image.height,
            box[2] / image.width,
            box[3] / image.height,
        )


def inside(found: Box | None, x: float, y: float, width: float, height: float) -> bool:
    """Whether there is ink, all of it in the rectangle (a pixel's breadth around it allowed)."""
    edge = 0.004
    return found is not None and (
        found[0] >= x - edge
        and found[1] >= y - edge
        and found[2] <= x + width + edge
        and found[3] <= y + height + edge
    )


def drawn_signature() -> bytes:
    """A wide stroke on a transparent ground, as a finger leaves it."""
    from PIL import ImageDraw

    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(5, 90), (150, 10), (295, 90)], fill=(0, 0, 80, 255), width=8)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()

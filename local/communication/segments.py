"""How many SMS a text is: GSM 03.38 septets or UCS-2 units, as operators charge them."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True)
class Segments:
    """`units` are septets, or 16-bit units where the text leaves the GSM alphabet."""

    count: int
    units: int
    unicode: bool


def segments(text: str) -> Segments:
    """A text beyond one message loses room to the header that joins its parts."""
    unicode = not BASIC.union(EXTENDED).issuperset(text)
    if unicode:
        units, single, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    else:
        units, single, joined = len(text) + sum(one in EXTENDED for one in text), 160, 153
    count = 1 if units <= single else -(-units // joined)
    return Segments(count, units, unicode)

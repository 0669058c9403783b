"""How many SMS a text takes: GSM 03.38 in 7 bits where its alphabet does, else UCS-2. Pure.

Several SMS are glued by a header that costs 7 characters of GSM-7, or 3 of UCS-2, in each; neither
an escaped character nor a surrogate pair is ever torn apart.
"""

import unicodedata
from collections.abc import Iterable

MOST_SEGMENTS = 2
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")
GSM = BASIC | ESCAPED
GSM_ALONE, GSM_EACH = 160, 153
UCS_ALONE, UCS_EACH = 70, 67


def segments(text: str) -> int:
    """At least 1: an empty SMS is one too."""
    if GSM.issuperset(text):
        return _packed((2 if letter in ESCAPED else 1 for letter in text), GSM_ALONE, GSM_EACH)
    return _packed((2 if ord(letter) > 0xFFFF else 1 for letter in text), UCS_ALONE, UCS_EACH)


def plain(text: str) -> str:
    """As much of a text as GSM-7 can say: letters without foreign accents, the rest left out."""
    return "".join(
        letter if letter in GSM else "".join(set_apart(letter)) for letter in text
    ).strip()


def set_apart(letter: str) -> Iterable[str]:
    """The parts of a letter that GSM-7 has, such as the c of č."""
    return (part for part in unicodedata.normalize("NFKD", letter) if part in GSM)


def _packed(widths: Iterable[int], alone: int, each: int) -> int:
    every = list(widths)
    if sum(every) <= alone:
        return 1
    count, room = 1, each
    for width in every:
        if width > room:
            count, room = count + 1, each
        room -= width
    return count

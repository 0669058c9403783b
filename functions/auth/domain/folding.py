"""Text as people search for it: "Søren Müller" is found by "soren muller". Pure."""

import unicodedata

# Letters that Unicode does not take apart.
BASE_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


def folded(text: str) -> str:
    """Without case and accents; `ß` becomes `ss`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return letters.translate(BASE_LETTERS)

"""The patterns of LIKE: % is any text, _ any character. Time grows with text times pattern."""

import re
from dataclasses import dataclass

from local.servicebus.rules.sql.lexer import SqlError


@dataclass(frozen=True, slots=True)
class Pattern:
    """The pieces between the percent signs. At least one; empty ones at the ends match nothing.

    One regular expression with several `.*` could be made to backtrack for hours.
    """

    pieces: tuple[re.Pattern[str], ...]
    lengths: tuple[int, ...]

    def matches(self, text: str) -> bool:
        first, last = self.pieces[0], self.pieces[-1]
        if len(self.pieces) == 1:
            return first.fullmatch(text) is not None
        end = len(text) - self.lengths[-1]
        if end < self.lengths[0] or first.match(text) is None:
            return False
        position = self.lengths[0]
        for piece in self.pieces[1:-1]:
            found = piece.search(text, position, end)
            if found is None:
                return False
            position = found.end()
        return last.fullmatch(text, end) is not None


def pattern(text: str, escape: str | None) -> Pattern:
    """Raises SqlError."""
    if escape is not None and len(escape) != 1:
        raise SqlError("ESCAPE takes one character")
    pieces: list[list[str]] = [[]]
    characters = iter(text)
    for character in characters:
        if character == escape:
            literal = next(characters, None)
            if literal is None:
                raise SqlError("a pattern ends with its escape character")
            pieces[-1].append(re.escape(literal))
        elif character == "%":
            pieces.append([])
        else:
            pieces[-1].append("." if character == "_" else re.escape(character))
    compiled = tuple(re.compile("".join(piece), re.DOTALL) for piece in pieces)
    return Pattern(compiled, tuple(len(piece) for piece in pieces))

"""A place in a list of tokens: look, take, insist. Knows the keywords, not the grammar."""

from local.cosmos.query.errors import QueryRefused, syntax_error
from local.cosmos.query.lexer import END, Kind, Token, tokens

RESERVED = frozenset(
    {"SELECT", "DISTINCT", "FROM", "WHERE", "ORDER", "GROUP", "BY", "JOIN", "IN", "AS", "AND", "OR"}
    | {"NOT", "BETWEEN", "LIKE", "ASC", "DESC", "EXISTS", "NULL", "TRUE", "FALSE", "UNDEFINED"}
)
_DEEPEST = 30  # a level may take twenty frames of the thousand that Python has


class Cursor:
    """What a parser stands on. `deeper` bounds nesting, so that no query exhausts the stack."""

    def __init__(self, query: str) -> None:
        self._tokens = tokens(query)
        self._position = 0
        self._depth = 0

    def peek(self, ahead: int = 0) -> Token:
        place = self._position + ahead
        return self._tokens[place] if place < len(self._tokens) else END

    def previous(self) -> Token:
        return self._tokens[self._position - 1]

    def advance(self) -> Token:
        token = self.peek()
        self._position += 1
        return token

    def at_word(self, *words: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind is Kind.NAME and token.text.upper() in words

    def at_symbol(self, *symbols: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind is Kind.SYMBOL and token.text in symbols

    def take_word(self, *words: str) -> str | None:
        return self.advance().text.upper() if self.at_word(*words) else None

    def take_symbol(self, *symbols: str) -> str | None:
        return self.advance().text if self.at_symbol(*symbols) else None

    def need_word(self, word: str) -> None:
        if self.take_word(word) is None:
            raise self.unexpected()

    def need_symbol(self, symbol: str) -> None:
        if self.take_symbol(symbol) is None:
            raise self.unexpected()

    def at_identifier(self) -> bool:
        token = self.peek()
        return token.kind is Kind.NAME and token.text.upper() not in RESERVED

    def identifier(self) -> str:
        if not self.at_identifier():
            raise self.unexpected()
        return self.advance().text

    def unexpected(self) -> QueryRefused:
        return syntax_error(self.peek().text)

    def deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryRefused("The query is nested too deeply.")

    def shallower(self) -> None:
        self._depth -= 1

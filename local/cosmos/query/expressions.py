"""The grammar of expressions, by precedence climbing. Operands and clauses come from below."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from local.cosmos.query.cursor import Cursor
from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.lexer import Kind
from local.cosmos.query.syntax import (
    Between,
    Binary,
    Conditional,
    Expression,
    InList,
    Like,
    Literal,
    Logical,
    Query,
    Unary,
)

# Weakest first. Comparison stands apart, because it also holds IN, BETWEEN and LIKE.
# Each link of a chain is one level of the tree, and so chains are bounded.
_LEVELS = {"|": 0, "^": 1, "&": 2, "||": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}
_COMPARISONS = ("=", "!=", "<>", "<", ">", "<=", ">=")
_LONGEST_CHAIN = 200


class ExpressionParser(Cursor, ABC):
    """Each method reads one level and leaves the cursor after it."""

    @abstractmethod
    def query(self) -> Query: ...

    @abstractmethod
    def operand(self) -> Expression: ...

    def expression(self) -> Expression:
        self.deeper()
        test = self._coalesced()
        if self.take_symbol("?"):
            then = self.expression()
            self.need_symbol(":")
            test = Conditional(test, then, self.expression())
        self.shallower()
        return test

    def expressions(self) -> tuple[Expression, ...]:
        found = [self.expression()]
        while self.take_symbol(","):
            found.append(self.expression())
        return tuple(found)

    def _coalesced(self) -> Expression:
        left = self._either()
        for _ in range(_LONGEST_CHAIN):
            if not self.take_symbol("??"):
                return left
            left = Binary("??", left, self._either())
        raise _too_long()

    def _either(self) -> Expression:
        return self._logical("OR", self._both)

    def _both(self) -> Expression:
        return self._logical("AND", self._negated)

    def _logical(self, word: str, part: Callable[[], Expression]) -> Expression:
        operands = [part()]
        while self.take_word(word):
            operands.append(part())
        return operands[0] if len(operands) == 1 else Logical(word, tuple(operands))

    def _negated(self) -> Expression:
        if not self.take_word("NOT"):
            return self._compared()
        self.deeper()
        negated = Unary("NOT", self._negated())
        self.shallower()
        return negated

    def _compared(self) -> Expression:
        left = self._binary()
        for _ in range(_LONGEST_CHAIN):
            symbol = self.take_symbol(*_COMPARISONS)
            if symbol:
                left = Binary("!=" if symbol == "<>" else symbol, left, self._binary())
                continue
            negated = self.at_word("NOT") and self.at_word("IN", "BETWEEN", "LIKE", ahead=1)
            if negated:
                self.advance()
            tested = self._tested(left)
            if tested is None:
                return left
            left = Unary("NOT", tested) if negated else tested
        raise _too_long()

    def _tested(self, left: Expression) -> Expression | None:
        """IN, BETWEEN or LIKE after `left`; None where none of them follows."""
        if self.take_word("IN"):
            self.need_symbol("(")
            choices = self.expressions()
            self.need_symbol(")")
            return InList(left, choices)
        if self.take_word("BETWEEN"):
            low = self._binary()
            self.need_word("AND")
            return Between(left, low, self._binary())
        if self.take_word("LIKE"):
            pattern = self._binary()
            escape = self._binary() if self.take_word("ESCAPE") else None
            return Like(left, pattern, escape)
        return None

    def _binary(self, weakest: int = 0) -> Expression:
        """Operators of level `weakest` and tighter, from the left."""
        left = self._unary()
        for _ in range(_LONGEST_CHAIN):
            token = self.peek()
            level = _LEVELS.get(token.text, -1) if token.kind is Kind.SYMBOL else -1
            if level < weakest:
                return left
            left = Binary(self.advance().text, left, self._binary(level + 1))
        raise _too_long()

    def _unary(self) -> Expression:
        symbol = self.take_symbol("-", "+", "~")
        if symbol is None:
            return self.operand()
        self.deeper()
        inner = self._unary()
        self.shallower()
        if symbol == "-" and isinstance(inner, Literal) and _is_number(inner.value):
            return Literal(-inner.value)
        return Unary(symbol, inner)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _too_long() -> QueryRefused:
    return QueryRefused(f"The expression has more than {_LONGEST_CHAIN} operators in a row.")

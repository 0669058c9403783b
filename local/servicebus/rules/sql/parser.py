"""Tokens to a tree, by recursive descent; the weakest operator comes first."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from local.servicebus.rules.sql.lexer import Kind, SqlError, Token, tokens
from local.servicebus.rules.sql.patterns import pattern
from local.servicebus.rules.sql.tree import (
    PREDICATES,
    And,
    Arithmetic,
    Comparison,
    Constant,
    Exists,
    Expression,
    In,
    IsNull,
    Like,
    Negative,
    Node,
    Not,
    Or,
    Predicate,
    Property,
)

DEEPEST = 32
COMPARISONS = {"=", "<>", "!=", "<", "<=", ">", ">="}
SYSTEM_PROPERTIES = frozenset(
    (
        *("messageid", "correlationid", "sessionid", "replytosessionid"),
        *("label", "to", "replyto", "contenttype"),
    )
)
Chain = TypeVar("Chain", And, Or)


def parse(text: str) -> Predicate:
    """Raises SqlError."""
    parser = _Parser(list(tokens(text)))
    return parser.whole()


class _Parser:
    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._depth = 0

    def whole(self) -> Predicate:
        found = self._predicate(self._or())
        if self._token.kind is not Kind.END:
            raise self._unexpected()
        return found

    # Predicates

    def _or(self) -> Node:
        return self._chain("OR", self._and, Or)

    def _and(self) -> Node:
        return self._chain("AND", self._not, And)

    def _chain(self, word: str, operand: Callable[[], Node], kind: type[Chain]) -> Node:
        first = operand()
        if not self._at(Kind.WORD, word):
            return first
        operands = [self._predicate(first)]
        while self._take(Kind.WORD, word):
            operands.append(self._predicate(operand()))
        return kind(tuple(operands))

    def _not(self) -> Node:
        if not self._take(Kind.WORD, "NOT"):
            return self._comparison()
        return Not(self._predicate(self._deeper(self._not)))

    def _comparison(self) -> Node:
        left = self._sum()
        if self._token.kind is Kind.SYMBOL and self._token.text in COMPARISONS:
            operator = self._advance().text
            return Comparison(
                operator.replace("!=", "<>"), self._expression(left), self._expression(self._sum())
            )
        if self._take(Kind.WORD, "IS"):
            negated = self._take(Kind.WORD, "NOT")
            self._need(Kind.WORD, "NULL")
            return _unless(negated, IsNull(self._property(left)))
        negated = self._take(Kind.WORD, "NOT")
        if self._take(Kind.WORD, "LIKE"):
            return _unless(negated, self._like(self._expression(left)))
        if self._take(Kind.WORD, "IN"):
            return _unless(negated, In(self._expression(left), self._choices()))
        if negated:
            raise self._unexpected()
        return left

    def _like(self, value: Expression) -> Like:
        text = self._need(Kind.STRING).text
        escape = self._need(Kind.STRING).text if self._take(Kind.WORD, "ESCAPE") else None
        return Like(value, pattern(text, escape))

    def _choices(self) -> tuple[Expression, ...]:
        self._need(Kind.SYMBOL, "(")
        found = [self._expression(self._sum())]
        while self._take(Kind.SYMBOL, ","):
            found.append(self._expression(self._sum()))
        self._need(Kind.SYMBOL, ")")
        return tuple(found)

    # Expressions

    def _sum(self) -> Node:
        return self._operations({"+", "-"}, self._product)

    def _product(self) -> Node:
        return self._operations({"*", "/", "%"}, self._sign)

    def _operations(self, operators: set[str], operand: Callable[[], Node]) -> Node:
        first = operand()
        rest: list[tuple[str, Expression]] = []
        while self._token.kind is Kind.SYMBOL and self._token.text in operators:
            operator = self._advance().text
            rest.append((operator, self._expression(operand())))
        return Arithmetic(self._expression(first), tuple(rest)) if rest else first

    def _sign(self) -> Node:
        if self._take(Kind.SYMBOL, "+"):
            return self._expression(self._deeper(self._sign))
        if self._take(Kind.SYMBOL, "-"):
            return Negative(self._expression(self._deeper(self._sign)))
        return self._primary()

    def _primary(self) -> Node:
        token = self._advance()
        match token.kind, token.text:
            case Kind.NAME, name:
                return self._named(name)
            case Kind.WORD, "EXISTS":
                return self._exists()
            case Kind.SYMBOL, "(":
                found = self._deeper(self._or)
                self._need(Kind.SYMBOL, ")")
                return found
        return self._constant(token)

    def _constant(self, token: Token) -> Constant:
        match token.kind, token.text:
            case Kind.NUMBER, text:
                return Constant(int(text) if text.isdecimal() else float(text))
            case Kind.STRING, text:
                return Constant(text)
            case Kind.WORD, "TRUE" | "FALSE" as word:
                return Constant(word == "TRUE")
            case Kind.WORD, "NULL":
                return Constant(None)
        self._next -= 1
        raise self._unexpected()

    def _exists(self) -> Exists:
        self._need(Kind.SYMBOL, "(")
        found = self._named(self._need(Kind.NAME).text)
        self._need(Kind.SYMBOL, ")")
        return Exists(found)

    def _named(self, name: str) -> Property:
        if self._at(Kind.SYMBOL, "("):
            raise SqlError(f"the function {name} is not supported")
        if not self._take(Kind.SYMBOL, "."):
            return Property(name, system=False)
        scope, name = name.lower(), self._need(Kind.NAME).text
        if scope == "user":
            return Property(name, system=False)
        if scope != "sys":
            raise SqlError(f"'{scope}' is no scope: there are sys and user")
        if name.lower() not in SYSTEM_PROPERTIES:
            raise SqlError(f"sys.{name} is not a property that filters see")
        return Property(name.lower(), system=True)

    # What a node may be where it stands

    def _predicate(self, node: Node) -> Predicate:
        if not isinstance(node, PREDICATES):
            raise SqlError(f"a condition is missing before {self._token.position}")
        return node

    def _expression(self, node: Node) -> Expression:
        if isinstance(node, PREDICATES):
            raise SqlError(f"a value is expected before {self._token.position}, not a condition")
        return node

    def _property(self, node: Node) -> Property:
        if not isinstance(node, Property):
            raise SqlError(f"IS NULL asks about a property, before {self._token.position}")
        return node

    # Tokens

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _at(self, kind: Kind, text: str) -> bool:
        return self._token.kind is kind and self._token.text == text

    def _take(self, kind: Kind, text: str) -> bool:
        found = self._at(kind, text)
        self._next += found
        return found

    def _need(self, kind: Kind, text: str | None = None) -> Token:
        if self._token.kind is not kind or text not in {None, self._token.text}:
            raise self._unexpected()
        return self._advance()

    def _advance(self) -> Token:
        token = self._token
        if token.kind is Kind.END:
            raise self._unexpected()
        self._next += 1
        return token

    def _deeper(self, inner: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise SqlError("the expression is nested too deeply")
        found = inner()
        self._depth -= 1
        return found

    def _unexpected(self) -> SqlError:
        token = self._token
        if token.kind is Kind.END:
            return SqlError("the expression ends too soon")
        return SqlError(f"'{token.text}' at {token.position} is not expected there")


def _unless(negated: bool, predicate: Predicate) -> Predicate:
    return Not(predicate) if negated else predicate

"""Tokens to a tree, with C#'s precedence of operators."""

from local.gateway.expressions.lexer import Token, tokens
from local.gateway.expressions.syntax import Binary, Call, Literal, Member, Name, New, Node, Not
from local.gateway.refusals import PolicyRefused

LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+",))
DEEPEST = 40
CONSTANTS = {"true": True, "false": False}


def parsed(source: str) -> Node:
    """One whole expression. Raises PolicyRefused."""
    return Parser(source).whole()


class Parser:
    """Recursive descent, one method for each kind of node."""

    def __init__(self, source: str) -> None:
        self._tokens = list(tokens(source))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._binary(0)
        if self._now.kind != "end":
            raise PolicyRefused(f"unexpected {self._now.text!r}")
        return node

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _taken(self) -> Token:
        token = self._now
        self._at += 1
        return token

    def _is(self, *signs: str) -> bool:
        return self._now.kind == "sign" and self._now.text in signs

    def _must(self, kind: str, text: str | None = None) -> str:
        token = self._now
        if token.kind != kind or (text is not None and token.text != text):
            raise PolicyRefused(f"{text or kind} expected, not {token.text or 'the end'!r}")
        return self._taken().text

    def _binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while self._is(*LEVELS[level]):
            node = Binary(self._taken().text, node, self._binary(level + 1))
        return node

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise PolicyRefused("nested too deeply")
        if self._is("!"):
            self._taken()
            node: Node = Not(self._unary())
        else:
            node = self._chain(self._primary())
        self._depth -= 1
        return node

    def _chain(self, node: Node) -> Node:
        while self._is("."):
            self._taken()
            name = self._must("name")
            node = Call(node, name, self._arguments()) if self._is("(") else Member(node, name)
        return node

    def _primary(self) -> Node:
        if self._is("("):
            self._taken()
            node = self._binary(0)
            self._must("sign", ")")
            return node
        token = self._taken()
        if token.kind in {"string", "char"}:
            return Literal(token.kind, token.text)
        if token.kind == "int":
            return Literal("int", int(token.text))
        if token.kind == "name":
            return self._named(token.text)
        raise PolicyRefused(f"a value expected, not {token.text or 'the end'!r}")

    def _named(self, name: str) -> Node:
        if name in CONSTANTS:
            return Literal("bool", CONSTANTS[name])
        if name == "new":
            return New(self._must("name"), self._arguments())
        return Name(name)

    def _arguments(self) -> tuple[Node, ...]:
        self._must("sign", "(")
        found: list[Node] = []
        while not self._is(")"):
            if found:
                self._must("sign", ",")
            found.append(self._binary(0))
        self._must("sign", ")")
        return tuple(found)

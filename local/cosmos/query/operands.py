"""The grammar of operands: constants, paths, calls, literals, subqueries."""

from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.expressions import ExpressionParser
from local.cosmos.query.lexer import Kind
from local.cosmos.query.syntax import (
    UDF,
    ArrayLiteral,
    Call,
    Expression,
    Literal,
    Member,
    Name,
    ObjectLiteral,
    Parameter,
    Subquery,
    SubqueryKind,
)
from local.cosmos.query.values import UNDEFINED

_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False, "UNDEFINED": UNDEFINED}
_LONGEST_PATH = 100


class OperandParser(ExpressionParser):
    """What stands between operators."""

    def operand(self) -> Expression:
        return self.steps(self._primary())

    def steps(self, source: Expression) -> Expression:
        """`.name` and `[key]` after `source`."""
        for _ in range(_LONGEST_PATH):
            if self.take_symbol("."):
                source = Member(source, Literal(self._property()))
            elif self.take_symbol("["):
                source = Member(source, self.expression())
                self.need_symbol("]")
            else:
                return source
        raise QueryRefused(f"A path has more than {_LONGEST_PATH} steps.")

    def subquery(self, kind: SubqueryKind) -> Subquery:
        """After the opening parenthesis, which is closed here."""
        self.deeper()
        query = self.query()
        self.shallower()
        self.need_symbol(")")
        return Subquery(kind, query)

    def _property(self) -> str:
        if self.peek().kind is not Kind.NAME:
            raise self.unexpected()
        return self.advance().text

    def _primary(self) -> Expression:
        token = self.peek()
        match token.kind:
            case Kind.NUMBER | Kind.STRING:
                return Literal(self.advance().value)
            case Kind.PARAMETER:
                return Parameter(self.advance().text)
            case Kind.NAME:
                return self._word()
            case Kind.SYMBOL:
                return self._enclosed()
            case _:
                raise self.unexpected()

    def _word(self) -> Expression:
        word = self.peek().text.upper()
        called = self.at_symbol("(", ahead=1)
        if called and word in ("EXISTS", "ARRAY"):
            self.advance()
            self.advance()
            return self.subquery(SubqueryKind(word))
        if word in _CONSTANTS:
            self.advance()
            return Literal(_CONSTANTS[word])
        if called and (self.at_identifier() or word in ("LEFT", "RIGHT")):
            return self._call()
        if word == "UDF" and self.at_symbol(".", ahead=1) and self.at_symbol("(", ahead=3):
            return self._user_defined()
        return Name(self.identifier())

    def _user_defined(self) -> Expression:
        """`udf.name(...)`: a call, so that its refusal can name it."""
        self.advance()
        self.need_symbol(".")
        call = self._call()
        return Call(UDF + call.function, call.arguments)

    def _call(self) -> Call:
        function = self.advance().text.upper()
        self.need_symbol("(")
        arguments = () if self.at_symbol(")") else self.expressions()
        self.need_symbol(")")
        return Call(function, arguments)

    def _enclosed(self) -> Expression:
        if self.take_symbol("("):
            if self.at_word("SELECT"):
                return self.subquery(SubqueryKind.SCALAR)
            inner = self.expression()
            self.need_symbol(")")
            return inner
        if self.take_symbol("["):
            items = () if self.at_symbol("]") else self.expressions()
            self.need_symbol("]")
            return ArrayLiteral(items)
        if self.take_symbol("{"):
            return self._object()
        raise self.unexpected()

    def _object(self) -> Expression:
        items = []
        while not self.at_symbol("}"):
            if self.peek().kind not in (Kind.STRING, Kind.NAME):
                raise self.unexpected()
            name = self.advance().value
            self.need_symbol(":")
            items.append((name, self.expression()))
            if not self.take_symbol(","):
                break
        self.need_symbol("}")
        return ObjectLiteral(tuple(items))

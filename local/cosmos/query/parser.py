"""The grammar of clauses: SELECT to LIMIT. `parse` is the way in."""

from functools import lru_cache

from local.cosmos.query.errors import QueryRefused
from local.cosmos.query.lexer import Kind
from local.cosmos.query.operands import OperandParser
from local.cosmos.query.syntax import (
    Expression,
    Literal,
    Member,
    Name,
    Ordering,
    Parameter,
    Query,
    Selected,
    Source,
    SubqueryKind,
)

_NO_ALIAS = frozenset({"OFFSET", "LIMIT", "VALUE"})
_MOST_JOINS = 10


@lru_cache(maxsize=500)
def parse(text: str) -> Query:
    """The tree of a whole query. Raises QueryRefused, and nothing else, on any text."""
    parser = QueryParser(text)
    query = parser.query()
    if parser.peek().kind is not Kind.END:
        raise parser.unexpected()
    return query


@lru_cache(maxsize=500)
def parse_condition(text: str) -> Query:
    """The condition of a patch: a query from its FROM clause on, `from c where ...`."""
    return parse(f"SELECT VALUE true {text}")


class QueryParser(OperandParser):
    """One query, and through `query` the ones inside it."""

    _unnamed = 0

    def query(self) -> Query:
        self.need_word("SELECT")
        distinct = self.take_word("DISTINCT") is not None
        top = self._top()
        value, selected = self._selected()
        source, joins = self._inputs()
        where = self.expression() if self.take_word("WHERE") else None
        group_by = self._group_by()
        order_by = self._order_by()
        offset, limit = self._window()
        if group_by and order_by:
            raise QueryRefused("'ORDER BY' is not supported together with 'GROUP BY'.", "SC2103")
        return Query(
            *(selected, value, distinct, top, source, joins),
            *(where, group_by, order_by, offset, limit),
        )

    def _top(self) -> Expression | None:
        if self.at_word("TOP") and self.peek(1).kind in (Kind.NUMBER, Kind.PARAMETER):
            self.advance()
            return self._count()
        return None

    def _count(self) -> Expression:
        """A whole number or a parameter, as TOP, OFFSET and LIMIT take them."""
        token = self.peek()
        if token.kind is Kind.PARAMETER:
            return Parameter(self.advance().text)
        if token.kind is Kind.NUMBER and isinstance(token.value, int):
            return Literal(self.advance().value)
        raise self.unexpected()

    def _selected(self) -> tuple[bool, tuple[Selected, ...]]:
        if self.take_symbol("*"):
            return False, ()
        if self.at_word("VALUE") and not self.at_symbol(".", ",", ahead=1):
            self.advance()
            return True, (Selected(None, self.expression()),)
        columns = [self._column()]
        while self.take_symbol(","):
            columns.append(self._column())
        return False, tuple(columns)

    def _column(self) -> Selected:
        expression = self.expression()
        return Selected(self._alias() or _own_name(expression), expression)

    def _alias(self) -> str | None:
        if self.take_word("AS"):
            if self.peek().kind is not Kind.NAME:
                raise self.unexpected()
            return self.advance().text
        if self.at_identifier() and not self.at_word(*_NO_ALIAS):
            return self.identifier()
        return None

    def _inputs(self) -> tuple[Source | None, tuple[Source, ...]]:
        if not self.take_word("FROM"):
            return None, ()
        source, joins = self._source(), []
        while self.take_word("JOIN"):
            joins.append(self._source())
        if len(joins) > _MOST_JOINS:
            raise QueryRefused(f"A query has at most {_MOST_JOINS} JOINs.")
        return source, tuple(joins)

    def _source(self) -> Source:
        """`c`, `c.path AS x`, `x IN c.path`, `x IN (SELECT ...)` or `(SELECT ...) AS x`.

        A subquery may go without a name, where only the number of its rows matters.
        """
        if self.take_symbol("("):
            rows = self.subquery(SubqueryKind.ARRAY)
            self._unnamed += 1
            return Source(self._alias() or f"_subquery_{self._unnamed}", rows, each=True)
        name = self.identifier()
        if self.take_word("IN"):
            return Source(name, self._collection(), each=True)
        expression = self.steps(Name(name))
        alias = self._alias() or _own_name(expression) or name
        return Source(alias, expression, each=False)

    def _collection(self) -> Expression:
        if self.take_symbol("("):
            return self.subquery(SubqueryKind.ITEMS)
        return self.steps(Name(self.identifier()))

    def _group_by(self) -> tuple[Expression, ...]:
        if not self.take_word("GROUP"):
            return ()
        self.need_word("BY")
        return self.expressions()

    def _order_by(self) -> tuple[Ordering, ...]:
        if not self.take_word("ORDER"):
            return ()
        self.need_word("BY")
        keys = [self._ordering()]
        while self.take_symbol(","):
            keys.append(self._ordering())
        return tuple(keys)

    def _ordering(self) -> Ordering:
        expression = self.expression()
        return Ordering(expression, self.take_word("ASC", "DESC") == "DESC")

    def _window(self) -> tuple[Expression | None, Expression | None]:
        if not self.take_word("OFFSET"):
            return None, None
        offset = self._count()
        self.need_word("LIMIT")
        return offset, self._count()


def _own_name(expression: Expression) -> str | None:
    """The name a column has without AS: the last step of its path."""
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Member) and isinstance(expression.key, Literal):
        key = expression.key.value
        return key if isinstance(key, str) else None
    return None

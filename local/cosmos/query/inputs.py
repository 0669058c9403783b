"""FROM, JOIN and WHERE: from one starting environment to all that satisfy the query."""

from collections.abc import Callable, Iterator
from itertools import chain

from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.paths import names_on_path
from local.cosmos.query.scope import Environment, Evaluate, Scope
from local.cosmos.query.syntax import Expression, Member, Name, Query, Source
from local.cosmos.query.values import UNDEFINED

Expand = Callable[[Environment], Iterator[Environment]]


def compile_inputs(query: Query, scope: Scope) -> tuple[Expand, Scope]:
    """The expansion, and the scope that SELECT sees."""
    steps: list[Expand] = []
    sources = [query.source, *query.joins] if query.source else []
    for source in sources:
        steps.append(_compile_source(source, scope))
        scope = scope.with_name(source.alias)
    keep = compile_expression(query.where, scope) if query.where is not None else None

    def expand(environment: Environment) -> Iterator[Environment]:
        environments: Iterator[Environment] = iter((environment,))
        for step in steps:
            environments = chain.from_iterable(map(step, environments))
        if keep is None:
            return environments
        return (candidate for candidate in environments if keep(candidate) is True)

    return expand, scope


def _compile_source(source: Source, scope: Scope) -> Expand:
    evaluate = compile_expression(_from_root(source.expression, scope), scope)
    return _elements(source.alias, evaluate) if source.each else _whole(source.alias, evaluate)


def _from_root(expression: Expression, scope: Scope) -> Expression:
    """The same path, beginning at the container where its first name is nothing else."""
    if isinstance(expression, Name):
        return Name(scope.resolve_input(expression.name))
    if isinstance(expression, Member) and names_on_path(expression) is not None:
        return Member(_from_root(expression.source, scope), expression.key)
    return expression


def _whole(alias: str, evaluate: Evaluate) -> Expand:
    def expand(environment: Environment) -> Iterator[Environment]:
        value = evaluate(environment)
        if value is not UNDEFINED:
            yield {**environment, alias: value}

    return expand


def _elements(alias: str, evaluate: Evaluate) -> Expand:
    def expand(environment: Environment) -> Iterator[Environment]:
        value = evaluate(environment)
        if isinstance(value, list):
            for element in value:
                yield {**environment, alias: element}

    return expand

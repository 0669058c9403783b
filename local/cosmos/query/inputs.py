"""FROM, JOIN and WHERE: from one starting environment to all that satisfy the query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from local.cosmos.query.compiler import compile_expression
from local.cosmos.query.paths import names_on_path
from local.cosmos.query.scope import ROOT, Environment, Evaluate, Scope
from local.cosmos.query.syntax import Expression, Member, Name, Query, Source
from local.cosmos.query.values import UNDEFINED

Expand = Callable[[Environment], Iterator[Environment]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """`keep` is WHERE. `direct` is the alias, where the one input is the document itself."""

    expand: Expand
    keep: Evaluate | None
    direct: str | None


def compile_inputs(query: Query, scope: Scope) -> tuple[Inputs, Scope]:
    """The inputs, and the scope that SELECT sees."""
    steps: list[Expand] = []
    direct = _direct(query, scope)
    sources = [query.source, *query.joins] if query.source else []
    for source in sources:
        steps.append(_compile_source(source, scope))
        scope = scope.with_name(source.alias)
    keep = compile_expression(query.where, scope) if query.where is not None else None
    step = scope.budget.step

    def expand(environment: Environment) -> Iterator[Environment]:
        environments: Iterator[Environment] = iter((environment,))
        for source_step in steps:
            environments = chain.from_iterable(map(source_step, environments))
        for candidate in environments:
            step()
            if keep is None or keep(candidate) is True:
                yield candidate

    return Inputs(expand, keep, direct), scope


def _direct(query: Query, scope: Scope) -> str | None:
    source = query.source
    if source is None or source.each or query.joins or not isinstance(source.expression, Name):
        return None
    return source.alias if scope.resolve_input(source.expression.name) == ROOT else None


def _compile_source(source: Source, scope: Scope) -> Expand:
    evaluate = compile_expression(_from_root(source.expression, scope), scope)
    if source.each:
        return _elements(source.alias, evaluate, scope.budget.step)
    return _whole(source.alias, evaluate)


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


def _elements(alias: str, evaluate: Evaluate, step: Callable[[], None]) -> Expand:
    def expand(environment: Environment) -> Iterator[Environment]:
        value = evaluate(environment)
        if isinstance(value, list):
            for element in value:
                step()
                yield {**environment, alias: element}

    return expand

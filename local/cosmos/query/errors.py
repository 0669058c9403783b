"""What a query can be refused for. The code is the service's own, `SC1001` and its like."""

from dataclasses import dataclass


@dataclass
class QueryRefused(Exception):
    """The query cannot be run; `message` is for its author."""

    message: str
    code: str = "SC1001"


def too_complex() -> QueryRefused:
    return QueryRefused("The query is too complex: its expressions are nested too deeply.")


def syntax_error(near: str) -> QueryRefused:
    if not near:
        return QueryRefused("Syntax error, incorrect syntax near the end of the query.")
    return QueryRefused(f"Syntax error, incorrect syntax near '{near[:40]}'.")

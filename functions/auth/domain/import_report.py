"""What became of the rows of an import, as a table that opens in any spreadsheet. Pure."""

import csv
from collections.abc import Iterable
from io import StringIO

from functions.auth.domain.imports import Outcome, Problem, Result

HEADER = ("line", "outcome", "user_id", "field", "problem")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # OWASP: CSV injection
NO_PROBLEM = Problem(at="", problem="")


def report(results: Iterable[Result], *, everything: bool) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; a line for each problem of a row."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for result in results:
        if not everything and result.outcome is not Outcome.FAILED:
            continue
        for each in result.problems or (NO_PROBLEM,):
            cells = (result.outcome, result.user_id or "", each.at, each.problem)
            writer.writerow([result.line, *map(harmless, cells)])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """Text that a spreadsheet takes for text."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell

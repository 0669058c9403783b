"""From the bytes of a file to the rows of an import: CSV and JSON. Pure."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from functions.auth.domain.imports import Row
from functions.auth.domain.refusals import TooManyRows, UnreadableImport
from shared.errors import Malformed

MOST_ROWS = 20_000
MOST_CHARACTERS = 2000  # of a row, written as JSON
COLUMNS = (
    "email",
    "name",
    "phone",
    "roles",
    "active",
    "locale",
    "time_zone",
    "department",
    "department_id",
    "external_id",
    "password_hash",
)
LISTS = {"roles"}  # several values in one cell, between commas, semicolons, bars or spaces
NEEDED = "email"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can write what UTF-8 cannot


def csv_rows(content: bytes) -> list[Row]:
    """With a header of COLUMNS in any order, between commas or semicolons; UTF-8.

    Raises Malformed, UnreadableImport or TooManyRows.
    """
    text = _text(content)
    first_line = text.partition("\n")[0]
    separator = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _must_be_known(header)
        return _bounded(_unrepeated(_csv_rows(reader, header)))
    except csv.Error as error:
        raise Malformed(f"Line {reader.line_num} is not valid CSV: {error}.") from error


def json_rows(content: bytes) -> list[Row]:
    """A list of objects with COLUMNS as members. Raises Malformed, UnreadableImport or
    TooManyRows."""
    try:
        found = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON.") from error
    if not isinstance(found, list):
        raise _unreadable("", "a list of users is needed")
    return _bounded(_unrepeated(_json_rows(found)))


def _csv_rows(reader: Any, header: list[str]) -> Iterator[Row]:
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            yield Row(line=line, problem=f"has {len(cells)} cells; the header has {len(header)}")
            continue
        given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        yield _row(line, {name: _value(name, cell) for name, cell in given.items() if cell})


def _value(name: str, cell: str) -> str | list[str]:
    if name not in LISTS:
        return cell
    return cell.replace(",", " ").replace(";", " ").replace("|", " ").split()


def _json_rows(found: Sequence[object]) -> Iterator[Row]:
    for number, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            yield Row(line=number, problem="is no object")
            continue
        given = {name: each for name, each in item.items() if each is not None}
        wrong = [name for name, each in given.items() if not _is_text(each)]
        if wrong:
            yield Row(line=number, problem=f"{wrong[0][:100]} is no text")
        else:
            yield _row(number, given)


def _is_text(value: object) -> bool:
    """Or yes or no, or a list of texts: anything else would have to be guessed at."""
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | bool)


def _row(line: int, values: dict[str, Any]) -> Row:
    written = json.dumps(values, ensure_ascii=False)
    if len(written) > MOST_CHARACTERS:
        return Row(line=line, problem="is too long")
    if LONE_SURROGATE.search(written):
        return Row(line=line, problem="has half a sign in it")
    return Row(line=line, values=values)


def _unrepeated(rows: Iterable[Row]) -> Iterator[Row]:
    """Of several rows with one address the first counts."""
    first: dict[str, int] = {}
    for row in rows:
        email = str(row.values.get(NEEDED, "")).strip().lower()
        before = first.setdefault(email, row.line) if email else row.line
        if before == row.line:
            yield row
        else:
            yield Row(line=row.line, problem=f"has the same e-mail address as line {before}")


def _bounded(rows: Iterable[Row]) -> list[Row]:
    kept = list(rows)
    if not kept:
        raise _unreadable("", "there are no users in it")
    if len(kept) > MOST_ROWS:
        raise TooManyRows(f"At most {MOST_ROWS} users are imported at once.", max_rows=MOST_ROWS)
    return kept


def _must_be_known(header: Sequence[str]) -> None:
    wrong = [{"at": name, "problem": "unknown column"} for name in header if name not in COLUMNS]
    twice = {name for name in header if header.count(name) > 1}
    wrong += [{"at": name, "problem": "stands there twice"} for name in sorted(twice)]
    if NEEDED not in header:
        wrong.append({"at": NEEDED, "problem": "this column is needed"})
    if wrong:
        raise UnreadableImport("The header is not right.", fields=wrong, columns=list(COLUMNS))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("The file is not UTF-8.") from error


def _unreadable(at: str, problem: str) -> UnreadableImport:
    return UnreadableImport(
        f"The file cannot be read: {problem}.", fields=[{"at": at, "problem": problem}]
    )

"""Queries as people type them, and the service's sentences."""

import base64
import json
from typing import Any

import pytest

from local.board.answers import Refused
from local.board.cosmos.query import FURTHEST, LONGEST_QUERY, Cursor, query
from local.board.cosmos.wording import sentence_of

ALL = {"container": "trips", "query": "SELECT * FROM c"}


def test_what_is_left_out_has_a_sensible_value() -> None:
    found = query(ALL)
    assert (found.parameters, found.partition_key, found.cursor, found.limit) == (
        [],
        None,
        Cursor(),
        50,
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"query": "SELECT * FROM c"}, "container"),
        ({"container": "trips", "query": "  "}, "query"),
        ({**ALL, "query": "x" * (LONGEST_QUERY + 1)}, "characters"),
        ({**ALL, "limit": "many"}, "limit"),
        ({**ALL, "limit": True}, "limit"),
        ({**ALL, "parameters": {"@a": 1}}, "parameters"),
        ({**ALL, "parameters": [{"name": "a", "value": 1}]}, "parameter"),
        ({**ALL, "parameters": ["@a"]}, "parameter"),
        ({**ALL, "partition_key": [{"a": 1}]}, "partition key"),
        ({**ALL, "cursor": "nonsense!"}, "cursor"),
        ({**ALL, "cursor": Cursor(given=FURTHEST + 1).text()}, "cursor"),
        ({**ALL, "cursor": Cursor(given=-1).text()}, "cursor"),
        ({**ALL, "cursor": base64.urlsafe_b64encode(b'{"token": 1, "given": 0}').decode()}, "cur"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(Refused, match=named) as refused:
        query(given)
    assert refused.value.status == 400


@pytest.mark.parametrize(("asked", "granted"), [(None, 50), (1, 1), (0, 50), (-3, 1), (9999, 200)])
def test_the_limit_is_bounded(asked: int | None, granted: int) -> None:
    assert query({**ALL, "limit": asked}).limit == granted


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, None), ([], None), (["a"], ["a"]), ("a", ["a"]), ([None, 1], [None, 1])],
)
def test_a_partition_key_is_optional_and_may_be_a_prefix(given: Any, expected: Any) -> None:
    assert query({**ALL, "partition_key": given}).partition_key == expected


@pytest.mark.parametrize("cursor", [Cursor(), Cursor(given=50), Cursor("tok\u00e9n+/=")])
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert query({**ALL, "cursor": cursor.text()}).cursor == cursor


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("SELECT * FROM c", False),
        ("SELECT * FROM c ORDER  BY c.id", True),
        ("select distinct c.kind from c", True),
        ("SELECT TOP 5 * FROM c", True),
        ("SELECT * FROM c WHERE c.name = 'ORDER BY'", False),
        ('SELECT * FROM c WHERE c.name = "it\\"s TOP"', False),
        ("SELECT * FROM c WHERE c.discount > 1", False),
    ],
)
def test_pages_that_the_sdk_merges_are_counted(text: str, counted: bool) -> None:
    assert query({**ALL, "query": text}).is_counted is counted
    one = {**ALL, "query": text, "partition_key": ["a"]}
    assert not query(one).is_counted


def refusal(message: str) -> str:
    return json.dumps({"code": "BadRequest", "message": message})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            refusal('Message: {"errors":[{"code":"SC1001","message":"Syntax error."}]}'),
            "SC1001: Syntax error.",
        ),
        (
            refusal('Message: {"errors":[{"message":"One."},{"message":"Two."},7]}\r\nActivityId:'),
            "One. Two. 7",
        ),
        (refusal("Owner resource does not exist\r\nActivityId: 1, x"), "Owner resource does not"),
        ("plain words", "plain words"),
        (refusal("Message: {broken}"), "Message: {broken}"),
        ("[1]", "[1]"),
    ],
)
def test_the_services_sentence_is_taken_out_of_its_layers(said: str, sentence: str) -> None:
    assert sentence_of(said).startswith(sentence)
    assert "ActivityId" not in sentence_of(said)

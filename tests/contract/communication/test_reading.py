"""What the page works out of a message: parts, links, sizes, languages."""

import json

import pytest

from local.communication.links import Link, links_of
from local.communication.page import size
from local.communication.segments import Segments, segments
from local.communication.wording import FOLDER, LANGUAGES, language_of, wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(1, 0, False)),
        ("x" * 160, Segments(1, 160, False)),
        ("x" * 161, Segments(2, 161, False)),
        ("x" * 306, Segments(2, 306, False)),
        ("x" * 307, Segments(3, 307, False)),
        ("€" * 80, Segments(1, 160, False)),
        ("€" * 81, Segments(2, 162, False)),
        ("é" * 160, Segments(1, 160, False)),
        ("ç" + "x" * 69, Segments(1, 70, True)),
        ("—" * 71, Segments(2, 71, True)),
        ("🚚" * 35, Segments(1, 70, True)),
        ("🚚" * 36, Segments(2, 72, True)),
    ],
)
def test_segments(text: str, expected: Segments) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        ("", "", []),
        ("See https://a.example/x?y=1. Or not.", "", [Link("https://a.example/x?y=1")]),
        ("(https://a.example)", "", [Link("https://a.example")]),
        ("https://a.example https://a.example", "", [Link("https://a.example")]),
        (
            "https://a.example/?a=1&b=2",
            '<a href="https://a.example/?a=1&amp;b=2"><b>Read</b>\n and  sign</a>',
            [Link("https://a.example/?a=1&b=2", "Read and sign")],
        ),
        ("", '<a href="javascript:alert(1)">x</a><a>y</a><a href="#z">z</a>', []),
        ("", '<a href="mailto:a@b.example">Write</a>', [Link("mailto:a@b.example", "Write")]),
        ("", '<a href="https://a.example">https://a.example</a>', [Link("https://a.example")]),
        ("", '<a href="https://broken.example">never closed', []),
    ],
)
def test_links(text: str, html: str, expected: list[Link]) -> None:
    assert links_of({"text": text, "html": html}) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (184_009, "184 kB"), (2_500_000, "2.5 MB")],
)
def test_sizes(count: int, expected: str) -> None:
    assert size(count) == expected


def test_languages_say_the_same_things() -> None:
    keys = [set(json.loads((FOLDER / f"{name}.json").read_text("utf-8"))) for name in LANGUAGES]
    assert all(one == keys[0] for one in keys)


def test_one_is_counted_differently() -> None:
    say = wording("en")
    assert [say("count", count=count) for count in (0, 1, 2)] == [
        "0 messages",
        "1 message",
        "2 messages",
    ]


@pytest.mark.parametrize(
    ("accepted", "asked", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "", "de"),
        ("fr, en;q=0.5", "", "en"),
        ("", "", "en"),
        ("de", "en", "en"),
        ("de", "xx", "de"),
    ],
)
def test_language_of_the_reader(accepted: str, asked: str, expected: str) -> None:
    assert language_of(accepted, asked) == expected

"""How many SMS a text takes, against the published limits and against the provider's own count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.notifications.domain.masking import masked
from functions.notifications.domain.segments import ESCAPED, GSM, plain, segments
from local.communication.segments import segments as provider_segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("ä" * 160, 1),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 76 * 2, 2),
        ("€" * (76 * 2 + 1), 3),  # 153 holds 76 escaped characters; the half one moves on
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_a_text_takes_as_many_as_published(text: str, count: int) -> None:
    assert segments(text) == count


@settings(deadline=None)
@given(st.text(max_size=700))
def test_it_is_never_less_than_the_provider_counts(text: str) -> None:
    counted = provider_segments(text).count
    assert counted <= segments(text) <= counted + counted // 20 + 1


@settings(deadline=None)
@given(st.text(sorted(GSM - ESCAPED), max_size=700))
def test_without_escapes_it_is_what_the_provider_counts(text: str) -> None:
    assert segments(text) == provider_segments(text).count


@settings(deadline=None)
@given(st.text(max_size=100))
def test_plain_text_is_in_the_alphabet(text: str) -> None:
    assert GSM.issuperset(plain(text))


def test_plain_text_keeps_what_it_can() -> None:
    assert plain("Jürgen Łukasz Dvořák 你好 Ünal") == "Jürgen ukasz Dvorák  Ünal".replace("á", "a")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Sign https://a.example/x/y?z=1#q now", "Sign https://a.example/… now"),
        ("HTTP://user:pw@a.example:8080/secret", "HTTP://a.example:8080/…"),
        (
            '"https://a.example" and https://b.example/t.',
            '"https://a.example/…" and https://b.example/…',
        ),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_links_are_shown_by_their_host_alone(text: str, shown: str) -> None:
    assert masked(text) == shown

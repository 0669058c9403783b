"""Bytes that anybody may have stored are shown so that nothing of them runs."""

import pytest

from local.board.answers import Refused
from local.board.blobs.showing import Part, headers, part, shown_type


@pytest.mark.parametrize(
    ("stored", "sent", "inline"),
    [
        ("application/pdf", "application/pdf", True),
        ("image/png", "image/png", True),
        ("IMAGE/JPEG; q=1", "image/jpeg", True),
        ("text/plain", "text/plain; charset=utf-8", True),
        ("text/html", "text/plain; charset=utf-8", True),
        ("text/javascript", "text/plain; charset=utf-8", True),
        ("image/svg+xml", "text/plain; charset=utf-8", True),
        ("application/problem+json", "text/plain; charset=utf-8", True),
        ("application/xhtml+xml", "text/plain; charset=utf-8", True),
        ("application/zip", "application/zip", False),
        ("image/gif", "image/gif", False),
        ("", "application/octet-stream", False),
        ("a/b\r\nSet-Cookie: x=1", "application/octet-stream", False),
        ("text/html\nX: y", "application/octet-stream", False),
    ],
)
def test_media_types(stored: str, sent: str, inline: bool) -> None:
    assert shown_type(stored) == (sent, inline)


def test_headers_keep_it_in_a_sandbox() -> None:
    found = headers('t/d/evil"; x=\r\n.pdf', "application/pdf", '"e"')
    assert found["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Content-Disposition"] == "inline; filename*=UTF-8''evil%22%3B%20x%3D%0D%0A.pdf"
    assert headers("a/", "application/zip", "")["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-9", Part(0, 10, 100)),
        ("bytes=90-", Part(90, 10, 100)),
        ("bytes=-10", Part(90, 10, 100)),
        ("bytes=-1000", Part(0, 100, 100)),
        ("bytes=50-5000", Part(50, 50, 100)),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=٣-٤", None),
    ],
)
def test_ranges(header: str | None, expected: Part | None) -> None:
    assert part(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-3", "bytes=-0"])
def test_a_range_that_holds_nothing_is_refused(header: str) -> None:
    with pytest.raises(Refused) as refused:
        part(header, 100)
    assert refused.value.status == 416


def test_a_range_of_an_empty_blob_is_refused() -> None:
    with pytest.raises(Refused):
        part("bytes=0-0", 0)


def test_a_range_says_where_it_lies() -> None:
    assert Part(90, 10, 100).content_range == "bytes 90-99/100"

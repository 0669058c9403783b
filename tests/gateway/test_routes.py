"""Which operation a request means, and what is left of its path and headers on the way."""

import pytest
from multidict import CIMultiDict

from local.gateway.intake import end_to_end, resolved
from local.gateway.operations import Operation, Operations

OPERATIONS = Operations(
    Operation("GET", template)
    for template in (
        "/v1/trips/{id}",
        "/v1/trips/mine",
        "/v1/{kind}/mine",
        "/.well-known/jwks.json",
        "/v1/files/{name}.pdf",
    )
)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/v1/trips/7", "/v1/trips/{id}"),
        ("/v1/trips/mine", "/v1/trips/mine"),
        ("/V1/Trips/MINE", "/v1/trips/mine"),
        ("/v1/calls/mine", "/v1/{kind}/mine"),
        ("/v1/trips/a%2Fb", "/v1/trips/{id}"),
        ("/v1/files/a.pdf", "/v1/files/{name}.pdf"),
        ("/v1/files/.pdf", None),
        ("/v1/files/apdf", None),
        ("/.well-known/jwksXjson", None),
        ("/v1/trips/", None),
        ("/v1/trips", None),
        ("/v1/trips/7/", None),
        ("/v1//7", None),
        ("", None),
    ],
)
def test_a_path_means_at_most_one_operation(path: str, template: str | None) -> None:
    found = OPERATIONS.find("GET", path)
    assert (found and found.url_template) == template
    assert OPERATIONS.find("HEAD", path) is None


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("/api/v1/trips", "/api/v1/trips"),
        ("/api/v1/trips/", "/api/v1/trips/"),
        ("/api/../admin", "/admin"),
        ("/api/%2e%2E/admin", "/admin"),
        ("/api/.%2e/admin", "/admin"),
        ("/../../x", "/x"),
        ("/api/./v1/.", "/api/v1/"),
        ("/api/v1/..", "/api/"),
        ("/..", "/"),
        ("/", "/"),
        ("/api//v1", "/api//v1"),
        ("/api/%2Fadmin", "/api/%2Fadmin"),
        ("/api/...", "/api/..."),
    ],
)
def test_dot_segments_are_resolved_before_anything_is_decided(sent: str, meant: str) -> None:
    assert resolved(sent) == meant


def test_headers_for_the_neighbour_stay_with_the_neighbour() -> None:
    sent = CIMultiDict(
        [
            ("Connection", "close, X-Mine"),
            ("connection", "x-other"),
            ("X-Mine", "1"),
            ("X-Other", "2"),
            ("TE", "trailers"),
            ("Keep-Alive", "timeout=5"),
            ("Upgrade", "websocket"),
            ("Proxy-Authorization", "Basic x"),
            ("Accept", "a"),
            ("Accept", "b"),
        ]
    )
    assert list(end_to_end(sent).items()) == [("Accept", "a"), ("Accept", "b")]

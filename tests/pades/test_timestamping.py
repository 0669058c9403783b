"""Authorities that are down, slow, rude or lying, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from asn1crypto import tsp

from local.tsa.authority import TimestampAuthority
from shared.pades.errors import TimestampRefused, TimestampUnavailable
from shared.pades.rfc3161 import query
from shared.pades.timestamping import LARGEST_REPLY, HttpTimestamper
from tests.pades import documents
from tests.pades.people import World

DIGEST = b"\7" * 32
SHA256, SHA224 = bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040204")
REPLY = "application/timestamp-reply"


class Authority:
    """What the server below answers: override one thing, keep the rest right."""

    status = 200
    kind = REPLY

    def __init__(self, tsa: TimestampAuthority) -> None:
        self.tsa = tsa
        self.asked = 0

    def body(self, query: bytes) -> bytes:
        return self.tsa.answer(query)


class OtherNonce(Authority):
    def body(self, query: bytes) -> bytes:
        changed = tsp.TimeStampReq.load(query).copy()
        changed["nonce"] = changed["nonce"].native ^ 1
        return self.tsa.answer(changed.dump())


class OtherImprint(Authority):
    def body(self, query: bytes) -> bytes:
        return self.tsa.answer(query.replace(DIGEST, b"\1" * 32))


class ForgedTime(Authority):
    def body(self, query: bytes) -> bytes:
        return self.tsa.answer(query).replace(b"20260301", b"20190301")


class BrokenSignature(Authority):
    def body(self, query: bytes) -> bytes:
        reply = self.tsa.answer(query)
        return reply[:-1] + bytes([reply[-1] ^ 1])


class Rubbish(Authority):
    def body(self, query: bytes) -> bytes:
        return b"<html>no</html>"


class Empty(Authority):
    def body(self, query: bytes) -> bytes:
        return b""


class Endless(Authority):
    def body(self, query: bytes) -> bytes:
        return b"\x30" * (LARGEST_REPLY + 1)


class Busy(Authority):
    status = 503


class WebPage(Authority):
    kind = "text/html"


class Rejecting(Authority):
    def body(self, query: bytes) -> bytes:
        return self.tsa.answer(query.replace(SHA256, SHA224))


class WithoutToken(Authority):
    def body(self, query: bytes) -> bytes:
        return bytes.fromhex("30053003020100")


LIARS = (
    OtherNonce,
    OtherImprint,
    ForgedTime,
    BrokenSignature,
    Rubbish,
    Empty,
    Endless,
    WebPage,
    Rejecting,
    WithoutToken,
)


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            query = self.rfile.read(int(self.headers["Content-Length"]))
            body = authority.body(query)
            self.send_response(authority.status)
            self.send_header("Content-Type", authority.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_honest_authority_is_asked_once_and_believed(world: World) -> None:
    with serving(honest := Authority(world.tsa)) as url:
        signed = world.sign(documents.plain(), timestamper=HttpTimestamper(url))
    assert honest.asked == 1
    assert world.verify(signed.pdf).signatures[0].time_is_trusted


def test_our_authority_refuses_weak_digests_in_so_many_words(world: World) -> None:
    refusal = world.tsa.answer(query(DIGEST).dump().replace(SHA256, SHA224))
    status = tsp.PKIStatusInfo.load(refusal[2:])
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {"bad_alg"}


@pytest.mark.parametrize("liar", LIARS)
def test_answers_that_prove_nothing_are_refused(world: World, liar: type[Authority]) -> None:
    with serving(liar(world.tsa)) as url, pytest.raises(TimestampRefused):
        HttpTimestamper(url)(DIGEST)


def test_busy_authority_is_unavailable(world: World) -> None:
    with serving(Busy(world.tsa)) as url, pytest.raises(TimestampUnavailable):
        HttpTimestamper(url)(DIGEST)


def test_nobody_listening_is_unavailable(world: World) -> None:
    with serving(Authority(world.tsa)) as url:
        pass
    pdf = documents.plain()
    with pytest.raises(TimestampUnavailable):
        world.sign(pdf, timestamper=HttpTimestamper(url))
    assert pdf == documents.plain()


def test_silent_authority_is_given_up() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TimestampUnavailable):
            HttpTimestamper(f"http://127.0.0.1:{port}", timeout_s=0.2)(DIGEST)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com", "", "tsa.example.com"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        HttpTimestamper(url)

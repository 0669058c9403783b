"""The guard in front of every function: each thing that can be wrong, and what is told."""

import asyncio
import json
import logging
from hashlib import sha256
from http import HTTPStatus

import azure.functions as func
import pytest
from pydantic import ConfigDict

from shared.errors import Gone, TooMany, Unavailable
from shared.http import idempotency
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC, SIGNED_IN, Content, Raw
from shared.http.endpoint import endpoint
from shared.http.paging import Paging
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.model import Model
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.ids import new_id
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Document, Stored
from tests.support.http import Answer, call, signed_in, somebody


class Wish(Model):
    model_config = ConfigDict(extra="forbid")

    word: str


class Said(Model):
    word: str
    id: str = ""


@endpoint(needs=PUBLIC, takes=Wish, gives=Said, max_bytes=100)
async def say(call: Call[Wish]) -> Said:
    """Say it."""
    return Said(word=call.body.word)


@endpoint(needs="trips:write")
async def write(_call: Call) -> None:
    """Write."""


@endpoint(needs=SIGNED_IN, asks=Paging, gives=Said)
async def ask(call: Call[None, Paging]) -> Said:
    """Ask."""
    return Said(word=str(call.asks.after()))


@endpoint(needs=PUBLIC, takes=Raw("image/png", 10), gives=Content("image/png"))
async def echo(call: Call[bytes]) -> Reply:
    """Echo."""
    return Reply(content=call.body, media_type="image/png")


def raising(error: Exception) -> object:
    @endpoint(needs=PUBLIC)
    async def fails(_call: Call) -> None:
        """Fail."""
        raise error

    return fails


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b'{"word": "x"', "application/json", 400, "malformed"),
        (b"\xff\xfe", "application/json", 400, "malformed"),
        (b"", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b'{"word": 7}', "application/json", 422, "invalid"),
        (b'{"word": "x", "more": 1}', "application/json", 422, "invalid"),
        (b'{"word": "x"}', "text/plain", 415, "unsupported-media-type"),
        (b'{"word": "x"}', "", 415, "unsupported-media-type"),
        (b'{"word": "' + b"x" * 100 + b'"}', "application/json", 413, "too-large"),
    ],
)
async def test_a_bad_body_is_told_what_is_wrong(
    body: bytes, kind: str, status: int, code: str
) -> None:
    refused = await call(say, body, headers={"content-type": kind})

    assert (refused.status, refused.code) == (status, code)
    assert refused.json["status"] == status
    assert refused.headers["X-Correlation-Id"] == refused.json["correlation_id"]


async def test_a_correlation_id_is_kept_and_a_wild_one_is_not() -> None:
    kept = await call(say, {"word": "x"}, headers={"x-correlation-id": "abc-1"})
    made = await call(say, {"word": "x"}, headers={"x-correlation-id": "a b\nc"})
    traced = await call(say, {"word": "x"}, headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert kept.headers["X-Correlation-Id"] == "abc-1"
    assert len(made.headers["X-Correlation-Id"]) == 32
    assert traced.headers["X-Correlation-Id"] == "a" * 32


@pytest.mark.parametrize("authorization", ["", "Basic abc", "Bearer", "Bearer a.b.c"])
@pytest.mark.usefixtures("records")
async def test_without_a_token_nobody_gets_in(authorization: str) -> None:
    refused = await call(write, headers={"authorization": authorization})

    assert (refused.status, refused.code) == (401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


async def test_a_missing_permission_is_named(tenant: str) -> None:
    refused = await call(write, caller=somebody(tenant, Role.DRIVER))
    assert (refused.status, refused.json["permission"]) == (403, "trips:write")
    assert (await call(write, caller=somebody(tenant, Role.DISPATCHER))).status == 204


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"limit": "0"}, 422, "invalid"),
        ({"limit": "x"}, 422, "invalid"),
        ({"more": "1"}, 422, "invalid"),
        ({"cursor": "%%%"}, 400, "malformed"),
        ({"cursor": "YWJj"}, 400, "malformed"),
        ({"cursor": "_w=="}, 400, "malformed"),
    ],
)
async def test_a_bad_query_is_refused(
    tenant: str, query: dict[str, str], status: int, code: str
) -> None:
    refused = await call(ask, method="GET", caller=somebody(tenant), query=query)
    assert (refused.status, refused.code) == (status, code)


async def test_a_query_where_none_is_asked_is_refused() -> None:
    assert (await call(raising(Gone("x")), query={"a": "1"})).code == "invalid"  # type: ignore[arg-type]  # an HTTP function


async def test_bytes_go_through_as_they_are() -> None:
    assert (await call(echo, b"\x89PNG", headers={"content-type": "image/png"})).body == b"\x89PNG"
    assert (await call(echo, b"x", headers={"content-type": "text/html"})).status == 415
    assert (await call(echo, b"x" * 11, headers={"content-type": "image/png"})).status == 413


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (Gone("over"), 410, "gone", None),
        (TooMany("slow down", retry_after_s=7), 429, "too-many-requests", "7"),
        (Unavailable("down", retry_after_s=3), 503, "unavailable", "3"),
        (ConnectionError("refused"), 503, "unavailable", "2"),
        (TimeoutError(), 503, "unavailable", "2"),
        (RuntimeError("secret"), 500, "internal", None),
        (KeyError("secret"), 500, "internal", None),
    ],
)
async def test_whatever_happens_is_an_answer(
    error: Exception, status: int, code: str, retry_after: str | None
) -> None:
    answer = await call(raising(error))  # type: ignore[arg-type]  # an HTTP function

    assert (answer.status, answer.code) == (status, code)
    assert answer.headers.get("Retry-After") == retry_after
    assert "secret" not in answer.body.decode()


async def test_an_outage_of_azure_is_a_503_and_a_refusal_by_azure_is_not() -> None:
    from azure.core.exceptions import HttpResponseError, ServiceRequestError

    busy, wrong = HttpResponseError("busy"), HttpResponseError("wrong")
    busy.status_code, wrong.status_code = 429, 400
    busy.headers = {"x-ms-retry-after-ms": "4100"}  # type: ignore[attr-defined]  # as azure-cosmos has

    assert (await call(raising(ServiceRequestError("x")))).status == 503  # type: ignore[arg-type]
    answer = await call(raising(busy))  # type: ignore[arg-type]
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert (await call(raising(wrong))).status == 500  # type: ignore[arg-type]


async def test_an_outage_of_livekit_is_a_503() -> None:
    from livekit.api import ServerError

    down = ServerError("unavailable", "no response from servers", status=503)
    wrong = ServerError("invalid_argument", "no", status=400)
    assert (await call(raising(down))).status == 503  # type: ignore[arg-type]  # an HTTP function
    assert (await call(raising(wrong))).status == 500  # type: ignore[arg-type]  # an HTTP function


async def test_a_view_of_our_own_that_does_not_fit_is_our_fault() -> None:
    @endpoint(needs=PUBLIC)
    async def wrong(_call: Call) -> Said:
        """Be wrong."""
        return Said.model_validate({})

    assert (await call(wrong)).status == 500


async def test_logs_are_json_with_the_correlation_id(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "collab"):
        await call(say, {"word": "x"}, headers={"x-correlation-id": "abc-2"})

    line = json.loads(caplog.messages[-1])
    assert line["event"] == "http.answered"
    assert (line["correlation_id"], line["status"]) == ("abc-2", 200)


async def test_logs_say_who_called(tenant: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "collab"):
        await call(write, caller=somebody(tenant, user_id="u-7"))

    assert json.loads(caplog.messages[-1])["actor"] == "user:u-7"


class Box(Document):
    pass


def boxes() -> CosmosDocuments[Box]:
    return CosmosDocuments(container("trips"), Box, clock.now)


broken: set[str] = set()


@endpoint(needs="trips:write", gives=Said)
async def keep(call: Call) -> Said:
    """Keep a box, and lose the connection the first time."""
    saved = await boxes().save(Stored(Box(id=new_id(), tenant_id=call.tenant_id)), "keep")
    if call.tenant_id not in broken:
        broken.add(call.tenant_id)
        raise ConnectionError("reset")
    return Said(word="kept", id=saved.document.id)


made: list[str] = []


@endpoint(needs="trips:write", takes=Wish, gives=Said, status=HTTPStatus.CREATED)
async def make(call: Call[Wish]) -> Reply:
    """Make one."""
    made.append(call.body.word)
    if call.body.word == "gone":
        raise Gone("over")
    if call.body.word == "slow":
        await asyncio.sleep(0.2)
    return Reply(Said(word=call.body.word, id=new_id()), etag='"1"')


async def keyed(tenant: str, word: str) -> Answer:
    headers = {"idempotency-key": "k-1"}
    return await call(make, {"word": word}, caller=somebody(tenant), headers=headers)


@pytest.mark.usefixtures("records")
class TestIdempotencyKey:
    async def test_the_same_request_again_gets_the_same_answer(self, tenant: str) -> None:
        made.clear()
        first = await call(
            make, {"word": "x"}, caller=somebody(tenant), headers={"idempotency-key": '"k"'}
        )
        again = await call(
            make, {"word": "x"}, caller=somebody(tenant), headers={"idempotency-key": "k"}
        )
        assert made == ["x"]
        assert (again.status, again.body, again.etag) == (201, first.body, '"1"')
        assert again.headers["Idempotency-Replayed"] == "true"

    async def test_another_body_another_user_another_key(self, tenant: str) -> None:
        await keyed(tenant, "x")
        headers = {"idempotency-key": "k-1"}
        refused = await call(make, {"word": "y"}, caller=somebody(tenant), headers=headers)
        other = await call(
            make, {"word": "y"}, caller=somebody(tenant, user_id="u-2"), headers=headers
        )
        assert (refused.status, refused.code) == (422, "idempotency-key-reused")
        assert other.status == 201

    async def test_while_the_first_runs_the_second_is_told_so(self, tenant: str) -> None:
        answers = await asyncio.gather(
            *(
                call(
                    make,
                    {"word": "slow"},
                    caller=somebody(tenant),
                    headers={"idempotency-key": "k"},
                )
                for _ in range(3)
            )
        )
        assert sorted(answer.status for answer in answers) == [201, 409, 409]
        refused = next(answer for answer in answers if answer.status == 409)
        assert (refused.code, refused.headers["Retry-After"]) == ("idempotency-key-in-flight", "2")

    async def test_a_refusal_is_not_remembered(self, tenant: str) -> None:
        made.clear()
        for _ in range(2):
            headers = {"idempotency-key": "k"}
            gone = await call(make, {"word": "gone"}, caller=somebody(tenant), headers=headers)
            assert gone.status == 410
        assert made == ["gone", "gone"]

    async def test_a_claim_left_by_a_dead_attempt_is_taken_over_with_its_ids(
        self, tenant: str
    ) -> None:
        request = func.HttpRequest(
            method="POST",
            url="http://127.0.0.1:7071/api/function",
            headers={"idempotency-key": "k", "content-type": "application/json"},
            params={},
            route_params={},
            body=b'{"word": "x"}',
        )
        caller = somebody(tenant)
        name = idempotency._name(caller, request)
        digest = sha256(request.get_body()).hexdigest()
        left = await idempotency._claim(tenant, name, digest)
        stuck = await make_with(request, caller)
        assert stuck.status_code == 409
        old = left.document.claimed_at - idempotency.CLAIM_LIVES
        aged = left.document.model_copy(update={"claimed_at": old})
        await idempotency.attempts().save(left.now(aged), "grow old")

        answer = await make_with(request, caller)
        assert answer.status_code == 201
        assert json.loads(answer.get_body())["id"] == left.document.first_id

    async def test_an_attempt_that_ended_in_doubt_is_repeated_with_its_ids(
        self, tenant: str
    ) -> None:
        """The save was made, and then the connection broke: it is found, and not made again."""
        headers = {"idempotency-key": "k"}
        doubtful = await call(keep, caller=somebody(tenant), headers=headers)
        again = await call(keep, caller=somebody(tenant), headers=headers)

        assert (doubtful.status, again.status) == (503, 200)
        assert len(await boxes().where(tenant)) == 1

    async def test_a_claim_that_cannot_be_let_go_hides_nothing(self, tenant: str) -> None:
        first = await idempotency._claim(tenant, "x", "y")
        moved = first.document.model_copy(update={"fingerprint": "z"})
        await idempotency.attempts().save(first.now(moved), "move")
        await idempotency._let_go(first, undone=True)
        await idempotency._let_go(first, undone=False)
        assert (await idempotency.attempts().get(tenant, "x")).document.fingerprint == "z"

    @pytest.mark.parametrize("key", ["", "a b", "x" * 201, '"'])
    async def test_a_key_that_is_none_is_refused(self, tenant: str, key: str) -> None:
        headers = {"idempotency-key": key}
        refused = await call(make, {"word": "x"}, caller=somebody(tenant), headers=headers)
        assert refused.code == "malformed"


async def make_with(request: func.HttpRequest, caller: Caller) -> func.HttpResponse:
    with signed_in(caller):
        return await make(request)

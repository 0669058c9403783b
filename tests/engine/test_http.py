"""Every HTTP function once through the engine: without a token, and public ones with rubbish."""

import json
from collections.abc import Mapping

import pytest

from shared.http.declaration import HOST_KEY, PUBLIC, Raw
from shared.http.openapi.registered import Registered
from tests.support.engine import Answer, EngineApp

RUBBISH = b"\x00\xff{not json"
PROBLEM = "application/problem+json"
# These tell something to whoever asks, whatever is sent.
WANTING_NOTHING = {"auth_ask_passkey", "auth_older_auth_verify", "auth_verify"}


def media_type(function: Registered) -> Mapping[str, str]:
    takes = function.declaration.takes
    raw = takes.media_type if isinstance(takes, Raw) else None
    return {"Content-Type": raw or "application/json"}


async def asked(app: EngineApp, function: Registered, body: bytes) -> Answer:
    route = {name: "1" if name == "number" else "not-an-id" for name in function.parameters}
    path = function.template
    for name, value in route.items():
        path = path.replace(f"{{{name}}}", value)
    return await app.http(
        function.name,
        function.methods[0],
        f"http://localhost/api{path}",
        headers=media_type(function),
        route=route,
        body=body,
    )


def guarded(http: list[Registered]) -> list[Registered]:
    return [each for each in http if each.declaration.needs not in {PUBLIC, HOST_KEY}]


def is_problem(answer: Answer) -> bool:
    if not answer.headers.get("content-type", "").startswith(PROBLEM):
        return False
    document = json.loads(answer.body)
    return bool(document["status"] == answer.status and document["type"].startswith("/problems/"))


async def test_nobody_gets_past_a_guard(app: EngineApp, http: list[Registered]) -> None:
    """Not even with a body that cannot be read: who asks comes first."""
    answers = {each.name: await asked(app, each, RUBBISH) for each in guarded(http)}
    let_in = {name: answer for name, answer in answers.items() if answer.status != 401}
    assert let_in == {}
    assert [name for name, answer in answers.items() if not is_problem(answer)] == []
    assert [n for n, answer in answers.items() if "www-authenticate" not in answer.headers] == []


@pytest.mark.parametrize("body", [b"", RUBBISH, b"{}"], ids=["nothing", "rubbish", "an object"])
async def test_rubbish_gets_a_sensible_answer(
    app: EngineApp, http: list[Registered], body: bytes
) -> None:
    public = [each for each in http if each.declaration.needs in {PUBLIC, HOST_KEY}]
    answers = {each.name: await asked(app, each, body) for each in public}
    broken = {name: answer for name, answer in answers.items() if answer.status >= 500}
    assert broken == {}
    refused = {name: answer for name, answer in answers.items() if answer.status >= 400}
    assert [name for name, answer in refused.items() if not is_problem(answer)] == []
    writing = {each.name for each in public if each.methods == ("POST",)}
    assert writing - WANTING_NOTHING <= set(refused)


async def test_every_answer_carries_the_correlation_id(
    app: EngineApp, http: list[Registered]
) -> None:
    answers = {each.name: await asked(app, each, b"") for each in http}
    without = [n for n, answer in answers.items() if not answer.headers.get("x-correlation-id")]
    assert without == []


@pytest.mark.parametrize(
    "function",
    ["operations_report_health", "operations_report_readiness", "operations_publish_openapi"],
)
async def test_operations_answer_everybody(app: EngineApp, function: str) -> None:
    answer = await app.http(function)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (
        200,
        "application/json",
    )
    assert json.loads(answer.body)

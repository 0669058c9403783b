"""Every function of the app once through the engine, with what it is sent in real life.

The list is generated: a new function without an example fails here, by its name.
"""

import json
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from shared.http.declaration import Raw
from shared.http.openapi.registered import Registered
from shared.identity.permissions import Role
from shared.platform.ids import new_id
from tests.engine.examples import BODIES, TOLD
from tests.support.app import app_functions
from tests.support.engine import Answer, EngineApp, Message
from tests.support.http import signed_in, somebody

NAMES = Path(__file__).parents[1] / "architecture" / "functions.txt"
HANDLED = {
    str(each.get_function_name()): each.get_user_function().handles
    for each in app_functions()
    if hasattr(each.get_user_function(), "handles")
}
# Told of what is gone, these fail until their message is a dead letter; and there is no mail here.
REFUSED = {
    "auth_work_off_import": "There is no import",
    "documents_on_envelope_completed": "There is no document",
    "esignature_seal": "There is no envelope",
    "notifications_send": "COMMUNICATION__endpoint",
}
PEOPLE = ("u-1", "u-driver")


def names_by_kind() -> dict[str, list[str]]:
    """The names that somebody reviews, by the kind of their trigger."""
    kinds = {
        str(each.get_function_name()): str(each.get_trigger().get_dict_repr()["type"])
        for each in app_functions()
    }
    found: dict[str, list[str]] = {}
    for name in NAMES.read_text(encoding="utf-8").split():
        found.setdefault(kinds[name], []).append(name)
    return found


BY_KIND = names_by_kind()


def test_no_kind_of_function_is_forgotten() -> None:
    known = {"httpTrigger", "serviceBusTrigger", "timerTrigger", "cosmosDBTrigger"}
    assert set(BY_KIND) == known
    assert sorted(chain(*BY_KIND.values())) == NAMES.read_text(encoding="utf-8").split()


def test_there_are_no_examples_of_what_is_gone(http: list[Registered]) -> None:
    taking = {each.name for each in http if each.declaration.takes is not None}
    assert set(BODIES) == taking
    assert set(TOLD) == {kind.__name__ for kind in HANDLED.values()}


@pytest.mark.usefixtures("acquainted")
@pytest.mark.parametrize("name", BY_KIND["httpTrigger"])
async def test_http(app: EngineApp, http: list[Registered], tenant: str, name: str) -> None:
    """Somebody who may, with a body that is right: never 4xx for that, never 5xx."""
    (function,) = [each for each in http if each.name == name]
    with signed_in(somebody(tenant, *Role)):
        answer = await asked(app, function)
    assert answer.status not in {400, 413, 415, 422, 428}, answer.body
    assert answer.status < 500, answer.body
    if not function.declaration.public:
        assert answer.status not in {401, 403}, answer.body


async def asked(app: EngineApp, function: Registered) -> Answer:
    takes = function.declaration.takes
    body = BODIES[function.name] if takes is not None else b""
    kind = takes.media_type if isinstance(takes, Raw) else "application/json"
    headers = {"content-type": kind or "application/json", "authorization": "Bearer test"}
    if function.declaration.changes:
        headers["if-match"] = '"1"'
    route = {each: "1" if each == "number" else "x-1" for each in function.parameters}
    path = function.template
    for parameter, value in route.items():
        path = path.replace(f"{{{parameter}}}", value)
    return await app.http(
        function.name,
        function.methods[0],
        f"http://localhost/api{path}",
        headers=headers,
        route=route,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )


def told(name: str, tenant: str, **more: str) -> Message:
    """What the function is told, as the broker would deliver it."""
    kind = HANDLED[name]
    known = {"id": new_id(), "tenant_id": tenant, "at": datetime.now(UTC).isoformat()}
    body = {**known, **TOLD[kind.__name__], **more}
    return Message(
        json.dumps(body),
        subject=kind.type,
        session_id="s-1",
        message_id=known["id"],
        correlation_id="the-cause",
    )


@pytest.fixture
async def acquainted(app: EngineApp, tenant: str) -> None:
    """The others know the tenant's people and places."""
    for name in ("notifications_on_user_changed", "trips_on_user_changed"):
        for user_id in PEOPLE:
            assert (await app.message(name, told(name, tenant, user_id=user_id))).ok
    name = "trips_on_geofence_changed"
    assert (await app.message(name, told(name, tenant))).ok


@pytest.mark.usefixtures("acquainted")
@pytest.mark.parametrize("name", BY_KIND["serviceBusTrigger"])
async def test_messages(app: EngineApp, tenant: str, name: str) -> None:
    outcome = await app.message(name, told(name, tenant))
    assert outcome.ok is (name not in REFUSED), (outcome.error, outcome.stack)
    assert REFUSED.get(name, "") in outcome.error


@pytest.mark.parametrize("name", BY_KIND["timerTrigger"])
async def test_timers(app: EngineApp, name: str) -> None:
    outcome = await app.timer(name)
    assert outcome.ok, (outcome.error, outcome.stack)


@pytest.mark.parametrize("name", BY_KIND["cosmosDBTrigger"])
async def test_change_feeds(app: EngineApp, tenant: str, name: str) -> None:
    """Documents that are no outbox are none of a relay's business."""
    documents: list[dict[str, Any]] = [
        {"id": "1", "tenant_id": tenant, "key": "Trip", "kind": "Trip", "title": "Round"}
    ]
    outcome = await app.documents(name, documents)
    assert outcome.ok, (outcome.error, outcome.stack)

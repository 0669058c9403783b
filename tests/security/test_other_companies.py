"""What belongs to another company is not there: for its administrators neither, by no route."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from shared.http.openapi.registered import Registered
from shared.model import Model
from shared.platform.ids import new_id
from tests.esignature.cast import signer
from tests.security.asking import guarded, routes
from tests.security.conftest import Company
from tests.support.http import Answer

BODIES: dict[str, dict[str, Any]] = {
    "AssignRole": {"role_id": "member"},
    "AssignTrip": {"driver_id": "d-1"},
    "CancelTrip": {"reason": "Snow"},
    "ChangeContact": {"name": "Other"},
    "ChangeDepartment": {"name": "Other"},
    "ChangeDocument": {"name": "other.pdf"},
    "ChangeGeofence": {"name": "Other"},
    "ChangeRole": {"name": "Other"},
    "ChangeServiceAccount": {"name": "Other"},
    "ChangeTrip": {"title": "Other"},
    "ChangeUser": {"name": "Other"},
    "ConfirmFactor": {"code": "123456"},
    "CreateKey": {"name": "Other"},
    "OpenVersion": {},
    "RenameFactor": {"name": "Other"},
    "ResendLink": {"signer_id": "s-1"},
    "StartTrip": {},
    "VoidEnvelope": {"reason": "Wrong price"},
}
NO_IDS = {"number"}
MADE_ANEW = {"esignature_download_evidence", "esignature_read_evidence"}  # with the time of now


def naming() -> list[tuple[Registered, str]]:
    """Every guarded route that names a thing, with each of its methods."""
    return [(each, method) for each in guarded() if each.parameters for method in each.methods]


def body_of(route: Registered) -> dict[str, Any] | None:
    """A good one, so that a refusal is not for what was sent."""
    takes = route.declaration.takes
    if not isinstance(takes, type):
        return None
    body = BODIES[takes.__name__]
    assert issubclass(takes, Model)
    takes.model_validate(body)
    return body


def chosen(route: Registered, ids: dict[str, str]) -> dict[str, str]:
    return {name: ids[name] for name in route.parameters}


def mixed(
    route: Registered, ours: dict[str, str], theirs: dict[str, str]
) -> Iterator[dict[str, str]]:
    """All ids of theirs, and where there are several the last alone."""
    yield chosen(route, theirs)
    *before, last = route.parameters
    if before and last not in NO_IDS:
        yield {**chosen(route, ours), last: theirs[last]}


def told(answer: Answer, ids: dict[str, str]) -> tuple[int, str]:
    """What an answer says, without what differs by itself."""
    text = answer.body.decode(errors="replace")
    for value in {*ids.values()} - {"1"}:
        text = text.replace(value, "<id>")
    if answer.media_type == "application/problem+json":
        text = text.replace(answer.json["correlation_id"], "<correlation>")
    return answer.status, text


async def test_there_is_one_of_each_thing_that_a_route_names(companies: list[Company]) -> None:
    names = {name for route, _ in naming() for name in route.parameters}
    assert names - set(companies[0].ids) == set()
    assert len(naming()) >= 50


async def test_things_of_others_are_answered_like_what_was_never_there(
    companies: list[Company],
) -> None:
    ours, theirs = companies
    made_up = {name: new_id() if name not in NO_IDS else "1" for name in theirs.ids}
    wrong = {}
    for route, method in naming():
        body = body_of(route)
        for ids in mixed(route, ours.ids, theirs.ids):
            never = {n: v if v == ours.ids[n] else made_up[n] for n, v in ids.items()}
            answer = await ours.boss.ask(route.name, body, method=method, **ids)
            nothing = await ours.boss.ask(route.name, body, method=method, **never)
            same = told(answer, ids) == told(nothing, never)
            if not 400 <= answer.status < 500 or not same:
                wrong[route.name, tuple(ids)] = answer.status, answer.body, nothing.body
    assert wrong == {}


async def test_nothing_of_others_was_touched(companies: list[Company]) -> None:
    """And each refusal is for the company: who it belongs to is let in."""
    ours, theirs = companies
    reading = [route for route, method in naming() if method == "GET"]
    reading = [route for route in reading if route.name not in MADE_ANEW]

    async def looked() -> dict[str, tuple[int, str]]:
        found = {}
        for route in reading:
            answer = await theirs.boss.ask(route.name, **chosen(route, theirs.ids))
            found[route.name] = told(answer, theirs.ids)
        return found

    before = await looked()
    assert [name for name, (status, _) in before.items() if status in {401, 403, 404}] == []
    for route, method in naming():
        await ours.boss.ask(route.name, body_of(route), method=method, **chosen(route, theirs.ids))
    assert await looked() == before


WITHIN: list[tuple[str, str, dict[str, Any]]] = [
    (
        "trips_plan",
        "geofence_id",
        {"title": "Round", "stops": [{"name": "Depot", "geofence_id": "geofence_id"}]},
    ),
    (
        "trips_plan",
        "driver_id",
        {
            "title": "Round",
            "driver_id": "driver_id",
            "stops": [{"name": "A", "geofence_id": "own"}],
        },
    ),
    (
        "geofencing_check_in",
        "geofence_id",
        {
            "geofence_id": "geofence_id",
            "at": "2026-11-20T12:00:00Z",
            "longitude": 13.4,
            "latitude": 52.5,
            "accuracy_m": 8,
        },
    ),
    (
        "auth_create_user",
        "department_id",
        {
            "email": "new.one@example.com",
            "name": "New",
            "roles": ["member"],
            "department_id": "department_id",
        },
    ),
    ("auth_create_department", "department_id", {"name": "South", "parent_id": "department_id"}),
    ("auth_assign_role", "role_id", {"role_id": "role_id"}),
]


def filled(body: Any, ids: dict[str, str]) -> Any:
    """The same with ids in place of their names."""
    if isinstance(body, dict):
        return {name: filled(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, ids) for value in body]
    return ids.get(body, body) if isinstance(body, str) else body


async def test_what_is_sent_names_nothing_of_others_either(companies: list[Company]) -> None:
    ours, theirs = companies
    own = {**ours.ids, "own": ours.ids["geofence_id"]}
    wrong = {}
    for name, foreign, body in WITHIN:
        route = chosen(routes()[name], ours.ids)
        said = []
        for value in (theirs.ids[foreign], new_id()):
            sent = filled(body, {**own, foreign: value})
            said.append(told(await ours.boss.ask(name, sent, **route), {"": value}))
        if not 400 <= said[0][0] < 500 or said[0] != said[1]:
            wrong[name, foreign] = said
    assert wrong == {}


async def test_an_envelope_is_not_made_of_a_document_of_others(companies: list[Company]) -> None:
    ours, theirs = companies
    wish = {"document_version": 1, "title": "Contract", "signers": [signer()]}
    said = []
    for value in (ours.ids["pdf_id"], theirs.ids["pdf_id"], str(uuid4())):
        answer = await ours.boss.ask("esignature_create_envelope", {**wish, "document_id": value})
        said.append(told(answer, {"": value}))
    assert [status for status, _ in said] == [201, 404, 404]
    assert said[1] == said[2]

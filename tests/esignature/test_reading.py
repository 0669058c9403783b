"""Who sees which envelope: senders all of them, everybody else only what concerns them."""

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from functions.esignature import api
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.identity.scopes import Grant, Scope
from tests.esignature.cast import agree_and_sign, create, seal, sent, signer, token_of
from tests.support.http import Answer, call, somebody

VIEWS = [
    api.envelopes.read_envelope,
    api.evidence.read_evidence,
    api.evidence.download_evidence,
    api.evidence.download_sealed,
]


async def listed(caller: Caller, **query: str) -> list[str]:
    answer = await call(api.envelopes.list_envelopes, method="GET", caller=caller, query=query)
    assert answer.status == 200
    return [each["id"] for each in answer.json["items"]]


async def seen(caller: Caller, envelope_id: str) -> set[tuple[int, str]]:
    answers = [
        await call(view, method="GET", caller=caller, envelope_id=envelope_id) for view in VIEWS
    ]
    return {(each.status, each.code if each.status >= 400 else "") for each in answers}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.DRIVER])
async def test_who_may_not_send_sees_what_concerns_them_and_no_more(
    tenant: str, role: Role
) -> None:
    other = (await create(tenant)).json["id"]
    people = [signer(), signer("Ben", channel="in_app", user_id="u-ben")]
    theirs = await sent(tenant, people)
    for name in ("Ann", "Ben"):
        assert (await agree_and_sign(await token_of(tenant, name))).status == 200
    await seal(tenant)
    ben = somebody(tenant, role, user_id="u-ben")
    stranger = somebody(tenant, role, user_id="u-stranger")

    assert await listed(ben) == [theirs]
    assert await listed(ben, status="completed") == [theirs]
    assert await listed(ben, status="draft") == []
    assert await seen(ben, theirs) == {(200, "")}
    assert await seen(ben, other) == {(404, "not-found")}
    assert await listed(stranger) == []
    assert await seen(stranger, theirs) == {(404, "not-found")}
    assert await listed(somebody(f"{tenant}-b", role, user_id="u-ben")) == []


async def test_who_made_an_envelope_goes_on_seeing_it_without_their_role(tenant: str) -> None:
    made = (await create(tenant)).json["id"]
    assert await listed(somebody(tenant, Role.MEMBER)) == [made]
    assert await listed(somebody(tenant, Role.DISPATCHER, user_id="u-boss")) == [made]


async def test_who_may_write_one_envelope_sees_that_one(tenant: str) -> None:
    one, other = (await create(tenant)).json["id"], (await create(tenant)).json["id"]
    here = Grant(frozenset({"esignature:write"}), Scope(resource=f"envelopes/{one}"))
    caller = replace(somebody(tenant, Role.MEMBER, user_id="u-stranger"), scoped=(here,))

    def reading(envelope_id: str) -> Awaitable[Answer]:
        view = api.envelopes.read_envelope
        return call(view, method="GET", caller=caller, envelope_id=envelope_id)

    assert (await reading(one)).status == 200
    assert (await reading(other)).status == 404

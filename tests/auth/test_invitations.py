"""Inviting people: a link for three days, used once, listed, withdrawn, sent again."""

import asyncio
from collections.abc import Generator
from datetime import timedelta

import pytest

from functions.auth import wiring
from functions.auth.api import invitations, users
from functions.auth.domain.user import USERS
from shared.contracts.auth import SecretMail, UserChanged
from shared.identity.kinds import INVITATION, RESET
from shared.identity.permissions import Role
from shared.identity.verifying import tokens
from tests.auth.frozen import Frozen, frozen
from tests.auth.letters import letters, token_to
from tests.auth.people import create, log_in, me
from tests.support.http import Answer, call, somebody
from tests.support.messages import told_by

EMAIL = "new@example.com"
PASSWORD = "quite long and unguessable"
pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def invite(tenant: str, email: str = EMAIL, *roles: Role, **more: object) -> Answer:
    body = {"email": email, "name": "Nora New", "roles": ["dispatcher"], **more}
    return await call(invitations.invite, body, caller=somebody(tenant, *roles))


async def accept(token: str, password: str = PASSWORD, **more: object) -> Answer:
    return await call(invitations.accept, {"token": token, "password": password, **more})


async def read(tenant: str, invitation: Answer) -> Answer:
    return await call(
        invitations.read_invitation,
        method="GET",
        caller=somebody(tenant),
        invitation_id=invitation.json["id"],
    )


async def listed(tenant: str, **query: str) -> list[str]:
    answer = await call(
        invitations.list_invitations, method="GET", caller=somebody(tenant), query=query
    )
    return [item["email"] for item in answer.json["items"]]


async def withdraw(tenant: str, invitation: Answer, if_match: str = "*") -> Answer:
    return await call(
        invitations.withdraw,
        method="DELETE",
        caller=somebody(tenant),
        headers={"if-match": if_match},
        invitation_id=invitation.json["id"],
    )


async def send_again(tenant: str, invitation: Answer) -> Answer:
    return await call(
        invitations.send_again, caller=somebody(tenant), invitation_id=invitation.json["id"]
    )


async def test_who_is_invited_chooses_a_password_and_is_in(tenant: str) -> None:
    invited = await invite(tenant, locale="de")
    assert (invited.status, invited.json["status"]) == (201, "open")
    [letter] = await letters(tenant)
    assert (letter.template, letter.to, letter.locale) == (SecretMail.INVITATION, EMAIL, "de")
    assert (letter.name, letter.values["sender"]) == ("Nora New", "Ann Example")
    assert "token" not in invited.body.decode()

    entered = await accept(await token_to(tenant, EMAIL), name="Nora Newman")
    assert entered.status == 200
    mine = (await me(entered)).json
    assert (mine["name"], mine["roles"], mine["email"]) == ("Nora Newman", ["dispatcher"], EMAIL)
    assert mine["email_verified"] is True
    assert (await log_in(tenant, EMAIL, PASSWORD)).status == 200
    kept = await read(tenant, invited)
    assert (kept.json["status"], kept.json["user_id"]) == ("accepted", mine["id"])
    [told] = await told_by("auth", tenant, UserChanged)
    assert (told["user_id"], told["version"]) == (mine["id"], 1)


async def test_an_invitation_is_accepted_once(tenant: str) -> None:
    await invite(tenant)
    token = await token_to(tenant, EMAIL)
    assert (await accept(token)).status == 200
    again = await accept(token, "another one of my passwords")
    assert (again.status, again.code) == (401, "link-ended")


async def test_of_two_who_accept_at_once_one_is_in(tenant: str) -> None:
    await invite(tenant)
    token = await token_to(tenant, EMAIL)
    answers = await asyncio.gather(accept(token), accept(token, "another one of my passwords"))
    assert sorted(answer.status for answer in answers) == [200, 401]
    found = await call(users.list_users, method="GET", caller=somebody(tenant))
    assert len(found.json["items"]) == 1


async def test_a_withdrawn_one_lets_nobody_in(tenant: str) -> None:
    invited = await invite(tenant)
    token = await token_to(tenant, EMAIL)
    assert (await withdraw(tenant, invited, '"old"')).code == "stale"
    assert (await withdraw(tenant, invited)).status == 204
    assert (await accept(token)).code == "link-ended"
    assert (await withdraw(tenant, invited)).code == "invitation-ended"
    assert (await send_again(tenant, invited)).code == "invitation-ended"
    assert (await read(tenant, invited)).json["status"] == "withdrawn"
    assert (await invite(tenant)).status == 201, "and another may follow"


async def test_withdrawing_and_accepting_at_once_have_one_outcome(tenant: str) -> None:
    invited = await invite(tenant)
    token = await token_to(tenant, EMAIL)
    accepted, withdrawn = await asyncio.gather(
        accept(token), withdraw(tenant, invited, invited.etag)
    )
    assert (accepted.status == 200) != (withdrawn.status == 204)
    status = "accepted" if accepted.status == 200 else "withdrawn"
    assert (await read(tenant, invited)).json["status"] == status


async def test_it_lives_three_days_and_again_when_sent_again(tenant: str, time: Frozen) -> None:
    invited = await invite(tenant)
    first = await token_to(tenant, EMAIL)
    assert (await letters(tenant))[0].kept_s == 3 * 24 * 60 * 60
    time.move(timedelta(days=3, seconds=6))
    assert (await accept(first)).code == "link-ended"
    assert (await read(tenant, invited)).json["status"] == "expired"

    again = await send_again(tenant, invited)
    assert (again.status, again.json["status"]) == (200, "open")
    second = await token_to(tenant, EMAIL)
    time.move(timedelta(days=2))
    assert (await accept(first)).code == "link-ended"
    assert (await accept(second)).status == 200


async def test_the_link_before_the_last_sending_is_void(tenant: str) -> None:
    invited = await invite(tenant)
    first = await token_to(tenant, EMAIL)
    await send_again(tenant, invited)
    assert (await accept(first)).code == "link-ended"
    assert (await accept(await token_to(tenant, EMAIL))).status == 200


async def test_lists_say_what_became_of_each(tenant: str, time: Frozen) -> None:
    await invite(tenant, "expired@example.com")
    time.move(timedelta(days=4))
    await invite(tenant, "accepted@example.com")
    await accept(await token_to(tenant, "accepted@example.com"))
    await withdraw(tenant, await invite(tenant, "withdrawn@example.com"))
    await invite(tenant, "open@example.com")

    for status in ("open", "accepted", "withdrawn", "expired"):
        assert await listed(tenant, status=status) == [f"{status}@example.com"]
    everybody = [f"{s}@example.com" for s in ("open", "withdrawn", "accepted", "expired")]
    assert await listed(tenant) == everybody
    assert await listed(tenant, limit="2") == everybody[:2]


async def test_who_has_a_login_or_an_open_invitation_is_not_invited(tenant: str) -> None:
    await create(tenant, "ann@example.com")
    assert (await invite(tenant, "ann@example.com")).code == "email-taken"
    first = await invite(tenant)
    second = await invite(tenant)
    assert (second.status, second.code) == (409, "already-invited")
    assert second.json["invitation_id"] == first.json["id"]


async def test_who_got_a_login_meanwhile_keeps_it(tenant: str) -> None:
    invited = await invite(tenant)
    await create(tenant, EMAIL)
    assert (await accept(await token_to(tenant, EMAIL))).code == "email-taken"
    assert (await read(tenant, invited)).json["status"] == "open"


async def test_a_weak_password_leaves_the_invitation_open(tenant: str) -> None:
    await invite(tenant)
    token = await token_to(tenant, EMAIL)
    assert (await accept(token, "collabazure1234")).code == "weak-password"
    assert (await accept(token)).status == 200


async def test_other_tokens_are_no_invitations(tenant: str) -> None:
    created = await create(tenant)
    issue, at = tokens().issue, wiring.now()()
    claims = {"sub": created.json["id"], "tenant_id": tenant, "jti": "x"}
    for kind, more in (
        (RESET, {}),
        (INVITATION, {}),
        (INVITATION, {"sub": "unknown"}),
        (INVITATION, {"link": "link:registration:unknown"}),
    ):
        assert (await accept(await issue(kind, at, {**claims, **more}))).code == "link-ended"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.DRIVER, Role.DISPATCHER])
async def test_only_administrators_invite(tenant: str, role: Role) -> None:
    assert (await invite(tenant, EMAIL, role)).code == "forbidden"


async def test_invitations_are_of_one_tenant(tenant: str) -> None:
    invited = await invite(tenant)
    assert (await read(f"{tenant}-other", invited)).code == "not-found"
    assert (await withdraw(f"{tenant}-other", invited)).code == "not-found"


async def test_every_step_is_audited_without_a_secret(tenant: str) -> None:
    invited = await invite(tenant)
    await send_again(tenant, invited)
    entered = await accept(await token_to(tenant, EMAIL))
    answer = await call(
        invitations.read_invitation_audit,
        method="GET",
        caller=somebody(tenant),
        invitation_id=invited.json["id"],
    )
    assert answer.json["intact"] is True
    actions = [entry["action"] for entry in answer.json["entries"]]
    assert actions == ["invite", "send invitation again", "join"]
    assert "(hidden)" in answer.body.decode()
    mine = (await me(entered)).json["id"]
    trail = await wiring.users().trail(tenant, mine, USERS)
    assert [entry.action for entry in trail.entries] == ["join"]
    assert trail.intact
    assert trail.entries[0].actor.id == mine

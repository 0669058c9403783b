"""Registering by oneself: where it is allowed, and without telling who has a login."""

from collections.abc import Generator
from uuid import uuid4

import pytest

from functions.auth import wiring
from functions.auth.api import invitations
from functions.auth.models import FIRST_TENANT
from shared.contracts.auth import SecretMail
from tests.auth.counting import counted
from tests.auth.letters import letters, token_to
from tests.auth.people import create, log_in, me
from tests.support.azure import configured
from tests.support.http import Answer, call

PASSWORD = "quite long and unguessable"
pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def email() -> str:
    """Nobody else's: all tests share the first tenant."""
    return f"{uuid4().hex}@example.com"


@pytest.fixture
def allowed(records: None) -> Generator[None]:
    with configured(SELF_REGISTRATION="true"):
        wiring.registration.forget()
        yield
    wiring.registration.forget()


async def register(email: str, name: str = "Nora New", **more: object) -> Answer:
    return await call(invitations.register, {"email": email, "name": name, **more})


async def accept(token: str) -> Answer:
    return await call(invitations.accept, {"token": token, "password": PASSWORD})


async def test_nobody_registers_where_it_is_not_allowed(email: str) -> None:
    refused = await register(email)
    assert (refused.status, refused.code) == (403, "registration-closed")
    assert await letters(FIRST_TENANT, email) == []


@pytest.mark.usefixtures("allowed")
async def test_a_link_makes_a_member(email: str) -> None:
    assert (await register(email, locale="de")).status == 202
    [letter] = await letters(FIRST_TENANT, email)
    assert (letter.template, letter.locale) == (SecretMail.REGISTRATION, "de")
    assert "Nora" not in letter.model_dump_json(), "strangers are sent no words of strangers"
    token = await token_to(FIRST_TENANT, email)
    tokens = await accept(token)
    mine = (await me(tokens)).json
    assert (mine["name"], mine["roles"], mine["email_verified"]) == ("Nora New", ["member"], True)
    assert (await log_in(FIRST_TENANT, email, PASSWORD)).status == 200
    assert (await accept(token)).code == "link-ended"


@pytest.mark.usefixtures("allowed")
async def test_who_has_a_login_is_told_so_in_the_mail_alone(email: str) -> None:
    other = f"other.{email}"
    await create(FIRST_TENANT, email)
    known, unknown = await register(email), await register(other)
    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, b"")
    [letter] = await letters(FIRST_TENANT, email)
    assert letter.template is SecretMail.ALREADY_REGISTERED
    assert "#" not in letter.values["link"]
    assert letter.name == ""


@pytest.mark.usefixtures("allowed")
async def test_known_and_unknown_cost_the_same(email: str) -> None:
    other = f"other.{email}"
    await create(FIRST_TENANT, email)
    costs = []
    with counted() as (cost, _):
        for each in (email, other):
            cost.forget()
            assert (await register(each)).status == 202
            costs.append((cost.calls, cost.hashes))
    assert costs == [(["query_items", "execute_item_batch"], 0)] * 2


@pytest.mark.usefixtures("allowed")
async def test_nobodys_mailbox_is_filled(email: str) -> None:
    assert [(await register(email)).status for _ in range(3)] == [202, 202, 202]
    assert len(await letters(FIRST_TENANT, email)) == 1


@pytest.mark.usefixtures("allowed")
async def test_who_was_created_meanwhile_keeps_their_login(email: str) -> None:
    await register(email)
    await create(FIRST_TENANT, email)
    assert (await accept(await token_to(FIRST_TENANT, email))).code == "email-taken"

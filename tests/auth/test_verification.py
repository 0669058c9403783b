"""New addresses and numbers count once somebody there has answered."""

import asyncio
from collections.abc import Generator
from datetime import timedelta

import pytest

from functions.auth import wiring
from functions.auth.api import recovery
from functions.auth.domain.links import LIVES, MOST_TRIES
from functions.auth.domain.user import USERS
from shared.contracts.auth import Notice, SecretMail, UserChanged
from tests.auth.frozen import Frozen, frozen
from tests.auth.letters import code_to, letters, noticed, notices, token_to
from tests.auth.people import bearer, change, create, log_in, me
from tests.support.http import Answer, call, somebody
from tests.support.messages import told_by

NEW = "ann.new@example.com"
PHONE, OTHER = "+4930901820", "+4930901821"
pytestmark = pytest.mark.usefixtures("records")


@pytest.fixture
def time(records: None) -> Generator[Frozen]:
    with frozen() as clock:
        yield clock


async def want_email(tokens: Answer, email: str = NEW) -> Answer:
    return await call(recovery.change_email, {"email": email}, headers=bearer(tokens))


async def want_phone(tokens: Answer, phone: str = PHONE) -> Answer:
    return await call(recovery.change_phone, {"phone": phone}, headers=bearer(tokens))


async def complete(token: str, **more: str) -> Answer:
    return await call(recovery.complete_verification, {"token": token, **more})


async def ann(tenant: str, **more: object) -> Answer:
    await create(tenant, **more)  # type: ignore[arg-type]  # as people.create says
    return await log_in(tenant)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_new_address_counts_once_its_link_was_followed(tenant: str) -> None:
    tokens = await ann(tenant)
    assert (await want_email(tokens)).status == 202
    assert (await me(tokens)).json["email"] == "ann@example.com"
    [letter] = await letters(tenant, NEW)
    assert letter.template is SecretMail.EMAIL_VERIFICATION
    token = await token_to(tenant, NEW)

    assert (await complete(token)).status == 204
    mine = (await me(tokens)).json
    assert (mine["email"], mine["email_verified"]) == (NEW, True)
    assert (await log_in(tenant)).code == "login-failed"
    assert (await log_in(tenant, NEW)).status == 200
    assert (await complete(token)).code == "link-ended"
    [told] = await notices(tenant)
    assert (told.notice, told.email) == (Notice.EMAIL_CHANGED, "ann@example.com")
    assert told.details == {"new": NEW}
    changed = [body["email"] for body in await told_by("auth", tenant, UserChanged)]
    assert changed == ["ann@example.com", NEW]


async def test_the_address_of_before_is_free_again(tenant: str) -> None:
    await want_email(await ann(tenant))
    await complete(await token_to(tenant, NEW))
    assert (await create(tenant)).status == 201
    assert (await create(tenant, NEW)).code == "email-taken"


async def test_whose_address_it_is_is_told_to_its_reader_alone(tenant: str) -> None:
    tokens = await ann(tenant)
    await create(tenant, NEW)
    assert (await want_email(tokens)).status == 202
    assert (await complete(await token_to(tenant, NEW))).code == "email-taken"
    assert (await me(tokens)).json["email"] == "ann@example.com"
    assert await notices(tenant) == []


async def test_the_present_address_and_number_are_verified_without_notice(tenant: str) -> None:
    tokens = await ann(tenant, phone=PHONE)
    before = (await me(tokens)).json
    assert (before["email_verified"], before["phone_verified"]) == (False, False)
    await want_email(tokens, "ann@example.com")
    assert (await complete(await token_to(tenant))).status == 204
    sent = (await want_phone(tokens)).json["token"]
    assert (await complete(sent, code=await code_to(tenant, PHONE))).status == 204
    mine = (await me(tokens)).json
    assert (mine["email_verified"], mine["phone_verified"]) == (True, True)
    assert await notices(tenant) == []


async def test_a_new_number_counts_once_its_code_came_back(tenant: str) -> None:
    tokens = await ann(tenant)
    answer = await want_phone(tokens)
    assert (answer.status, answer.json["expires_in"]) == (202, 600)
    [letter] = await letters(tenant, PHONE)
    assert (letter.channel, letter.template) == ("sms", SecretMail.PHONE_VERIFICATION)
    code, token = letter.values["code"], answer.json["token"]
    assert code not in answer.body.decode()

    assert (await complete(token)).code == "code-wrong"
    assert (await complete(token, code=wrong(code))).code == "code-wrong"
    assert (await complete(token, code=f" {code[:3]} {code[3:]} ")).status == 204
    mine = (await me(tokens)).json
    assert (mine["phone"], mine["phone_verified"]) == (PHONE, True)
    assert (await complete(token, code=code)).code == "link-ended"
    assert await noticed(tenant) == [Notice.PHONE_CHANGED]


async def test_a_code_is_tried_a_few_times_and_no_more(tenant: str, time: Frozen) -> None:
    tokens = await ann(tenant)
    token = (await want_phone(tokens)).json["token"]
    code = await code_to(tenant, PHONE)
    for _ in range(MOST_TRIES - 1):
        assert (await complete(token, code=wrong(code))).code == "code-wrong"
    time.move(timedelta(minutes=2))
    again = (await want_phone(tokens)).json["token"]
    code = await code_to(tenant, PHONE)
    assert (await complete(again, code=wrong(code))).code == "code-wrong"
    assert (await complete(again, code=code)).code == "link-ended", "tries count on"
    time.move(timedelta(minutes=2))
    assert (await want_phone(tokens)).code == "codes-too-often"


async def test_many_guesses_at_once_are_counted_each(tenant: str) -> None:
    token = (await want_phone(await ann(tenant))).json["token"]
    code = await code_to(tenant, PHONE)
    guesses = [complete(token, code=wrong(code)) for _ in range(MOST_TRIES + 4)]
    codes = [answer.code for answer in await asyncio.gather(*guesses)]
    assert codes.count("code-wrong") == MOST_TRIES
    assert (await complete(token, code=code)).code == "link-ended"


async def test_of_two_who_send_a_code_at_once_one_is_heard(tenant: str) -> None:
    token = (await want_phone(await ann(tenant))).json["token"]
    code = await code_to(tenant, PHONE)
    answers = await asyncio.gather(complete(token, code=code), complete(token, code=code))
    assert sorted(answer.status for answer in answers) == [204, 401]
    assert await noticed(tenant) == [Notice.PHONE_CHANGED]


async def test_links_and_codes_live_ten_minutes(tenant: str, time: Frozen) -> None:
    tokens = await ann(tenant)
    await want_email(tokens)
    sent = (await want_phone(tokens)).json["token"]
    code, token = await code_to(tenant, PHONE), await token_to(tenant, NEW)
    time.move(LIVES + timedelta(seconds=1))
    assert (await complete(token)).code == "link-ended"
    assert (await complete(sent, code=code)).code == "link-ended"


async def test_nobody_is_rung_all_night(tenant: str, time: Frozen) -> None:
    tokens = await ann(tenant)
    for want in (want_email, want_phone):
        await want(tokens)
        refused = await want(tokens)
        assert (refused.status, refused.code) == (429, "codes-too-often")
        assert refused.headers["Retry-After"] == "60"
    time.move(timedelta(minutes=1))
    assert (await want_phone(tokens, OTHER)).status == 202
    assert len(await letters(tenant)) == 3


async def test_a_code_belongs_to_its_own_request(tenant: str, time: Frozen) -> None:
    tokens = await ann(tenant)
    first = (await want_phone(tokens)).json["token"]
    code = await code_to(tenant, PHONE)
    time.move(timedelta(minutes=2))
    second = (await want_phone(tokens, OTHER)).json["token"]
    assert (await complete(first, code=code)).code == "link-ended"
    assert (await complete(second, code=code)).code == "code-wrong"


async def test_the_disabled_and_the_gone_prove_nothing(tenant: str) -> None:
    created = await create(tenant)
    tokens = await log_in(tenant)
    await want_email(tokens)
    await change(tenant, created, active=False)
    assert (await complete(await token_to(tenant, NEW))).code == "link-ended"
    gone = somebody(tenant, user_id="gone")
    assert (await call(recovery.change_email, {"email": NEW}, caller=gone)).code == "not-found"


async def test_a_login_that_is_too_old_must_be_proven_first(tenant: str, time: Frozen) -> None:
    time.move(timedelta(minutes=-4))
    tokens = await ann(tenant)
    assert (await want_email(tokens)).code == "step-up-required"
    assert (await want_phone(tokens)).code == "step-up-required"


async def test_a_number_that_an_administrator_sets_is_not_proven(tenant: str) -> None:
    tokens = await ann(tenant)
    sent = (await want_phone(tokens)).json["token"]
    await complete(sent, code=await code_to(tenant, PHONE))
    mine = (await me(tokens)).json
    changed = await change(tenant, await me(tokens), phone=OTHER)
    assert (changed.json["phone"], changed.json["phone_verified"]) == (OTHER, False)
    assert await noticed(tenant) == [Notice.PHONE_CHANGED, Notice.PHONE_CHANGED]
    trail = await wiring.users().trail(tenant, mine["id"], USERS)
    assert [entry.action for entry in trail.entries] == [
        "create user",
        "verify phone",
        "change user",
    ]


async def test_no_reset_by_a_mailbox_that_is_no_more_the_users(tenant: str) -> None:
    tokens = await ann(tenant)
    await call(recovery.ask_reset, {"email": "ann@example.com", "tenant_id": tenant})
    reset = await token_to(tenant)
    await want_email(tokens)
    await complete(await token_to(tenant, NEW))
    body = {"token": reset, "new_password": "a wholly new password"}
    assert (await call(recovery.complete_reset, body)).code == "link-ended"

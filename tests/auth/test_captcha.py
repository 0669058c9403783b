"""Captchas: asked of whoever failed too often, judged by a service that may be down or lie."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager

import pytest
from aiohttp import web

from functions.auth.api import aliases, recovery
from functions.auth.api import logins as logins_api
from functions.auth.domain.guessing import (
    CAPTCHA_AFTER_OF_ACCOUNT,
    CAPTCHA_AFTER_OF_ADDRESS,
    FORGOTTEN_AFTER,
)
from functions.auth.repository.captcha import MOST_BYTES, SiteVerify
from functions.auth.wiring import captcha, captchas, logins, reminding
from shared.contracts.auth import SecretMailWanted
from tests.auth.frozen import frozen
from tests.auth.people import PASSWORD, create, log_in
from tests.support.azure import configured
from tests.support.http import Answer, call
from tests.support.messages import told_by

pytestmark = pytest.mark.usefixtures("records")
SITE_KEY = "1x00000000000000000000AA"
SECRET = "1x0000000000000000000000000000000AA"
HERE = "203.0.113.9:443"


class Judge:
    """Answers as Turnstile and hCaptcha do: a token counts once, for the right secret."""

    def __init__(self) -> None:
        self.url = ""
        self.solved = {"solved", "another"}
        self.asked: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        right = form["secret"] == SECRET and form["response"] in self.solved
        self.solved.discard(form["response"])
        codes = [] if right else ["invalid-input-response"]
        return web.json_response({"success": right, "error-codes": codes})

    async def broken(self, request: web.Request) -> web.Response:
        """In the way that the path names."""
        match request.match_info["how"]:
            case "down":
                return web.json_response({"success": True}, status=503)
            case "elsewhere":
                return web.Response(status=302, headers={"location": f"{self.url}/siteverify"})
            case "text":
                return web.Response(text="yes")
            case "list":
                return web.json_response([{"success": True}])
            case "word":
                return web.json_response({"success": "true"})
            case "long":
                return web.Response(text='{"success": true}' + " " * MOST_BYTES)
        await asyncio.Event().wait()
        raise AssertionError("never")


@pytest.fixture
async def judge() -> AsyncGenerator[Judge]:
    """On a free port."""
    judge = Judge()
    app = web.Application()
    app.router.add_post("/siteverify", judge.answer)
    app.router.add_post("/{how}", judge.broken)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    judge.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield judge
    await runner.cleanup()


@contextmanager
def asking(judge: Judge, path: str = "siteverify") -> Generator[None]:
    """With the settings of a captcha, as a deployment has them."""
    parts = (captcha, captchas, logins, reminding)
    with configured(
        CAPTCHA__verifyUrl=f"{judge.url}/{path}",
        CAPTCHA__siteKey=SITE_KEY,
        CAPTCHA__secret=SECRET,
    ):
        for part in parts:
            part.forget()
        yield
    for part in parts:
        part.forget()


async def fail(tenant: str, times: int, email: str = "ann@example.com", **headers: str) -> None:
    for _ in range(times):
        assert (await log_in(tenant, email, "wrong", **headers)).code == "login-failed"


async def log_in_with(
    tenant: str, token: str | None, email: str = "ann@example.com", password: str = PASSWORD
) -> Answer:
    body = {"email": email, "password": password, "tenant_id": tenant, "captcha_token": token}
    return await call(logins_api.login, body, headers={"x-forwarded-for": HERE})


async def test_after_so_many_failures_a_captcha_is_asked_for(tenant: str, judge: Judge) -> None:
    await create(tenant)
    with asking(judge):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        refused = await log_in(tenant)
        assert (refused.status, refused.code) == (401, "captcha-required")
        assert refused.json["site_key"] == SITE_KEY
        assert (await log_in_with(tenant, "made up")).code == "captcha-required"
        assert (await log_in_with(tenant, "solved")).status == 200
        assert (await log_in(tenant)).status == 200
    assert judge.asked[-1] == {"secret": SECRET, "response": "solved", "remoteip": "203.0.113.9"}


async def test_a_solved_captcha_counts_once_and_does_not_stand_in_for_the_password(
    tenant: str, judge: Judge
) -> None:
    await create(tenant)
    with asking(judge):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        wrong = await log_in_with(tenant, "solved", password="wrong")
        assert wrong.code == "login-failed"
        assert (await log_in_with(tenant, "solved")).code == "captcha-required"


@pytest.mark.parametrize("known", [True, False])
async def test_it_is_asked_for_whether_or_not_somebody_has_the_address(
    tenant: str, judge: Judge, known: bool
) -> None:
    await create(tenant, "ann@example.com" if known else "bea@example.com")
    with asking(judge):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        assert (await log_in(tenant)).code == "captcha-required"
        assert judge.asked == []


async def test_an_address_that_tries_many_accounts_is_asked(tenant: str, judge: Judge) -> None:
    await create(tenant)
    with asking(judge):
        for number in range(CAPTCHA_AFTER_OF_ADDRESS):
            await fail(tenant, 1, f"u{number}@example.com", x_forwarded_for=HERE)
        refused = await log_in(tenant, x_forwarded_for=HERE)
        assert refused.code == "captcha-required"
        assert (await log_in(tenant, x_forwarded_for="203.0.113.10:443")).status == 200


async def test_older_clients_are_asked_too(tenant: str, judge: Judge) -> None:
    await create(tenant)
    older = {"username": "ann@example.com", "password": PASSWORD, "tenant_id": tenant}
    with asking(judge):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        assert (await call(aliases.token, older)).code == "captcha-required"
        solved = {**older, "captcha_token": "solved"}
        assert (await call(aliases.token, solved)).status == 200


async def test_a_reset_is_not_sent_to_whoever_guesses(tenant: str, judge: Judge) -> None:
    await create(tenant)
    wish = {"email": "ann@example.com", "tenant_id": tenant}
    with asking(judge):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        assert (await call(recovery.ask_reset, wish)).code == "captcha-required"
        assert await told_by("auth", tenant, SecretMailWanted) == []
        solved = {**wish, "captcha_token": "solved"}
        assert (await call(recovery.ask_reset, solved)).status == 202
    assert len(await told_by("auth", tenant, SecretMailWanted)) == 1


async def test_a_reset_without_failures_asks_for_none(tenant: str, judge: Judge) -> None:
    await create(tenant)
    with asking(judge):
        wish = {"email": "ann@example.com", "tenant_id": tenant}
        assert (await call(recovery.ask_reset, wish)).status == 202
    assert judge.asked == []


async def test_failures_that_are_forgotten_ask_for_none(tenant: str, judge: Judge) -> None:
    await create(tenant)
    with asking(judge), frozen() as time:
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        assert (await log_in(tenant)).code == "captcha-required"
        time.move(FORGOTTEN_AFTER)
        assert (await log_in(tenant)).status == 200


async def test_without_settings_nobody_is_asked(tenant: str) -> None:
    await create(tenant)
    await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
    wish = {"email": "ann@example.com", "tenant_id": tenant}
    assert (await call(recovery.ask_reset, wish)).status == 202
    assert (await log_in_with(tenant, "solved")).status == 200


@pytest.mark.parametrize("how", ["down", "elsewhere", "text", "list", "word", "long", "silent"])
async def test_whatever_is_no_clear_yes_is_a_no(judge: Judge, how: str) -> None:
    broken = SiteVerify(f"{judge.url}/{how}", SECRET, SITE_KEY, patience_s=0.3)
    assert await broken.verify("solved", "") is False


async def test_nobody_passes_while_the_judge_is_not_there(tenant: str) -> None:
    nobody = Judge()
    nobody.url = "http://127.0.0.1:1"
    await create(tenant)
    with asking(nobody):
        await fail(tenant, CAPTCHA_AFTER_OF_ACCOUNT)
        assert (await log_in_with(tenant, "solved")).code == "captcha-required"


async def test_the_judge_has_ten_seconds() -> None:
    assert SiteVerify("http://127.0.0.1", SECRET, SITE_KEY)._patience_s == 10

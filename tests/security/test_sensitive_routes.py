"""What guards an account is changed by who has lately proven who they are, and by nobody else."""

from base64 import urlsafe_b64decode
from collections import Counter
from datetime import timedelta

import jwt
import pytest

from shared.identity.caller import RECENT
from shared.identity.kinds import ACCESS
from shared.identity.verifying import tokens
from shared.platform import clock
from tests.auth.people import create, log_in, refresh
from tests.security.asking import Somebody, functions, guarded
from tests.security.forging import claims, good
from tests.support.http import call

pytestmark = pytest.mark.usefixtures("records")
SENSITIVE = {
    "auth_begin_factor",
    "auth_change_email",
    "auth_change_phone",
    "auth_confirm_factor",
    "auth_create_key",
    "auth_delete_user",
    "auth_end_my_session",
    "auth_make_recovery_codes",
    "auth_remove_factor",
    "auth_rename_factor",
    "auth_start_factor_reset",
}


async def proven(tenant: str, ago: timedelta) -> Somebody:
    """A valid token of today, of a login that was proven so long ago."""
    now = clock.now()
    then = int((now - ago).timestamp())
    content = {**claims(tenant, "admin"), "auth_time": then}
    return Somebody(await tokens().issue(ACCESS, now, content))


def test_these_routes_ask_for_a_recent_proof() -> None:
    assert {each.name for each in guarded() if each.declaration.recent} >= SENSITIVE


async def test_an_old_login_changes_nothing_that_guards_an_account(tenant: str) -> None:
    old = await proven(tenant, RECENT + timedelta(minutes=1))
    fresh = await proven(tenant, RECENT - timedelta(minutes=1))
    for route in (each for each in guarded() if each.declaration.recent):
        ids = dict.fromkeys(route.parameters, "1")
        refused = await old.ask(route.name, **ids)
        assert (refused.status, refused.code) == (401, "step-up-required"), route.name
        assert refused.json["max_age_s"] == RECENT.total_seconds()
        assert refused.headers["WWW-Authenticate"].startswith("Bearer error=")
        assert (await fresh.ask(route.name, **ids)).status != 401, route.name


@pytest.mark.parametrize("scope", ["others", "global"])
@pytest.mark.parametrize("route", ["auth_logout", "auth_older_logout"])
async def test_an_old_login_ends_no_others(tenant: str, scope: str, route: str) -> None:
    old = await proven(tenant, RECENT + timedelta(minutes=1))
    assert (await old.ask(route, {"scope": scope})).code == "step-up-required"
    assert (await old.ask(route, {"scope": "local"})).status == 204


async def test_a_refresh_is_no_new_proof(tenant: str) -> None:
    """A login that goes on is as old as its proof."""
    await create(tenant)
    first = await log_in(tenant)
    later = await refresh(first)
    seen = [
        (await call(functions()["auth_verify"], {"token": each.json["access_token"]})).json
        for each in (first, later)
    ]
    assert seen[0]["auth_time"] == seen[1]["auth_time"]
    assert first.json["refresh_token"] != later.json["refresh_token"]


async def test_a_login_of_no_known_time_is_old(tenant: str) -> None:
    token = await good({**claims(tenant, "admin"), "auth_time": 0})
    refused = await Somebody(token).ask("auth_begin_factor", {"kind": "totp", "name": "x"})
    assert refused.code == "step-up-required"


async def test_refresh_tokens_are_long_and_random(tenant: str) -> None:
    """What the database knows of one is a hash of 256 random bits."""
    await create(tenant)
    logins = [await log_in(tenant) for _ in range(20)]
    secrets = {
        jwt.decode(each.json["refresh_token"], options={"verify_signature": False})["jti"]
        for each in logins
    }
    assert len(secrets) == 20
    assert {len(urlsafe_b64decode(each + "=")) for each in secrets} == {32}
    letters = Counter("".join(secrets))
    assert len(letters) > 50  # of 64: each has some thirteen turns among 860

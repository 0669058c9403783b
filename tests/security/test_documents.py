"""What the pages on security say in numbers and lists is what the code does."""

import re
from datetime import timedelta

import pytest

from functions.auth.domain.factors import CODE_LIVES, REACH_AAL2, FactorKind
from functions.auth.domain.guessing import (
    CAPTCHA_AFTER_OF_ACCOUNT,
    CAPTCHA_AFTER_OF_ADDRESS,
    FORGOTTEN_AFTER,
    OF_ACCOUNT,
    OF_ADDRESS,
    Limit,
)
from functions.auth.domain.links import LIVES
from functions.auth.domain.passwords import (
    CONTEXT_WORDS,
    LEAST_ALONE,
    LEAST_GUESSES_LOG10,
    LEAST_WITH_FACTOR,
    LONGEST,
)
from functions.auth.domain.session import LIMITS, Assurance
from functions.auth.domain.user import User
from functions.auth.models.logins import TokensView
from shared.http.openapi.registered import http_functions
from shared.identity.caller import RECENT
from shared.identity.kinds import ACCESS, REFRESH
from shared.identity.permissions import PERMISSIONS, Role
from shared.platform.settings import Settings
from tests.auth.people import create, log_in, me
from tests.docs.pages import ROOT
from tests.support.app import app_functions

COLUMNS = (Role.MEMBER, Role.DRIVER, Role.DISPATCHER, Role.ADMIN)
ONE_DAY = timedelta(days=1)


def page(name: str) -> str:
    """In one line, so that it does not matter where a sentence is folded."""
    text = (ROOT / "docs" / "security" / f"{name}.md").read_text(encoding="utf-8")
    return re.sub(r"\n(?![|\n#-])", " ", text)


def rows(name: str) -> list[list[str]]:
    """The cells of all tables."""
    lines = [line for line in page(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def spoken(time: timedelta) -> str:
    """As people say it, in the largest unit that fits."""
    for name, unit in (
        ("day", ONE_DAY),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(0, 60)),
    ):
        if time % unit == timedelta(0):
            count = time // unit
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{time.total_seconds():g} s"


def test_the_ways_in_are_all_of_them() -> None:
    """Whatever gives tokens is in the table: there is no other way."""
    known = {
        f"{method} /api/{each.path}"
        for each in http_functions(app_functions())
        for method in each.methods
        if isinstance(each.declaration.gives, type)
        and issubclass(each.declaration.gives, TokensView)
    }
    told = [cells[0] for cells in rows("authentication") if cells[0].startswith("`POST")]
    assert {route for cell in told for route in re.findall(r"`([^`]+)`", cell)} == known
    assert len(known) >= 8


@pytest.mark.parametrize(
    ("whose", "limit"), [("one account", OF_ACCOUNT), ("one network address", OF_ADDRESS)]
)
def test_the_limits_on_guessing(whose: str, limit: Limit) -> None:
    times = [f"{limit.wait_increment_s} s", f"{limit.most_wait_s} s"]
    assert [whose, str(limit.most_failures), *times, limit.strategy] in rows("authentication")
    assert f"forgotten {spoken(FORGOTTEN_AFTER)} after" in page("authentication")


def test_the_quotas() -> None:
    told = rows("authentication")
    defaults = {field.alias: field.default for field in Settings.model_fields.values()}
    for whose, setting in (("address", "ADDRESS"), ("user", "USER")):
        name = f"RATE_LIMIT_PER_{setting}"
        assert [defaults[name], f"`{name}`"] in [
            [int(cells[1]), cells[2]] for cells in told if whose in cells[0] and len(cells) == 3
        ]
    logins = {
        quota.requests
        for each in http_functions(app_functions())
        if (quota := each.declaration.quota) and quota.name == "login"
    }
    assert logins == {60}
    assert ["logins of a network address", "60", "none"] in told


def test_the_rules_for_passwords() -> None:
    told = rows("authentication")
    assert ["least length, alone", str(LEAST_ALONE)] in told
    assert ["least length, beside a second factor", str(LEAST_WITH_FACTOR)] in told
    assert ["greatest length", str(LONGEST)] in told
    assert ["least guesses that it takes", f"10^{LEAST_GUESSES_LOG10:g}"] in told


def test_the_words_that_no_password_is_made_of() -> None:
    listed = re.search(r"without these words[^:]*: ([^.]+)\.", page("authentication"))
    assert listed is not None
    assert set(re.findall(r"`([^`]+)`", listed[1])) == CONTEXT_WORDS


def test_the_second_factors() -> None:
    told = {cells[0]: cells for cells in rows("authentication")}
    for kind in FactorKind:
        row = next(cells for name, cells in told.items() if f"`{kind}`" in name)
        assert ("AAL2" in row[1]) is (kind in REACH_AAL2)
        if kind in {FactorKind.SMS, FactorKind.EMAIL}:
            assert row[2] == spoken(CODE_LIVES)
    assert f"works once, for {spoken(LIVES)}" in page("authentication")


def test_the_limits_on_sessions() -> None:
    told = rows("sessions")
    for assurance in Assurance:
        times = [spoken(limit) for limit in LIMITS[assurance]]
        assert [assurance.upper(), *times] in told
    for name, kind in (("access token", ACCESS), ("refresh token", REFRESH)):
        row = next(cells for cells in told if cells[0] == name)
        assert row[1] == spoken(kind.lifetime)
        assert kind.algorithm in row[2]
    assert f"at most {spoken(RECENT)} old" in page("sessions")


def test_what_each_role_may_do() -> None:
    told = {
        cells[0].strip("`"): tuple(cell == "yes" for cell in cells[1:])
        for cells in rows("authorization")
        if len(cells) == len(COLUMNS) + 1 and ":" in cells[0]
    }
    known = frozenset().union(*PERMISSIONS.values())
    assert told == {name: tuple(name in PERMISSIONS[role] for role in COLUMNS) for name in known}


def test_nobody_else_makes_sessions() -> None:
    """Once somebody may log in by an identity provider, the page has to say how that ends."""
    paths = [each.path for each in http_functions(app_functions())]
    assert "No other system makes sessions here" in page("sessions")
    assert [path for path in paths if re.search(r"oidc|saml|oauth", path)] == []


def test_when_a_captcha_is_asked_for() -> None:
    of_account, of_address = CAPTCHA_AFTER_OF_ACCOUNT, CAPTCHA_AFTER_OF_ADDRESS
    said = f"failed {of_account} times (an account) or {of_address} times (a network address)"
    assert said in page("authentication")


def test_the_risk_of_text_messages_is_told() -> None:
    said = "Text messages can be read by whoever takes over the number"
    assert said in page("authentication")


def test_the_fields_of_a_user() -> None:
    """What the table names is there, and what nobody reads is hidden in the audit trail too."""
    told = {cells[0]: cells for cells in rows("authorization") if len(cells) == 3}
    named = {name for cell in told for name in re.findall(r"`(\w+)`", cell)}
    assert {"name", "phone", "email", "roles", "active"} <= named
    assert named <= set(User.model_fields)
    assert told["hashes and secrets"][1] == "nobody, audit trail included"
    assert {"password_hash", "factor_secrets"} <= User.hidden


def test_the_circumstances_that_count() -> None:
    told = [cells for cells in rows("authorization") if len(cells) == 3]
    looked_at = {cells[0] for cells in told}
    for circumstance in ("network address", "failures before", "age of the proof", "device"):
        assert circumstance in looked_at
    assert f"step-up after {spoken(RECENT)}" in page("authorization")
    assert "Time of day and place are not looked at." in page("authorization")


@pytest.mark.usefixtures("records")
async def test_there_is_no_greatest_number_of_logins(tenant: str) -> None:
    assert "there is no maximum" in page("sessions")
    await create(tenant)
    logins = [await log_in(tenant) for _ in range(12)]
    assert {(await me(each)).status for each in logins} == {200}

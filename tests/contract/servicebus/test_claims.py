"""Tokens: whose signature, for what, until when."""

from urllib.parse import quote_plus

import pytest

from local.servicebus.claims import Claims
from local.servicebus.faults import Fault
from local.servicebus.schedule import Schedule
from tests.contract.servicebus.moving import KEY, KEY_NAME, MovedClock
from tests.contract.servicebus.signing import NOW_S, sign


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(NOW_S * 1000)


@pytest.fixture
def claims(clock: MovedClock) -> Claims:
    return Claims({KEY_NAME: KEY}, Schedule(clock), lambda: None)


def test_a_token_covers_its_entity_and_what_is_below(claims: Claims) -> None:
    claims.add(sign("sb://127.0.0.1:5672/Topic"))
    for path in ("topic", "TOPIC", "topic/Subscriptions/all", "topic/$management"):
        claims.require(path)
    for path in ("", "topic-2", "topi", "other", "other/topic"):
        with pytest.raises(Fault, match="Unauthorized"):
            claims.require(path)


def test_a_token_of_the_namespace_covers_everything(claims: Claims) -> None:
    assert not claims.cover("queue")
    claims.add(sign("sb://127.0.0.1:5672/"))
    assert claims.cover("queue")


def test_a_token_ends_and_can_be_renewed(claims: Claims, clock: MovedClock) -> None:
    claims.add(sign("sb://host/q", expires_s=NOW_S + 60))
    clock.advance(59)
    assert claims.cover("q")
    clock.advance(1)
    assert not claims.cover("q")
    with pytest.raises(Fault, match="expired"):
        claims.add(sign("sb://host/q", expires_s=NOW_S + 60))
    claims.add(sign("sb://host/q", expires_s=NOW_S + 120))
    assert claims.cover("q")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "Bearer abc",
        "SharedAccessSignature ",
        "SharedAccessSignature sr=x&sig=y&se=soon&skn=z",
        sign("sb://host/q", key="another"),
        sign("sb://host/q", name="SomeoneElse"),
        sign("sb://host/q", expires_s=NOW_S),
        sign("sb://host/q", expires_s=10**13),
        sign("sb://host/q").replace(quote_plus("host/q"), quote_plus("host/other")),
        sign("sb://host/q").replace(f"se={NOW_S + 60}", f"se={NOW_S + 61}"),
        sign("sb://host/q").replace("sig=", "sig=é"),
    ],
)
def test_what_is_no_token(claims: Claims, token: str) -> None:
    with pytest.raises(Fault) as refused:
        claims.add(token)
    assert refused.value.status == 401
    assert not claims.cover("q")

"""Signing keys: made once, found by everybody."""

import pytest

from shared.identity.keyring import KEYS, SYSTEM_TENANT, CosmosKeyring, StoredKey
from shared.identity.tokens import ACCESS
from shared.platform import clock
from shared.platform.clients import container
from shared.records.cosmos import CosmosDocuments

pytestmark = pytest.mark.usefixtures("records")


def ring() -> CosmosKeyring:
    return CosmosKeyring(CosmosDocuments(container("auth"), StoredKey, clock.now), clock.now)


async def test_a_key_is_made_once_and_another_instance_finds_it() -> None:
    here, there = ring(), ring()
    key = await here.newest(ACCESS)

    assert (await there.newest(ACCESS)).kid == key.kid
    assert (await there.named(key.kid)) is not None
    assert key.kid in [each.kid for each in await there.all()]


async def test_an_unknown_name_is_looked_up_rarely() -> None:
    here = ring()
    await here.newest(ACCESS)
    assert await here.named("made-up") is None
    assert await here.named("made-up-too") is None


async def test_a_private_key_never_shows_in_the_trail() -> None:
    key = await ring().newest(ACCESS)
    keys = CosmosDocuments(container("auth"), StoredKey, clock.now)
    trail = await keys.trail(SYSTEM_TENANT, key.kid, KEYS)

    assert trail.entries[0].changes["private_pem"] == ["(hidden)", "(hidden)"]

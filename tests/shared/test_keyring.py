"""Signing keys: made once, found by everybody, replaced in time, kept from everybody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.identity.key_files import KeyFiles
from shared.identity.key_vault import KeyVaultKeys
from shared.identity.keyring import PUBLISHED_BEFORE, SIGNS_FOR, KeptKey, KeptKeyring, Keys
from shared.identity.kinds import ACCESS, KINDS, REFRESH
from tests.support.key_vault import KeyVault

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Rings = Callable[[timedelta], KeptKeyring]


@pytest.fixture(params=["files", "vault"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Keys:
    """Where they are kept, in both ways."""
    if request.param == "files":
        return KeyFiles(tmp_path / "keys")
    vault: KeyVault = request.getfixturevalue("key_vault")
    return KeyVaultKeys(vault.client())


@pytest.fixture
def ring(keys: Keys) -> Rings:
    """Another instance of the app, so much later."""
    return lambda later: KeptKeyring(keys, lambda: NOON + later)


async def test_a_key_is_made_once_and_another_instance_finds_it(ring: Rings) -> None:
    here, there = ring(timedelta(0)), ring(timedelta(0))
    key = await here.newest(ACCESS, NOON)

    assert (await there.newest(ACCESS, NOON)).kid == key.kid
    assert (await there.named(key.kid)) is not None
    assert [each.kid for each in await there.published()] == [key.kid]
    assert (await here.newest(REFRESH, NOON)).kid != key.kid


async def test_there_is_a_key_to_publish_before_the_first_login(ring: Rings) -> None:
    assert len(await ring(timedelta(0)).published()) == 1


async def test_an_unknown_name_is_looked_up_rarely(ring: Rings) -> None:
    here = ring(timedelta(0))
    await here.newest(ACCESS, NOON)
    assert await here.named("made-up") is None
    assert await here.named("made-up-too") is None


async def test_a_key_that_grows_old_has_a_successor_that_is_published_before_it_signs(
    ring: Rings,
) -> None:
    first = await ring(timedelta(0)).newest(ACCESS, NOON)
    later = ring(SIGNS_FOR)
    assert await later.rotate() == 1
    assert await later.rotate() == 0

    published = [key.kid for key in await later.published()]
    assert len(published) == 2
    assert (await later.newest(ACCESS, NOON + SIGNS_FOR)).kid == first.kid
    successor = await later.newest(ACCESS, NOON + SIGNS_FOR + PUBLISHED_BEFORE)
    assert {first.kid, successor.kid} == set(published)
    assert successor.kid != first.kid


async def test_a_key_goes_when_its_last_token_has_expired(ring: Rings) -> None:
    first = await ring(timedelta(0)).newest(ACCESS, NOON)
    await ring(SIGNS_FOR).rotate()
    last_signed = SIGNS_FOR + PUBLISHED_BEFORE
    still = ring(last_signed + ACCESS.lifetime)
    await still.rotate()
    assert await still.named(first.kid) is not None

    over = ring(last_signed + ACCESS.lifetime + PUBLISHED_BEFORE + timedelta(seconds=1))
    await over.rotate()
    assert await over.named(first.kid) is None
    assert len(await over.published()) == 1


async def test_every_kind_has_keys_of_its_own(ring: Rings) -> None:
    here = ring(timedelta(0))
    made = [await here.newest(kind, NOON) for kind in KINDS]
    assert len({key.kid for key in made}) == len(KINDS)
    assert [key.algorithm for key in made] == [kind.algorithm for kind in KINDS]


async def test_a_key_may_be_removed_twice(keys: Keys) -> None:
    key = KeptKey(id="k-1", typ="t", algorithm="ES256", since=NOON, private_pem="-")
    await keys.add(key)
    assert await keys.all() == [key]
    for _ in range(2):
        await keys.remove("k-1")
    assert await keys.all() == []


async def test_only_its_owner_may_read_a_key_file(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    await KeptKeyring(KeyFiles(folder), lambda: NOON).newest(ACCESS, NOON)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in folder.iterdir()] == [0o600]


def test_a_key_does_not_show_itself() -> None:
    key = KeptKey(id="k", typ="t", algorithm="ES256", since=NOON, private_pem="secret")
    assert "secret" not in repr(key)

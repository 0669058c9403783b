"""What becomes of a service account and its keys. Pure."""

from collections.abc import Mapping
from datetime import datetime

from functions.auth.domain.refusals import TooManyKeys
from shared.errors import Missing
from shared.identity.service_accounts import ApiKey, ServiceAccount, hashed_key

MOST_LIVE_KEYS = 2  # the one in use, and the one that takes its place
MOST_KEPT_KEYS = 20
RIGHTS = ("roles", "assignments", "active")


def changed(account: ServiceAccount, update: Mapping[str, object]) -> ServiceAccount:
    """With other rights, what was known of its keys counts no more."""
    rights = any(name in update and update[name] != getattr(account, name) for name in RIGHTS)
    versions = {"rights_version": account.rights_version + rights}
    return account.model_copy(update={**update, **versions})


def with_key(account: ServiceAccount, key: ApiKey, text: str, at: datetime) -> ServiceAccount:
    """Keys that ended long ago are forgotten. Raises TooManyKeys."""
    if sum(each.alive(at) for each in account.keys) >= MOST_LIVE_KEYS:
        raise TooManyKeys("Two keys live. Revoke the older one first.")
    ended = [each for each in account.keys if not each.alive(at)]
    forgotten = {each.id for each in ended[: max(0, len(account.keys) + 1 - MOST_KEPT_KEYS)]}
    keys = (*(each for each in account.keys if each.id not in forgotten), key)
    hashes = {**account.key_hashes, key.id: hashed_key(text)}
    known = {name: kept for name, kept in hashes.items() if name not in forgotten}
    return account.model_copy(update={"keys": keys, "key_hashes": known})


def without_key(account: ServiceAccount, key_id: str, at: datetime) -> ServiceAccount:
    """Itself when it was revoked before. Raises Missing."""
    key = account.key_of(key_id)
    if key is None:
        raise Missing(f"There is no key {key_id}.")
    if key.revoked_at is not None:
        return account
    revoked = key.model_copy(update={"revoked_at": at})
    keys = tuple(revoked if each is key else each for each in account.keys)
    return account.model_copy(update={"keys": keys})

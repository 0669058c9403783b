"""Programs with an account of their own, and the keys that they prove it by."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from shared.identity.custom_roles import ACCESS, Assignment
from shared.identity.permissions import Role
from shared.identity.revocations import Revocation, Stamps, revocation
from shared.model import Model
from shared.records.document import Document

KEY_BEGINS = "cak_"
# cak_<tenant>.<key id>_<secret>: tenants have no underscore, and the secret has 256 bits.
KEY = re.compile(
    r"cak_(?P<tenant>[A-Za-z0-9.:-]{1,64})\.(?P<id>[a-z2-7]{16})_(?P<secret>[A-Za-z0-9_-]{43})"
)


class ApiKey(Model):
    """What may be shown of a key. `scopes` are all that it is for; None is all that its account
    may."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str
    prefix: str
    scopes: frozenset[str] | None = None
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None = None

    def alive(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class ServiceAccount(Document):
    """A program's account. `key_hashes` are SHA-256: enough for secrets of 256 random bits."""

    hidden: ClassVar[frozenset[str]] = frozenset({"key_hashes"})

    name: str
    description: str = ""
    roles: frozenset[Role] = frozenset()
    assignments: tuple[Assignment, ...] = ()
    active: bool = True
    rights_version: int = 1
    created_at: AwareDatetime
    created_by: str
    keys: tuple[ApiKey, ...] = ()
    key_hashes: dict[str, str] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        return ACCESS

    def key_of(self, key_id: str) -> ApiKey | None:
        return next((each for each in self.keys if each.id == key_id), None)

    def stamps(self, key: ApiKey) -> Stamps:
        return (of_service(self.id), self.rights_version), (of_key(key.id), 0)

    def revocation(self, least_version: int) -> Revocation:
        return revocation(self.tenant_id, ACCESS, of_service(self.id), least_version)

    def revocation_of(self, key_id: str) -> Revocation:
        return revocation(self.tenant_id, ACCESS, of_key(key_id))


class KeyUse(Document):
    """When a key was last used, to the minute."""

    audited: ClassVar[bool] = False

    account_id: str
    key_id: str
    at: AwareDatetime

    @property
    def key(self) -> str:
        return ACCESS


def of_service(account_id: str) -> str:
    """The subject that a service account is."""
    return f"service:{account_id}"


def of_key(key_id: str) -> str:
    """The subject that a key is. It has version 0, so that its revocation ends it for good."""
    return f"key:{key_id}"


@dataclass(frozen=True)
class PresentedKey:
    """A key as somebody sent it, read."""

    tenant_id: str
    id: str
    text: str

    def fits(self, kept_hash: str) -> bool:
        return compare_digest(hashed_key(self.text), kept_hash)


def presented(text: str) -> PresentedKey | None:
    """None for what cannot be a key."""
    match = KEY.fullmatch(text)
    return PresentedKey(match["tenant"], match["id"], text) if match else None


def hashed_key(text: str) -> str:
    return sha256(text.encode()).hexdigest()

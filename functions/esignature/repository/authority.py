"""The platform's certificate authority: made on first use, kept in Cosmos DB.

Like the signing keys of access tokens it lies where only the app's identity reads, its key hidden
from audit trails. Whoever reads that container can sign in anybody's name, as whoever holds the
key of any authority can: so the database has no other readers, and no endpoint shows the key.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from functions.esignature.domain.authority import AUTHORITY, StoredAuthority
from shared.errors import Missing
from shared.identity.keyring import SYSTEM_TENANT
from shared.platform.clock import Clock
from shared.records.clashes import Exists
from shared.records.cosmos import CosmosDocuments
from shared.records.document import Stored

if TYPE_CHECKING:
    from shared.pades.certificates import Authority

ROOT_NAME = "CollabAzure Signing Root"
ORGANIZATION = "CollabAzure"


class CosmosAuthority:
    """Call it to have the authority; it is read once for each process."""

    def __init__(self, documents: CosmosDocuments[StoredAuthority], now: Clock) -> None:
        self._documents = documents
        self._now = now
        self._known: Authority | None = None

    async def __call__(self) -> "Authority":
        if self._known is None:
            self._known = await self._kept()
        return self._known

    async def _kept(self) -> "Authority":
        with suppress(Missing):
            return await self._read()
        made = await asyncio.to_thread(self._made)
        with suppress(Exists):  # another instance was first, and its root is everybody's
            await self._documents.save(Stored(made), "make certificate authority")
        return await self._read()

    async def _read(self) -> "Authority":
        stored = await self._documents.get(SYSTEM_TENANT, AUTHORITY)
        return await asyncio.to_thread(_loaded, stored)  # an RSA key is checked for some 30 ms

    def _made(self) -> StoredAuthority:
        from shared.pades.certificates import make_root

        at = self._now()
        authority = make_root(ROOT_NAME, now=at, organization=ORGANIZATION)
        return StoredAuthority(
            id=AUTHORITY,
            tenant_id=SYSTEM_TENANT,
            certificate_pem=authority.certificate_pem().decode(),
            key_pem=authority.key_pem().decode(),
            made_at=at,
        )


def _loaded(stored: Stored[StoredAuthority]) -> "Authority":
    from shared.pades.certificates import Authority

    document = stored.document
    return Authority.from_pem(document.key_pem.encode(), document.certificate_pem.encode())

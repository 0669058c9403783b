"""One blob container: bytes in and out, their properties, and links that need no login."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.errors import Conflict, Missing, TooLarge
from shared.platform.clock import Clock

if TYPE_CHECKING:
    from azure.storage.blob import BlobSasPermissions, UserDelegationKey
    from azure.storage.blob.aio import BlobClient, BlobServiceClient

MAX_CONCURRENCY = 2
CLOCK_SKEW = timedelta(minutes=5)
DELEGATION_LIVES = timedelta(hours=1)


class BlobExists(Conflict):
    """Content is written once and never changed."""

    code = "content-exists"


@dataclass(frozen=True)
class BlobFacts:
    """What a blob says of itself without its content."""

    size_bytes: int
    media_type: str
    metadata: Mapping[str, str]
    etag: str


class Blobs:
    """A container of the app's storage account. Paths start with the tenant."""

    def __init__(self, service: "BlobServiceClient", container: str, now: Clock) -> None:
        self._service = service
        self._container = container
        self._now = now
        self._delegation: UserDelegationKey | None = None
        self._delegated_until = datetime.min.replace(tzinfo=UTC)

    async def put(
        self,
        path: str,
        content: bytes | AsyncIterable[bytes],
        *,
        media_type: str,
        metadata: Mapping[str, str] | None = None,
        overwrite: bool = False,
    ) -> None:
        """Raises BlobExists unless `overwrite`. Metadata is ASCII."""
        from azure.core.exceptions import ResourceExistsError
        from azure.storage.blob import ContentSettings

        try:
            await self._blob(path).upload_blob(
                content,
                overwrite=overwrite,
                metadata=dict(metadata or {}),
                content_settings=ContentSettings(content_type=media_type),
                max_concurrency=MAX_CONCURRENCY,
            )
        except ResourceExistsError as error:
            raise BlobExists("There is other content at this place already.") from error

    async def read(self, path: str, max_bytes: int) -> bytes:
        """All of it. Raises Missing or TooLarge."""
        facts = await self.facts(path)
        if facts.size_bytes > max_bytes:
            raise TooLarge(f"The content has {facts.size_bytes} bytes; at most {max_bytes} fit.")
        return b"".join([chunk async for chunk in self.stream(path)])

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """In chunks, so that memory does not grow with the content. Raises Missing."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            download = await self._blob(path).download_blob()
        except ResourceNotFoundError as error:
            raise Missing("There is no such content.") from error
        async for chunk in download.chunks():
            yield chunk

    async def facts(self, path: str) -> BlobFacts:
        """Raises Missing."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            properties = await self._blob(path).get_blob_properties()
        except ResourceNotFoundError as error:
            raise Missing("There is no such content.") from error
        return BlobFacts(
            size_bytes=properties.size,
            media_type=properties.content_settings.content_type or "application/octet-stream",
            metadata=properties.metadata or {},
            etag=str(properties.etag),
        )

    async def delete(self, path: str, *, only: str | None = None) -> None:
        """Safe to repeat. With `only`, an ETag, a blob that is another by now stays."""
        from azure.core import MatchConditions
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

        blob = self._blob(path)
        try:
            if only is None:
                await blob.delete_blob()
            else:
                await blob.delete_blob(etag=only, match_condition=MatchConditions.IfNotModified)
        except (ResourceNotFoundError, ResourceModifiedError):
            return

    async def upload_link(self, path: str, lifetime: timedelta) -> str:
        """Whoever has it may create this one blob, until it expires."""
        from azure.storage.blob import BlobSasPermissions

        return await self._link(path, BlobSasPermissions(create=True, write=True), lifetime)

    async def download_link(self, path: str, lifetime: timedelta, file_name: str) -> str:
        """Whoever has it may read this one blob, as an attachment, until it expires."""
        from urllib.parse import quote

        from azure.storage.blob import BlobSasPermissions

        disposition = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        return await self._link(path, BlobSasPermissions(read=True), lifetime, disposition)

    async def _link(
        self,
        path: str,
        permission: "BlobSasPermissions",
        lifetime: timedelta,
        disposition: str | None = None,
    ) -> str:
        """Signed with the account's key where there is one (local), else by user delegation."""
        from azure.storage.blob import generate_blob_sas

        blob = self._blob(path)
        starts, ends = self._now() - CLOCK_SKEW, self._now() + lifetime
        account_key = getattr(self._service.credential, "account_key", None)
        delegation = await self._delegation_until(ends) if account_key is None else None
        sas = generate_blob_sas(
            account_name=str(blob.account_name),
            container_name=self._container,
            blob_name=path,
            account_key=account_key,
            user_delegation_key=delegation,
            permission=permission,
            start=_utc(starts),
            expiry=_utc(ends),
            content_disposition=disposition,
            protocol="https" if blob.url.startswith("https:") else None,
        )
        return f"{blob.url}?{sas}"

    async def _delegation_until(self, ends: datetime) -> "UserDelegationKey":
        """One key signs the links of an hour, so that a link seldom costs a request."""
        if self._delegation is None or self._delegated_until < ends:
            until = ends + DELEGATION_LIVES
            key = await self._service.get_user_delegation_key(self._now() - CLOCK_SKEW, until)
            self._delegation, self._delegated_until = key, until
        return self._delegation

    def _blob(self, path: str) -> "BlobClient":
        return self._service.get_blob_client(self._container, path)


def _utc(at: datetime) -> datetime:
    return at.replace(microsecond=0)

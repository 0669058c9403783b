"""Private keys as secrets in Azure Key Vault.

They are read and used here rather than in the vault, which would answer every login by a call of
its own and has a limit on these.
"""

from typing import TYPE_CHECKING

from shared.identity.keyring import KeptKey

if TYPE_CHECKING:
    from azure.keyvault.secrets.aio import SecretClient

PREFIX = "signing-key-"


class KeyVaultKeys:
    """One secret for each key."""

    def __init__(self, secrets: "SecretClient") -> None:
        self._secrets = secrets

    async def all(self) -> list[KeptKey]:
        """One call for the list and one for each key: some ten, every five minutes."""
        names = [
            properties.name
            async for properties in self._secrets.list_properties_of_secrets()
            if properties.enabled and (properties.name or "").startswith(PREFIX)
        ]
        found = [await self._secrets.get_secret(name) for name in names if name]
        return [KeptKey.model_validate_json(secret.value or "") for secret in found]

    async def add(self, key: KeptKey) -> None:
        await self._secrets.set_secret(
            PREFIX + key.id, key.model_dump_json(), content_type="application/json"
        )

    async def remove(self, key_id: str) -> None:
        """The vault keeps it for its days of grace."""
        from azure.core.exceptions import ResourceNotFoundError

        try:
            await self._secrets.delete_secret(PREFIX + key_id)
        except ResourceNotFoundError:
            return

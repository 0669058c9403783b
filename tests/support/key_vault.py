"""A key vault for the unchanged SDK: secrets over HTTPS, with Microsoft's challenge for a token.

https://learn.microsoft.com/rest/api/keyvault/ (secrets, 7.x): set, get, list, delete.
"""

import ssl
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from azure.core.credentials import AccessToken
from azure.keyvault.secrets.aio import SecretClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


class Signed:
    """A managed identity that has its token."""

    async def get_token(self, *_scopes: str, **_more: Any) -> AccessToken:
        return AccessToken("token", int((datetime.now(UTC) + timedelta(hours=1)).timestamp()))

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> "Signed":
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()


class KeyVault:
    """Its secrets, and the clients that were made for it."""

    def __init__(self, certificate: Path) -> None:
        self.secrets: dict[str, dict[str, Any]] = {}
        self.url = ""
        self.clients: list[SecretClient] = []
        self._certificate = certificate

    def client(self) -> SecretClient:
        client = SecretClient(
            self.url,
            Signed(),
            connection_verify=str(self._certificate),
            verify_challenge_resource=False,
        )
        self.clients.append(client)
        return client

    async def answer(self, request: web.Request) -> web.Response:
        if "Authorization" not in request.headers:
            challenge = f'Bearer authorization="{self.url}/tenant", resource="{self.url}"'
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        name = request.match_info.get("name", "")
        if request.method == "PUT":
            self.secrets[name] = await request.json()
            return web.json_response(self._shown(name))
        if not name:
            listed = [self._shown(each) for each in self.secrets]
            items = [{"id": each["id"], "attributes": each["attributes"]} for each in listed]
            return web.json_response({"value": items, "nextLink": None})
        if name not in self.secrets:
            error = {"error": {"code": "SecretNotFound", "message": f"{name} was not found"}}
            return web.json_response(error, status=404)
        shown = self._shown(name)
        if request.method == "DELETE":
            del self.secrets[name]
        return web.json_response(shown)

    def _shown(self, name: str) -> dict[str, Any]:
        kept = self.secrets[name]
        attributes = {"enabled": True, "created": 1, "updated": 1}
        return {"value": kept["value"], "id": f"{self.url}/secrets/{name}/1"} | {
            "attributes": attributes
        }


@pytest.fixture
async def key_vault(tmp_path: Path) -> AsyncGenerator[KeyVault]:
    """Empty, on a free port."""
    certificate = tmp_path / "vault.pem"
    vault = KeyVault(certificate)
    _write_certificate(certificate)
    app = web.Application()
    app.router.add_route("*", "/secrets", vault.answer)
    app.router.add_route("*", "/secrets/{name}", vault.answer)
    app.router.add_route("*", "/secrets/{name}/", vault.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    site = web.TCPSite(runner, HERE, 0, ssl_context=tls)
    await site.start()
    vault.url = f"https://{HERE}:{runner.addresses[0][1]}"
    yield vault
    for client in vault.clients:
        await client.close()
    await runner.cleanup()


def _write_certificate(file: Path) -> None:
    """Key and certificate of a server that is trusted here alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))

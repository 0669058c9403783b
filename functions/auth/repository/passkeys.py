"""Passkeys and security keys (WebAuthn level 2), by py_webauthn, which loads when first needed."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from functions.auth.domain.factors import PasskeySecret

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

Credential = Mapping[str, Any]
TIMEOUT_MS = 300_000


class Passkeys:
    """The ceremonies of one site. Whoever is not at its origin signs for another site."""

    def __init__(self, base_url: str) -> None:
        """Where people reach the app. Browsers have no passkeys of a bare address, so that a
        laptop's own is taken for `localhost`."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        here = f"{parts.scheme}://{parts.netloc}"
        self._site = "localhost" if _is_loopback(host) else host
        self._origins = sorted({here, here.replace(host, self._site)})

    def registration(
        self, challenge: bytes, user_id: str, user_name: str, known: Iterable[PasskeySecret]
    ) -> dict[str, Any]:
        """What a browser's `navigator.credentials.create` wants to know."""
        import webauthn
        from webauthn.helpers import structs

        wanted = structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        )
        options = webauthn.generate_registration_options(
            rp_id=self._site,
            rp_name="CollabAzure",
            user_id=user_id.encode(),
            user_name=user_name,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=wanted,
            exclude_credentials=_described(known),
        )
        return _as_json(webauthn.options_to_json(options))

    def registered(self, credential: Credential, challenge: bytes) -> PasskeySecret | None:
        """The new credential, or None where it does not hold."""
        import webauthn
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            found = webauthn.verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origins,
            )
        except (WebAuthnException, ValueError, TypeError):
            return None
        return PasskeySecret(
            credential_id=_text(found.credential_id),
            public_key=_text(found.credential_public_key),
            sign_count=found.sign_count,
            transports=_transports(credential),
        )

    def request(
        self, challenge: bytes, known: Iterable[PasskeySecret], *, alone: bool
    ) -> dict[str, Any]:
        """What `navigator.credentials.get` wants to know. `alone` asks for user verification,
        without which a passkey proves only that somebody has it."""
        import webauthn
        from webauthn.helpers.structs import UserVerificationRequirement

        options = webauthn.generate_authentication_options(
            rp_id=self._site,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.REQUIRED
            if alone
            else UserVerificationRequirement.PREFERRED,
        )
        return _as_json(webauthn.options_to_json(options))

    def asserted(
        self, secret: PasskeySecret, credential: Credential, challenge: bytes, *, alone: bool
    ) -> PasskeySecret | None:
        """With the new sign count, or None where it does not hold. A count that does not grow is
        that of a copy."""
        import webauthn
        from webauthn.helpers import base64url_to_bytes
        from webauthn.helpers.exceptions import WebAuthnException

        if credential.get("id") != secret.credential_id:
            return None
        try:
            found = webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origins,
                credential_public_key=base64url_to_bytes(secret.public_key),
                credential_current_sign_count=secret.sign_count,
                require_user_verification=alone,
            )
        except (WebAuthnException, ValueError, TypeError):
            return None
        return secret.model_copy(update={"sign_count": found.new_sign_count})

    def owner(self, credential: Credential) -> str:
        """Whose it says it is: a user's id, or nothing."""
        from webauthn.helpers import parse_authentication_credential_json
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            handle = parse_authentication_credential_json(dict(credential)).response.user_handle
            return (handle or b"").decode()
        except (WebAuthnException, ValueError, TypeError):
            return ""


def _described(known: Iterable[PasskeySecret]) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(secret.credential_id),
            transports=[AuthenticatorTransport(name) for name in secret.transports],
        )
        for secret in known
    ]


def _transports(credential: Credential) -> tuple[str, ...]:
    """How the browser may reach it again, as far as that is known here."""
    from webauthn.helpers.structs import AuthenticatorTransport

    named = credential["response"].get("transports") or []
    return tuple(sorted({each.value for each in AuthenticatorTransport} & {*map(str, named)}))


def _as_json(options: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(options)
    return read


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

"""HMAC-SHA256 access key authorization, as the service's SDKs sign; knows no routes.

https://learn.microsoft.com/rest/api/communication/authentication
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from local.communication.refusals import Refused

SIGNED_HEADERS = "x-ms-date;host;x-ms-content-sha256"
SCHEME = f"HMAC-SHA256 SignedHeaders={SIGNED_HEADERS}&Signature="
SKEW = timedelta(minutes=15)


@dataclass(frozen=True)
class AccessKey:
    """The key of the resource, as bytes."""

    secret: bytes = field(repr=False)

    @staticmethod
    def of(text: str) -> "AccessKey":
        """From base64. Raises ValueError."""
        try:
            secret = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError("The access key must be base64.") from error
        if not secret:
            raise ValueError("The access key must not be empty.")
        return AccessKey(secret)

    def signature(self, text: str) -> str:
        return base64.b64encode(
            hmac.new(self.secret, text.encode(), hashlib.sha256).digest()
        ).decode()


@dataclass(frozen=True)
class Signed:
    """What of a request is signed. `target` is path and query exactly as sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def authorize(request: Signed, key: AccessKey, now: datetime) -> None:
    """Raises Refused with 401."""
    given = request.headers.get("Authorization", "")
    if not given.startswith(SCHEME):
        raise denied("The request is not signed with HMAC-SHA256.")
    date = request.headers.get("x-ms-date", "")
    if abs(now - _date(date)) > SKEW:
        raise denied("The date of the request is too far from the time of the service.")
    digest = request.headers.get("x-ms-content-sha256", "")
    if digest != base64.b64encode(hashlib.sha256(request.body).digest()).decode():
        raise denied("The hash of the content does not match.")
    host = request.headers.get("Host", "")
    # The asynchronous e-mail client signs the decoded target, the others the encoded one.
    expected = [
        key.signature(f"{request.method}\n{target}\n{date};{host};{digest}")
        for target in (request.target, unquote(request.target))
    ]
    signature = given.removeprefix(SCHEME)
    if not any(hmac.compare_digest(signature.encode(), one.encode()) for one in expected):
        raise denied("The signature does not match.")


def denied(reason: str) -> Refused:
    return Refused(401, "Denied", f"Denied by the resource provider. {reason}")


def _date(text: str) -> datetime:
    try:
        date = parsedate_to_datetime(text)
    except ValueError as error:
        raise denied("The date of the request cannot be read.") from error
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date

"""The platform's certificate authority as it is kept."""

from typing import ClassVar

from pydantic import AwareDatetime

from shared.records.document import Document

AUTHORITY = "certificate-authority"


class StoredAuthority(Document):
    """The root's certificate and its private key (PKCS #8), both PEM."""

    hidden: ClassVar[frozenset[str]] = frozenset({"key_pem"})

    certificate_pem: str
    key_pem: str
    made_at: AwareDatetime

"""Builds the CAdES signature that goes into a PDF: one key operation, at most one timestamp."""

from collections.abc import Iterable
from hashlib import sha256

from asn1crypto import algos, cms, parser, x509
from endesive.signer import Signer

from shared.pades.errors import TimestampUnavailable
from shared.pades.identity import SigningIdentity
from shared.pades.timestamping import Timestamper

UNIVERSAL, CONTEXT, CONSTRUCTED = 0, 2, 1
SEQUENCE, SET = 16, 17
ECDSA_WITH_SHA256 = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()


class CadesSigner(Signer):  # type: ignore[misc]  # endesive ships no types
    """endesive's CMS, with our key and our timestamp client in place of its own."""

    def __init__(
        self, digest: bytes, identity: SigningIdentity, timestamper: Timestamper | None
    ) -> None:
        chain = [x509.Certificate.load(each) for each in identity.chain]
        super().__init__(b"", None, identity.certificate, chain, "sha256", True, digest)
        self._identity = identity
        self._timestamper = timestamper

    def sign(self, tosign: bytes) -> bytes:
        return self._identity.sign(tosign)

    def build(self) -> bytes:
        """As DER. endesive hides failed timestamps and calls every signature RSA: both are ours."""
        built: bytes = super().build()
        (signer,) = cms.ContentInfo.load(built)["content"]["signer_infos"]
        changed = {}
        if self.cert.public_key.algorithm == "ec":
            changed["signature_algorithm"] = ECDSA_WITH_SHA256
        if self._timestamper is not None:
            token = self._timestamper(sha256(signer["signature"].native).digest())
            changed["unsigned_attrs"] = _timestamp_attributes(token)
        return _with_signer(built, changed) if changed else built


def _with_signer(signature: bytes, changed: dict[str, bytes]) -> bytes:
    """The CMS with unsigned parts of its one signer replaced; all parts are encoded already.

    Not by assignment: asn1crypto may take tens of seconds to encode a tree with a deep change.
    """
    info = cms.ContentInfo.load(signature)
    signed = info["content"]
    (signer,) = signed["signer_infos"]
    signer_info = _sequence(changed.get(name) or signer[name].dump() for name in signer)
    signer_infos = parser.emit(UNIVERSAL, CONSTRUCTED, SET, signer_info)
    content = _sequence(
        signer_infos if name == "signer_infos" else signed[name].dump() for name in signed
    )
    tagged: bytes = parser.emit(CONTEXT, CONSTRUCTED, 0, content)
    return _sequence([info["content_type"].dump(), tagged])


def _timestamp_attributes(token: bytes) -> bytes:
    """unsignedAttrs [1] with id-aa-timeStampToken (RFC 3161, appendix A)."""
    kind = cms.CMSAttributeType("signature_time_stamp_token").dump()
    attribute = _sequence([kind, parser.emit(UNIVERSAL, CONSTRUCTED, SET, token)])
    encoded: bytes = parser.emit(CONTEXT, CONSTRUCTED, 1, attribute)
    return encoded


def _sequence(parts: Iterable[bytes]) -> bytes:
    encoded: bytes = parser.emit(UNIVERSAL, CONSTRUCTED, SEQUENCE, b"".join(parts))
    return encoded


def require_timestamp(signature: bytes) -> None:
    """Raises TimestampUnavailable unless the CMS carries a token over its own signature value."""
    try:
        signer = cms.ContentInfo.load(signature)["content"]["signer_infos"][0]
        imprints = [
            token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            for attribute in signer["unsigned_attrs"]
            if attribute["type"].native == "signature_time_stamp_token"
            for token in attribute["values"]
        ]
        value = sha256(signer["signature"].native).digest()
        present = value in [imprint["hashed_message"].native for imprint in imprints]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TimestampUnavailable("The signature's timestamp cannot be read back.") from error
    if not present:
        raise TimestampUnavailable("The signature came out without its timestamp.")

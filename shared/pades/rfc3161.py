"""Timestamp queries and what makes a reply to one acceptable (RFC 3161, 2.4)."""

import secrets
from hashlib import new as new_hash
from typing import Any

from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from shared.pades.errors import TimestampRefused

GRANTED = ("granted", "granted_with_mods")
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def query(digest: bytes) -> tsp.TimeStampReq:
    """A query for a SHA-256 digest, with a fresh nonce, asking for the authority's certificate."""
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "hashed_message": digest,
    }
    return tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": tsp.MessageImprint(imprint),
            "nonce": secrets.randbits(63) | 1 << 63,
            "cert_req": True,
        }
    )


def token_of(reply: bytes, asked: tsp.TimeStampReq) -> bytes:
    """The token's DER, once status, imprint, nonce and signature hold. Raises TimestampRefused.

    Whether the authority is trusted is for the verifier to say, who has the roots.
    """
    try:
        response = tsp.TimeStampResp.load(reply, strict=True)
        status = response["status"]["status"].native
        if status not in GRANTED:
            raise TimestampRefused(f"The authority says {status}.")
        token = response["time_stamp_token"]
        _check(token, asked)
        der: bytes = token.dump()
    except (ValueError, TypeError, KeyError, AttributeError, InvalidSignature) as error:
        raise TimestampRefused("The authority's answer is no valid token.") from error
    return der


def _check(token: cms.ContentInfo, asked: tsp.TimeStampReq) -> None:
    signed = token["content"]
    container = signed["encap_content_info"]["content"]
    stamp = container.parsed
    if not isinstance(stamp, tsp.TSTInfo):
        raise TimestampRefused("The answer holds no timestamp.")
    if stamp["message_imprint"].native != asked["message_imprint"].native:
        raise TimestampRefused("The timestamp is over something else.")
    if stamp["nonce"].native != asked["nonce"].native:
        raise TimestampRefused("The timestamp answers another question.")
    _check_signature(signed, bytes(container))


def _check_signature(signed: cms.SignedData, content: bytes) -> None:
    """RFC 5652, 5.4: the signature covers the attributes, one of which is the content's digest."""
    (signer,) = signed["signer_infos"]
    algorithm = signer["digest_algorithm"]["algorithm"].native
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    if attributes["message_digest"][0].native != new_hash(algorithm, content).digest():
        raise TimestampRefused("The timestamp was altered.")
    key = _certificate(signed, signer).public_key()
    covered = signer["signed_attrs"].untag().dump()
    _verify(key, signer["signature"].native, covered, DIGESTS[algorithm]())


def _certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    wanted = signer["sid"].chosen
    for each in signed["certificates"]:
        certificate = each.chosen
        by_serial = (
            signer["sid"].name == "issuer_and_serial_number"
            and certificate.serial_number == wanted["serial_number"].native
            and certificate.issuer == wanted["issuer"]
        )
        by_key = (
            signer["sid"].name == "subject_key_identifier"
            and certificate.key_identifier == wanted.native
        )
        if by_serial or by_key:
            return x509.load_der_x509_certificate(certificate.dump())
    raise TimestampRefused("The authority left out its certificate.")


def _verify(key: Any, signature: bytes, covered: bytes, digest: hashes.HashAlgorithm) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, covered, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, covered, ec.ECDSA(digest))
    else:
        raise TimestampRefused("The authority signs with a key that we do not know.")

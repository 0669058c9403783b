"""How e-signature is put together. The one file here that knows which classes are real."""

import secrets
from dataclasses import dataclass

from functions.esignature.domain.authority import StoredAuthority
from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.link import SECRET_BYTES
from functions.esignature.repository.authority import CosmosAuthority
from functions.esignature.repository.envelopes import CosmosEnvelopes, CosmosTenants
from functions.esignature.repository.papers import BlobPapers
from functions.esignature.service.keeping_time import TimekeepingService
from functions.esignature.service.reading import ReadingService
from functions.esignature.service.sealing import SealingService
from functions.esignature.service.sending import SendingService
from functions.esignature.service.signing import SigningService
from functions.esignature.service.verifying import VerificationService
from shared.contracts.documents import CONTENT
from shared.contracts.esignature import SEALED
from shared.files.blobs import Blobs
from shared.pades.timestamping import HttpTimestamper, Timestamper
from shared.platform import clock
from shared.platform.clients import NotConfigured, blobs, container
from shared.platform.clock import Clock
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments


@dataclass(frozen=True)
class Esignature:
    """All use cases, over the same parts and the same clock."""

    envelopes: CosmosEnvelopes
    reading: ReadingService
    sending: SendingService
    signing: SigningService
    sealing: SealingService
    timekeeping: TimekeepingService
    verification: VerificationService


def assembled(now: Clock) -> Esignature:
    """The whole capability on one clock."""
    kept = container("esignature")
    envelopes = CosmosEnvelopes(kept, Envelope, now)
    tenants = CosmosTenants(kept, now)
    papers = BlobPapers(Blobs(blobs(), CONTENT, now), Blobs(blobs(), SEALED, now))
    authority = CosmosAuthority(CosmosDocuments(kept, StoredAuthority, now), now)
    prefix = f"{settings().public_base_url}/api/sign/"
    return Esignature(
        envelopes=envelopes,
        reading=ReadingService(envelopes),
        sending=SendingService(envelopes, papers, tenants, _secret, prefix, now),
        signing=SigningService(envelopes, papers, _secret, prefix, now),
        sealing=SealingService(envelopes, papers, authority, _timestamper, now),
        timekeeping=TimekeepingService(envelopes, tenants, now),
        verification=VerificationService(authority, _timestamp_roots, now),
    )


def _secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def _timestamper() -> Timestamper:
    url = settings().tsa_url
    if not url:
        raise NotConfigured("The setting TSA__url is missing.")
    return HttpTimestamper(url)


def _timestamp_roots() -> list[bytes]:
    roots = settings().tsa_roots.strip()
    return [roots.encode()] if roots else []


esignature = Provided(lambda: assembled(clock.now))

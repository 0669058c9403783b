"""The cast: a root, a timestamp authority, signers, and short ways to sign and verify."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local.tsa.authority import TimestampAuthority
from shared.pades.appearance import Appearance
from shared.pades.certificates import Authority, KeyKind, issue
from shared.pades.geometry import Fractions
from shared.pades.report import Report
from shared.pades.rfc3161 import query, token_of
from shared.pades.signing import SignatureField, SignedPdf, sign
from shared.pades.timestamping import Timestamper
from shared.pades.verifying import verify

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PLACE = Fractions(0.1, 0.1, 0.3, 0.1)


@dataclass
class World:
    """Everyone who takes part. `tokens` counts what the timestamp authority was asked for."""

    root: Authority
    tsa: TimestampAuthority
    tokens: list[bytes] = field(default_factory=list)

    def timestamp(self, digest: bytes) -> bytes:
        asked = query(digest)
        self.tokens.append(digest)
        return token_of(self.tsa.answer(asked.dump()), asked)

    def sign(
        self,
        pdf: bytes,
        name: str = "S1",
        *,
        page: int = 1,
        kind: KeyKind = KeyKind.EC_P256,
        timestamper: Timestamper | None = None,
        area: Fractions | None = PLACE,
        certify: bool = False,
        reserve: tuple[SignatureField, ...] = (),
    ) -> SignedPdf:
        """By a signer of that field's name, at NOW; B-B unless a timestamper is named."""
        return sign(
            pdf,
            signer=issue(
                self.root, name=f"Ana {name}", email="ana@example.com", now=NOW, kind=kind
            ),
            field=SignatureField(name, page, area),
            appearance=Appearance(f"Ana {name}") if area else None,
            reason="I agree",
            signed_at=NOW,
            timestamper=timestamper,
            certify=certify,
            reserve=reserve,
        )

    def verify(self, pdf: bytes, now: datetime = LATER) -> Report:
        return verify(
            pdf,
            roots=[self.root.certificate_pem()],
            timestamp_roots=[self.tsa.root_pem()],
            now=now,
        )

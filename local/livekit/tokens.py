"""Access tokens: verified as the server verifies them, and read into what they grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from google.protobuf.json_format import ParseDict, ParseError
from livekit.protocol.models import ParticipantInfo, ParticipantPermission, TrackSource
from livekit.protocol.room import RoomConfiguration

from local.livekit.refusals import TokenRefused

LEEWAY_S = 60
BEARER = "Bearer "
SHORTEST_SECRET = 32
KINDS = frozenset(ParticipantInfo.Kind.keys())
SOURCES = frozenset(TrackSource.keys())


@dataclass(frozen=True)
class ApiKey:
    """The one key of this server. HS256 wants a secret of 32 bytes (RFC 7518, section 3.2)."""

    name: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.name or len(self.secret.encode()) < SHORTEST_SECRET:
            raise ValueError(
                "LIVEKIT_API_KEY must be set and LIVEKIT_API_SECRET have "
                f"{SHORTEST_SECRET} bytes or more."
            )


@dataclass(frozen=True)
class Grants:
    """What a verified token says. `video` keeps the wire's camelCase names."""

    identity: str
    video: Mapping[str, Any]
    claims: Mapping[str, Any]

    def may(self, grant: str) -> bool:
        return self.video.get(grant) is True

    def administers(self, room: str) -> bool:
        return self.may("roomAdmin") and self.video.get("room", "") == room

    @property
    def room(self) -> str:
        return str(self.video.get("room", ""))

    @property
    def kind(self) -> str:
        """A name of ParticipantInfo.Kind; one that is not known counts as standard."""
        name = str(self.claims.get("kind", "")).upper()
        return name if name in KINDS else "STANDARD"

    def permission(self) -> ParticipantPermission:
        """Publish and subscribe are granted unless denied; data follows publish."""
        publish = self.video.get("canPublish", True)
        return ParticipantPermission(
            can_publish=publish,
            can_subscribe=self.video.get("canSubscribe", True),
            can_publish_data=self.video.get("canPublishData", publish),
            can_publish_sources=_sources(self.video.get("canPublishSources") or []),
            can_update_metadata=self.may("canUpdateOwnMetadata"),
            can_subscribe_metrics=self.may("canSubscribeMetrics"),
            hidden=self.may("hidden"),
            recorder=self.may("recorder"),
            agent=self.may("agent"),
        )

    def participant(self) -> ParticipantInfo:
        """Whom this token lets in, not yet connected. Raises TokenRefused for wrong types."""
        try:
            return ParticipantInfo(
                identity=self.identity,
                name=str(self.claims.get("name", "")),
                metadata=str(self.claims.get("metadata", "")),
                attributes=self.claims.get("attributes") or {},
                kind=self.kind,
                permission=self.permission(),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise TokenRefused(f"invalid token: {error}") from error

    def room_configuration(self) -> RoomConfiguration:
        """Raises TokenRefused where the token carries one that cannot be read."""
        try:
            return ParseDict(
                self.claims.get("roomConfig") or {}, RoomConfiguration(), ignore_unknown_fields=True
            )
        except ParseError as error:
            raise TokenRefused(f"invalid room configuration: {error}") from error


NOBODY = Grants(identity="", video={}, claims={})


def _sources(names: Sequence[str]) -> list[str]:
    return [name.upper() if name.upper() in SOURCES else "UNKNOWN" for name in names]


def bearer(header: str | None, query: str | None) -> str:
    """A request's token: of its header, else `?access_token=`, else "". Raises TokenRefused."""
    if header is None:
        return query or ""
    if not header.startswith(BEARER):
        raise TokenRefused("invalid authorization header. Must start with Bearer ")
    return header.removeprefix(BEARER)


def verify(token: str, key: ApiKey) -> Grants:
    """Raises TokenRefused.

    The server takes HS256 alone, allows a minute of clock skew and, as measured on 1.13.5, does not
    insist on `exp`.
    """
    if not token:
        return NOBODY
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid authorization token") from error
    if issuer != key.name:
        raise TokenRefused(f"invalid API key: {issuer or ''}")
    try:
        claims = jwt.decode(
            token,
            key.secret,
            algorithms=["HS256"],
            leeway=LEEWAY_S,
            options={"verify_iat": False, "verify_aud": False},
        )
    except jwt.InvalidTokenError as error:
        raise TokenRefused(f"invalid token: {token}, error: {error}") from error
    video = claims.get("video")
    return Grants(
        identity=str(claims.get("sub") or claims.get("jti") or ""),
        video=video if isinstance(video, dict) else {},
        claims=claims,
    )

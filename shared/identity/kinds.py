"""The kinds of signed tokens: each with a type, an audience and keys of its own."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class TokenKind:
    """One use of tokens. `typ` is the header's media type, as RFC 9068 has it for access tokens.

    `algorithm` is of RFC 7518: all keys of a kind are made for it.
    """

    typ: str
    audience: str
    lifetime: timedelta
    algorithm: str = "ES256"


# RS256, since API Management's validate-jwt knows no elliptic curves.
ACCESS = TokenKind("at+jwt", "collab-api", timedelta(minutes=15), "RS256")
REFRESH = TokenKind("refresh+jwt", "collab-refresh", timedelta(days=1))
CHALLENGE = TokenKind("mfa-challenge+jwt", "collab-mfa", timedelta(minutes=10))
RESET = TokenKind("password-reset+jwt", "collab-password-reset", timedelta(minutes=10))
FACTOR_RESET = TokenKind("factor-reset+jwt", "collab-factor-reset", timedelta(hours=1))
VERIFICATION = TokenKind("address-verification+jwt", "collab-verification", timedelta(minutes=10))
INVITATION = TokenKind("invitation+jwt", "collab-invitation", timedelta(days=3))
REALTIME = TokenKind("realtime+jwt", "collab-realtime", timedelta(minutes=5))

KINDS = (ACCESS, REFRESH, CHALLENGE, RESET, FACTOR_RESET, VERIFICATION, INVITATION, REALTIME)

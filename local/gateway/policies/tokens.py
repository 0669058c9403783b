"""`validate-jwt`: a bearer token's signature, expiry, audience and issuer, by the issuer's keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import jwt

from local.gateway.exchange import Exchange, Reply
from local.gateway.policies.elements import attributes, children, flag, number, words
from local.gateway.policies.step import Fetch, Surroundings
from local.gateway.refusals import PolicyRefused, Refusal

# The reference of validate-jwt names RS and PS; of elliptic curves it says nothing, so that what
# the real gateway does with the app's ES256 is unknown. Here they are checked.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
KEYS_LIVE_S = 3600.0
SOONEST_AGAIN_S = 30.0  # strangers with made-up key ids do not make us ask more often


@dataclass(slots=True)
class Keys:
    """The issuer's public keys by id, asked for again when one is missing or they are old."""

    url: str
    fetch: Fetch
    monotonic_s: Callable[[], float]
    _known: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _asked_at: float = float("-inf")

    async def get(self, key_id: str) -> jwt.PyJWK | None:
        """Raises Refusal when the issuer cannot be asked."""
        age_s = self.monotonic_s() - self._asked_at
        if age_s > KEYS_LIVE_S or (key_id not in self._known and age_s > SOONEST_AGAIN_S):
            self._known = await self._asked()
            self._asked_at = self.monotonic_s()
        return self._known.get(key_id)

    async def _asked(self) -> dict[str, jwt.PyJWK]:
        try:
            configuration = await self.fetch(self.url)
            keys = jwt.PyJWKSet.from_dict(await self.fetch(str(configuration["jwks_uri"])))
        except (OSError, KeyError, ValueError, jwt.PyJWTError) as error:
            raise Refusal(500, "The issuer's keys cannot be read.") from error
        return {each.key_id: each for each in keys.keys if each.key_id}


@dataclass(frozen=True, slots=True)
class ValidateJwt:
    """Refuses with `status` and `message`, whatever is wrong with the token."""

    header: str
    scheme: str
    skew_s: int
    status: int
    message: str
    audiences: list[str]
    issuers: list[str]
    keys: Keys
    now_s: Callable[[], float]

    async def apply(self, exchange: Exchange) -> Reply | None:
        scheme, _, token = exchange.headers.get(self.header, "").partition(" ")
        if scheme.lower() != self.scheme.lower():
            raise self._refusal()
        try:
            header = jwt.get_unverified_header(token.strip())
            key = await self.keys.get(str(header.get("kid", "")))
            if key is None:
                raise self._refusal()
            claims = jwt.decode(
                token.strip(),
                key,
                algorithms=ALGORITHMS,
                audience=self.audiences,
                issuer=self.issuers,
                options={"verify_exp": False, "verify_nbf": False, "require": ["exp"]},
            )
        except jwt.PyJWTError as error:
            raise self._refusal() from error
        if not self._is_current(claims):
            raise self._refusal()
        return None

    def _is_current(self, claims: dict[str, Any]) -> bool:
        """By the injected clock, which the library does not take."""
        now, starts, ends = self.now_s(), claims.get("nbf", 0), claims["exp"]
        numbers = isinstance(starts, int | float) and isinstance(ends, int | float)
        return numbers and starts - self.skew_s <= now < ends + self.skew_s

    def _refusal(self) -> Refusal:
        return Refusal(self.status, self.message)


def validate_jwt(element: Element, around: Surroundings) -> ValidateJwt:
    """Raises PolicyRefused."""
    given = attributes(
        element,
        "header-name",
        require_scheme="Bearer",
        require_expiration_time="true",
        require_signed_tokens="true",
        clock_skew="0",
        failed_validation_httpcode="401",
        failed_validation_error_message="",
    )
    for name in ("require-expiration-time", "require-signed-tokens"):
        if not flag(name, given[name]):
            raise PolicyRefused(f"validate-jwt without {name}")
    parts = children(element, "openid-config", "audiences", "issuers")
    urls = [attributes(each, "url")["url"] for each in parts["openid-config"]]
    audiences, issuers = words(element, "audiences/audience"), words(element, "issuers/issuer")
    if len(urls) != 1 or not audiences or not issuers:
        raise PolicyRefused("validate-jwt needs one openid-config, and audiences and issuers")
    return ValidateJwt(
        header=given["header-name"],
        scheme=given["require-scheme"],
        skew_s=number("clock-skew", given["clock-skew"]),
        status=number("failed-validation-httpcode", given["failed-validation-httpcode"]),
        message=given["failed-validation-error-message"] or "JWT is not valid.",
        audiences=audiences,
        issuers=issuers,
        keys=Keys(urls[0], around.fetch, around.monotonic_s),
        now_s=around.now_s,
    )

"""`cors`: which web pages may call, after https://learn.microsoft.com/azure/api-management/cors-policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from multidict import CIMultiDict

from local.gateway.exchange import Exchange, Reply
from local.gateway.policies.elements import attributes, children, flag, number, words

ANY = "*"
SIMPLE = {"GET", "HEAD"}
SAFELISTED = {"accept", "accept-language", "content-language", "origin"}


@dataclass(frozen=True, slots=True)
class Cors:
    """Methods are in capitals, request headers in small letters."""

    origins: frozenset[str]
    methods: frozenset[str]
    headers: frozenset[str]
    exposed: tuple[str, ...]
    max_age_s: int | None
    credentials: bool
    terminates: bool

    async def apply(self, exchange: Exchange) -> Reply | None:
        origin = exchange.headers.get("Origin")
        if origin is None:
            return None
        if is_preflight(exchange):
            return self._preflight(exchange, origin)
        if self._welcomes(origin):
            exchange.added.extend(self._shared(origin))
            if self.exposed:
                exchange.added["Access-Control-Expose-Headers"] = ",".join(self.exposed)
        elif self.terminates and exchange.method in SIMPLE:
            return Reply(200)
        return None

    def _preflight(self, exchange: Exchange, origin: str) -> Reply:
        method = exchange.headers["Access-Control-Request-Method"]
        asked = exchange.headers.get("Access-Control-Request-Headers", "").lower().split(",")
        wanted = {each.strip() for each in asked} - SAFELISTED - {""}
        headers_fit = ANY in self.headers or wanted <= self.headers
        methods_fit = ANY in self.methods or method.upper() in self.methods
        if not (self._welcomes(origin) and methods_fit and headers_fit):
            return Reply(200)
        answer = self._shared(origin)
        answer["Access-Control-Allow-Methods"] = method
        if wanted:
            answer["Access-Control-Allow-Headers"] = ",".join(sorted(wanted))
        if self.max_age_s is not None:
            answer["Access-Control-Max-Age"] = str(self.max_age_s)
        return Reply(200, headers=answer)

    def _welcomes(self, origin: str) -> bool:
        return ANY in self.origins or origin.lower() in self.origins

    def _shared(self, origin: str) -> CIMultiDict[str]:
        everybody = ANY in self.origins and not self.credentials
        headers = CIMultiDict({"Access-Control-Allow-Origin": ANY if everybody else origin})
        if self.credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        if not everybody:
            headers["Vary"] = "Origin"
        return headers


def is_preflight(exchange: Exchange) -> bool:
    """A browser asks before it calls."""
    asks = "Access-Control-Request-Method" in exchange.headers
    return exchange.method == "OPTIONS" and "Origin" in exchange.headers and asks


def cors(element: Element) -> Cors:
    """Raises PolicyRefused."""
    given = attributes(element, allow_credentials="false", terminate_unmatched_request="true")
    parts = ("allowed-origins", "allowed-methods", "allowed-headers", "expose-headers")
    children(element, *parts)
    methods = element.find("allowed-methods")
    age = None
    if methods is not None:
        said = attributes(methods, preflight_result_max_age="")["preflight-result-max-age"]
        age = number("preflight-result-max-age", said) if said else None
    return Cors(
        origins=_lower(each.rstrip("/") for each in words(element, "allowed-origins/origin")),
        methods=frozenset(words(element, "allowed-methods/method") or ("GET", "POST")),
        headers=_lower(words(element, "allowed-headers/header")),
        exposed=tuple(words(element, "expose-headers/header")),
        max_age_s=age,
        credentials=flag("allow-credentials", given["allow-credentials"]),
        terminates=flag("terminate-unmatched-request", given["terminate-unmatched-request"]),
    )


def _lower(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(each.lower() for each in texts)

"""The app as its clients see it: HTTP and JSON, nothing else."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, TypeVar
from uuid import uuid4

from local.demo.show import CheckFailed

T = TypeVar("T")
TIMEOUT_S = 60.0
PATIENCE_S = 60.0
AGAIN_AFTER_S = 0.2
UNANSWERED = 0
LATER = {UNANSWERED, 429, 503}
STALE = 412
IN_FLIGHT = "idempotency-key-in-flight"


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        if not self.headers.get("content-type", "").startswith("application/problem+json"):
            return ""
        return str(self.json["type"]).removeprefix("/problems/")

    @property
    def later(self) -> bool:
        """Whether the very same request may do better in a moment."""
        return self.status in LATER or self.code == IN_FLIGHT

    @property
    def retry_after_s(self) -> float:
        given = self.headers.get("retry-after", "")
        return float(given) if given.isdigit() else 1.0


@dataclass(frozen=True)
class Seen:
    """What an app was told, in short; the status is UNANSWERED where nobody answered."""

    method: str
    path: str
    status: int
    code: str


@dataclass
class Manners:
    """How apps behave that are told to come back, and what they were told, oldest first."""

    longest_wait_s: float = 1.0
    patience_s: float = PATIENCE_S
    seen: list[Seen] = field(default_factory=list)


@dataclass
class Client:
    """One person's app, or nobody's."""

    base_url: str
    access_token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    manners: Manners = field(default_factory=Manners)

    def with_token(self, access_token: str | None) -> "Client":
        """The same app with somebody else's login, or nobody's."""
        return Client(self.base_url, access_token, self.headers, self.manners)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Once. `body` is bytes, or anything JSON; `path` may be a whole address."""
        url = path if path.startswith("http") else f"{self.base_url}/api/{path.lstrip('/')}"
        sent = {**self.headers, **(headers or {})}
        if self.access_token and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.access_token}"
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(url, data=data, headers=sent, method=method)
        response = _answer_to(request)
        self.manners.seen.append(Seen(method, path, response.status, response.code))
        return response

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer, once it is another than "come back later"; with one effect, if any."""
        named = dict(headers or {})
        if method == "POST":
            named.setdefault("Idempotency-Key", uuid4().hex)
        until = time.monotonic() + self.manners.patience_s
        while True:
            response = self._answered(method, path, body, named)
            if not response.later or time.monotonic() > until:
                return response
            time.sleep(min(response.retry_after_s, self.manners.longest_wait_s))

    def _answered(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> Response:
        try:
            return self.send(method, path, body, headers)
        except (OSError, HTTPException):
            self.manners.seen.append(Seen(method, path, UNANSWERED, ""))
            return Response(UNANSWERED, {}, b"nobody answered")

    def must(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """As `ask`, and it is a success. Raises CheckFailed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.ask(method, path, body, named)
        if not 200 <= response.status < 400:
            said = response.body[:500].decode(errors="replace")
            raise CheckFailed(f"{method} {path} answered {response.status}: {said}")
        return response

    def change(self, path: str, change: Callable[[Any], object]) -> Any:
        """What `change` makes of it as it is; read anew where somebody else was faster."""
        until = time.monotonic() + self.manners.patience_s
        while True:
            read = self.must("GET", path)
            wish, version = change(read.json), {"If-Match": read.headers["etag"]}
            response = self.ask("PATCH", path, wish, version)
            if response.status < 400:
                return response.json
            if response.status != STALE or time.monotonic() > until:
                said = response.body[:500].decode(errors="replace")
                raise CheckFailed(f"PATCH {path} answered {response.status}: {said}")

    def settle(self, path: str, body: object, already: str) -> None:
        """POST what can be done once. That it is done `already` is known from a lost answer."""
        response = self.ask("POST", path, body)
        if response.status >= 400 and response.code != already:
            raise CheckFailed(f"POST {path} answered {response.status}: {response.code}")

    def get(self, path: str) -> Any:
        return self.must("GET", path).json

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        response = self.must("POST", path, body, **headers)
        return response.json if response.body else None


def eventually(what: str, look: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
    """What `look` finds, once it finds something: others do their part in their own time."""
    until = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until:
            raise CheckFailed(f"{what} did not happen within {patience_s:.0f} s")
        time.sleep(AGAIN_AFTER_S)


def _answer_to(request: urllib.request.Request) -> Response:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return Response(answer.status, _lower(answer.headers), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, _lower(error.headers), error.read())


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}

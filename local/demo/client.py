"""The app as its clients see it: HTTP and JSON, nothing else."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from local.demo.show import CheckFailed

T = TypeVar("T")
TIMEOUT_S = 60.0
PATIENCE_S = 60.0
AGAIN_AFTER_S = 0.2
DOWN = 503


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


@dataclass
class Client:
    """One person's app, or nobody's."""

    base_url: str
    access_token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """`body` is bytes, or anything JSON; `path` may be a whole address."""
        url = path if path.startswith("http") else f"{self.base_url}/api/{path.lstrip('/')}"
        sent = {**self.headers, **(headers or {})}
        if self.access_token and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.access_token}"
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(url, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return Response(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Response(error.code, _lower(error.headers), error.read())

    def must(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """An answer that is a success; a service that is down for a moment is asked again."""
        until = time.monotonic() + PATIENCE_S
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        while True:
            response = self.send(method, path, body, named)
            if response.status < 400:
                return response
            if response.status != DOWN or time.monotonic() > until:
                said = response.body[:500].decode(errors="replace")
                raise CheckFailed(f"{method} {path} answered {response.status}: {said}")
            time.sleep(1)

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


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}

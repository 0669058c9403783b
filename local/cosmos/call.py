"""One request, apart from the HTTP library: verb, path, headers, body; and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.cosmos.errors import bad_request
from local.cosmos.items import Conditions
from local.cosmos.wire import Document, Value, decode, decode_object

_DEFAULT_PAGE = 100
_LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """`segments` are the decoded parts of the path. Header names are not case-sensitive."""

    method: str
    segments: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def origin(self) -> str:
        """How the client reached us, so that endpoint discovery leads it back here."""
        return f"http://{self.headers.get('host', 'localhost')}"

    def flag(self, name: str) -> bool:
        """SDKs write booleans as True, true and False."""
        return self.headers.get(name, "").lower() == "true"

    def document(self) -> Document:
        return decode_object(self.body)

    def value(self) -> Value:
        return decode(self.body)

    @property
    def is_query(self) -> bool:
        kind = self.headers.get("content-type", "")
        return self.flag("x-ms-documentdb-isquery") or kind.startswith("application/query+json")

    @property
    def is_query_plan(self) -> bool:
        return self.flag("x-ms-cosmos-is-query-plan-request")

    @property
    def is_change_feed(self) -> bool:
        return "a-im" in self.headers

    @property
    def page_size(self) -> int:
        """-1 leaves the size to the service."""
        size = self.number("x-ms-max-item-count", _DEFAULT_PAGE)
        return min(size, _LARGEST_PAGE) if size > 0 else _LARGEST_PAGE

    @property
    def conditions(self) -> Conditions:
        return Conditions(self.headers.get("if-match"), self.headers.get("if-none-match"))

    @property
    def throughput(self) -> str | None:
        """What the header says of a new resource's throughput, as the content of an offer."""
        fixed = self.number("x-ms-offer-throughput", 0)
        if fixed:
            return f'{{"offerThroughput":{fixed}}}'
        autopilot = self.headers.get("x-ms-cosmos-offer-autopilot-settings")
        if not autopilot:
            return None
        most = int(decode_object(autopilot.encode())["maxThroughput"])
        return (
            f'{{"offerThroughput":{most // 10},'
            f'"offerAutopilotSettings":{{"maxThroughput":{most}}}}}'
        )

    def number(self, name: str, default: int) -> int:
        written = self.headers.get(name)
        if written is None:
            return default
        try:
            return int(written)
        except ValueError:
            raise bad_request(f"The header {name} is no whole number.") from None


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` None sends nothing. `charge` is in request units."""

    status: int
    body: Value = None
    headers: Mapping[str, str] = field(default_factory=dict)
    charge: float = 1.0

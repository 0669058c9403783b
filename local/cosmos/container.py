"""One container as its definition: keys, time to live, unique keys, indexes. Holds no items."""

from dataclasses import dataclass
from typing import Self

from local.cosmos.errors import bad_request
from local.cosmos.indexing import Indexing
from local.cosmos.partition import PartitionKey, Path, key_from, key_from_header, key_of, parse_path
from local.cosmos.wire import Document, Value

_DEFAULT_INDEXING = {
    "indexingMode": "consistent",
    "automatic": True,
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": '/"_etag"/?'}],
}
_MOST_PATHS = 3


@dataclass(frozen=True, slots=True)
class Container:
    """What `properties` says, taken apart once."""

    number: int
    database: str
    id: str
    properties: Document
    key_paths: tuple[Path, ...]
    key_kind: str
    default_ttl: int | None
    unique_keys: tuple[tuple[Path, ...], ...]
    indexing: Indexing

    @classmethod
    def read(cls, number: int, database: str, properties: Document) -> Self:
        key = properties["partitionKey"]
        policy = properties.get("uniqueKeyPolicy") or {}
        return cls(
            number=number,
            database=database,
            id=properties["id"],
            properties=properties,
            key_paths=tuple(parse_path(path) for path in key["paths"]),
            key_kind=key.get("kind", "Hash"),
            default_ttl=properties.get("defaultTtl"),
            unique_keys=tuple(
                tuple(parse_path(path) for path in unique["paths"])
                for unique in policy.get("uniqueKeys", [])
            ),
            indexing=Indexing(properties["indexingPolicy"]),
        )

    @property
    def rid(self) -> str:
        return str(self.properties["_rid"])

    @property
    def link(self) -> str:
        return f"dbs/{self.database}/colls/{self.id}"

    def key_of(self, document: Document) -> PartitionKey:
        return key_of(document, self.key_paths, self.key_kind)

    def key_from_header(self, header: str) -> PartitionKey:
        return key_from_header(header, self.key_paths, self.key_kind)

    def key_from(self, parts: list[Value]) -> PartitionKey:
        return key_from(parts, self.key_kind)


def checked_definition(properties: Document) -> Document:
    """The definition with the service's defaults. Raises 400 where it cannot be served."""
    key = properties.get("partitionKey")
    if not isinstance(key, dict) or not key.get("paths"):
        raise bad_request("The partition key definition is missing or has no paths.")
    _check_key(key)
    _check_unique_keys(properties.get("uniqueKeyPolicy"))
    _check_ttl(properties.get("defaultTtl"))
    definition = {"indexingPolicy": _DEFAULT_INDEXING, **properties}
    definition["partitionKey"] = {"kind": "Hash", "version": 2, **key}
    return definition


def check_replacement(old: Document, new: Document) -> None:
    """Keys, and what must be unique, are fixed at birth."""
    if new["id"] != old["id"]:
        raise bad_request("The id of a container cannot be changed.")
    if new["partitionKey"]["paths"] != old["partitionKey"]["paths"]:
        raise bad_request("Document collection partition key cannot be changed.")
    was, becomes = old.get("uniqueKeyPolicy"), new.get("uniqueKeyPolicy")
    if becomes is not None and becomes != was:
        raise bad_request("The unique key policy of a container cannot be changed.")


def _check_key(key: Document) -> None:
    paths, kind = key["paths"], key.get("kind", "Hash")
    if any(not isinstance(path, str) or not path.startswith("/") for path in paths):
        raise bad_request("The partition key path must start with '/'.")
    most = {"Hash": 1, "MultiHash": _MOST_PATHS}.get(kind)
    if most is None:
        raise bad_request(f"The partition key kind '{kind}' is not supported.")
    if len(paths) > most:
        raise bad_request(f"Too many partition key paths for kind {kind}: {len(paths)} > {most}.")


def _check_unique_keys(policy: Value) -> None:
    keys = [] if policy is None else policy.get("uniqueKeys") if isinstance(policy, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise bad_request("The unique key policy is invalid.")
    paths = [path for key in keys for path in key.get("paths") or [None]]
    if not all(isinstance(path, str) and path.startswith("/") for path in paths):
        raise bad_request("The unique key path must start with '/'.")


def _check_ttl(ttl: Value) -> None:
    whole = isinstance(ttl, int) and not isinstance(ttl, bool)
    if ttl is not None and not (whole and (ttl == -1 or 0 < ttl < 2**31)):
        raise bad_request(
            f"The input ttl '{ttl}' is invalid. Ensure to provide a nonzero positive integer less "
            "than or equal to '2147483647', or -1."
        )

"""The indexing policy of a container: which paths it covers, which orders it serves. No queries."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from local.cosmos.wire import Document, Value

Key = tuple[str, bool]  # a path, and whether it descends


@dataclass(frozen=True, slots=True)
class Indexing:
    """One policy, with what it says of each path remembered."""

    policy: Document
    _known: dict[str, bool] = field(default_factory=dict, compare=False)

    def covers(self, path: str) -> bool:
        """Of the included and excluded paths, the most exact one decides."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._decided(path)
        return known

    def serves(self, keys: list[Key]) -> bool:
        """Whether a composite index has all paths in order, all directions alike or reversed."""
        return any(_serves(index, keys) for index in self.policy.get("compositeIndexes", []))

    def terms(self, document: Document) -> int:
        """How many values of the document are indexed."""
        if self.policy.get("indexingMode") == "none":
            return 0
        return sum(self.covers(path) for path in _leaves(document, ""))

    def _decided(self, path: str) -> bool:
        if self.policy.get("indexingMode") == "none":
            return False
        closest = max(
            (
                (_exactness(entry["path"], path), is_included)
                for name, is_included in (("includedPaths", True), ("excludedPaths", False))
                for entry in self.policy.get(name, [])
            ),
            default=(-1, False),
        )
        return closest[0] >= 0 and closest[1]


def _serves(index: list[Document], keys: list[Key]) -> bool:
    indexed = [(_plain(entry["path"]), entry.get("order") == "descending") for entry in index]
    reverse = [(path, not descending) for path, descending in indexed]
    return keys in (indexed, reverse)


def _exactness(pattern: str, path: str) -> int:
    """How many steps `pattern` shares with `path`; -1 where it is about something else."""
    written = _plain(pattern)
    if written.endswith("/*"):
        prefix = written[:-2]
        return prefix.count("/") if path == prefix or path.startswith(f"{prefix}/") else -1
    return written.count("/") if written == path else -1


def _plain(pattern: str) -> str:
    return pattern.replace('"', "").removesuffix("/?")


def _leaves(value: Value, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}/[]")
    else:
        yield path

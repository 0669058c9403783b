"""The operations of the API, and which of them a method and a path mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PARAMETER = re.compile(r"\{[^{}/]+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """`url_template` is below the API's own path, as `/v1/trips/{id}`."""

    method: str
    url_template: str


class Operations:
    """Fixed segments win over parameters; a path's letters may be small or capital."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._candidates: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in sorted(operations, key=_openness):
            place = (operation.method, operation.url_template.count("/"))
            found = (_pattern(operation.url_template), operation)
            self._candidates.setdefault(place, []).append(found)

    def find(self, method: str, path: str) -> Operation | None:
        for pattern, operation in self._candidates.get((method, path.count("/")), ()):
            if pattern.fullmatch(path):
                return operation
        return None


def _openness(operation: Operation) -> list[int]:
    segments = operation.url_template.split("/")
    return [len(PARAMETER.findall(each)) for each in segments]


def _pattern(template: str) -> re.Pattern[str]:
    fixed = PARAMETER.split(template)
    return re.compile("[^/]+".join(map(re.escape, fixed)), re.IGNORECASE)

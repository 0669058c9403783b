"""host.json and the environment that overrides it, as one flat set of settings.

Names do not care about case, and `AzureFunctionsJobHost__a__b` is `a.b`, as in the real host.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.host import durations

OVERRIDE = "azurefunctionsjobhost"


@dataclass(frozen=True)
class Setting:
    """A value and where it stands, in the spelling of whoever wrote it."""

    path: str
    value: object


class HostSettings:
    """Reads values in the type that is asked for; raises ValueError naming the setting."""

    def __init__(self, document: Mapping[str, object], environment: Mapping[str, str]) -> None:
        leaves = [*_leaves(document), *_overrides(environment)]
        self._settings = {each.path.lower(): each for each in leaves}

    def __iter__(self) -> Iterator[Setting]:
        return iter(self._settings.values())

    def text(self, path: str, default: str) -> str:
        """Whatever is there, as text."""
        found = self._settings.get(path.lower())
        return default if found is None or found.value is None else str(found.value)

    def whole(self, path: str, default: int, *, least: int) -> int:
        """A whole number."""
        given = self.text(path, str(default)).strip()
        if not given.removeprefix("-").isdecimal() or int(given) < least:
            raise ValueError(f"{path} must be a whole number of at least {least}, not {given!r}")
        return int(given)

    def flag(self, path: str, *, default: bool) -> bool:
        """True or false."""
        given = self.text(path, str(default)).strip().lower()
        if given not in {"true", "false"}:
            raise ValueError(f"{path} must be true or false, not {given!r}")
        return given == "true"

    def span_s(self, path: str, default: float) -> float:
        """A time span, in seconds."""
        given = self.text(path, "")
        try:
            return durations.seconds(given) if given else default
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def several(self, path: str) -> tuple[str, ...] | None:
        """The entries of a list; None where there is no such list."""
        below = f"{path.lower()}."
        found = [each for key, each in self._settings.items() if key.startswith(below)]
        return tuple(str(each.value) for each in found) if found else None


def _leaves(value: object, path: str = "") -> Iterator[Setting]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _leaves(each, f"{path}.{at}")
    else:
        yield Setting(path, value)


def _overrides(environment: Mapping[str, str]) -> Iterator[Setting]:
    for name, value in environment.items():
        first, *rest = name.replace(":", "__").split("__")
        if first.lower() == OVERRIDE and rest:
            yield Setting(".".join(rest), value)

"""What an operator is shown of the keys: the keys themselves, and which function needs which.

Knows neither where keys are kept nor what a terminal is; `described` comes from `/admin/functions`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

LEVELS = {
    "ANONYMOUS": "no key",
    "FUNCTION": "the host key or the function's own",
    "ADMIN": "the master key",
}


@dataclass(frozen=True)
class Keyed:
    """An HTTP function: its route below the host's address, its level, keys of its own by name."""

    name: str
    route: str
    methods: tuple[str, ...] = ()
    level: str = "FUNCTION"
    keys: tuple[tuple[str, str], ...] = ()


def described(functions: Iterable[Mapping[str, object]], prefix: str = "api") -> list[Keyed]:
    """The HTTP functions in an answer of `/admin/functions`."""
    found = []
    for each in functions:
        binding = each.get("binding")
        if each.get("trigger") != "httpTrigger" or not isinstance(binding, Mapping):
            continue
        name = str(each["name"])
        route = f"{prefix}/{str(binding.get('route') or name).strip('/')}".strip("/")
        level = str(binding.get("authLevel") or "FUNCTION").upper()
        methods = tuple(str(method).upper() for method in binding.get("methods") or ())
        keys = each.get("keys")
        own = tuple(keys.items()) if isinstance(keys, Mapping) else ()
        found.append(Keyed(name, route, methods, level, own))
    return found


def describe(
    master: str,
    function: str,
    functions: Iterable[Keyed],
    *,
    url: str = "http://127.0.0.1:7071",
    host: Mapping[str, str] | None = None,
) -> list[str]:
    """The lines that `local keys` prints: the keys, then the functions by the key they need.

    `master` and `function` are the master key and the default host key, `host` the other host keys
    by name.
    """
    known = sorted(functions, key=lambda each: each.name)
    lines = [f"master key   {master}", f"host key     {function}  (default)"]
    lines += [f"host key     {key}  ({name})" for name, key in sorted((host or {}).items())]
    lines += ["", "A key goes into the header x-functions-key, or into the URL as ?code=.", ""]
    for level in ("ADMIN", "FUNCTION"):
        lines += _group(
            level, [each for each in known if each.level == level], master, function, url
        )
    rest = sum(each.level == "ANONYMOUS" for each in known)
    lines.append(f"{rest} more HTTP functions need no key: they look at the caller themselves.")
    return lines


def _group(
    level: str, functions: Sequence[Keyed], master: str, function: str, url: str
) -> list[str]:
    if not functions:
        return []
    key = master if level == "ADMIN" else function
    lines = [f"These need {LEVELS[level]}:"]
    for each in functions:
        methods = ",".join(each.methods) or "any method"
        lines.append(f"  {each.name}  {methods} {url}/{each.route}?code={quote(key)}")
        lines += [f"    key of its own: {value}  ({name})" for name, value in each.keys]
    return [*lines, ""]

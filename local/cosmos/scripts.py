"""Stored procedures, triggers and functions in JavaScript: named, and refused in clear words."""

from typing import NoReturn

from local.cosmos.call import Call
from local.cosmos.errors import method_not_allowed, no_scripts

_KINDS = {
    "sprocs": "Stored procedures",
    "triggers": "Triggers",
    "udfs": "User defined functions",
}
_RUN = ("x-ms-documentdb-pre-trigger-include", "x-ms-documentdb-post-trigger-include")


def is_script(kind: str) -> bool:
    """Whether that part of a path below a container leads to scripts."""
    return kind in _KINDS


def refuse_script(call: Call, kind: str) -> NoReturn:
    """Raises 400 for everything that makes, reads or runs one."""
    if call.method not in ("GET", "POST", "PUT", "DELETE"):
        raise method_not_allowed(call.method)
    raise no_scripts(_KINDS[kind])


def check_no_trigger(call: Call) -> None:
    """Raises 400 where a write asks for a trigger to run beside it."""
    if any(name in call.headers for name in _RUN):
        raise no_scripts(_KINDS["triggers"])

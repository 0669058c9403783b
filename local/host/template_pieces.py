"""One segment of a route template as text: literals and parameters, constraints with arguments.

`{{` and `}}` stand for the brackets themselves, as in ASP.NET.
"""

import re
from dataclasses import dataclass

from local.host.constraints import Constraint, constraint

NAME = re.compile(r"(?P<all>\*{0,2})(?P<name>[A-Za-z_]\w*)")
CONSTRAINT_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Parameter:
    """`{name}` with what may stand beside the name. `rules` are its constraints as written."""

    name: str
    takes_rest: bool = False
    rules: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    default: str | None = None
    optional: bool = False


Piece = str | Parameter


def segments(template: str) -> list[str]:
    """The template between its slashes; a slash inside brackets does not count."""
    found, depth, current = [], 0, ""
    for character in template.strip("/"):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "/" and depth == 0:
            found.append(current)
            current = ""
        else:
            current += character
    return [each for each in [*found, current] if each]


def pieces(segment: str) -> list[Piece]:
    """Raises ValueError for a segment that is not well formed."""
    found: list[Piece] = []
    literal, at = "", 0
    while at < len(segment):
        if segment[at : at + 2] in {"{{", "}}"}:
            literal, at = literal + segment[at], at + 2
        elif segment[at] == "{":
            end = _end(segment, at)
            found += [literal] if literal else []
            found.append(_parameter(segment[at + 1 : end]))
            literal, at = "", end + 1
        elif segment[at] == "}":
            raise ValueError(f"{segment!r} is not a valid segment")
        else:
            literal, at = literal + segment[at], at + 1
    return [*found, literal] if literal else found


def _end(segment: str, start: int) -> int:
    """Where the parameter that begins at `start` ends: double brackets inside do not end it."""
    at = start + 1
    while at < len(segment):
        if segment[at : at + 2] in {"{{", "}}"} and "(" in segment[start:at]:
            at += 2
        elif segment[at] == "}":
            return at
        else:
            at += 1
    raise ValueError(f"{segment!r} is not a valid segment")


def _parameter(text: str) -> Parameter:
    head = NAME.match(text)
    if head is None:
        raise ValueError(f"{{{text}}} is not a valid parameter")
    rest = text[head.end() :]
    rules: list[str] = []
    made: list[Constraint] = []
    while rest.startswith(":"):
        rule, constrained, rest = _constraint(rest[1:])
        rules.append(rule)
        made.append(constrained)
    default = rest[1:] if rest.startswith("=") else None
    if rest not in {"", "?"} and default is None:
        raise ValueError(f"{{{text}}} is not a valid parameter")
    return Parameter(
        head["name"], bool(head["all"]), tuple(rules), tuple(made), default, rest == "?"
    )


def _constraint(text: str) -> tuple[str, Constraint, str]:
    """The first constraint of `text` as written and made, and what comes after it."""
    name = CONSTRAINT_NAME.match(text)
    if name is None:
        raise ValueError(f"a constraint is missing before {text!r}")
    rest = text[name.end() :]
    if not rest.startswith("("):
        return name[0].lower(), constraint(name[0], None), rest
    end = _closing(rest)
    argument = rest[1:end].replace("{{", "{").replace("}}", "}")
    return f"{name[0].lower()}({argument})", constraint(name[0], argument), rest[end + 1 :]


def _closing(text: str) -> int:
    """The bracket that closes the first one: what comes after it ends the constraint."""
    for at, character in enumerate(text):
        if character == ")" and (at + 1 == len(text) or text[at + 1] in ":=?"):
            return at
    raise ValueError(f"{text!r} has no closing bracket")

"""Writes the reference in docs/events.md from contracts and functions, or checks that it fits."""

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules
from typing import Any

import shared.contracts
from local.process import ROOT
from shared.contracts import Event, Job, Told

FILE = ROOT / "docs" / "events.md"
MARK = "<!-- What follows is written by `python -m local.events`. -->\n"


def kinds() -> list[type[Told]]:
    """Every event and job, by type."""
    for module in iter_modules(shared.contracts.__path__, "shared.contracts."):
        import_module(module.name)
    return sorted((*Event.__subclasses__(), *Job.__subclasses__()), key=lambda kind: kind.type)


def section(kind: type[Told], heard_by: list[str]) -> str:
    """Its words, its way, its fields without those that all have."""
    place = f"the {'queue' if issubclass(kind, Job) else 'topic'} `{kind.destination()}`"
    told = ", ".join(f"`{name}`" for name in heard_by) or "nobody yet"
    lines = [f"### `{kind.type}`", "", getdoc(kind) or "", "", f"On {place}, heard by {told}.", ""]
    for name, field in kind.model_fields.items():
        if name not in Told.model_fields:
            annotation: Any = field.annotation
            whole = str(annotation) if hasattr(annotation, "__args__") else annotation.__name__
            shown = re.sub(r"\b[a-z_]+\.(?=[A-Za-z_])", "", whole)
            lines.append(f"- `{name}`: {shown}")
    return "\n".join(lines) + "\n"


def text(before: str, functions: Iterable[Any]) -> str:
    """The page: what stands before the mark, and the reference anew."""
    heard: dict[type[Told], list[str]] = {}
    for function in functions:
        if kind := getattr(function.get_user_function(), "handles", None):
            heard.setdefault(kind, []).append(str(function.get_function_name()))
    sections = [section(kind, sorted(heard.get(kind, []))) for kind in kinds()]
    return before.partition(MARK)[0] + MARK + "\n" + "\n".join(sections)


if __name__ == "__main__":
    from local.functions_index import functions

    page = FILE.read_text(encoding="utf-8")
    whole = text(page, functions())
    if "--check" in sys.argv:
        sys.exit(
            0 if page == whole else "Out of date: docs/events.md. Run `python -m local.events`."
        )
    FILE.write_text(whole, encoding="utf-8")

"""Writes docs/openapi.json (3.1) and openapi-3.0.json from the code, or checks that they fit."""

import json
import sys
from typing import Any

from local.process import ROOT

VERSIONS = ("openapi.json", "openapi-3.0.json")


def documents() -> dict[str, dict[str, Any]]:
    """The two documents by file name."""
    from local.functions_index import functions
    from shared.http.openapi.document import document
    from shared.http.openapi.older import as_3_0
    from shared.http.openapi.registered import http_functions
    from shared.version import VERSION

    newest = document(http_functions(functions()), VERSION)
    return dict(zip(VERSIONS, (newest, as_3_0(newest)), strict=True))


def text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    stale = []
    for name, document in documents().items():
        file = ROOT / "docs" / name
        if "--check" in arguments:
            if not file.exists() or file.read_text(encoding="utf-8") != text(document):
                stale.append(f"docs/{name}")
        else:
            file.write_text(text(document), encoding="utf-8")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run `make openapi`.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

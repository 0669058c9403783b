"""What infra/bicep is compared with: the topology, the roles, and the API as the code has it."""

import json
from typing import Any

import pytest

from local.openapi import text
from shared.http.openapi.document import document
from shared.http.openapi.older import as_3_0
from shared.http.openapi.registered import http_functions
from shared.version import VERSION
from tests.infra.bicep import FOLDER, ROOT
from tests.support.app import app_functions

Json = dict[str, Any]


@pytest.fixture(scope="session")
def topology() -> Json:
    loaded: Json = json.loads((FOLDER / "topology.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def roles() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((FOLDER / "roles.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def openapi() -> Json:
    """What docs/openapi-3.0.json says once it is generated from this code."""
    return as_3_0(document(http_functions(app_functions()), VERSION))


@pytest.fixture(scope="session")
def generated(openapi: Json) -> dict[str, str]:
    """Committed files that are made from the code, by path."""
    return {str(ROOT / "docs" / "openapi-3.0.json"): text(openapi)}

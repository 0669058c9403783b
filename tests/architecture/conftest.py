"""The app as the host indexes it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.provision import topology as read_topology
from shared.http.openapi.registered import Registered, http_functions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def functions() -> list[Any]:
    """`get_functions()` may be called once in a process."""
    from tests.support.app import app_functions

    return app_functions()


@pytest.fixture(scope="session")
def http(functions: list[Any]) -> list[Registered]:
    return http_functions(functions)


@pytest.fixture(scope="session")
def triggers(functions: list[Any]) -> list[Mapping[str, Any]]:
    return [function.get_trigger().get_dict_repr() for function in functions]


@pytest.fixture(scope="session")
def topology() -> dict[str, Any]:
    return read_topology()


@pytest.fixture(scope="session")
def example_settings() -> dict[str, str]:
    text = (ROOT / "local.settings.json.example").read_text(encoding="utf-8")
    values: dict[str, str] = json.loads(text)["Values"]
    return values

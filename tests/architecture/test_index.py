"""The index of functions says what the code says, and nothing is loaded before it is called."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from local import functions_index
from shared.platform.settings import CAPABILITIES
from shared.registering import index
from tests.support.app import app_functions

ROOT = Path(__file__).resolve().parents[2]


def bindings(function: Any) -> list[Any]:
    """As the host gets them."""
    return [json.loads(each) for each in function.get_raw_bindings()]


@pytest.fixture(scope="module")
def indexed() -> dict[str, Any]:
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    app.register_functions(index.blueprint(CAPABILITIES))
    return {str(each.get_function_name()): each for each in app.get_functions()}


def test_the_index_is_up_to_date() -> None:
    """Else run `make openapi`."""
    assert index.INDEX.read_text(encoding="utf-8") == functions_index.text()


def test_what_the_host_is_told_is_the_same(indexed: dict[str, Any]) -> None:
    real = {each.get_function_name(): each for each in app_functions()}
    relays = {f"{capability}_publish_events" for capability in CAPABILITIES}
    assert set(indexed) == set(real) - relays
    differing = [n for n, each in indexed.items() if bindings(each) != bindings(real[n])]
    assert differing == []


def test_every_function_leads_to_the_real_one(indexed: dict[str, Any]) -> None:
    for entry in functions_index.entries():
        assert entry["name"] in index.functions_of(entry["capability"])
        assert entry["name"] in indexed


def test_fewer_capabilities_are_fewer_functions() -> None:
    app = func.FunctionApp()
    app.register_functions(index.blueprint(["trips"]))
    names = [str(each.get_function_name()) for each in app.get_functions()]
    assert names
    assert all(name.startswith("trips_") for name in names)


@pytest.mark.parametrize(("switch", "loaded"), [("on", False), ("off", True)])
def test_a_capability_is_loaded_only_where_the_index_is_off(switch: str, loaded: bool) -> None:
    code = "import sys, function_app; print('functions.trips.service' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"COLLAB_INDEX": switch, "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(loaded)

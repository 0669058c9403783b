"""What the engine makes of the app."""

from shared.http.openapi.registered import Registered
from tests.support.app import app_functions
from tests.support.engine import EngineApp


async def test_every_function_is_indexed_with_the_trigger_that_the_code_declares(
    app: EngineApp,
) -> None:
    declared = {
        str(each.get_function_name()): each.get_trigger().get_dict_repr()["type"]
        for each in app_functions()
    }
    seen = {
        name: next(b["type"] for b in function.bindings if b["type"].endswith("Trigger"))
        for name, function in app.functions.items()
    }
    assert seen == declared


async def test_every_relay_retries_for_ever(app: EngineApp) -> None:
    relays = {name: each for name, each in app.functions.items() if name.endswith("publish_events")}
    assert relays
    for name, relay in relays.items():
        assert (name, relay.retry["max_retry_count"]) == (name, -1)


async def test_every_http_function_answers_through_its_return_value(
    app: EngineApp, http: list[Registered]
) -> None:
    """An HTTP trigger without `$return` would answer 204 whatever it returned."""
    for each in http:
        outputs = [b["name"] for b in app.functions[each.name].bindings if b["type"] == "http"]
        assert (each.name, outputs) == (each.name, ["$return"])

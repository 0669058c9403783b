"""host.json: what is honoured, what the environment overrides, and what is named as idle."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.host import host_json, index
from local.host.engine import EngineFunction
from local.host.failures import IndexFailed
from local.host.host_json_keys import Idle
from local.host.retry import RetryPolicy
from local.process import ROOT
from tests.host.starting import eventually, serve


def read(folder: Path, document: Any, **environment: str) -> host_json.HostJson:
    file = folder / "host.json"
    file.write_text(json.dumps(document))
    return host_json.read(file, environment)


def bus(**options: Any) -> dict[str, Any]:
    return {"version": "2.0", "extensions": {"serviceBus": options}}


def test_the_defaults_are_those_of_azure(folder: Path) -> None:
    found = read(folder, {"version": "2.0"})
    assert found == host_json.HostJson()
    assert (found.route_prefix, found.function_timeout_s) == ("api", 1800)
    options = found.service_bus
    assert (options.max_concurrent_calls, options.max_concurrent_sessions) == (16, 8)
    assert (options.max_message_batch_size, options.min_message_batch_size) == (1000, 1)
    assert (options.prefetch_count, options.auto_complete_messages) == (0, True)
    assert (options.max_batch_wait_s, options.max_auto_lock_renewal_s) == (30, 300)


def test_what_it_says_is_honoured(folder: Path) -> None:
    options = {
        "MaxConcurrentCalls": 2,
        "maxConcurrentSessions": 3,
        "maxMessageBatchSize": 4,
        "minMessageBatchSize": 2,
        "maxBatchWaitTime": "00:00:01.5",
        "prefetchCount": 7,
        "autoCompleteMessages": False,
        "maxAutoLockRenewalDuration": "00:01:30",
        "sessionIdleTimeout": "00:00:20",
        "clientRetryOptions": {"mode": "Fixed", "delay": "00:00:02", "maxDelay": "00:01:00"},
    }
    found = read(
        folder,
        {
            "version": "2.0",
            "functionTimeout": "00:10:00",
            "functions": ["One", "two"],
            "extensions": {"http": {"routePrefix": ""}, "serviceBus": options},
            "logging": {"logLevel": {"default": "Warning"}},
        },
    )
    assert (found.route_prefix, found.log_level) == ("", "WARNING")
    assert found.function_timeout_s == 600
    assert found.functions == frozenset({"one", "two"})
    read_back = found.service_bus
    assert (read_back.max_concurrent_calls, read_back.max_concurrent_sessions) == (2, 3)
    assert (read_back.max_message_batch_size, read_back.min_message_batch_size) == (4, 2)
    assert (read_back.max_batch_wait_s, read_back.session_idle_s) == (1.5, 20)
    assert (read_back.prefetch_count, read_back.auto_complete_messages) == (7, False)
    assert read_back.max_auto_lock_renewal_s == 90
    waits = read_back.backoff()
    assert [waits.fail() for _ in range(3)] == [2, 2, 2]


def test_a_session_is_kept_for_the_try_timeout_unless_its_own_time_is_given(folder: Path) -> None:
    tried = {"clientRetryOptions": {"tryTimeout": "00:00:40"}}
    assert read(folder, bus(**tried)).service_bus.session_idle_s == 40
    given = bus(**tried, sessionIdleTimeout="00:00:03")
    assert read(folder, given).service_bus.session_idle_s == 3
    assert read(folder, bus()).service_bus.session_idle_s is None


def test_exponential_waiting_doubles_up_to_its_limit(folder: Path) -> None:
    delays = {"delay": "00:00:01", "maxDelay": "00:00:03"}
    waits = read(folder, bus(clientRetryOptions=delays)).service_bus.backoff()
    assert [waits.fail() for _ in range(3)] == [1, 2, 3]
    own = read(folder, bus()).service_bus.backoff()
    assert [own.fail() for _ in range(6)] == [0.25, 0.5, 1, 2, 3, 3]


@pytest.mark.parametrize("endless", ["-1", -1])
def test_a_timeout_may_be_switched_off(folder: Path, endless: object) -> None:
    assert read(folder, {"version": "2.0", "functionTimeout": endless}).function_timeout_s is None


def test_the_environment_goes_first_whatever_its_case(folder: Path) -> None:
    document = {**bus(maxConcurrentCalls=2), "functionTimeout": "00:10:00"}
    found = read(
        folder,
        document,
        AzureFunctionsJobHost__functionTimeout="00:00:05",
        AzureFunctionsJobHost__extensions__serviceBus__MaxConcurrentCalls="9",
        AZUREFUNCTIONSJOBHOST__extensions__http__routePrefix="v2",
        AzureFunctionsJobHost__logging__logLevel__default="Error",
        AzureFunctionsJobHost__functions__0="only",
        SOMETHING__else="x",
    )
    assert found.function_timeout_s == 5
    assert found.service_bus.max_concurrent_calls == 9
    assert (found.route_prefix, found.log_level) == ("v2", "ERROR")
    assert found.functions == frozenset({"only"})
    assert found.idle == Idle()


def test_idle_settings_are_named_once(folder: Path) -> None:
    found = read(
        folder,
        {
            "version": "2.0",
            "aggregator": {"batchSize": 1, "flushTimeout": "00:00:01"},
            "logging": {"logLevel": {"default": "Debug", "Function": "Error"}, "console": {}},
            "extensions": {
                "serviceBus": {"messageHandlerOptions": {"a": 1, "b": 2}, "transportType": "x"},
                "mine": {"a": {"b": 1}},
            },
            "functionsTimeout": "00:01:00",
        },
    )
    assert found.idle.azure_only == (
        "aggregator",
        "logging",
        "extensions.serviceBus.transportType",
    )
    assert found.idle.unknown == (
        "extensions.serviceBus.messageHandlerOptions",
        "extensions.mine",
        "functionsTimeout",
    )


def test_the_apps_own_host_json_holds_nothing_unknown() -> None:
    assert host_json.read(ROOT / "host.json", {}).idle.unknown == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": "1.0"},
        [],
        {"version": "2.0", "logging": {"logLevel": {"default": "Loud"}}},
        {"version": "2.0", "functionTimeout": "00:00:00.5"},
        {"version": "2.0", "functionTimeout": "soon"},
        {"version": "2.0", "functionTimeout": None, "retry": {"strategy": "often"}},
        {"version": "2.0", "retry": {"strategy": "fixedDelay", "maxRetryCount": -2}},
        bus(maxConcurrentCalls=0),
        bus(maxConcurrentCalls="many"),
        bus(autoCompleteMessages="perhaps"),
        bus(minMessageBatchSize=5, maxMessageBatchSize=4),
        bus(maxAutoLockRenewalDuration="5m"),
        bus(clientRetryOptions={"mode": "random"}),
    ],
)
def test_impossible_host_json(folder: Path, document: Any) -> None:
    with pytest.raises(IndexFailed, match=r"host\.json"):
        read(folder, document)


def function(kind: str, **retry: Any) -> EngineFunction:
    return EngineFunction("1", "f", ({"type": kind, "name": "x"},), retry)


def test_its_retry_policy_is_for_timers_and_change_feeds_without_one(folder: Path) -> None:
    given = {"strategy": "fixedDelay", "maxRetryCount": 3, "delayInterval": "00:00:02"}
    found = read(folder, {"version": "2.0", "retry": given}).retry
    assert found == RetryPolicy(3, 2, 2)
    kinds = (index.TIMER, index.COSMOS, index.HTTP, index.SERVICE_BUS)
    made = index.build((function(kind) for kind in kinds), {}, found)
    assert [each.retry for each in made] == [found, found, None, None]


def test_an_exponential_policy(folder: Path) -> None:
    given = {
        "strategy": "exponentialBackoff",
        "maxRetryCount": -1,
        "minimumInterval": "00:00:01",
        "maximumInterval": "00:00:08",
    }
    assert read(folder, {"version": "2.0", "retry": given}).retry == RetryPolicy(-1, 1, 8)


def test_the_host_says_at_the_start_what_is_idle_and_runs_only_what_is_listed(
    folder: Path,
) -> None:
    app = folder / "app"
    app.mkdir()
    (app / "host.json").write_text(
        '{"version": "2.0", "functions": ["one"], "mine": 1, "healthMonitor": {"enabled": true}}'
    )
    (app / "function_app.py").write_text(
        "import azure.functions as func\n"
        "app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)\n"
        "@app.route(route='%FIRST%')\n"
        "def one(req: func.HttpRequest) -> str:\n    return 'one'\n"
        "@app.route(route='two')\n"
        "def two(req: func.HttpRequest) -> str:\n    return 'two'\n"
    )
    served = serve(app, folder, {"FIRST": "first"})
    try:
        assert (served.get("/api/first").text, served.get("/api/two").status_code) == ("one", 404)

        def events() -> dict[str, Any]:
            return {str(line.get("event")): line for line in served.lines()}

        eventually(lambda: "host.json has settings for Azure alone" in events())
        assert events()["host.json has unknown settings"]["settings"] == ["mine"]
        assert events()["host.json has settings for Azure alone"]["settings"] == ["healthMonitor"]
    finally:
        served.client.close()
        served.process.stop()

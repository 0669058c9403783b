"""Settings files, `%names%`, host.json and retry policies."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host import durations, host_json, settings
from local.host.failures import IndexFailed
from local.host.retry import policy


def test_values_become_text(folder: Path) -> None:
    file = folder / "local.settings.json"
    file.write_text(json.dumps({"Values": {"A": "x", "B": True, "C": 3, "D": 1.5}}))
    assert settings.read_values(file) == {"A": "x", "B": "true", "C": "3", "D": "1.5"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"Values": 3}', '{"IsEncrypted": true}', '{"Values": {"A": {}}}', "{"],
)
def test_files_that_are_no_settings(folder: Path, content: str) -> None:
    file = folder / "local.settings.json"
    file.write_text(content)
    with pytest.raises(IndexFailed, match=r"local\.settings\.json"):
        settings.read_values(file)


def test_a_missing_settings_file(folder: Path) -> None:
    with pytest.raises(IndexFailed, match="cannot be read"):
        settings.read_values(folder / "none.json")


def test_names_are_expanded_everywhere_in_a_text() -> None:
    values = {"A": "1", "B": "%A%"}
    assert settings.expand("x-%A%/%A%", values) == "x-1/1"
    assert settings.expand("%B%", values) == "%A%"
    assert settings.expand("100 %", values) == "100 %"
    with pytest.raises(KeyError, match="C"):
        settings.expand("%C%", values)


def test_both_spellings_switch_a_function_off() -> None:
    assert settings.is_disabled("f", {"AzureWebJobs.f.Disabled": "true"})
    assert settings.is_disabled("f", {"AzureWebJobs__f__Disabled": "1"})
    assert not settings.is_disabled("f", {"AzureWebJobs.g.Disabled": "true"})
    assert not settings.is_disabled("f", {"AzureWebJobs.f.Disabled": "false"})


def read(folder: Path, document: Any) -> host_json.HostJson:
    file = folder / "host.json"
    file.write_text(json.dumps(document))
    return host_json.read(file)


def test_host_json_has_the_defaults_of_azure(folder: Path) -> None:
    found = read(folder, {"version": "2.0"})
    assert found == host_json.HostJson()
    assert (found.route_prefix, found.service_bus.max_concurrent_calls) == ("api", 16)


def test_what_host_json_says_is_honoured(folder: Path) -> None:
    bus = {
        "maxConcurrentCalls": 2,
        "maxConcurrentSessions": 3,
        "maxMessageBatchSize": 4,
        "autoCompleteMessages": False,
        "maxAutoLockRenewalDuration": "00:01:30",
    }
    found = read(
        folder,
        {
            "version": "2.0",
            "extensions": {"http": {"routePrefix": ""}, "serviceBus": bus},
            "logging": {"logLevel": {"default": "Warning"}},
        },
    )
    assert found.route_prefix == ""
    assert found.log_level == "WARNING"
    assert found.service_bus == host_json.ServiceBusOptions(2, 3, 4, 0, False, 90.0)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": "1.0"},
        [],
        {"version": "2.0", "logging": {"logLevel": {"default": "Loud"}}},
        {"version": "2.0", "extensions": {"serviceBus": {"maxConcurrentCalls": 0}}},
        {"version": "2.0", "extensions": {"serviceBus": {"maxAutoLockRenewalDuration": "5m"}}},
    ],
)
def test_impossible_host_json(folder: Path, document: Any) -> None:
    with pytest.raises(IndexFailed, match=r"host\.json"):
        read(folder, document)


def test_time_spans() -> None:
    assert durations.seconds("00:05:00") == 300
    assert durations.seconds("1.02:03:04.5") == 86400 + 2 * 3600 + 3 * 60 + 4.5
    for text in ("", "5", "00:5:00", "-00:00:01"):
        with pytest.raises(ValueError, match="time span"):
            durations.seconds(text)


def test_a_fixed_delay_ends_after_its_count() -> None:
    options = {
        "max_retry_count": 2,
        "retry_strategy": "fixed_delay",
        "delay_interval": timedelta(seconds=3),
    }
    found = policy(options)
    assert found is not None
    assert [found.allows(retry) for retry in (1, 2, 3)] == [True, True, False]
    assert [found.delay_s(retry) for retry in (1, 2)] == [3, 3]


def test_an_endless_exponential_delay_grows_to_its_limit() -> None:
    options = {
        "max_retry_count": -1,
        "retry_strategy": "exponential_backoff",
        "minimum_interval": timedelta(seconds=1),
        "maximum_interval": timedelta(seconds=5),
    }
    found = policy(options)
    assert found is not None
    assert found.allows(10**6)
    assert [found.delay_s(retry) for retry in (1, 2, 3, 4, 10**6)] == [1, 2, 4, 5, 5]


def test_no_policy() -> None:
    assert policy({}) is None

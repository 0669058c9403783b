"""Settings files, `%names%`, host.json and retry policies."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from local.host import durations, settings
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


def test_time_spans() -> None:
    assert durations.seconds("00:05:00") == 300
    assert durations.seconds("1.02:03:04.5") == 86400 + 2 * 3600 + 3 * 60 + 4.5
    for text in ("", "5", "00:5:00", "-00:00:01"):
        with pytest.raises(ValueError, match="time span"):
            durations.seconds(text)
    for text in ("00:05:00", "1.02:03:04.5000000", "23:59:59"):
        assert durations.text(durations.seconds(text)) == text


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

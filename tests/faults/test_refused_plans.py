"""Plans that cannot be followed: one sentence each, which names the field and the value."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.faults.plan import PlanRefused, hand_out, read
from local.faults.rules import parsed

COSMOS = {"part": "cosmos", "fault": "throttled"}
KILLED = {"part": "host", "fault": "killed", "at": "before-settle"}

UNHURRIED = settings(deadline=None)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ([], "The plan is an object, not []."),
        (
            {"sed": 7},
            "The plan has no field 'sed'; it may have seed, everywhere, rules.",
        ),
        ({"seed": "7"}, "seed is a whole number, not '7'."),
        ({"seed": True}, "seed is a whole number, not True."),
        ({"everywhere": 3}, "everywhere is a number from 0 to 1, not 3."),
        ({"everywhere": float("nan")}, "everywhere is a number from 0 to 1, not nan."),
        ({"rules": {}}, "rules is a list of objects, not {}."),
        ({"rules": [7]}, "rules[0] is an object, not 7."),
        (
            {"rules": [{"fault": "throttled"}]},
            "rules[0].part is one of cosmos, servicebus, blob, tsa, livekit, communication,"
            " host, not None.",
        ),
        (
            {"rules": [COSMOS, {"part": "tsa", "fault": "throttled"}]},
            "rules[1].fault for the part 'tsa' is one of unavailable, slow, wrong,"
            " not 'throttled'.",
        ),
        (
            {"rules": [{"part": "tsa", "fault": "killed", "at": "before-commit"}]},
            "rules[0].fault for the part 'tsa' is one of unavailable, slow, wrong, not 'killed'.",
        ),
        (
            {"rules": [{**KILLED, "at": "before-commit"}]},
            "rules[0].at for the part 'host' is one of before-function, after-function,"
            " before-settle, after-settle, not 'before-commit'.",
        ),
        (
            {"rules": [{**COSMOS, "at": "before-commit"}]},
            "rules[0].at is for the fault 'killed' alone, not for 'throttled'.",
        ),
        (
            {"rules": [{**KILLED, "operation": "settle"}]},
            "rules[0].operation is not for 'killed': `at` says where.",
        ),
        ({"rules": [{**COSMOS, "rate": -0.1}]}, "rules[0].rate is a number from 0 to 1, not -0.1."),
        (
            {"rules": [{**COSMOS, "count": 0}]},
            "rules[0].count is a whole number of at least 1, not 0.",
        ),
        (
            {"rules": [{**COSMOS, "after": 1.5}]},
            "rules[0].after is a whole number of at least 0, not 1.5.",
        ),
        (
            {"rules": [{**COSMOS, "target": ["trips"]}]},
            "rules[0].target is a name or a pattern like 'trips_*', not ['trips'].",
        ),
        (
            {"rules": [{**COSMOS, "delay_s": "1"}]},
            "rules[0].delay_s is a number from 0 to 3600, not '1'.",
        ),
        (
            {"rules": [{**COSMOS, "delay": 1}]},
            "rules[0] has no field 'delay'; it may have part, fault, rate, operation, target,"
            " at, count, after, retry_after_ms, delay_s.",
        ),
    ],
)
def test_the_sentence_names_the_field_and_the_value(plan: object, sentence: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        parsed(plan)

    assert str(refused.value) == sentence


@UNHURRIED
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "seed": json_values,
            "everywhere": json_values,
            "rules": st.lists(
                st.dictionaries(
                    st.sampled_from(["part", "fault", "at", "rate", "count", "target"]),
                    json_values | st.sampled_from(["host", "cosmos", "killed", "slow"]),
                )
            ),
        },
    )
)
def test_any_json_is_followed_or_refused(plan: dict[str, Any]) -> None:
    said = "."
    try:
        parsed(plan)
    except PlanRefused as refused:
        said = str(refused)
    assert said.endswith(".")


def test_a_file_that_is_no_plan_is_named(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    with pytest.raises(PlanRefused, match="cannot be read: No such file"):
        read(file, "cosmos")

    file.write_text("{", encoding="utf-8")
    with pytest.raises(PlanRefused, match="is not JSON"):
        read(file, "cosmos")

    file.write_text('{"everywhere": 2}', encoding="utf-8")
    with pytest.raises(PlanRefused, match=r"plan\.json: everywhere is a number from 0 to 1, not 2"):
        read(file, "cosmos")


def test_a_part_that_no_plan_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused, match=r"one of cosmos, servicebus.*not 'azurite'"):
        read(tmp_path / "plan.json", "azurite")


def test_a_plan_is_handed_out_with_no_kills_counted(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"rules": [KILLED]}), encoding="utf-8")
    copy = hand_out(file, tmp_path / "home")
    marks = copy.with_name("faults.json.host.kills")
    marks.write_text("rules[0]\n", encoding="utf-8")

    assert hand_out(file, tmp_path / "home") == copy
    assert not marks.exists()
    assert copy.read_bytes() == file.read_bytes()


def test_a_plan_that_is_refused_is_not_handed_out(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"seed": 1.5}', encoding="utf-8")

    with pytest.raises(PlanRefused, match=r"seed is a whole number, not 1\.5"):
        hand_out(file, tmp_path / "home")
    assert not (tmp_path / "home").exists()

"""What a plan promises: same seed, same faults; one part does not change another; rates hold."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.faults.kills import Kills
from local.faults.parts import FAULTS
from local.faults.plan import NONE, Fault, Faults, read
from local.faults.rules import parsed

EXAMPLE = Path("local/faults/example.json")
Calls = list[tuple[str, str]]

UNHURRIED = settings(deadline=None, max_examples=40)
seeds = st.integers(min_value=-(2**63), max_value=2**63)
calls = st.lists(st.tuples(st.sampled_from(["create", "read"]), st.sampled_from("abc")))


def faults(part: str = "cosmos", seed: int = 7, **plan: Any) -> Faults:
    return Faults(parsed({"seed": seed, **plan}), part)


def told(plan: Faults, calls: Calls) -> list[Fault | None]:
    return [plan.next(operation, target) for operation, target in calls]


@UNHURRIED
@given(seeds, calls)
def test_the_same_seed_gives_the_same_faults(seed: int, calls: Calls) -> None:
    first, again = (faults(seed=seed, everywhere=0.5) for _ in range(2))

    assert told(first, calls) == told(again, calls)


def test_another_seed_gives_other_faults() -> None:
    many = [("create", "trips")] * 200

    assert told(faults(seed=1, everywhere=0.5), many) != told(faults(seed=2, everywhere=0.5), many)


@UNHURRIED
@given(seeds, calls, calls)
def test_calls_on_another_target_change_nothing(seed: int, calls: Calls, others: Calls) -> None:
    alone, in_company = (faults(seed=seed, everywhere=0.3) for _ in range(2))

    def among_others() -> Iterator[Fault | None]:
        waiting = [(operation, f"other-{target}") for operation, target in others]
        for operation, target in calls:
            if waiting:
                in_company.next(*waiting.pop())
            yield in_company.next(operation, target)

    assert told(alone, calls) == list(among_others())


def test_parts_fail_independently() -> None:
    many = [("send", "x")] * 2000
    hit = {
        part: {nth for nth, fault in enumerate(told(faults(part, everywhere=0.2), many)) if fault}
        for part in ("cosmos", "servicebus", "blob")
    }

    for one, other in (("cosmos", "servicebus"), ("servicebus", "blob"), ("blob", "cosmos")):
        both = len(hit[one] & hit[other]) / 2000
        assert 0.02 < both < 0.07  # 0.2 x 0.2, when neither knows of the other


@UNHURRIED
@given(seeds, st.sampled_from([0.0, 0.03, 0.25, 1.0]))
def test_the_rate_is_honoured(seed: int, rate: float) -> None:
    plan = faults(seed=seed, rules=[{"part": "cosmos", "fault": "throttled", "rate": rate}])

    share = sum(fault is not None for fault in told(plan, [("read", "x")] * 3000)) / 3000

    assert abs(share - rate) < 0.06


@pytest.mark.parametrize("part", [part for part, names in FAULTS.items() if names])
def test_everywhere_shares_its_rate_between_all_faults_of_a_part(part: str) -> None:
    counted = Counter(
        fault.name if fault else None
        for fault in told(faults(part, everywhere=0.3), [("any", "x")] * 6000)
    )

    assert set(counted) == {None, *FAULTS[part]}
    share = 6000 * 0.3 / len(FAULTS[part])
    assert all(abs(counted[name] - share) < 0.3 * share for name in FAULTS[part])


def test_everywhere_keeps_to_the_faults_that_an_operation_knows() -> None:
    plan = faults("servicebus", everywhere=1.0)

    names = {fault.name for _ in range(200) if (fault := plan.next("settle", "q", ["lock-lost"]))}

    assert names == {"lock-lost"}


def test_an_operation_that_knows_none_of_the_faults_uses_none_up() -> None:
    rule = {"part": "servicebus", "fault": "late", "count": 1}
    plan = faults("servicebus", rules=[rule])

    assert plan.next("settle", "q", ["lock-lost"]) is None
    assert plan.next("deliver", "q", ["late", "duplicate"]) == Fault("late", delay_s=0.3)


def test_after_lets_calls_pass_and_count_ends_it() -> None:
    plan = faults(rules=[{"part": "cosmos", "fault": "timeout", "after": 2, "count": 3}])

    assert [fault is not None for fault in told(plan, [("read", t) for t in "abcabcab"])] == [
        *(False, False),
        *(True, True, True),
        *(False, False, False),
    ]


def test_a_rule_befalls_only_what_fits_its_patterns() -> None:
    rule = {"part": "cosmos", "fault": "throttled", "operation": "cre*", "target": "tri?s"}
    plan = faults(rules=[{**rule, "retry_after_ms": 50}])

    assert plan.next("read", "trips") is None
    assert plan.next("create", "calls") is None
    assert plan.next("create", "trips") == Fault("throttled", retry_after_ms=50)


def test_the_first_rule_that_decides_wins() -> None:
    rules = [
        {"part": "cosmos", "fault": "timeout", "count": 1},
        {"part": "cosmos", "fault": "unavailable"},
    ]
    plan = faults(rules=rules)

    assert [fault.name for fault in told(plan, [("read", "")] * 3) if fault] == [
        "timeout",
        "unavailable",
        "unavailable",
    ]


def test_what_lasts_has_a_duration_unless_told_otherwise() -> None:
    rules = [
        {"part": "blob", "fault": "slow", "count": 1},
        {"part": "blob", "fault": "slow", "delay_s": 1.5},
    ]
    plan = faults("blob", rules=rules)

    assert [fault.delay_s for fault in told(plan, [("get", "")] * 2) if fault] == [0.2, 1.5]


def test_none_never_fails_anything() -> None:
    assert read(None, "cosmos") is NONE
    assert all(NONE.next("create", "trips") is None for _ in range(1000))
    NONE.point("before-commit", "trips")


def test_a_point_kills_where_the_plan_says_and_counts_across_processes(tmp_path: Path) -> None:
    rule = {"part": "host", "fault": "killed", "at": "before-settle", "target": "trips_*"}
    plan = parsed({"rules": [{**rule, "after": 1, "count": 2}]})
    killed: list[str] = []

    def process() -> Faults:
        kills = Kills(tmp_path / "plan.json", "host")
        return Faults(plan, "host", kills, end=lambda: killed.append("now"))

    def passes(part: Faults) -> int:
        before = len(killed)
        part.point("before-settle", "documents_scan")
        part.point("after-settle", "trips_on_arrival")
        for _ in range(2):
            part.point("before-settle", "trips_on_arrival")
        return len(killed) - before

    assert [passes(process()) for _ in range(3)] == [1, 1, 0]


def test_the_example_is_a_plan_for_every_part() -> None:
    for part, names in FAULTS.items():
        plan = read(EXAMPLE, part)
        many = [plan.next("upsert", "x") for _ in range(2000)]

        assert {fault.name for fault in many if fault} == set(names)

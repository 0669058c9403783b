"""The story of the demo while 3 % of everything fails, and while parts are killed in the middle.

It completes every time; nothing is lost, nothing doubled; apps are told nothing but to come back.
"""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from local.demo.client import UNANSWERED
from local.supervision.watching import watched
from tests.journeys.expected import nothing_lost_and_nothing_doubled
from tests.journeys.stories import Told, told

SHARE = 0.03
SEEDS = range(1, 11)
AT_ONCE = 3  # they wait more than they work
PASSING = {503, 429, 409, 412}
REFUSED_BY_THE_STORY = {
    (401, "login-failed"),
    (401, "webhook-not-signed"),
    (422, "unknown-driver"),
    (422, "unknown-geofence"),
}


def killed(part: str, at: str, target: str) -> dict[str, Any]:
    return {"part": part, "fault": "killed", "at": at, "target": target, "count": 1}


KILLS = {
    "cosmos": [
        killed("cosmos", "before-commit", "trips"),
        killed("cosmos", "after-commit", "esignature"),
    ],
    "servicebus": [
        killed("servicebus", "before-commit", "notifications-send"),
        killed("servicebus", "after-commit", "trips/*"),
    ],
    "host in a function": [
        killed("host", "before-function", "trips_on_geofence_entered"),
        killed("host", "after-function", "calls_record_webhook"),
    ],
    "host at its end": [
        killed("host", "before-settle", "trips_publish_events"),
        killed("host", "after-settle", "notifications_on_user_changed"),
    ],
}

Plays = dict[object, Future[Told]]


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Generator[Plays]:
    """All of them, some at once, each on a local Azure of its own."""
    folder = tmp_path_factory.mktemp("stories")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        seeded: Plays = {
            seed: pool.submit(told, folder / str(seed), {"seed": seed, "everywhere": SHARE})
            for seed in SEEDS
        }
        with_kills: Plays = {
            name: pool.submit(_watched, folder / name.replace(" ", "-"), {"rules": rules})
            for name, rules in KILLS.items()
        }
        yield seeded | with_kills
        for play in (seeded | with_kills).values():
            play.cancel()


_watched: Callable[..., Told] = partial(told, watching=watched)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_story_under_faults_everywhere(plays: Plays, seed: int) -> None:
    story = plays[seed].result()
    nothing_lost_and_nothing_doubled(story)
    refused = {(each.status, each.code) for each in story.seen if not 200 <= each.status < 400}
    assert {each for each in refused if each[0] not in PASSING} <= REFUSED_BY_THE_STORY


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", KILLS)
def test_the_story_while_a_part_is_killed(plays: Plays, name: str) -> None:
    story = plays[name].result()
    nothing_lost_and_nothing_doubled(story)
    [kills] = (story.folder / "azure").glob("*.kills")
    assert sorted(kills.read_text().split()) == [f"rules[{n}]" for n in range(len(KILLS[name]))]
    refused = {(each.status, each.code) for each in story.seen if not 200 <= each.status < 400}
    unexpected = {each for each in refused if each[0] not in PASSING | {UNANSWERED}}
    assert unexpected <= REFUSED_BY_THE_STORY


@pytest.mark.timeout(900)
def test_all_that_can_fail_did(plays: Plays) -> None:
    """Else the stories above would say little."""
    logs = "".join(
        file.read_text(encoding="utf-8", errors="replace")
        for seed in SEEDS
        for file in (plays[seed].result().folder / "azure" / "logs").glob("*.log")
    )
    for sign in (
        *("RetryWith", "RequestTimeout", "records.found_saved"),
        *("message-lock-lost", "amqp:socket-error"),
        *("fault unavailable", "fault slow", "fault wrong", "fault reply-lost"),
    ):
        assert sign in logs, f"no sign of {sign}"

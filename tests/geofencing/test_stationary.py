"""A phone that lies still for eight hours: the complaint that trackers hear most."""

import random
from itertools import pairwise
from math import cos, pi, sin, sqrt

import pytest

from functions.geofencing.domain.fixes import Fix
from tests.geofencing.ways import circle, fix, kinds, seen

HOURS = 8
EVERY_S = 10
RHO = 0.9  # how much of the error the next fix inherits
SIGMA_M = 8.0
SEEDS = range(1, 7)


def lying_still(offset_m: float, seed: int) -> list[Fix]:
    """First-order autoregressive noise, and 1 % reflections that are honest about their error."""
    chance = random.Random(seed)
    east = north = 0.0
    fixes = []
    for number in range(HOURS * 3600 // EVERY_S):
        fresh = sqrt(1 - RHO * RHO) * SIGMA_M
        east = RHO * east + chance.gauss(0, fresh)
        north = RHO * north + chance.gauss(0, fresh)
        jump_m, accuracy_m = 0.0, chance.uniform(6, 15)
        if chance.random() < 0.01:
            jump_m = accuracy_m = chance.uniform(60, 150)
        angle = chance.uniform(0, 2 * pi)
        position = (offset_m + east + jump_m * cos(angle), north + jump_m * sin(angle))
        fixes.append(fix(number * EVERY_S, *position, accuracy_m))
    return fixes


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("offset_m", [20, 45])
def test_inside_a_fence_it_arrives_once_and_never_leaves(offset_m: int, seed: int) -> None:
    assert kinds(seen(lying_still(offset_m, seed), circle())) == ["entered"]


@pytest.mark.parametrize("seed", SEEDS)
def test_well_outside_a_fence_it_never_arrives(seed: int) -> None:
    assert seen(lying_still(100, seed), circle()) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_on_the_very_edge_it_flaps_little(seed: int) -> None:
    """Counting every fix would tell hundreds of arrivals here."""
    found = seen(lying_still(50, seed), circle())

    assert 1 <= len(found) <= 3
    assert all(a != b for a, b in pairwise(kinds(found)))


def test_walking_away_is_told_within_a_minute() -> None:
    way = [fix(10 * n, 10 * n * 5 / 3.6) for n in range(30)]
    entered, exited = seen(way, circle())

    left_at_s = 50 / (5 / 3.6)
    assert entered.kind == "entered"
    assert (exited.fix_ms - way[0].at_ms) / 1000 - left_at_s < 60
    assert (exited.crossed_ms - way[0].at_ms) / 1000 == pytest.approx(left_at_s, abs=30)

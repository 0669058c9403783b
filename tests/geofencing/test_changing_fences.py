"""Geofences that change while somebody is in them."""

from functions.geofencing.domain.areas import area_of
from functions.geofencing.domain.fences import Fence, Fences
from functions.geofencing.domain.shapes import Circle
from functions.geofencing.domain.track import Track
from tests.geofencing.ways import NOON_S, circle, fence, fix, kinds


def revised(shape: Circle, revision: int, since_s: float) -> Fences:
    return Fences([Fence("home", revision, round((NOON_S + since_s) * 1000), area_of(shape))])


def inside() -> Track:
    track, found = Track().merged([fix(0, 0)], Fences([fence(circle())])).telling(10)
    assert kinds(found) == ["entered"]
    return track


def test_who_was_inside_the_old_shape_is_not_told_to_arrive_again() -> None:
    larger = revised(circle(radius_m=80), 2, 10)
    track = inside().merged([fix(20, 0), fix(30, 0)], larger)

    assert track.waiting == ()
    assert track.head.presences["home"].revision == 2


def test_who_is_outside_the_new_shape_is_told_to_leave() -> None:
    moved = revised(circle(east_m=1000), 2, 10)
    track = inside().merged([fix(20, 0), fix(30, 0)], moved)

    assert kinds(track.waiting) == ["exited"]
    assert track.head.presences == {}


def test_a_late_fix_from_before_the_change_changes_nothing() -> None:
    larger = revised(circle(radius_m=80), 2, 10)
    track = inside().merged([fix(20, 0)], larger).merged([fix(5, 500), fix(6, 500)], larger)

    assert track.waiting == ()
    assert track.head.presences["home"].inside


def test_a_retired_geofence_is_forgotten_without_a_departure() -> None:
    track = inside().merged([fix(20, 0)], Fences([]))

    assert track.waiting == ()
    assert track.head.presences == {}


def test_an_arrival_half_confirmed_begins_anew_in_a_new_shape() -> None:
    home = Fences([fence(circle())])
    half = Track().merged([fix(0, 45, accuracy_m=20)], home)
    assert half.head.presences["home"].pending is not None

    track = half.merged([fix(20, 45, accuracy_m=20)], revised(circle(radius_m=51), 2, 10))
    assert track.waiting == ()

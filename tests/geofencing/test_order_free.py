"""The order in which fixes arrive is not the order in which they happened."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.geofencing.domain.engine import Evaluation, advanced
from functions.geofencing.domain.fences import Fences
from functions.geofencing.domain.fixes import Fix, packed, unpacked
from functions.geofencing.domain.track import MAX_FIXES, WINDOW_MS, Standing, Track, TransitionKey
from tests.geofencing.ways import circle, fence, fences, fix, kinds, square

calmly = settings(deadline=None, max_examples=150)  # a shared machine may be slow
PLACES = fences(circle(), square(east_m=150), circle(east_m=-120, north_m=40, radius_m=30))

some_fix = st.builds(
    fix,
    at_s=st.integers(0, 6000),
    east_m=st.sampled_from([-300, -120, -49, 0, 20, 52, 90, 150, 310]),
    north_m=st.sampled_from([-60, 0, 30]),
    accuracy_m=st.sampled_from([5, 20, 49, 60]),
)
some_way = st.lists(some_fix, min_size=1, max_size=40, unique=True).map(sorted)


def in_batches(fixes: list[Fix], cuts: set[int]) -> list[list[Fix]]:
    edges = sorted({0, len(fixes), *(cut % (len(fixes) + 1) for cut in cuts)})
    return [fixes[a:b] for a, b in pairwise(edges)]


def merged(batches: list[list[Fix]], places: Fences = PLACES) -> tuple[Track, list[TransitionKey]]:
    """The track, and everything that was told on the way."""
    track, told = Track(), list[TransitionKey]()
    for batch in batches:
        track, transitions = track.merged(batch, places).telling(1000)
        told += [TransitionKey(*each[:3]) for each in transitions]
    return track, told


def keys(track: Track) -> set[TransitionKey]:
    return {TransitionKey(*each[:3]) for each in track.standing(PLACES)}


@calmly
@given(way=some_way, data=st.data())
def test_any_order_any_repetition_any_batches_show_the_same_events(
    way: list[Fix], data: st.DataObject
) -> None:
    """Of all that was told, what still stands is what the fixes in order tell, each once."""
    repeated = way + data.draw(st.lists(st.sampled_from(way), max_size=20))
    shuffled = data.draw(st.permutations(repeated))
    cuts = data.draw(st.sets(st.integers(0, 100), max_size=8))

    in_order, told_in_order = merged([way])
    track, told = merged(in_batches(shuffled, cuts))

    assert track.head == in_order.head
    assert track.window == in_order.window
    assert track.standing(PLACES) == in_order.standing(PLACES)
    assert keys(track) == set(told_in_order)
    assert set(told) & keys(track) == set(told_in_order)
    assert len(told) == len(set(told))


@calmly
@given(way=some_way, data=st.data())
def test_batches_in_order_tell_exactly_what_one_batch_tells(
    way: list[Fix], data: st.DataObject
) -> None:
    """Whatever is repeated, and however each batch is shuffled."""
    batches = in_batches(way, data.draw(st.sets(st.integers(0, 100), max_size=8)))
    seen: list[Fix] = []
    sent = []
    for batch in batches:
        seen += batch
        again = data.draw(st.lists(st.sampled_from(seen), max_size=5))
        sent.append(data.draw(st.permutations(batch + again)))

    assert set(merged(sent)[1]) == set(merged([way])[1])


@calmly
@given(way=some_way, cut=st.integers(0, 40))
def test_folding_in_two_parts_is_folding_at_once(way: list[Fix], cut: int) -> None:
    whole, found = advanced(Evaluation(), way, PLACES)
    middle, first = advanced(Evaluation(), way[:cut], PLACES)
    end, second = advanced(middle, way[cut:], PLACES)

    assert (end, first + second) == (whole, found)


long_way = st.lists(
    st.builds(
        fix,
        at_s=st.integers(0, 8 * 3600),
        east_m=st.sampled_from([-300, 0, 45, 150, 310]),
        accuracy_m=st.sampled_from([5, 20]),
    ),
    min_size=1,
    max_size=40,
)


@calmly
@given(batches=st.lists(long_way, min_size=1, max_size=6))
def test_nothing_is_told_twice_however_late_it_comes(batches: list[list[Fix]]) -> None:
    _, told = merged(batches)

    assert len(told) == len(set(told))


def test_an_arrival_confirmed_behind_the_window_is_not_told_again() -> None:
    """Its first fix leaves the window while the one that confirms it is still in it."""
    barely = [fix(0, 46, accuracy_m=20), fix(3600, 46, accuracy_m=20)]
    hours_later = fix(2 * 3600 + 60, 46, accuracy_m=20)
    track, told = merged([[*barely], [hours_later]])
    late = fix(3700, 45, accuracy_m=20)

    assert [key.kind for key in told] == ["entered"]
    assert track.checkpoint.presences["f0"].pending is not None
    assert track.merged([late], PLACES).waiting == ()


def test_a_late_batch_finds_the_visit_that_was_missing() -> None:
    track, told = merged([[fix(0, -2000), fix(600, 2000)]])
    assert told == []
    missing = [fix(280 + 10 * n, -200 + 40 * n) for n in range(11)]

    late, found = track.merged(missing, fences(circle())).telling(10)

    assert kinds(found) == ["entered", "exited"]
    assert late.merged(missing, fences(circle())).waiting == ()


def test_the_window_is_two_hours_and_what_is_older_than_its_checkpoint_is_late() -> None:
    track, _ = merged([[fix(0, 0)], [fix(3 * 3600, 0)]])

    assert unpacked(track.window) == [fix(3 * 3600, 0)]
    assert track.standings([fix(0, 0), fix(1, 5), fix(3 * 3600, 0), fix(3601, 5)]) == [
        Standing.LATE,
        Standing.ACCEPTED,
        Standing.DUPLICATE,
        Standing.ACCEPTED,
    ]
    assert track.merged([fix(-1, 500)], PLACES) == track
    assert track.checkpoint.presences["f0"].inside


def test_the_window_holds_two_thousand_fixes_in_little_space() -> None:
    way = [fix(n, 300 + 2 * n) for n in range(MAX_FIXES + 500)]
    track, _ = merged([way[n : n + 500] for n in range(0, len(way), 500)])

    assert len(unpacked(track.window)) == MAX_FIXES
    assert len(track.model_dump_json()) < 32_000
    assert way[-1].at_ms - way[0].at_ms < WINDOW_MS


@calmly
@given(st.lists(some_fix))
def test_a_packed_window_is_what_it_was(fixes: list[Fix]) -> None:
    assert unpacked(packed(fixes)) == fixes


def test_extreme_coordinates_survive_packing() -> None:
    corners = [Fix(0, -(18 * 10**8), -(9 * 10**8), 0), Fix(1, 18 * 10**8, 9 * 10**8, 10**6)]

    assert unpacked(packed(corners)) == corners


def test_a_track_survives_being_kept() -> None:
    track, _ = merged([[fix(0, 45), fix(10, 44), fix(3 * 3600, 300), fix(3 * 3600 + 5, 46)]])

    assert Track.model_validate_json(track.model_dump_json()) == track


def test_a_crowd_of_transitions_shortens_the_window() -> None:
    """So that the document stays small where hundreds of fences overlap."""
    crowd = Fences(fence(square(half_m=20 + n / 100), f"c{n:03}") for n in range(300))
    way = [fix(20 * n, 0 if n % 4 < 2 else 300) for n in range(50)]
    track = Track().merged(way, crowd)

    assert len(track.waiting) > 7000
    assert len(track.told) < 5500
    assert len(unpacked(track.window)) < 50

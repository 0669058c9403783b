"""What is read out of GPX files, good and bad."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from local.demo.gpx import LONGEST, from_gpx
from local.demo.track import TrackUnusable, laid_along, travelled
from tests.demo import files
from tests.demo.files import BEGAN, gpx, line, written

END = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


def test_times_are_moved_and_keep_their_distances(tmp_path: Path) -> None:
    fixes = from_gpx(written(tmp_path, gpx(line(1000, count=5, step_s=60))), END)
    assert [fix.at for fix in fixes] == [END - timedelta(minutes=m) for m in (4, 3, 2, 1, 0)]
    assert travelled(fixes) == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("kind", ["trk", "rte"])
@pytest.mark.parametrize("namespace", [True, False])
def test_every_kind_of_gpx_gives_the_same_way(
    tmp_path: Path, version: str, kind: str, namespace: bool
) -> None:
    text = gpx(line(2000), version=version, kind=kind, namespace=namespace)
    fixes = from_gpx(written(tmp_path, text), END)
    assert fixes == from_gpx(written(tmp_path, gpx(line(2000))), END)
    assert len(fixes) == 30


def test_a_track_counts_before_the_route_that_was_planned(tmp_path: Path) -> None:
    route = gpx(line(9000, count=3), kind="rte").split("<rte>")[1].split("</rte>")[0]
    text = gpx(line(1000)).replace("<trk>", f"<rte>{route}</rte><trk>")
    assert len(from_gpx(written(tmp_path, text), END)) == 30


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(line(1200, step_s=None), id="no times"),
        pytest.param(list(reversed(line(1200))), id="backwards"),
        pytest.param([(*p[:2], BEGAN) for p in line(1200)], id="all at one moment"),
        pytest.param([*line(1200)[:-1], (*line(1200)[-1][:2], None)], id="one without"),
    ],
)
def test_without_sound_times_the_way_is_driven_steadily(
    tmp_path: Path, points: list[files.Point]
) -> None:
    fixes = from_gpx(written(tmp_path, gpx(points)), END)
    assert fixes[-1].at == END
    assert fixes[-1].at - fixes[0].at == pytest.approx(timedelta(seconds=100), rel=0.01)
    gaps = {round((b.at - a.at).total_seconds(), 1) for a, b in pairwise(fixes)}
    assert len(gaps) == 1


@pytest.mark.parametrize("text", ["yesterday", "2024-13-45T99:00:00Z", ""])
def test_a_time_that_is_none_is_no_reason_to_fail(tmp_path: Path, text: str) -> None:
    whole = gpx(line(1200))
    broken = whole.replace("<time>2024-05-04T06:00:30Z</time>", f"<time>{text}</time>")
    assert broken != whole
    assert len(from_gpx(written(tmp_path, broken), END)) == 30


def test_times_with_and_without_a_zone_may_stand_together(tmp_path: Path) -> None:
    text = gpx(line(1200, count=5, step_s=60)).replace("T06:01:00Z", "T06:01:00")
    fixes = from_gpx(written(tmp_path, text), END)
    assert fixes[0].at == END - timedelta(minutes=4)


def test_days_are_pressed_into_what_is_taken(tmp_path: Path) -> None:
    points = [*line(4000, count=10), *((*p[:2], BEGAN + timedelta(days=9)) for p in line(8000, 4))]
    fixes = from_gpx(written(tmp_path, gpx(points)), END)
    assert fixes[-1].at <= END
    assert END - fixes[0].at <= LONGEST + timedelta(seconds=1)
    assert all(a.at <= b.at for a, b in pairwise(fixes))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a readable GPX"),
        ("this is no XML", "not a readable GPX"),
        ("<gpx><trk>", "not a readable GPX"),
        ('<?xml version="1.0" encoding="klingon"?><gpx/>', "not a readable GPX"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>', "not a readable GPX"),
        ("<html><body/></html>", "no track"),
        (gpx([]), "no track"),
        (gpx(line(1, count=2)[:1]), "no track"),
        (gpx(line(1000), kind="wpt"), "no track"),
        (gpx(line(1000)).replace('lat="50.0000000"', 'lat="north"'), "nowhere on Earth"),
        (gpx(line(1000)).replace('lat="50.0000000"', 'lat="nan"'), "nowhere on Earth"),
        (gpx(line(1000)).replace('lat="50.0000000"', 'lat="95"'), "nowhere on Earth"),
        (gpx(line(1000)).replace(' lon="10.0000000"', ""), "nowhere on Earth"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(TrackUnusable, match=f"way.gpx.*{reason}"):
        from_gpx(written(tmp_path, text), END)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(TrackUnusable, match="No such file"):
        from_gpx(tmp_path / "nothing.gpx", END)
    with pytest.raises(TrackUnusable, match="readable"):
        from_gpx(tmp_path, END)
    binary = tmp_path / "binary.gpx"
    binary.write_bytes(bytes(range(256)))
    with pytest.raises(TrackUnusable, match="readable"):
        from_gpx(binary, END)


def test_a_route_of_two_corners_has_room_for_two_stops(tmp_path: Path) -> None:
    text = gpx(line(5000, count=2, step_s=None), kind="rte")
    driven, stops = laid_along(from_gpx(written(tmp_path, text), END))
    assert len({(stop.longitude, stop.latitude) for stop in stops}) == 2
    assert len(driven) > 40

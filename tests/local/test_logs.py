"""Logs: merged by time, filtered, followed over restarts and rotations, readable."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from local.logs.command import main
from local.logs.following import Following
from local.logs.lines import Line, moment, read, shown
from local.logs.reading import files, newest
from tests.local.cli import local

NOON = datetime(2026, 11, 20, 10, 0, 4, tzinfo=UTC).timestamp()
CORRELATION = "494d634e4b6db3a911410ab402956c45"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three parts that spoke in turn; the host in JSON, the others in text."""
    folder = tmp_path / ".local" / "logs"
    folder.mkdir(parents=True)
    write(folder, "cosmos", "2026-11-20T10:00:01.000Z INFO first", "2026-11-20T10:00:04Z fourth")
    write(
        folder,
        "host",
        line(2, "trip.planned", correlation_id=CORRELATION, invocation_id="i-1"),
        line(3, "invocation", message="Executed 'Functions.trips_plan'", invocation_id="i-1"),
        line(5, "other", invocation_id="i-2"),
    )
    write(folder, "servicebus", "2026-11-20T10:00:03.500+00:00 WARNING slow", "  at once", "")
    for file in folder.iterdir():
        os.utime(file, (NOON, NOON))
    return folder


def write(folder: Path, part: str, *lines: str) -> Path:
    file = folder / f"{part}.log"
    with file.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{each}\n" for each in lines)
    return file


def line(second: int, event: str, **more: object) -> str:
    time = f"2026-11-20T10:00:{second:02}.000+00:00"
    return json.dumps({"time": time, "level": "INFO", "logger": "x", "event": event, **more})


def test_all_parts_are_one_story(folder: Path) -> None:
    told = [(each.part, shown(each, zone=UTC)) for each in newest(files(folder), 100)]
    assert told == [
        ("cosmos", "10:00:01.000 INFO first"),
        ("host", f"10:00:02.000 trip.planned correlation_id={CORRELATION}"),
        ("host", "10:00:03.000 Executed 'Functions.trips_plan'"),
        ("servicebus", "10:00:03.500 WARNING slow"),
        ("servicebus", "10:00:03.500   at once"),
        ("servicebus", "10:00:03.500 "),
        ("cosmos", "10:00:04.000 fourth"),
        ("host", "10:00:05.000 other"),
    ]


@pytest.mark.parametrize(("count", "parts"), [(0, []), (1, ["host"]), (2, ["cosmos", "host"])])
def test_the_last_ones(folder: Path, count: int, parts: list[str]) -> None:
    assert [each.part for each in newest(files(folder), count)] == parts


def test_one_correlation_id_brings_its_whole_invocation(folder: Path) -> None:
    write(folder, "communication", f"2026-11-20T10:00:06Z INFO sent for {CORRELATION}")
    found = newest(files(folder), 100, CORRELATION)
    assert [(each.part, each.fields.get("event")) for each in found] == [
        ("host", "trip.planned"),
        ("host", "invocation"),
        ("communication", None),
    ]
    assert newest(files(folder), 100, "nobody's") == []


def test_the_end_of_a_large_file_is_read_and_not_the_whole(tmp_path: Path) -> None:
    lines = [f"2026-11-20T10:00:00Z line {n} {'x' * 200}" for n in range(20_000)]
    write(tmp_path, "host", *lines)
    found = newest(files(tmp_path), 700)
    assert [each.raw for each in found] == lines[-700:]


def test_a_crash_without_a_time_is_told_when_it_was(tmp_path: Path) -> None:
    """A traceback has none; the end of the file was written then."""
    crashed = write(tmp_path, "a", "2026-11-20T10:00:00Z one", "Traceback", "ModuleNotFoundError")
    silent = write(tmp_path, "c", "Traceback of another")
    write(tmp_path, "b", "2026-11-20T10:00:03Z between")
    os.utime(crashed, (NOON, NOON))
    os.utime(silent, (NOON - 2, NOON - 2))
    found = newest(files(tmp_path), 9)
    assert [each.raw.split()[-1] for each in found] == [
        *("one", "another", "between", "Traceback", "ModuleNotFoundError"),
    ]
    assert found[-1].at == datetime(2026, 11, 20, 10, 0, 4, tzinfo=UTC)


def test_what_is_followed_and_has_no_time_is_said_now(tmp_path: Path) -> None:
    write(tmp_path, "a", "2026-11-20T10:00:00Z long ago")
    following = Following(tmp_path)
    write(tmp_path, "a", "2026-11-20T10:00:00Z late", "  its stack")
    before = datetime.now(UTC)
    assert [each.raw for each in following.added() if each.at and each.at < before] == [
        "2026-11-20T10:00:00Z late",
        "  its stack",
    ]
    write(tmp_path, "a", "Traceback")
    (line,) = following.added()
    assert line.at is not None
    assert line.at >= before
    following.close()


def test_a_clock_that_was_set_back_does_not_shuffle_a_part(tmp_path: Path) -> None:
    write(tmp_path, "a", "2026-11-20T10:00:05Z one", "2026-11-20T10:00:01Z two")
    write(tmp_path, "b", "2026-11-20T10:00:03Z between")
    assert [each.raw[-3:] for each in newest(files(tmp_path), 9)] == ["een", "one", "two"]


@pytest.mark.parametrize("raw", ["", "{", "{}", '{"time": 5}', "[1]", "\x00\ufffd", "no time"])
def test_anything_may_stand_in_a_log(raw: str) -> None:
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert read("p", raw, before).at == before
    assert raw.strip("{}") in shown(read("p", raw, None)) or raw.startswith("{")


def test_times_of_any_zone() -> None:
    here = moment("2026-11-20 10:00:00,123")
    assert here is not None
    assert here.astimezone().strftime("%H:%M:%S.%f") == "10:00:00.123000"
    assert moment("2026-11-20T10:00:00+02:00") == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert moment("yesterday") is None
    at = Line("p", datetime(2026, 1, 1, 23, 30, tzinfo=UTC), "x")
    assert shown(at, zone=timezone(timedelta(hours=1))).startswith("00:30:00.000 ")


def test_errors_are_red_and_stacks_stand_below() -> None:
    raw = json.dumps(
        {"time": "2026-01-01T00:00:00Z", "level": "ERROR", "event": "e", "stack": "a\nb"}
    )
    assert shown(read("p", raw, None), zone=UTC) == "00:00:00.000 ERROR e\n    a\n    b"
    assert "\x1b[31mERROR e" in shown(read("p", raw, None), colours=True)
    text = read("p", "2026-01-01T00:00:00Z WARNING w", None)
    assert "\x1b[33mWARNING w" in shown(text, colours=True)


def test_what_is_added_is_followed(folder: Path) -> None:
    following = Following(folder)
    assert following.added() == []
    write(folder, "host", line(9, "late"))
    write(folder, "cosmos", "2026-11-20T10:00:08Z early")
    with (folder / "tsa.log").open("w", encoding="utf-8") as new:
        new.write("2026-11-20T10:00:07Z new\nhalf")
        new.flush()
        assert [each.part for each in following.added()] == ["tsa", "cosmos", "host"]
        new.write(" and whole\n")
    assert [each.raw for each in following.added()] == ["half and whole"]
    following.close()


def test_following_survives_truncation_rotation_and_a_restart(folder: Path) -> None:
    following = Following(folder, "cosmos")
    file = folder / "cosmos.log"
    write(folder, "cosmos", "before")
    file.replace(folder / "cosmos.log.old")
    write(folder, "cosmos", "after")
    write(folder, "host", line(9, "not asked for"))
    assert [each.raw for each in following.added()] == ["before", "after"]
    os.truncate(file, 0)
    assert following.added() == []
    write(folder, "cosmos", "anew")
    assert [each.raw for each in following.added()] == ["anew"]
    file.unlink()
    assert following.added() == []
    write(folder, "cosmos", "born again")
    assert [each.raw for each in following.added()] == ["born again"]
    following.close()


def test_the_verb_shows_them_with_the_part_before_each(tmp_path: Path, folder: Path) -> None:
    said = local(tmp_path, "logs", "-n", "2", env={"TZ": "UTC"})
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "cosmos        10:00:04.000 fourth",
        "host          10:00:05.000 other",
    ]
    alone = local(tmp_path, "logs", "cosmos", "-n", "1", env={"TZ": "UTC"})
    assert alone.out == "10:00:04.000 fourth\n"


def test_a_part_that_is_not_there_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["kosmos"], folder) == 1
    said = capsys.readouterr().err
    assert said == "There is no log of 'kosmos'. There are: cosmos, host, servicebus.\n"
    assert main([], tmp_path / "nowhere") == 1
    assert "nothing was started yet" in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path, folder: Path) -> None:
    write(folder, "cosmos", *[f"2026-11-20T11:00:00Z {'x' * 300}" for _ in range(3000)])
    code = "import sys; from pathlib import Path; from local.logs.command import main\n"
    command = [sys.executable, "-c", f"{code}sys.exit(main(['-n', '3000'], Path({str(folder)!r})))"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_ctrl_c_ends_following_quietly(folder: Path) -> None:
    code = "import sys; from pathlib import Path; from local.logs.command import main\n"
    command = [sys.executable, "-c", f"{code}sys.exit(main(['-f', '-n1'], Path({str(folder)!r})))"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"other" in process.stdout.readline()
        write(folder, "host", line(30, "followed"))
        assert b"followed" in process.stdout.readline()
        process.send_signal(2)
        assert (process.wait(), process.stderr.read()) == (0, b"")

"""Files are followed: appended to, half written, cut short, replaced, gone, endless."""

from pathlib import Path

import pytest

from local.board.log.tail import LONGEST_LINE, Tail, Tails


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "host.log"


def read(tail: Tail) -> list[bytes]:
    return list(tail.lines())


def append(file: Path, content: bytes) -> None:
    with file.open("ab") as stream:
        stream.write(content)


def test_what_is_appended_is_read_once(file: Path) -> None:
    file.write_bytes(b"one\ntwo\n")
    tail = Tail(file)
    assert read(tail) == [b"one", b"two"]
    assert read(tail) == []
    append(file, b"three\r\n\n  \nfour\n")
    assert read(tail) == [b"three", b"four"]
    tail.close()


def test_half_a_line_waits_for_its_other_half(file: Path) -> None:
    tail = Tail(file)
    append(file, b'{"event": "ha')
    assert read(tail) == []
    append(file, b'lf"}\nmo')
    assert read(tail) == [b'{"event": "half"}']
    append(file, b"re\n")
    assert read(tail) == [b"more"]
    tail.close()


def test_only_the_end_of_a_long_file_is_read_and_from_a_whole_line(file: Path) -> None:
    file.write_bytes(b"".join(b"line %05d\n" % n for n in range(1000)))
    tail = Tail(file, last_bytes=105)
    assert read(tail) == [b"line %05d" % n for n in range(991, 1000)]
    tail.close()


def test_a_file_cut_short_is_read_from_its_start(file: Path) -> None:
    file.write_bytes(b"one\ntwo\nthree\n")
    tail = Tail(file)
    read(tail)
    file.write_bytes(b"new\n")
    assert read(tail) == [b"new"]
    tail.close()


def test_a_file_cut_short_and_grown_beyond_where_we_were_is_noticed(file: Path) -> None:
    file.write_bytes(b"one\ntwo\n")
    tail = Tail(file)
    read(tail)
    file.write_bytes(b"first\nsecond\nthird\n")
    assert read(tail) == [b"first", b"second", b"third"]
    tail.close()


def test_a_file_that_is_rotated_is_read_to_its_end_and_the_new_one_from_its_start(
    file: Path,
) -> None:
    file.write_bytes(b"one\n")
    tail = Tail(file, last_bytes=4)
    read(tail)
    append(file, b"last of the old\n")
    file.rename(file.with_suffix(".1"))
    file.write_bytes(b"first of the new, longer than what is read at a start\n")
    assert read(tail) + read(tail) == [
        b"last of the old",
        b"first of the new, longer than what is read at a start",
    ]
    tail.close()


def test_a_file_that_is_gone_may_come_back(file: Path) -> None:
    tail = Tail(file)
    assert read(tail) == []
    file.write_bytes(b"one\n")
    assert read(tail) == [b"one"]
    file.unlink()
    assert read(tail) == []
    file.write_bytes(b"two\n")
    assert read(tail) == [b"two"]
    tail.close()


def test_a_line_without_end_gives_its_beginning_and_no_more(file: Path) -> None:
    tail = Tail(file)
    append(file, b"x" * (3 * LONGEST_LINE))
    found = read(tail)
    append(file, b"x" * 100 + b"\nnext\n")
    found += read(tail)
    assert len(found) == 2
    assert LONGEST_LINE < len(found[0]) <= 3 * LONGEST_LINE
    assert found[1] == b"next"
    tail.close()


def test_every_log_of_a_folder_is_followed_also_one_that_comes_later(tmp_path: Path) -> None:
    tails = Tails(tmp_path / "logs")
    assert tails.current() == []
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "cosmos.log").write_bytes(b"one\n")
    (tmp_path / "logs" / "notes.txt").write_bytes(b"not a log\n")
    assert [(part, read(tail)) for part, tail in tails.current()] == [("cosmos", [b"one"])]
    (tmp_path / "logs" / "host.log").write_bytes(b"two\n")
    assert [(part, read(tail)) for part, tail in tails.current()] == [
        ("cosmos", []),
        ("host", [b"two"]),
    ]
    tails.close()

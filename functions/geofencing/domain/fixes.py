"""Fixes as the engine sees them: whole numbers, so that what is kept equals what came."""

import struct
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

ROW = struct.Struct("<qqiI")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_ACCURACY_M = 25.0  # a phone in town; told by devices that say nothing
DEGREES = 1e7


class Fix(NamedTuple):
    """Where somebody was: 1e-7 degrees are about a centimetre. Sorts by time, then by content."""

    at_ms: int
    lon_e7: int
    lat_e7: int
    accuracy_dm: int

    @property
    def point(self) -> tuple[float, float]:
        return self.lon_e7 / DEGREES, self.lat_e7 / DEGREES

    @property
    def accuracy_m(self) -> float:
        return self.accuracy_dm / 10


def fix(at: datetime, longitude: float, latitude: float, accuracy_m: float | None) -> Fix:
    known_m = UNKNOWN_ACCURACY_M if accuracy_m is None else accuracy_m
    return Fix(
        milliseconds(at), round(longitude * DEGREES), round(latitude * DEGREES), round(known_m * 10)
    )


def milliseconds(at: datetime) -> int:
    """Since 1970, without the rounding of a float."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def moment(at_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at_ms)


def packed(fixes: Sequence[Fix]) -> str:
    """Some 8 bytes a fix: differences from one to the next, deflated, as text."""
    rows = bytearray()
    before = Fix(0, 0, 0, 0)
    for each in fixes:
        rows += ROW.pack(
            each.at_ms - before.at_ms,
            each.lon_e7 - before.lon_e7,
            each.lat_e7 - before.lat_e7,
            each.accuracy_dm,
        )
        before = each
    return b85encode(zlib.compress(bytes(rows))).decode()


def unpacked(text: str) -> list[Fix]:
    return list(_summed(ROW.iter_unpack(zlib.decompress(b85decode(text))))) if text else []


def _summed(rows: Iterable[tuple[int, ...]]) -> Iterable[Fix]:
    at_ms = lon_e7 = lat_e7 = 0
    for at_step, lon_step, lat_step, accuracy_dm in rows:
        at_ms, lon_e7, lat_e7 = at_ms + at_step, lon_e7 + lon_step, lat_e7 + lat_step
        yield Fix(at_ms, lon_e7, lat_e7, accuracy_dm)

"""Request units: what each operation costs, by the work it makes. Rounded as headers show them.

The service publishes no formula. These follow its published examples: one unit for a point read of
1 KB and ten for 100 KB; some five and a half for a write of 1 KB, which grows with size and with
the number of indexed values; a replaced version is taken out of the index besides.
"""

from dataclasses import dataclass

_KILOBYTE = 1024
_A_READ, _MORE_READ = 1.0, 9 / 99
_A_WRITE, _MORE_WRITE, _AN_INDEXED_VALUE = 4.2, 0.45, 0.11
_OF_THE_OLD = 0.7
_A_QUERY, _A_DOCUMENT, _A_KILOBYTE_READ, _A_ROW = 2.2, 0.02, 0.03, 0.02
_A_FEED = 1.0
REFUSED = 1.0


@dataclass(slots=True)
class Work:
    """What a query or a feed has read so far: documents, and bytes of JSON."""

    documents: int = 0
    size: int = 0


def read(size: int) -> float:
    return _A_READ + _MORE_READ * max(0.0, size / _KILOBYTE - 1)


def created(size: int, terms: int) -> float:
    return _A_WRITE + _MORE_WRITE * max(1.0, size / _KILOBYTE) + _AN_INDEXED_VALUE * terms


def replaced(new: float, old: float) -> float:
    """Of what the new and the old version cost to create."""
    return new + _OF_THE_OLD * old


def query(work: Work, rows: int) -> float:
    return _A_QUERY + _A_ROW * rows + _scanned(work)


def feed(work: Work) -> float:
    return _A_FEED + _scanned(work)


def _scanned(work: Work) -> float:
    return _A_DOCUMENT * work.documents + _A_KILOBYTE_READ * work.size / _KILOBYTE

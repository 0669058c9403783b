"""Uploads: what a PDF is, and hostile ones refused by name, soon, and without much memory."""

import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.pades.errors import (
    DocumentRefused,
    NotAPdf,
    PageNotFound,
    PdfEncrypted,
    PdfTooComplex,
)
from shared.pades.inspecting import inspect
from shared.pades.opening import MAX_PAGES
from shared.pades.rendering import render
from tests.pades import documents
from tests.pades.people import World

SOON_S = 5.0
NODE = b"<</Type/Pages/Count 1/Kids["


def _stream(body: bytes, entries: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(body), body)


def _xref_stream(index: bytes, size: bytes, body: bytes) -> bytes:
    head = b"%PDF-1.7\n"
    entries = b"/Type/XRef/Root 1 0 R/Filter/FlateDecode/W[1 1 1]/Index[%s]/Size %s" % (index, size)
    table = _stream(zlib.compress(body), entries)
    return head + b"1 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def _laughs() -> bytes:
    """Ten levels of page tree, each naming the next ten times over: ten thousand million pages."""
    levels = [NODE + b"%d 0 R " % (n + 3) * 10 + b"]>>" for n in range(10)]
    return documents.raw([documents.CATALOG, *levels, documents.PAGE])


HOSTILE = {
    "size bomb": documents.raw(
        [documents.CATALOG, documents.PAGES, documents.PAGE], size=50_000_000
    ),
    "table bomb": documents.plain().replace(b"xref\n0 ", b"xref\n0 99999999"),
    "stream index bomb": _xref_stream(b"0 50000000", b"50000000", b"\0" * 10_000_000),
    "object number bomb": _xref_stream(b"2000000000 1", b"2000000001", b"\1\1\0"),
    "laughing pages": _laughs(),
    "page loop": documents.raw([documents.CATALOG, NODE + b"2 0 R]>>"]),
    "deep pages": documents.raw(
        [documents.CATALOG, *(NODE + b"%d 0 R]>>" % (n + 3) for n in range(500)), documents.PAGE]
    ),
    "deep arrays": documents.raw([b"<</Type/Catalog/Pages " + b"[" * 50_000 + b">>"]),
    "field loop": documents.raw(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
            documents.PAGES,
            documents.PAGE,
            b"<</T(a)/Kids[4 0 R 4 0 R]>>",
        ]
    ),
    "previous loop": documents.raw(
        [documents.CATALOG, documents.PAGES, documents.PAGE], trailer=b"/Prev 170"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon_in_a_refusal_or_a_result(name: str) -> None:
    started = time.monotonic()
    with suppress(DocumentRefused):
        assert inspect(HOSTILE[name]).page_count <= MAX_PAGES
    assert time.monotonic() - started < SOON_S


@pytest.mark.parametrize("name", ["size bomb", "deep pages", "field loop", "object number bomb"])
def test_bombs_are_called_what_they_are(name: str) -> None:
    with pytest.raises((PdfTooComplex, NotAPdf)):
        inspect(HOSTILE[name])


def test_too_many_pages_are_too_complex() -> None:
    with pytest.raises(PdfTooComplex):
        inspect(documents.plain(MAX_PAGES * 2 + 200))


def test_pages_are_measured_as_displayed() -> None:
    turned = inspect(documents.blank(90, (400, 600), (0, 0, 300, 500)))
    (page,) = turned.pages
    assert (page.width_pt, page.height_pt, page.rotation) == (500, 300, 90)
    assert inspect(documents.plain(3)).page_count == 3


def test_signatures_are_counted(world: World) -> None:
    pdf = documents.plain()
    assert inspect(pdf).signatures == 0
    signed = world.sign(pdf, certify=True).pdf
    assert inspect(signed).signatures == 1
    assert inspect(world.sign(signed, "S2", area=None).pdf).signatures == 2
    assert not inspect(signed).locked
    assert inspect(signed.replace(b"/P 2\n", b"/P 1\n")).locked


def test_damaged_file_is_known_before_anyone_signs() -> None:
    assert inspect(documents.plain()).appendable
    assert not inspect(documents.plain().replace(b"startxref\n", b"startxref\n9")).appendable


@pytest.mark.parametrize("password", ["", "secret"])
def test_encrypted_files_are_refused(password: str) -> None:
    with pytest.raises(PdfEncrypted):
        inspect(documents.encrypted(password))


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"PK\3\4", b"GIF89a%PDF-1.7", b"%PDF-"])
def test_other_files_are_no_pdf(data: bytes) -> None:
    with pytest.raises(NotAPdf):
        inspect(data)


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), new=st.binary(min_size=1, max_size=12))
def test_damaged_files_raise_nothing_unforeseen(place: float, new: bytes) -> None:
    pdf = bytearray(documents.plain(2))
    at = int(place * len(pdf))
    pdf[at : at + len(new)] = new
    try:
        inspect(bytes(pdf))
    except DocumentRefused:
        return


def test_rendering_is_bounded_and_refuses_by_name() -> None:
    with pytest.raises(NotAPdf):
        render(b"nothing", 1)
    with pytest.raises(PdfEncrypted):
        render(documents.encrypted("secret"), 1)
    for page in (0, 2, -1):
        with pytest.raises(PageNotFound):
            render(documents.plain(), page)
    assert render(documents.plain(size=(1, 14_000)), 1, width_px=4000).startswith(b"\x89PNG")
    assert render(documents.plain(size=(14_400, 14_400)), 1, width_px=10**9).startswith(b"\x89PNG")


def test_rendering_from_many_threads_at_once_is_safe() -> None:
    from concurrent.futures import ThreadPoolExecutor

    pdf = documents.plain(4)
    alone = [render(pdf, page, width_px=200) for page in (1, 2, 3, 4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda page: render(pdf, page, width_px=200), [1, 2, 3, 4] * 8))
    assert together == alone * 8

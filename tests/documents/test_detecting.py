"""What bytes are is told by the bytes; files that pretend are named for what they are."""

import contextlib
import io
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.documents.domain import archives, pdfs
from functions.documents.domain.detecting import detected, must_be
from functions.documents.domain.media_types import MediaType, file_name, must_fit
from functions.documents.domain.refusals import ContentRefused, MediaTypeMismatch
from tests.documents import files

GENUINE = [
    (files.pdf(), MediaType.PDF),
    (files.pdf(password="secret"), MediaType.PDF),
    (files.office("docx"), MediaType.DOCX),
    (files.office("xlsx"), MediaType.XLSX),
    (files.office("pptx"), MediaType.PPTX),
    (files.archive(a=b"1"), MediaType.ZIP),
    (files.archive(), MediaType.ZIP),
    (files.picture("png"), MediaType.PNG),
    (files.picture("jpeg"), MediaType.JPEG),
    (files.picture("gif"), MediaType.GIF),
    (files.picture("webp"), MediaType.WEBP),
    ("Grüße, 你好".encode(), MediaType.TEXT),
    (b"a;b\n1;2\n", MediaType.CSV),
    (b' {"a": 1}', MediaType.JSON),
    (b"\xef\xbb\xbf[1]", MediaType.JSON),
    (files.email(), MediaType.EMAIL),
    (b"From: a@example.com\r\nSubject: x\r\n\r\n\xfc latin", MediaType.EMAIL),
]
PRETENDING = [
    (b"<!DOCTYPE html><script>alert(1)</script>", MediaType.TEXT, "text/html"),
    (b"\xef\xbb\xbf \n<!-- hi --><html>", MediaType.CSV, "text/html"),
    (b'<?xml version="1.0"?><svg onload="x">', MediaType.TEXT, "image/svg+xml"),
    (b"<?xml version='1.0'?><note/>", MediaType.TEXT, "text/xml"),
    (b"#!/bin/sh\nrm -rf /", MediaType.TEXT, "text/x-shellscript"),
    (b"<?php system($_GET[0]);", MediaType.TEXT, "text/x-php"),
    (b"@echo off\r\ndel *", MediaType.TEXT, "text/x-msdos-batch"),
    (b"MZ" + bytes(200), MediaType.PDF, "application/x-msdownload"),
    (b"\x7fELF" + bytes(200), MediaType.ZIP, "application/x-executable"),
    (files.macros(), MediaType.DOCX, archives.MACRO_ENABLED),
    (files.office("docx", **{"word/vbaProject.bin": b"x"}), MediaType.DOCX, archives.MACRO_ENABLED),
    (files.archive(**{"[Content_Types].xml": b"<Types/>"}), MediaType.DOCX, "application/zip"),
    (files.office("xlsx"), MediaType.DOCX, MediaType.XLSX),
    (files.office("docx"), MediaType.ZIP, MediaType.DOCX),
    (b"junk %PDF-1.7", MediaType.PDF, "text/plain"),
    (b"not json", MediaType.JSON, "text/plain"),
    (b"no header\r\n\r\n", MediaType.EMAIL, "text/plain"),
    (b"Key: value\r\n\r\n", MediaType.EMAIL, "text/plain"),
    (b"a\0b", MediaType.TEXT, "application/octet-stream"),
    (b"\xff\xfea\0", MediaType.CSV, "application/octet-stream"),
    (b"cut \xc3", MediaType.TEXT, "application/octet-stream"),
    (files.picture("png"), MediaType.JPEG, MediaType.PNG),
]


@pytest.mark.parametrize(("content", "kind"), GENUINE)
def test_what_is_genuine_is_taken_for_what_it_is(content: bytes, kind: MediaType) -> None:
    must_be(io.BytesIO(content), kind)


@pytest.mark.parametrize(("content", "claimed", "found"), PRETENDING)
def test_what_pretends_is_named(content: bytes, claimed: MediaType, found: str) -> None:
    with pytest.raises(MediaTypeMismatch) as refused:
        must_be(io.BytesIO(content), claimed)
    assert refused.value.more == {"detected": found, "media_type": claimed}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 and nothing else",
        files.pdf()[:-40],
        b"%PDF-1.7\n" + b"x" * 5000 + b"startxref\n5000\n%%EOF",
        b"%PDF-1.7\nstartxref\n99999\n%%EOF",
        files.pdf() + files.archive(a=b"1"),
        files.picture("jpeg") + files.archive(a=b"1"),
        b"PK\x03\x04 and nothing else",
        files.archive(a=b"1" * 100)[:-10],
        files.archive(a=bytes(archives.RATIO_MATTERS_BYTES + 1)),
        files.archive(**{"[Content_Types].xml": random.Random(1).randbytes(2**20 + 1)}),
        files.archive(**{str(n): b"" for n in range(archives.MOST_ENTRIES + 1)}),
    ],
    ids=range(12),
)
def test_what_is_empty_broken_or_two_things_is_refused(content: bytes) -> None:
    with pytest.raises(ContentRefused):
        must_be(io.BytesIO(content), MediaType.PDF)


def pdf_around(reference: bytes, at: int = 9) -> bytes:
    return b"%PDF-1.7\n" + reference + b"\nstartxref\n%d\n%%%%EOF" % at


TRAILER = b"trailer\n<</Root 1 0 R/Size 1>>"
ENTRY = b"0000000000 65535 f \n"


@pytest.mark.parametrize(
    "reference",
    [
        b"xref\n0 1\n" + ENTRY + TRAILER,
        b"xref\r\n0 1\r\n" + ENTRY + b"5 2\r\n" + ENTRY * 2 + TRAILER,
        b"1 0 obj <</Type/XRef/Root 1 0 R/W[1 1 1]/Length 3>>stream\nabc\nendstream",
    ],
)
def test_a_cross_reference_is_stepped_over(reference: bytes) -> None:
    must_be(io.BytesIO(pdf_around(reference)), MediaType.PDF)


@pytest.mark.parametrize(
    "reference",
    [
        b"xref\n0 1\n" + ENTRY + b"trailer\n<</Size 1>>",
        b"xref\n0 9999999\n" + ENTRY + TRAILER,
        b"xref\n" + (b"0 1\n" + ENTRY) * (pdfs.MOST_SECTIONS + 1),
        b"1 0 obj <</Type/Stream/Root 1 0 R>>stream\nabc\nendstream",
        b"something else" + bytes(pdfs.MENDED_BYTES),
    ],
    ids=range(5),
)
def test_a_cross_reference_that_leads_nowhere_is_refused(reference: bytes) -> None:
    with pytest.raises(ContentRefused):
        must_be(io.BytesIO(pdf_around(reference)), MediaType.PDF)


def test_a_small_pdf_that_is_slightly_off_is_mended() -> None:
    good = files.pdf()
    where = good.rindex(b"startxref") + len(b"startxref\n")
    number = good[where:].split(b"\n")[0]
    off = good[:where] + b"%d" % (int(number) - 2) + good[where + len(number) :]
    must_be(io.BytesIO(off), MediaType.PDF)


def test_a_table_of_millions_costs_next_to_nothing() -> None:
    count = 1_000_000
    huge = pdf_around(b"xref\n0 %d\n" % count + ENTRY * count + TRAILER)
    tracemalloc.start()
    must_be(io.BytesIO(huge), MediaType.PDF)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_an_end_record_inside_does_not_make_an_archive() -> None:
    inside = files.pdf() + archives.END_RECORD + b"\0" * 30 + archives.END_RECORD + b"short"
    assert not archives.ends_as_zip(io.BytesIO(inside))
    commented = archives.END_RECORD + bytes(16) + (7).to_bytes(2, "little") + b"comment"
    assert archives.ends_as_zip(io.BytesIO(b"anything" + commented))


@settings(deadline=None)  # the first one loads its library
@given(
    st.one_of(
        st.binary(max_size=400),
        st.builds(
            lambda start, rest: start + rest,
            st.sampled_from([content[:60] for content, _ in GENUINE if content]),
            st.binary(max_size=200),
        ),
    ),
    st.sampled_from(MediaType),
)
def test_any_bytes_are_told_or_refused_and_nothing_else(content: bytes, claimed: MediaType) -> None:
    with contextlib.suppress(ContentRefused):
        assert detected(io.BytesIO(content), claimed)


@settings(deadline=None)  # the first one loads its library
@given(st.sampled_from(GENUINE), st.integers(0), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_told_or_refused(
    genuine: tuple[bytes, MediaType], where: int, damage: bytes
) -> None:
    content, claimed = genuine
    at = where % max(1, len(content))
    broken = content[:at] + damage + content[at + len(damage) :]
    with contextlib.suppress(ContentRefused):
        assert detected(io.BytesIO(broken), claimed)


@pytest.mark.parametrize("name", ["a.pdf", "a.PDF", "Contract 2026", "Version 1.2", "ends."])
def test_a_name_fits_with_its_extension_or_with_none(name: str) -> None:
    must_fit(name, MediaType.PDF)


@pytest.mark.parametrize("name", ["a.exe", "a.docx", "a.pdf.html", "a.jpeg"])
def test_a_name_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(MediaTypeMismatch):
        must_fit(name, MediaType.PDF)


def test_a_file_is_saved_under_a_name_that_devices_understand() -> None:
    assert file_name("Contract", MediaType.PDF) == "Contract.pdf"
    assert file_name("Photo.jpeg", MediaType.JPEG) == "Photo.jpeg"

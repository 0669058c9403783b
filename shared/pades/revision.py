"""One revision appended to a PDF: changed and new objects, and the cross-reference to them."""

import secrets
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from shared.pades import engine
from shared.pades.objects import entry
from shared.pades.opening import highest_object

writer: Any = engine.load()


class Placeholder(PdfObject):
    """Text whose place in the file is remembered, to be overwritten once everything else is
    known.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.start = 0

    def write_to_stream(self, stream: Any, encryption_key: object = None) -> None:
        del encryption_key  # never encrypted, ISO 32000-1, 7.6.1
        self.start = stream.tell()
        stream.write(self.text)


class Revision(writer.SignedData):  # type: ignore[misc]  # endesive ships no types
    """endesive's writer of signatures, mended where pypdf 7, PAdES and odd files need it."""

    def __init__(self, reader: PdfReader) -> None:
        super().__init__()
        self.reader = reader
        self._objects: list[PdfObject | None] = [None] * highest_object(reader)
        self._generations: dict[int, int] = {}
        self.byte_range = Placeholder(b"[" + b" " * 40 + b"]")

    def change(self, reference: IndirectObject, value: PdfObject) -> None:
        """Put `value` in the place of an object of an earlier revision."""
        self._objects[reference.idnum - 1] = value
        self._generations[reference.idnum] = reference.generation

    def add(self, value: PdfObject) -> IndirectObject:
        reference = self._add_object(value)
        if not isinstance(reference, IndirectObject):
            raise TypeError("An added object has a reference.")
        return reference

    def _make_signature(
        self,
        Contents: Any = None,  # noqa: N803 - the parameters are endesive's
        Type: Any = None,  # noqa: N803 - as above
        SubFilter: Any = None,  # noqa: N803 - as above
    ) -> tuple[DictionaryObject, IndirectObject]:
        """endesive knows no PAdES: the sub-filter is ours, and so is the place of the byte
        range.
        """
        del SubFilter
        pades = NameObject("/ETSI.CAdES.detached")
        signature, reference = super()._make_signature(Contents, Type, pades)
        signature[NameObject("/ByteRange")] = self.byte_range
        return signature, reference

    def _write(self, stream: Any, prev: PdfReader, startdata: int) -> None:
        """The objects, then a table or a stream, whichever the previous revision used."""
        stream.write(b"\r\n")
        places: dict[int, int] = {}
        for number, value in enumerate(self._objects, start=1):
            if value is None:
                continue
            places[number] = startdata + stream.tell()
            stream.write(b"%d %d obj\n" % (number, self._generations.get(number, 0)))
            value.write_to_stream(stream)
            stream.write(b"\nendobj\n")
        start = startdata + stream.tell()
        if writer._prev_uses_xref_stream(prev):  # noqa: SLF001 - part of the writer we extend
            self._write_stream(stream, places, start)
        else:
            self._write_table(stream, places)
        stream.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)

    def _write_table(self, stream: Any, places: dict[int, int]) -> None:
        stream.write(b"xref\n")
        for run in _runs(places):
            stream.write(b"%d %d\n" % (run[0], len(run)))
            for number in run:
                generation = self._generations.get(number, 0)
                stream.write(b"%010d %05d n \n" % (places[number], generation))
        stream.write(b"trailer\n")
        trailer = DictionaryObject()
        trailer.update(self._trailer(len(self._objects) + 1))
        trailer.write_to_stream(stream)

    def _write_stream(self, stream: Any, places: dict[int, int], start: int) -> None:
        own = len(self._objects) + 1
        places[own] = start
        index = [part for run in _runs(places) for part in (run[0], len(run))]
        table = StreamObject()
        table.update(self._trailer(own + 1))
        table[NameObject("/Type")] = NameObject("/XRef")
        table[NameObject("/W")] = _numbers(1, 8, 2)
        table[NameObject("/Index")] = _numbers(*index)
        table.set_data(
            b"".join(
                b"\x01"
                + places[number].to_bytes(8, "big")
                + self._generations.get(number, 0).to_bytes(2, "big")
                for number in sorted(places)
            )
        )
        stream.write(b"%d 0 obj\n" % own)
        table.write_to_stream(stream)
        stream.write(b"\nendobj")

    def _trailer(self, size: int) -> dict[NameObject, PdfObject]:
        trailer = self.reader.trailer
        entries = {
            NameObject("/Size"): NumberObject(size),
            NameObject("/Root"): trailer.raw_get("/Root"),
            NameObject("/Prev"): NumberObject(self.reader._startxref),  # noqa: SLF001 - kept nowhere else
            NameObject("/ID"): self._identifier(),
        }
        if isinstance(trailer.get("/Info"), IndirectObject):
            entries[NameObject("/Info")] = trailer.raw_get("/Info")
        return entries

    def _identifier(self) -> ArrayObject:
        """The file's first half stays, the second is new with each revision (ISO 32000-1, 14.4)."""
        known = entry(self.reader.trailer, "/ID")
        fresh = ByteStringObject(secrets.token_bytes(16))
        first = known[0].get_object() if isinstance(known, ArrayObject) and known else fresh
        permanent = ByteStringObject(getattr(first, "original_bytes", bytes(fresh)))
        return ArrayObject([permanent, fresh])


def _runs(places: dict[int, int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in sorted(places):
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject([NumberObject(value) for value in values])

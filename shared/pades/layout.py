"""Whether signatures sit in the file as they should: the gap, the padding, the bytes behind."""

from collections.abc import Sequence

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

Unread = list[tuple[str, str]]


def filled_fields(reader: PdfFileReader) -> tuple[list[EmbeddedPdfSignature], Unread]:
    """The signatures from the oldest to the newest, and the fields whose signature cannot be
    read.
    """
    found: list[EmbeddedPdfSignature] = []
    unread: Unread = []
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        try:
            found.append(EmbeddedPdfSignature(reader, field, name))
        except Exception as error:  # noqa: BLE001 - hostile fields break parsers in many ways
            unread.append((name, type(error).__name__))
    found.sort(key=lambda each: (each.signed_revision, end_of(each)))
    return found, unread


def end_of(embedded: EmbeddedPdfSignature) -> int:
    """Where the last signed byte range ends."""
    ranges = [int(number) for number in embedded.byte_range]
    return ranges[-2] + ranges[-1] if len(ranges) >= 2 else 0


def gap_problems(pdf: bytes, embedded: EmbeddedPdfSignature) -> list[str]:
    """The one gap in the signed bytes must hold the signature in hexadecimal, zeros, and nothing
    else.
    """
    ranges = [int(number) for number in embedded.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or not 0 < ranges[1] < ranges[2] <= len(pdf):
        return ["The signed byte ranges are not those of a PDF signature."]
    gap = pdf[ranges[1] : ranges[2]]
    try:
        held = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        held = b""
    if gap[:1] != b"<" or gap[-1:] != b">" or held != bytes(embedded.pkcs7_content):
        return ["The gap in the signed bytes holds something besides the signature."]
    if held[_der_length(held) :].strip(b"\0"):
        return ["Data is hidden behind the signature."]
    return []


def bytes_after(pdf: bytes, found: Sequence[EmbeddedPdfSignature]) -> list[str]:
    """A tail that forms no revision belongs to nobody. Line ends are harmless."""
    end = max((end_of(each) for each in found), default=len(pdf))
    tail = pdf[end:].strip(b"\r\n\t \0")
    if tail and not tail.endswith(b"%%EOF"):
        return ["Bytes that belong to no revision follow the last signature."]
    return []


def _der_length(data: bytes) -> int:
    """Length of the first DER value in `data`, header included (X.690, 8.1.3)."""
    if len(data) < 2:
        return len(data)
    first = data[1]
    if first < 0x80:
        return 2 + first
    size = first & 0x7F
    return 2 + size + int.from_bytes(data[2 : 2 + size], "big")

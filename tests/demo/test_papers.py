"""The delivery note, and the demo's own reading of an audit trail."""

import copy
import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from local.demo.closing import chain_holds
from local.demo.note import delivery_note
from shared.pades.inspecting import inspect
from tests.demo import files


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_note_is_a_pdf_that_can_be_signed(number: str, consignee: str) -> None:
    found = inspect(delivery_note(number, consignee, "2026-01-02"))
    assert (found.page_count, found.signatures, found.appendable) == (1, 0, True)


def test_the_note_says_what_is_delivered() -> None:
    text = (
        PdfReader(BytesIO(delivery_note("LS-1", "Northgate Stores", "2026-01-02")))
        .pages[0]
        .extract_text()
    )
    for word in ("Delivery note", "LS-1", "Northgate Stores", "2026-01-02", "Pallet"):
        assert word in text


def test_the_modern_pdf_is_what_its_name_says() -> None:
    pdf = files.modern_pdf(3)
    reader = PdfReader(BytesIO(pdf))
    assert b"/XRef" in pdf
    assert b"\ntrailer" not in pdf
    assert [page.rotation for page in reader.pages] == [90, 180, 270]
    assert inspect(pdf).appendable


def trail(count: int = 3) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        entry = {
            "number": number,
            "action": "ändern",
            "changes": {"title": [None, "x"]},
            "previous_hash": entries[-1]["hash"] if entries else "",
        }
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        entries.append({**entry, "hash": hashlib.sha256(text.encode()).hexdigest()})
    return {"entries": entries, "intact": True}


def test_a_whole_chain_holds() -> None:
    assert chain_holds(trail())


def altered(change: str) -> dict[str, Any]:
    found = copy.deepcopy(trail())
    entries = found["entries"]
    if change == "a word":
        entries[1]["action"] = "anlegen"
    elif change == "an addition":
        entries[1]["more"] = 1
    elif change == "an entry dropped":
        del entries[1]
    elif change == "two exchanged":
        entries[0], entries[1] = entries[1], entries[0]
    elif change == "the first dropped":
        del entries[0]
    elif change == "a hash":
        entries[2]["hash"] = "0" * 64
    elif change == "none left":
        entries.clear()
    else:
        found["intact"] = False
    return found


@pytest.mark.parametrize(
    "change",
    [
        *("a word", "an addition", "an entry dropped", "two exchanged"),
        *("the first dropped", "a hash", "none left", "the app's own word"),
    ],
)
def test_an_altered_chain_does_not_hold(change: str) -> None:
    assert not chain_holds(altered(change))

"""Verifies the signatures of a PDF, offline, against roots that the caller names.
Trusts nothing else.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from shared.pades.errors import NotAPdf
from shared.pades.report import Report, Verdict


def verify(
    pdf: bytes,
    *,
    roots: Sequence[bytes],
    now: datetime,
    timestamp_roots: Sequence[bytes] | None = None,
) -> Report:
    """`roots` in PEM or DER; those of timestamp authorities are the same unless named apart.

    A signature with a trusted timestamp is judged as of that time, another as of `now`.
    Call it from a
    worker thread: it runs an event loop of its own.
    Raises NotAPdf, and nothing for any other input.
    """
    if not pdf.startswith(b"%PDF-"):
        raise NotAPdf("The file does not begin as a PDF does.")
    if _inside_a_loop():
        raise RuntimeError("Call verify from a worker thread: it runs an event loop of its own.")
    from shared.pades.judging import Trust, judge

    trust = Trust.of(roots, timestamp_roots if timestamp_roots is not None else roots)
    try:
        return judge(pdf, trust, now)
    except Exception as error:  # noqa: BLE001 - hostile files break parsers in ways nobody can list
        problem = f"The file cannot be examined ({type(error).__name__})."
        return Report(Verdict.INVALID, problems=(problem,))


def _inside_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True

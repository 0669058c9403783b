"""The document as signers are shown it, as PDF and as pictures of its pages."""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from functions.esignature.domain.envelope import Envelope
from functions.esignature.domain.refusals import PageNotFound
from functions.esignature.domain.signer import SignerStatus
from functions.esignature.service.paper import Work, written_so_far
from functions.esignature.service.ports import SEALED_PDF, Papers
from shared.errors import Unavailable
from shared.pades.errors import PadesError
from shared.pades.rendering import render

WIDTHS_PX = (400, 800, 1200, 1600, 2000)
AT_ONCE = 2
MOST_WAITING = 8
RETRY_AFTER_S = 2


def width_drawn(width_px: int) -> int:
    """The next of a few steps, so that pictures can be kept by browsers and are few."""
    return WIDTHS_PX[min(bisect_left(WIDTHS_PX, width_px), len(WIDTHS_PX) - 1)]


def version_of(envelope: Envelope) -> str:
    """Changes whenever what is shown does: signatures only ever become more."""
    if envelope.sealed:
        return envelope.sealed.sha256
    signed = sum(1 for each in envelope.signers if each.status is SignerStatus.SIGNED)
    return f"{envelope.sha256}-{signed}" if signed else envelope.sha256


class Gate:
    """Lets in `at_once`, and makes at most `waiting` others wait; Unavailable for the rest.

    Drawing needs no login and takes much memory, so a crowd must not get through to it.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = MOST_WAITING) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._room = at_once + waiting

    @asynccontextmanager
    async def passed(self) -> AsyncGenerator[None]:
        if self._room == 0:
            raise Unavailable("Too many pages are being drawn.", retry_after_s=RETRY_AFTER_S)
        self._room -= 1
        try:
            async with self._slots:
                yield
        finally:
            self._room += 1


class Showing:
    """Keeps nothing: each time it is made anew of what is kept as blobs."""

    def __init__(self, papers: Papers, gate: Gate) -> None:
        self._papers = papers
        self._gate = gate

    async def picture(self, envelope: Envelope, number: int, width_px: int) -> bytes:
        """A page as PNG. Raises PageNotFound, or Unavailable before anything is read."""
        if not 1 <= number <= len(envelope.pages):
            raise PageNotFound(f"The document has {len(envelope.pages)} pages.")
        async with self._gate.passed():
            try:
                pdf = await self.paper(envelope)
                return await asyncio.to_thread(render, pdf, number, width_px=width_px)
            except PadesError as error:  # an odd page between sound ones
                raise PageNotFound("This page cannot be shown.") from error

    async def paper(self, envelope: Envelope) -> bytes:
        """The sealed PDF once that exists; before, the original with what was written so far."""
        if envelope.sealed is not None:
            return await self._papers.read(envelope, SEALED_PDF, envelope.sealed.sha256)
        original = await self._papers.original(envelope)
        marks = [each.initials for each in envelope.signers if each.initials is not None]
        named = {mark.sha256 for mark in marks if mark.sha256 is not None}
        drawings = {name: await self._papers.drawing(envelope, name) for name in named}
        return await asyncio.to_thread(written_so_far, Work(envelope, original, drawings))

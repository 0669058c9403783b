"""A PDF as pictures: browsers show none in a sandbox, and nobody's script shall run here."""

import asyncio

from local.board.answers import Refused
from shared.pades.errors import PadesError, PageNotFound
from shared.pades.inspecting import inspect
from shared.pades.rendering import render

LARGEST = 64 * 1024 * 1024
WIDTH_PX = 1000


async def count_pages(content: bytes) -> int:
    """Raises Refused for what is no PDF."""
    try:
        return len((await asyncio.to_thread(inspect, content)).pages)
    except PadesError as error:
        raise Refused(422, str(error)) from error


async def picture(content: bytes, number: int) -> bytes:
    """One page as PNG, the first is 1. Raises Refused."""
    try:
        return await asyncio.to_thread(render, content, number, width_px=WIDTH_PX)
    except PageNotFound as error:
        raise Refused(404, str(error)) from error
    except PadesError as error:
        raise Refused(422, str(error)) from error

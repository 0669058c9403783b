"""Every view, on a phone and on a desk, in light and dark: whole, accessible, without an error."""

import asyncio

import pytest

from tests.browser.board.places import (
    enter,
    hashes,
    longest,
    must_contrast,
    must_have_its_icons,
)
from tests.browser.board.stage import Played
from tests.browser.conftest import Visiting
from tests.browser.visiting import SIZES, Visit


@pytest.fixture
async def with_dead_letters(stage: Played) -> None:
    await stage.dead(['{"job": 1, "nested": {"text": "a"}}'], longest(stage))


async def test_every_view(stage: Played, with_dead_letters: None, visit: Visiting) -> None:
    """Both sizes at the same time: each has a process of its own."""

    async def seen_at(size: str) -> None:
        async with visit(size, "light", reduced_motion="reduce") as seen:
            for name, (address, sign) in hashes(stage).items():
                await _look(seen, stage, name, address, sign)

    async with asyncio.TaskGroup() as both:
        for size in SIZES:
            both.create_task(seen_at(size))


async def _look(seen: Visit, stage: Played, name: str, address: str, sign: str) -> None:
    size = seen.name.partition("-")[0]
    await seen.page.emulate_media(color_scheme="light")
    await enter(seen.page, stage, address, sign)
    await must_have_its_icons(seen)
    await seen.must_fit()
    seen.name = f"{size}-light"
    await seen.must_be_accessible()
    await seen.shot(f"board-{name}")
    await seen.page.emulate_media(color_scheme="dark")
    seen.name = f"{size}-dark"
    await must_contrast(seen)
    await seen.shot(f"board-{name}")

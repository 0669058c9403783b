"""A part that is down takes its panel with it and no other; nothing yet is said as nothing yet."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, expect

from local.process import Process
from tests.browser.board.places import enter
from tests.browser.board.stage import Played
from tests.browser.board.unused import started_beside
from tests.browser.conftest import Visiting
from tests.browser.visiting import visiting

REFUSED = ["503", "ERR_CONNECTION_REFUSED"]


async def test_a_part_that_is_down_comes_back_by_itself(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page, seen.expected = seen.page, REFUSED
        await enter(page, stage, "#/sent", ".letter")
        stage.azure.processes["communication"].kill()
        try:
            await expect(page.locator("#view [data-trouble]")).to_contain_text("is down")
            await expect(page.locator("#health")).to_contain_text("Not running")
            await expect(page.locator(".letter").first).to_be_visible()  # what was known stays
            await page.goto(f"{stage.url}/#/overview")
            await expect(page.locator(".needs")).to_contain_text("is down")
            await expect(page.locator("#view [data-trouble]")).to_have_count(0)
            await expect(page.locator(".tile", has_text="Sent")).to_contain_text("\u2013")
            await seen.shot("board-part-down")
            await seen.must_be_accessible()
            await page.goto(f"{stage.url}/#/sent")
            await expect(page.locator("#view [data-trouble]")).to_be_visible()
        finally:
            await asyncio.to_thread(stage.azure.start_part, "communication")
        await expect(page.locator("#view [data-trouble]")).to_have_count(0)
        await expect(page.locator(".letter").first).to_be_visible()
        await expect(page.locator("#health")).to_contain_text("parts run")


async def test_before_anything_happened(browser: Browser, unused: Process, shots: Path) -> None:
    async with visiting(browser, unused.ready["url"], shots, "phone", "dark") as seen:
        page = seen.page
        for view, sentence in {
            "overview": "Nothing has happened yet",
            "timelines": "Nothing has happened yet",
            "log": "Nothing said yet",
            "functions/calls_list": "It has not run yet",
            "messages/notifications-send": "Nothing waits here",
            "blobs/uploads?prefix=nowhere": "Nothing found",
        }.items():
            await page.goto(f"{unused.ready['url']}/#/{view}")
            await expect(page.get_by_role("heading", name=sentence)).to_be_visible()
            await seen.shot(f"board-empty-{view.partition('/')[0]}")


async def test_without_the_board_the_page_waits_for_it(
    browser: Browser, stage: Played, unused: Process, shots: Path, tmp_path: Path
) -> None:
    url = unused.ready["url"]
    async with visiting(browser, url, shots, "phone", "light") as seen:
        page, seen.expected = seen.page, REFUSED
        await page.goto(f"{url}/#/messages")
        await expect(page.locator(".entity").first).to_be_visible()
        await asyncio.to_thread(unused.stop)
        await expect(page.locator("#view [data-trouble=board]")).to_be_visible()
        await expect(page.locator(".entity").first).to_be_visible()
        await seen.shot("board-gone")
        port = int(url.rpartition(":")[2])
        again = await asyncio.to_thread(started_beside, stage, tmp_path, port)
        try:
            await expect(page.locator("#view [data-trouble]")).to_have_count(0)
        finally:
            await asyncio.to_thread(again.stop)

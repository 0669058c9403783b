"""Dead letters are looked at without being taken, sent again, and purged after a question."""

import json
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Page, expect

from tests.browser.board.places import enter
from tests.browser.board.stage import HOSTILE, QUEUE, REASON, Played
from tests.browser.conftest import Visiting
from tests.browser.visiting import Visit

ADDRESS = f"#/messages/{QUEUE}?dead=1"


@pytest.fixture
async def three(stage: Played) -> AsyncGenerator[list[str]]:
    """Three dead letters and nothing else in the queue."""
    await stage.emptied()
    bodies = [json.dumps({"number": number, "say": HOSTILE}) for number in range(3)]
    await stage.dead(bodies)
    yield bodies
    await stage.emptied()


def counted(page: Page, sign: str) -> str:
    return f".entity[href*='{QUEUE}'] [title='{sign}'] .figure"


async def test_dead_letters_are_peeked_at_sent_again_and_purged(
    stage: Played, three: list[str], visit: Visiting
) -> None:
    async with visit("desktop", "dark") as seen:
        await enter(seen.page, stage, ADDRESS, "details.message")
        await expect(seen.page.locator("details.message")).to_have_count(3)
        await _peek(seen)
        await _send_again(seen.page)
        await _purge_one(seen.page)
        await _purge_all(seen)


async def _peek(seen: Visit) -> None:
    page = seen.page
    first = page.locator("details.message").first
    await first.locator("summary").first.click()
    await expect(first.locator("pre").last).to_contain_text('"number": 0')
    await expect(first).to_contain_text(REASON)
    await expect(first).to_contain_text(HOSTILE)  # what others wrote is text
    assert await page.locator("#view :is(script, [onerror])").count() == 0
    assert await page.title() == f"{QUEUE} · Messages · Local Azure"
    await seen.shot("board-dead-letter")
    await seen.must_be_accessible()


async def _send_again(page: Page) -> None:
    first = page.locator("details.message").first
    await first.get_by_role("button", name="Resubmit").click()
    await expect(page.locator("#announcement")).to_have_text("1 message sent again.")
    await expect(page.locator("details.message")).to_have_count(2)
    await expect(page.locator(counted(page, "Waiting"))).to_have_text("1")
    await page.locator(".choice button", has_text="Waiting").click()
    await expect(page.locator("details.message")).to_have_count(1)
    await expect(page.locator("details.message")).to_contain_text("Active")
    await page.locator(".choice button", has_text="Dead letters").click()
    await expect(page.locator("details.message")).to_have_count(2)


async def _purge_one(page: Page) -> None:
    question = page.get_by_text("Gone for good. Purge it?")
    await page.locator("details.message summary").first.click()
    purge = page.locator("details.message").first.get_by_role("button", name="Purge")
    await purge.click()
    await expect(question).to_be_visible()
    await expect(purge).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await expect(purge).to_be_focused()
    await purge.click()
    await purge.click()
    await expect(page.locator("details.message")).to_have_count(1)


async def _purge_all(seen: Visit) -> None:
    page = seen.page
    await page.get_by_role("button", name="Purge all").click()
    await expect(page.get_by_text("Gone for good. Purge 1 message?")).to_be_visible()
    await seen.shot("board-purge-all")
    await seen.must_be_accessible()
    await page.get_by_role("button", name="Purge all").click()
    await expect(page.get_by_role("heading", name="No dead letters")).to_be_visible()
    await expect(page.locator("#announcement")).to_have_text("1 message purged.")

"""The log runs, holds still while somebody reads, and leads to everything under one id."""

import asyncio

from playwright.async_api import expect

from tests.browser.board.places import enter
from tests.browser.board.stage import RELAY, TIMER, UNREADABLE, Played
from tests.browser.conftest import Visiting


async def test_it_runs_and_holds_still(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, f"#/log?function={TIMER}", ".entry")
        await expect(page.locator(".sticky .state")).to_have_text("Live")
        before = await page.locator(".entry").count()
        stage.push(TIMER)
        await expect(page.locator(".entry").nth(before)).to_be_attached()

        await page.keyboard.press("p")
        await expect(page.locator(".sticky .state")).to_have_text("Paused")
        held = await page.locator(".entry").count()
        stage.push(TIMER)
        await expect(page.locator(".news button")).to_be_visible()
        assert await page.locator(".entry").count() == held
        await seen.shot("board-log-paused")
        await page.locator(".news button").click()
        await expect(page.locator(".news")).to_have_count(0)
        assert await page.locator(".entry").count() > held
        await expect(page.locator(".sticky .state")).to_have_text("Live")


async def test_scrolling_away_holds_it_too(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/log", ".entry")
        await expect(page.locator(".sticky .state")).to_have_text("Live")
        await page.evaluate("scrollTo(0, 900)")
        await asyncio.to_thread(stage.push, TIMER)
        await expect(page.locator(".news")).to_be_attached()
        assert await page.evaluate("scrollY") == 900


async def test_filters_are_in_the_address_and_errors_stand_out(
    stage: Played, visit: Visiting
) -> None:
    async with visit("desktop", "dark") as seen:
        page = seen.page
        stage.push(RELAY, UNREADABLE)
        await enter(page, stage, "#/log", ".entry")
        await page.get_by_label("Level").select_option("error")
        await expect(page.locator(".entry.bad").first).to_be_visible()
        await page.get_by_label("Text, id or error").fill("destination")
        await seen.until("location.hash.includes('text=destination')")
        line = page.locator(".entry.bad").first
        await line.get_by_role("button").click()
        await expect(line.locator("pre").first).to_contain_text("KeyError")
        await seen.shot("board-log-error")
        await seen.must_be_accessible()
        await page.get_by_label("Text, id or error").fill("no such words")
        await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
        await page.get_by_role("button", name="Show everything").click()
        await expect(page.locator(".entry").first).to_be_visible()


async def test_an_id_leads_to_its_timeline_and_back(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/log?text=esignature_seal", ".entry a.id")
        await page.locator(".entry a.id").first.click()
        await expect(page.locator(".happening.request").first).to_be_visible()
        await page.get_by_role("link", name="In the log").click()
        await expect(page.locator(".entry").first).to_be_visible()
        assert "correlation_id=" in page.url
        await page.go_back()
        await expect(page.locator(".happening.request").first).to_be_visible()

"""Functions are found, set off by hand, and tell why they failed; the list stays where it is."""

from playwright.async_api import expect

from tests.browser.board.places import enter
from tests.browser.board.stage import RELAY, TIMER, UNREADABLE, Played
from tests.browser.conftest import Visiting


async def test_a_function_is_found_and_its_failure_read(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/functions", ".function")
        await page.get_by_label("Filter functions").fill("publish TRIPS")
        await expect(page.locator(".function")).to_have_count(1)
        await page.get_by_role("button", name="Failing only").click()
        await page.locator(".function").click()
        await expect(page.get_by_role("heading", name=RELAY)).to_be_visible()
        assert "text=publish" in page.url  # the filters are part of the address
        await page.get_by_label("Input").fill(UNREADABLE)
        before = await page.locator(".run .bad").count()
        await page.get_by_role("button", name="Run now").click()
        await expect(page.locator("#announcement")).to_contain_text("was set off")
        await expect(page.locator(".run .wrong")).to_have_count(before + 1)
        await page.locator(".run .wrong summary").first.click()
        await expect(page.locator(".run pre").first).to_contain_text("relay.py")
        await seen.shot("board-stack")
        await page.go_back()
        await expect(page.locator("#view .split.chosen")).to_have_count(0)
        await expect(page.get_by_label("Filter functions")).to_have_value("publish TRIPS")


async def test_news_take_neither_focus_nor_place(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/functions", ".function")
        row = page.locator(f"a.function[href*='{TIMER}']")
        await row.focus()
        await row.evaluate("(each) => (window.focused = each)")
        place = await page.evaluate("scrollY")
        known = await row.inner_text()
        assert place > 500
        stage.push(TIMER)
        await expect(row).not_to_have_text(known)
        assert await page.evaluate("document.activeElement === window.focused")
        assert await page.evaluate("scrollY") == place


async def test_a_phone_shows_the_list_again_where_it_was_left(
    stage: Played, visit: Visiting
) -> None:
    async with visit("phone", "dark") as seen:
        page = seen.page
        await enter(page, stage, "#/functions", ".function")
        row = page.locator("a.function[href*='trips_on_user_changed']")
        await row.scroll_into_view_if_needed()
        place = await page.evaluate("scrollY")
        await row.click()
        await expect(page.get_by_role("heading", name="trips_on_user_changed")).to_be_in_viewport()
        assert await page.evaluate("scrollY") == 0
        await page.go_back()
        await expect(row).to_be_focused()
        assert abs(await page.evaluate("scrollY") - place) < 2

"""Everything by the keyboard alone."""

from playwright.async_api import expect

from tests.browser.board.places import enter
from tests.browser.board.stage import Played
from tests.browser.conftest import Visiting

VIEWS = {
    "f": "Functions", "m": "Messages", "t": "Timelines", "l": "Log",
    "c": "Cosmos DB", "b": "Blobs", "s": "Sent", "o": "Overview",
}  # fmt: skip


async def test_letters_lead_to_views_and_rows_are_walked(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        keys, heading = page.keyboard, page.get_by_role("heading", level=1)
        await enter(page, stage, "#/overview", ".tile")
        for letter, name in VIEWS.items():
            await keys.press("g")
            await keys.press(letter)
            await expect(heading).to_have_text(name)
            await expect(heading).to_be_focused()
        await keys.press("g")
        await keys.press("f")
        await expect(page.locator(".function").first).to_be_visible()
        for key in "jjjkj":
            await keys.press(key)
        third = page.locator(".function").nth(2)
        await expect(third).to_be_focused()
        name = await third.locator(".name").inner_text()
        await keys.press("Enter")
        await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


async def test_the_palette_finds_anything(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "dark") as seen:
        page, keys = seen.page, seen.page.keyboard
        await enter(page, stage, "#/overview", ".tile")
        await keys.press("/")
        box = page.get_by_role("combobox", name="Find anything")
        await expect(box).to_be_focused()
        await keys.type("notifications_send")
        await expect(page.get_by_role("option", name="notifications_send")).to_be_visible()
        await seen.shot("board-palette")
        await seen.must_be_accessible()
        await keys.press("ArrowDown")
        await keys.press("ArrowUp")
        await keys.press("Enter")
        await expect(page.get_by_role("heading", name="notifications_send")).to_be_visible()
        await keys.press("Control+k")
        await keys.type("zzz")
        await expect(page.get_by_text("Nothing is called “zzz”.")).to_be_visible()
        await keys.press("Escape")
        await expect(box).to_be_hidden()


async def test_the_list_of_keys_and_how_to_switch_them_off(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page, keys = seen.page, seen.page.keyboard
        await enter(page, stage, "#/overview", ".tile")
        await keys.press("?")
        await expect(page.get_by_role("dialog", name="What the keys do")).to_be_visible()
        await seen.shot("board-keys")
        await seen.must_be_accessible()
        await seen.must_fit()
        await page.get_by_label("Single keys do something").uncheck()
        await keys.press("Escape")
        await page.reload()
        await keys.press("/")
        await expect(page.get_by_role("combobox", name="Find anything")).to_be_hidden()
        await keys.press("Control+k")
        await expect(page.get_by_role("combobox", name="Find anything")).to_be_visible()


async def test_tab_alone_comes_to_the_content(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page, keys = seen.page, seen.page.keyboard
        await enter(page, stage, "#/functions", ".function")
        await keys.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await keys.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        assert page.url.endswith("#/functions")
        await keys.press("Tab")
        await expect(page.get_by_label("Filter functions")).to_be_focused()

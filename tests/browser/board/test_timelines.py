"""One timeline across HTTP, events, jobs and e-mails, with what failed in it and what took long."""

from playwright.async_api import expect

from tests.browser.board.places import enter, longest
from tests.browser.board.stage import Played
from tests.browser.conftest import Visiting

ORDERED = """
[...document.querySelectorAll('.happening')].every((each) => {
  const mark = each.querySelector('.lane .mark').getBoundingClientRect();
  const lane = each.querySelector('.lane').getBoundingClientRect();
  return mark.left >= lane.left - 5 && mark.right <= lane.right + 5;
})
"""


async def test_a_signature_and_all_that_it_set_off(stage: Played, visit: Visiting) -> None:
    story = longest(stage)
    await stage.dead(["{}"], story)
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, f"#/timelines/{story}", ".happening")
        for kind in ("request", "event", "job", "sent", "audit"):
            await expect(page.locator(f".happening.{kind}").first).to_be_attached()
        assert await page.evaluate(ORDERED)
        await expect(page.locator(".happening.dead-letter.bad").first).to_be_attached()
        await page.locator("button.failures").click()
        await expect(page.locator(".happening.bad summary").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(".happening.bad .content").first).to_be_visible()
        await seen.shot("board-timeline-failure")
        await seen.must_be_accessible()

        audits = await page.locator(".happening.audit").count()
        assert audits > 0
        await page.locator(".kinds .audit").click()
        await expect(page.locator(".happening.audit")).to_have_count(0)
        await page.locator(".kinds .audit").click()
        await expect(page.locator(".happening.audit")).to_have_count(audits)


async def test_timelines_are_found_and_an_id_may_be_unknown(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "dark") as seen:
        page, seen.expected = seen.page, ["404"]
        await enter(page, stage, "#/timelines", ".line")
        await page.get_by_label("Title or correlation id").fill("POST v1/trips")
        await seen.until("location.hash.includes('text=POST')")
        await expect(page.locator(".lines .name").first).to_contain_text("POST v1/trips")
        await page.get_by_role("button", name="Requests").click()
        await expect(page.locator(".lines .name").first).to_contain_text("POST")
        await page.goto(f"{stage.url}/#/timelines/{'0' * 32}")
        await expect(page.get_by_role("heading", name="No traces of this id")).to_be_visible()
        await seen.must_be_accessible()

"""Containers are asked, blobs are looked at, and what was sent is listed."""

from base64 import b64decode
from urllib.parse import quote

from playwright.async_api import expect

from tests.browser.board.places import enter
from tests.browser.board.stage import Played
from tests.browser.conftest import Visiting

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_container_is_asked(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page, seen.expected = seen.page, ["400"]
        await enter(page, stage, "#/cosmos", ".line")
        await page.get_by_label("Filter containers").fill("notif")
        await page.locator("a.line[href*='notifications']").click()
        box = page.get_by_label("Query", exact=True)
        await box.fill("SELECT c.id, c.kind FROM c WHERE c.kind = 'nobody'")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="No results")).to_be_visible()
        await expect(page.locator(".results")).to_contain_text("RU")

        await box.fill("SELEC c")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("form [role=alert]")).to_be_visible()
        await seen.shot("board-query-refused")
        await box.fill("SELECT c.id, c.tenant_id FROM c")
        await page.get_by_label("Partition key").fill('["default"')
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("form [role=alert]")).to_contain_text("no JSON list")


async def test_results_are_a_table_and_json(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/cosmos/notifications", "form.query")
        box = page.get_by_label("Query", exact=True)
        await box.fill("SELECT c.id, c.tenant_id FROM c WHERE c.tenant_id = @tenant")
        await page.get_by_label("@tenant").fill("default")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("tbody tr").first).to_contain_text("default")
        await expect(page.locator("th")).to_have_text(["Whole document", "id", "tenant_id"])
        await page.get_by_role("button", name="Document 1", exact=True).click()
        await expect(page.locator("td pre")).to_contain_text('"tenant_id": "default"')
        await seen.shot("board-query")
        await seen.must_be_accessible()
        await seen.must_fit()
        await page.get_by_role("button", name="JSON").click()
        await expect(page.locator("pre").first).to_contain_text("[")


async def test_long_answers_come_page_by_page_and_queries_are_kept(
    stage: Played, visit: Visiting
) -> None:
    async with visit("phone", "dark") as seen:
        page = seen.page
        everything = "SELECT * FROM c"
        count = max(stage.asked("containers")["items"], key=lambda each: each["items"])
        assert count["items"] > 50
        await enter(page, stage, f"#/cosmos/{count['name']}", "form.query")
        await page.get_by_label("Query", exact=True).fill(everything)
        await page.get_by_role("button", name="Ask").click()
        rows = page.locator("tbody tr")
        await expect(rows).to_have_count(50)
        await page.get_by_role("button", name="Show more").click()
        await expect(rows).to_have_count(min(100, count["items"]))
        await page.get_by_label("Query", exact=True).fill("SELECT 1")
        await page.reload()
        await expect(page.get_by_label("Query", exact=True)).to_have_value(everything)
        await expect(page.get_by_label("Asked before")).to_contain_text(everything)


async def test_a_pdf_is_looked_at(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/blobs", ".line")
        await page.locator("a.line", has_text="documents").click()
        await page.locator("a.line", has_text="application/pdf").first.click()
        sheet = page.locator(".sheets img").first
        await expect(sheet).to_be_visible()
        await seen.until("document.querySelector('.sheets img').naturalWidth > 500")
        await expect(page.get_by_role("link", name="Download")).to_have_attribute(
            "href", f"/api/blobs/documents/content?name={page.url.rpartition('/')[2]}"
        )
        await seen.must_fit()
        nowhere = quote("../<b>nowhere</b>", safe="")
        await page.goto(f"{stage.url}/#/blobs/documents/{nowhere}")
        await expect(page.get_by_role("heading", name="not in the list")).to_be_visible()


async def test_files_of_other_kinds(stage: Played, visit: Visiting) -> None:
    await stage.put("board/a.json", b'{"b": [1, "<b>"]}', "application/json")
    await stage.put("board/b.html", b"<script>document.title = 1</script>", "text/html")
    await stage.put("board/c.bin", b"\x00\x01", "application/octet-stream")
    await stage.put("board/d.png", PIXEL, "image/png")
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/blobs/uploads", ".line")
        await page.get_by_label("Begins with").fill("board/")
        await expect(page.locator("a.line")).to_have_count(4)
        await page.locator("a.line", has_text="a.json").click()
        await expect(page.locator("#detail pre")).to_contain_text('"<b>"')
        await page.locator("a.line", has_text="b.html").click()
        await expect(page.locator("#detail pre")).to_contain_text("<script>")
        await page.locator("a.line", has_text="c.bin").click()
        await expect(page.locator("#detail")).to_contain_text("not shown")
        await page.locator("a.line", has_text="d.png").click()
        await seen.until("document.querySelector('.sheets img')?.naturalWidth === 1")


async def test_what_was_sent_leads_to_its_timeline(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/sent", ".letter")
        await page.get_by_role("button", name="SMS").click()
        await expect(page.locator(".letter .badge", has_text="E-mail")).to_have_count(0)
        await expect(page.locator(".letter .badge").first).to_have_text("SMS")
        await page.get_by_role("button", name="All").click()
        await page.get_by_label("Filter by recipient").fill("milan")
        await expect(page.locator(".letter").first).to_contain_text("Milan Horvat")
        opens = page.locator(".letter a.line").first
        assert (await opens.get_attribute("href") or "").startswith("http://127.0.0.1:")
        await page.get_by_label("Filter by recipient").fill("nobody@")
        await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
        await page.get_by_label("Filter by recipient").fill("")
        await (
            page.locator(".letter", has_text="signed")
            .get_by_role("link", name="Timeline")
            .first.click()
        )
        await expect(page.locator(".happening.sent").first).to_be_visible()

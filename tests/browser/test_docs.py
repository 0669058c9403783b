"""The page about the API: found, opened, linked to, with the keyboard too."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Visiting
from tests.browser.serving import Served
from tests.browser.visiting import SCHEMES, SIZES


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_an_operation_is_found_and_read(
    served: Served, visit: Visiting, size: str, scheme: str
) -> None:
    async with visit(size, scheme) as seen:
        page = seen.page
        await page.goto(f"{served.url}/docs")
        await expect(page.get_by_role("heading", level=1)).to_have_text("CollabAzure API")
        await seen.shot("docs")
        await seen.must_be_accessible()
        await seen.must_fit()

        await page.keyboard.press("/")
        await expect(page.get_by_label("Search")).to_be_focused()
        await page.keyboard.type("signing post consent")
        await expect(page.locator("#found")).to_have_text("Found: 1")
        operation = page.locator("#esignature_consent")
        await operation.locator("summary").first.click()
        await expect(operation).to_contain_text("Permission: None: open to everybody")
        await expect(operation).to_contain_text("accepted")
        example = operation.locator("pre")
        await expect(example).to_contain_text(f"{served.url}/v1/signing/{{token}}/consent")
        await expect(example).to_contain_text('"accepted": true')
        await operation.locator("details.response summary").first.click()
        await expect(operation).to_contain_text("SigningView")
        await seen.shot("operation", full=True)
        await seen.must_be_accessible()
        await seen.must_fit()


async def test_a_link_opens_its_operation(served: Served, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await page.goto(f"{served.url}/docs#trips_plan")
        await expect(page.locator("#trips_plan")).to_have_js_property("open", True)
        await expect(page.locator("#trips_plan summary").first).to_be_in_viewport()
        await page.goto(f"{served.url}/docs#esignature_sign")
        await expect(page.locator("#esignature_sign")).to_have_js_property("open", True)
        await expect(page.locator("#esignature_sign summary").first).to_be_focused()


async def test_every_operation_opens(served: Served, visit: Visiting) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await page.goto(f"{served.url}/docs")
        await page.get_by_test_id("operation").first.wait_for()
        await page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        await seen.until(
            "[...document.querySelectorAll('.operation')]"
            ".every((each) => each.querySelector('pre')?.textContent.startsWith('curl'))"
        )
        await page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        await seen.until("document.querySelectorAll('details.response .members').length > 50")
        await seen.must_fit()


async def test_nothing_found_says_what_to_do(served: Served, visit: Visiting) -> None:
    async with visit("phone", "dark") as seen:
        page = seen.page
        await page.goto(f"{served.url}/docs")
        await page.get_by_test_id("operation").first.wait_for()
        await page.get_by_label("Search").fill("zzz")
        await expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
        await seen.shot("nothing-found")
        await seen.must_be_accessible()
        await page.get_by_role("button", name="Show everything").click()
        await expect(page.get_by_test_id("operation").first).to_be_visible()


async def test_without_the_description_it_can_be_tried_again(
    served: Served, visit: Visiting
) -> None:
    async def fail(route: Route) -> None:
        await route.fulfill(status=503)

    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, ["503"]
        await page.route("**/openapi.json", fail, times=1)
        await page.goto(f"{served.url}/docs")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_test_id("operation").first).to_be_visible()


async def test_the_example_is_copied(served: Served, visit: Visiting) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    async with visit("desktop", "light", permissions=permissions, locale="de-DE") as seen:
        page = seen.page
        await page.goto(f"{served.url}/docs#operations_report_health")
        await page.get_by_role("button", name="Kopieren").click()
        await expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == f"curl -X GET '{served.url}/health'"

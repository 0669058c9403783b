"""What a phone loads before it shows something."""

from playwright.async_api import Response

from tests.browser.conftest import Visiting
from tests.browser.serving import Served
from tests.browser.signing import link

MOST_KB = 60


async def test_the_first_view_of_the_signing_page_is_light(
    served: Served, visit: Visiting, tenant: str
) -> None:
    """Without the document's pictures; the library to draw with comes when it is needed."""
    async with visit("phone", "light") as seen:
        page, answers = seen.page, list[Response]()

        def note(answer: Response) -> None:
            answers.append(answer)

        page.on("response", note)
        await page.goto(await link(served, tenant))
        await page.get_by_test_id("document-page").first.wait_for()
        own = [each for each in answers if "/pages/" not in each.url]
        sizes = [await each.request.sizes() for each in own]
        kilobytes = sum(each["responseBodySize"] for each in sizes) / 1024
        assert 5 < kilobytes <= MOST_KB, kilobytes
        assert not [each.url for each in own if "signature_pad" in each.url]
        blocking = await page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter((each) => each.renderBlockingStatus === 'blocking').map((each) => each.name)"
        )
        assert len([name for name in blocking if name.endswith(".css")]) == 1
        assert len(blocking) == 2, blocking  # and the switch between light and dark


async def test_a_second_visit_loads_no_file_again(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await page.get_by_test_id("document-page").first.wait_for()
        await page.reload()
        await page.get_by_test_id("document-page").first.wait_for()
        loaded = await page.evaluate(
            "performance.getEntriesByType('resource').filter((each) =>"
            " each.name.includes('/assets/') && each.transferSize > 0).map((each) => each.name)"
        )
        assert loaded == []

"""From the link to the signature, as people do it with a finger, a mouse or a keyboard."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visiting
from tests.browser.serving import Served
from tests.browser.signing import MESSAGE, PICTURED, TITLE, begin, draw, link, the_envelope
from tests.browser.visiting import SCHEMES, SIZES, Visit
from tests.esignature import cast


async def keep(seen: Visit, moment: str) -> None:
    await seen.shot(moment)
    if "light" in seen.name:
        await seen.shot(f"{moment}-whole", full=True)
    await seen.must_be_accessible()
    await seen.must_fit()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_somebody_reads_agrees_draws_and_signs(
    served: Served, visit: Visiting, tenant: str, size: str, scheme: str
) -> None:
    address = await link(served, tenant)
    async with visit(size, scheme) as seen:
        page = seen.page
        await page.goto(address)
        await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        await expect(page.get_by_text("Ann Example asks you to sign")).to_be_visible()
        await expect(page.locator("blockquote")).to_have_text(MESSAGE, use_inner_text=True)
        await expect(page.get_by_test_id("document-page")).to_have_count(2)
        await seen.until(PICTURED)
        await keep(seen, "read")

        await begin(page, address)
        await draw(page)
        await page.get_by_label("Place").fill("Hamburg")
        await keep(seen, "sign")

        await page.get_by_test_id("sign").click()
        await expect(page.get_by_test_id("done")).to_contain_text("Still to sign: Ben Signer")
        await keep(seen, "done")
    signers = (await the_envelope(tenant))["signers"]
    assert [each["status"] for each in signers] == ["signed", "notified"]


async def test_the_keyboard_alone_suffices(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("desktop", "light") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await page.get_by_test_id("consent").wait_for()
        await seen.tab_to("consent")
        await page.keyboard.press("Space")
        await seen.tab_to("start")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Your signature").wait_for()
        await seen.tab_to("tab-draw")
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_test_id("tab-type")).to_be_focused()
        await seen.tab_to("typed-name")
        await expect(page.get_by_test_id("typed-name")).to_have_value("Ann Signer")
        await seen.tab_to("field-1")
        await page.keyboard.type("Hamburg")
        await seen.shot("typed")
        await seen.must_be_accessible()
        await page.keyboard.press("Enter")
        await page.get_by_test_id("done").wait_for()


async def test_what_was_entered_survives_a_reload(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await draw(page)
        await page.get_by_label("Initials").fill("A.S.")
        await page.get_by_label("Place").fill("Hamburg")
        await page.reload()

        await expect(page.get_by_label("Initials")).to_have_value("A.S.")
        await expect(page.get_by_label("Place")).to_have_value("Hamburg")
        await expect(page.locator("#review canvas")).to_be_visible()
        await page.get_by_test_id("sign").click()
        await page.get_by_test_id("done").wait_for()
        assert await page.evaluate("sessionStorage.length") == 0


async def test_a_drawing_can_be_undone_and_cleared(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await draw(page)
        drawn = page.locator("#review canvas")
        await expect(drawn).to_be_visible()
        await page.get_by_role("button", name="Undo").click()
        await expect(drawn).to_have_count(0)
        await draw(page)
        await draw(page)
        await page.get_by_role("button", name="Undo").click()
        await expect(drawn).to_be_visible()
        await page.get_by_role("button", name="Clear").click()
        await expect(drawn).to_have_count(0)


async def test_a_drawing_fits_a_turned_phone(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await draw(page)
        before = await ink(seen)
        await page.set_viewport_size({"width": 844, "height": 390})
        await seen.until("document.getElementById('pad').clientWidth > 500")
        await seen.until("Number(document.getElementById('pad').dataset.fitted) > 500")
        after = await ink(seen)
        assert after == pytest.approx(before, abs=0.02)


async def ink(seen: Visit) -> float:
    """Where the drawing ends on the pad, as a share of its width."""
    found: float = await seen.page.evaluate(
        """() => {
          const pad = document.getElementById("pad");
          const { width, height } = pad;
          const pixels = pad.getContext("2d").getImageData(0, 0, width, height).data;
          let right = 0;
          for (let at = 3; at < pixels.length; at += 4) {
            if (pixels[at]) right = Math.max(right, ((at - 3) / 4) % width);
          }
          return right / width;
        }"""
    )
    return found


async def test_back_leads_from_signing_to_reading(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await page.go_back()
        await expect(page.get_by_test_id("start-signing")).to_be_visible()
        await expect(page.get_by_test_id("consent")).to_be_checked()
        await page.go_forward()
        await expect(page.get_by_test_id("sign")).to_be_visible()


async def test_it_speaks_german(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light", locale="de-DE") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await expect(page.get_by_text("Ann Example bittet um Ihre Unterschrift")).to_be_visible()
        assert await page.evaluate("document.documentElement.lang") == "de"
        await seen.shot("german")
        await seen.must_fit()
        await page.get_by_role("link", name="English").click()
        await expect(page.get_by_text("Ann Example asks you to sign")).to_be_visible()


async def test_the_switch_outlives_the_visit(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await page.get_by_label("Appearance").select_option("dark")
        await page.reload()
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        await expect(page.get_by_label("Appearance")).to_have_value("dark")


async def test_text_twice_as_large_still_fits(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await seen.must_fit()
        await seen.shot("large")


async def test_right_to_left_is_mirrored(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await page.evaluate("document.documentElement.dir = 'rtl'")
        await seen.must_fit()
        await seen.shot("mirrored")
        sign = await page.get_by_test_id("sign").bounding_box()
        decline = await page.get_by_test_id("decline").bounding_box()
        assert sign
        assert decline
        assert sign["x"] < decline["x"]


async def test_the_last_signer_sees_the_document_become_complete(
    served: Served, visit: Visiting, tenant: str
) -> None:
    await cast.sent(tenant)
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, f"{served.url}/sign/{await cast.token_of(tenant)}")
        await draw(page)
        await page.get_by_test_id("sign").click()
        await expect(page.get_by_test_id("done")).to_contain_text("is being sealed")
        await cast.seal(tenant)
        await expect(page.get_by_test_id("done")).to_contain_text("Everybody has signed")
        async with page.expect_download() as download:
            await page.get_by_test_id("download").click()
        assert (await download.value).suggested_filename == "Lease.pdf"

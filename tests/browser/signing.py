"""What tests of the signing page have in common: an envelope, its link, and a hand that draws."""

from typing import Any

from playwright.async_api import Page

from functions.esignature import api
from tests.browser.paper import delivery_note
from tests.browser.serving import Served
from tests.esignature import cast
from tests.support.http import call, somebody

TITLE = "Delivery note for Northgate Stores"
MESSAGE = "Please confirm that the goods arrived whole.\nThank you!"
PICTURED = "document.querySelector('.page img')?.naturalWidth > 0"
FIELDS = [
    cast.field(id="sig", label="Signature of the consignee", x=0.09, y=0.46, width=0.34),
    cast.field("date", id="day", x=0.09, y=0.41, width=0.2, height=0.03),
    cast.field("initials", id="ini", x=0.5, y=0.41, width=0.12, height=0.03),
    cast.field("text", id="place", label="Place", x=0.5, y=0.46, width=0.3, height=0.04),
    cast.field("text", id="note", label="Remark", required=False, page=2, y=0.3, height=0.04),
]


async def link(served: Served, tenant: str, *, ann: int = 1, ben: int = 2, **more: Any) -> str:
    """Ann's, of a delivery note that she and Ben sign in that order."""
    signers = [cast.signer("Ann Signer", ann, fields=FIELDS), cast.signer("Ben Signer", ben)]
    asked = {"title": TITLE, "message": MESSAGE, **more}
    await cast.sent(tenant, signers, delivery_note(), **asked)
    return f"{served.url}/sign/{await cast.token_of(tenant, 'Ann' if ann <= ben else 'Ben')}"


async def the_envelope(tenant: str) -> Any:
    """As its sender sees it."""
    caller = somebody(tenant)
    listed = await call(api.envelopes.list_envelopes, method="GET", caller=caller)
    return listed.json["items"][0]


async def begin(page: Page, address: str) -> None:
    """Read and agree."""
    await page.goto(address)
    await page.get_by_test_id("consent").check()
    await page.get_by_test_id("start-signing").click()
    await page.get_by_role("heading", name="Your signature").wait_for()


async def draw(page: Page) -> None:
    """A line with some swing."""
    pad = page.get_by_test_id("signature-pad")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box
    left, middle = box["x"] + box["width"] * 0.15, box["y"] + box["height"] * 0.5
    await page.mouse.move(left, middle)
    await page.mouse.down()
    for step in range(1, 13):
        swing = box["height"] * 0.3 * (1 if step % 4 < 2 else -1) * (step % 3) / 2
        await page.mouse.move(left + box["width"] * 0.7 * step / 13, middle + swing)
    await page.mouse.up()

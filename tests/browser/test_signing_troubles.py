"""Everything but a signature: nothing filled in, no reception, a link that is over."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest
from playwright.async_api import Route, expect

from functions.esignature import api
from tests.browser.conftest import Visiting
from tests.browser.serving import Served
from tests.browser.signing import PICTURED, begin, draw, link, the_envelope
from tests.esignature import cast
from tests.esignature.cast import MovedClock

LOST = ["net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"]
REFUSED = ["the server responded with a status of"]


async def test_consent_is_asked_for_next_to_its_box(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await page.get_by_test_id("start-signing").click()
        await expect(page.locator("#consent-problem")).to_contain_text("tick the box")
        await expect(page.get_by_test_id("consent")).to_be_focused()
        await seen.shot("no-consent")
        await seen.must_be_accessible()
        await page.get_by_test_id("consent").check()
        await expect(page.locator("#consent-problem")).to_be_empty()


async def test_what_is_missing_is_said_next_to_it(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await begin(page, await link(served, tenant))
        await page.get_by_label("Initials").fill("")
        await page.get_by_test_id("sign").click()
        await expect(page.locator("#mark-problem")).to_contain_text("draw your signature")
        await expect(page.locator("#field-0-problem")).to_contain_text("initials")
        await expect(page.locator("#field-1-problem")).to_contain_text("fill this in")
        await expect(page.get_by_test_id("tab-draw")).to_be_focused()
        await seen.shot("missing", full=True)
        await seen.must_be_accessible()


async def test_no_reception_costs_nothing(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, LOST
        await begin(page, await link(served, tenant))
        await draw(page)
        await page.get_by_label("Place").fill("Hamburg")
        await page.context.set_offline(True)
        await page.get_by_test_id("sign").click()
        failure = page.locator("[data-notice=failure]")
        await expect(failure).to_contain_text("No connection")
        await seen.shot("offline")
        await page.context.set_offline(False)
        await failure.get_by_role("button", name="Try again").click()
        await page.get_by_test_id("done").wait_for()


async def test_without_the_pad_a_name_can_be_typed(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async def fail(route: Route) -> None:
        await route.abort()

    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, LOST
        await page.route("**/signature_pad*", fail)
        await begin(page, await link(served, tenant))
        await expect(page.locator("[data-notice=failure]")).to_contain_text("No connection")
        await page.get_by_test_id("tab-type").click()
        await page.get_by_label("Place").fill("Hamburg")
        await page.get_by_test_id("sign").click()
        await page.get_by_test_id("done").wait_for()


async def test_a_lost_answer_is_no_lost_signature(
    served: Served, visit: Visiting, tenant: str
) -> None:
    """The request arrives, its answer does not; the second attempt finds it done."""

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, [*LOST, *REFUSED]
        await begin(page, await link(served, tenant))
        await draw(page)
        await page.get_by_label("Place").fill("Hamburg")
        await page.route("**/sign", lose, times=1)
        await page.get_by_test_id("sign").click()
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_test_id("done")).to_contain_text("You have signed")


async def test_a_refusal_stands_next_to_its_field_with_a_reference(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, REFUSED
        await begin(page, await link(served, tenant))
        await draw(page)
        await page.get_by_label("Place").fill("Hamburg")
        await page.evaluate("document.getElementById('field-1').removeAttribute('maxlength')")
        await page.get_by_label("Place").fill("x" * 501)
        await page.get_by_test_id("sign").click()
        notice = page.locator("[data-notice=failure]")
        await expect(notice).to_contain_text("quote")
        await expect(page.locator("#field-1-problem")).to_contain_text("cannot be put")
        await seen.shot("refused")


async def test_pictures_come_once_reception_does(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async def fail(route: Route) -> None:
        await route.fulfill(status=503)

    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, REFUSED
        await page.route("**/pages/1?*", fail, times=1)
        await page.goto(await link(served, tenant))
        await seen.until(PICTURED)


async def test_declining_needs_a_reason(served: Served, visit: Visiting, tenant: str) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await page.goto(await link(served, tenant))
        await page.get_by_test_id("decline").click()
        await page.get_by_test_id("decline-confirm").click()
        await expect(page.locator("#decline-problem")).to_contain_text("give a reason")
        await seen.shot("decline")
        await seen.must_be_accessible()
        await page.get_by_test_id("decline-reason").fill("Two boxes are missing.")
        await page.get_by_test_id("decline-confirm").click()
        await page.get_by_test_id("standing-declined").wait_for()
        await seen.shot("declined")
        await seen.must_be_accessible()
    assert (await the_envelope(tenant))["status"] == "declined"


async def expired(served: Served, tenant: str, now: MovedClock) -> str:
    address = await link(served, tenant)
    now.move(days=20)
    return address


async def voided(served: Served, tenant: str, now: MovedClock) -> str:
    address = await link(served, tenant)
    wish = {"reason": "Wrong goods"}
    envelope = await the_envelope(tenant)
    await cast.act(tenant, api.envelopes.void_envelope, envelope["id"], wish)
    return address


async def replaced(served: Served, tenant: str, now: MovedClock) -> str:
    address = await link(served, tenant)
    envelope = await the_envelope(tenant)
    wish = {"signer_id": envelope["signers"][0]["id"]}
    await cast.act(tenant, api.envelopes.resend_link, envelope["id"], wish)
    return address


async def unknown(served: Served, tenant: str, now: MovedClock) -> str:
    return f"{served.url}/sign/cut-off"


async def completed(served: Served, tenant: str, now: MovedClock) -> str:
    await cast.sent(tenant)
    token = await cast.token_of(tenant)
    assert (await cast.agree_and_sign(token)).status == HTTPStatus.OK
    await cast.seal(tenant)
    return f"{served.url}/sign/{token}"


Situation = Callable[[Served, str, MovedClock], Awaitable[str]]
SITUATIONS: dict[str, tuple[Situation, str]] = {
    "standing-expired": (expired, "The time to sign is over"),
    "standing-voided": (voided, "The sender has withdrawn this document"),
    "standing-replaced": (replaced, "This link works no more"),
    "standing-unknown": (unknown, "We do not know this link"),
    "done": (completed, "Everybody has signed"),
}


@pytest.mark.parametrize("screen", SITUATIONS)
async def test_a_link_that_is_over_says_so(
    served: Served, visit: Visiting, tenant: str, now: MovedClock, screen: str
) -> None:
    situation, heading = SITUATIONS[screen]
    address = await situation(served, tenant, now)
    async with visit("phone", "dark") as seen:
        page, seen.expected = seen.page, REFUSED
        await page.goto(address)
        await page.get_by_test_id(screen).wait_for()
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        await seen.shot(f"{screen}-{situation.__name__}")
        await seen.must_be_accessible()
        await seen.must_fit()


async def test_nothing_reached_offers_to_try_again(
    served: Served, visit: Visiting, tenant: str
) -> None:
    async def fail(route: Route) -> None:
        await route.abort()

    async with visit("phone", "light") as seen:
        page, seen.expected = seen.page, LOST
        await page.route("**/v1/signing/*", fail, times=1)
        await page.goto(await link(served, tenant))
        screen = page.get_by_test_id("standing-unreachable")
        await screen.wait_for()
        await seen.shot("unreachable")
        await seen.must_be_accessible()
        await screen.get_by_role("button", name="Try again").click()
        await page.get_by_test_id("start-signing").wait_for()


@pytest.mark.parametrize(
    ("state", "screen", "said"),
    [
        ("waiting", "standing-waiting", "Still to sign: Ben Signer."),
        ("declined", "standing-ended", "Somebody else declined"),
    ],
)
async def test_others_come_first_or_end_it(
    served: Served, visit: Visiting, tenant: str, state: str, screen: str, said: str
) -> None:
    """States that the API tells only when two signers act within one look at the page."""

    async def meanwhile(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "state": state})

    async with visit("phone", "light") as seen:
        page = seen.page
        await page.route("**/v1/signing/*", meanwhile)
        await page.goto(await link(served, tenant))
        await expect(page.get_by_test_id(screen)).to_contain_text(said)
        await seen.shot(screen)
        await seen.must_be_accessible()

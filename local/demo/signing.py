"""Step 4: the envelope, and the page on which the consignee signs it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.demo.client import Client, eventually
from local.demo.delivery import Plan
from local.demo.people import CONSIGNEE, People
from local.demo.show import CheckFailed, Show

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LINK = re.compile(r"https?://[\w.:-]+/api/sign/[\w.~-]+")
Messages = Callable[[str], list[dict[str, Any]]]


@dataclass(frozen=True)
class Signers:
    """Who signs, where their links arrive, and how the first of them signs."""

    people: People
    messages: Messages
    in_browser: bool
    results: Path


def signed(show: Show, signers: Signers, plan: Plan) -> str:
    """The envelope's id, once both have signed and it is sealed."""
    people, messages = signers.people, signers.messages
    dispatcher = people.dispatcher.client
    envelope = dispatcher.post("v1/envelopes", _envelope(people, plan))
    where = f"v1/envelopes/{envelope['id']}"
    dispatcher.settle(f"{where}/send", None, already="envelope-not-draft")
    sent = dispatcher.get(where)
    show.check("the envelope is sent", sent["status"] == "sent", sent)
    link = eventually("the consignee's SMS", lambda: _link(messages(CONSIGNEE["phone"])))
    show.check("the consignee's link arrives by SMS", "/api/sign/" in link, link)
    show.check("the sender cannot see the link", "/sign/" not in str(sent))
    if not (signers.in_browser and _in_browser(show, link, signers.results)):
        _by_http(dispatcher, link, CONSIGNEE["name"])
        show.check("the consignee signs (without a browser, by the page's own calls)", True)
    again = dispatcher.with_token(None).ask(
        "POST", f"v1/signing/{_token(link)}/sign", _signature(CONSIGNEE["name"])
    )
    show.check("signing twice is refused", again.code == "already-signed", again)
    link = eventually("the driver's e-mail", lambda: _link(messages("milan@example.com")))
    _by_http(dispatcher, link, people.driver.name)
    show.check("the driver signs", True)

    def sealed() -> Any:
        found = dispatcher.get(f"v1/envelopes/{envelope['id']}")
        return found if found["status"] == "completed" else None

    show.check("the envelope is completed", eventually("sealing", sealed, 120))
    return str(envelope["id"])


def _envelope(people: People, plan: Plan) -> dict[str, Any]:
    return {
        "document_id": plan.document["id"],
        "document_version": 1,
        "title": "Delivery note for Northgate Stores",
        "message": "Please confirm that the goods arrived whole.",
        "signers": [
            {
                "name": CONSIGNEE["name"],
                "phone": CONSIGNEE["phone"],
                "channel": "sms",
                "routing_order": 1,
                "fields": [
                    _field("Received by", "signature", 0.09, 0.80, 0.34, 0.07),
                    _field("Date", "date", 0.09, 0.74, 0.2, 0.03),
                ],
            },
            {
                "name": people.driver.name,
                "email": "milan@example.com",
                "user_id": people.driver.id,
                "channel": "email",
                "routing_order": 1,
                "fields": [_field("Delivered by", "signature", 0.55, 0.80, 0.34, 0.07)],
            },
        ],
    }


def _field(
    label: str, kind: str, x: float, y: float, width: float, height: float
) -> dict[str, Any]:
    where = {"page": 1, "x": x, "y": y, "width": width, "height": height}
    name = label.lower().replace(" ", "-")
    return {"id": name, "type": kind, "required": True, "label": label, **where}


def _link(found: list[dict[str, Any]]) -> str | None:
    """In the newest message that has one."""
    match = next(filter(None, (LINK.search(message["text"]) for message in found)), None)
    return match[0] if match else None


def _token(link: str) -> str:
    return link.rpartition("/")[2]


def _signature(name: str) -> dict[str, Any]:
    return {"signature": {"kind": "typed", "text": name}, "values": {}}


def _by_http(anybody: Client, link: str, name: str) -> None:
    """What the page does, without a page."""
    client = anybody.with_token(None)
    where = f"v1/signing/{_token(link)}"
    view = client.get(where)
    client.must("GET", f"{where}/pages/1")
    consent = {"accepted": True, "version": view["consent"]["version"]}
    client.post(f"{where}/consent", consent)
    client.settle(f"{where}/sign", _signature(name), already="already-signed")


def _in_browser(show: Show, link: str, results: Path) -> bool:
    """As the consignee does on a phone. False without a browser that starts."""
    from playwright.sync_api import Error, sync_playwright

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return False
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        except Error as error:
            show.note(f"{browser} does not start: {error.message.splitlines()[0]}")
            return False
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(link)
        _sign_on(page, results)
        chromium.close()
    show.check("the consignee opens the page, draws a signature and signs", True)
    return True


def _sign_on(page: "Page", results: Path) -> None:
    """Read, consent, draw, sign; a picture of each."""
    page.get_by_test_id("document-page").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=results / "signing-page.png")
    page.get_by_test_id("consent").check()
    page.get_by_test_id("start-signing").click()
    pad = page.get_by_test_id("signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    if box is None:
        raise CheckFailed("the place to sign is not on the page")
    _draw(page, box["x"], box["y"], box["width"], box["height"])
    page.screenshot(path=results / "signing-drawn.png")
    page.get_by_test_id("sign").click()
    page.get_by_test_id("done").wait_for()
    page.screenshot(path=results / "signing-done.png")


def _draw(page: "Page", x: float, y: float, width: float, height: float) -> None:
    """A line with some swing."""
    left, middle = x + width * 0.15, y + height * 0.5
    page.mouse.move(left, middle)
    page.mouse.down()
    for step in range(1, 25):
        swing = height * 0.3 * (1 if step % 4 < 2 else -1) * (step % 3) / 2
        page.mouse.move(left + width * 0.7 * step / 25, middle + swing)
    page.mouse.up()

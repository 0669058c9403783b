"""Every view of the board, each with what shows that it is there."""

import json
from urllib.parse import quote

from playwright.async_api import Page, expect

from tests.browser.board.stage import QUEUE, RELAY, Played
from tests.browser.visiting import Visit


def hashes(stage: Played) -> dict[str, tuple[str, str]]:
    """Name to address and what is to be seen there first; long lists in part, as rows are alike."""
    story = longest(stage)
    return {
        "overview": ("#/overview", ".tile"),
        "functions": ("#/functions?text=trips", ".function"),
        "function": (f"#/functions/{RELAY}?text=trips", ".run"),
        "messages": ("#/messages", ".entity"),
        "dead-letters": (f"#/messages/{QUEUE}?dead=1", "details.message"),
        "timelines": ("#/timelines?text=sign", ".line"),
        "timeline": (f"#/timelines/{story}?text=sign", ".happening"),
        "log": ("#/log?text=seal", ".entry"),
        "cosmos": ("#/cosmos", ".line"),
        "container": ("#/cosmos/trips", "form.query"),
        "blobs": ("#/blobs", ".line"),
        "blob": (f"#/blobs/documents/{quote(_pdf(stage), safe='')}", ".sheets img"),
        "sent": ("#/sent", ".letter"),
    }


def longest(stage: Played) -> str:
    found = stage.asked("timelines?limit=200")["items"]
    return str(max(found, key=lambda each: each["entries"])["correlation_id"])


def _pdf(stage: Played) -> str:
    return str(stage.asked("blobs/documents")["items"][0]["name"])


async def enter(page: Page, stage: Played, address: str, sign: str) -> None:
    """Straight to an address, as a link in a chat would lead there."""
    await page.goto(f"{stage.url}/{address}")
    await expect(page.locator(f"#view {sign}").first).to_be_visible()


async def must_have_its_icons(seen: Visit) -> None:
    """No `use` refers to a drawing that is not there."""
    missing = await seen.page.evaluate(
        "[...document.querySelectorAll('use')].map((each) => each.getAttribute('href'))"
        ".filter((each) => !document.querySelector(each))"
    )
    assert missing == []


async def must_contrast(seen: Visit) -> None:
    """What another scheme may break of what axe found whole."""
    options = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    found = await seen.page.evaluate(f"axe.run(document, {json.dumps(options)})")
    broken = [[node["failureSummary"] for node in each["nodes"]] for each in found["violations"]]
    assert broken == []

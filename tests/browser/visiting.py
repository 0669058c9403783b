"""A visit to a page, which tells of every error, policy violation and request to elsewhere."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
SCHEMES = ("light", "dark")
VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
MOST_STOPS = 40
PATIENCE_S = 10.0
WIDER = """
[...document.body.querySelectorAll("*")]
  .filter((each) => !each.closest("pre, .view, .skip"))
  .filter((each) => Math.floor(each.getBoundingClientRect().right) > screen.width)
  .map((each) => each.outerHTML.slice(0, 90))
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Visit:
    """`expected` holds parts of console errors that a test provokes itself."""

    page: Page
    origin: str
    shots: Path
    name: str
    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    async def shot(self, moment: str, *, full: bool = False) -> None:
        path = self.shots / f"{moment}-{self.name}.png"
        await self.page.screenshot(path=path, full_page=full, animations="disabled")

    async def until(self, expression: str) -> None:
        """Asks the page again and again; its own waiting needs what the policy forbids."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.page.evaluate(expression):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)

    async def tab_to(self, element_id: str) -> None:
        """With the Tab key alone, which comes there within a page's worth of stops."""
        focused = "document.activeElement?.id"
        for _ in range(MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate(focused) == element_id:
                return
        raise AssertionError(f"Tab does not lead to {element_id}.")

    async def must_be_accessible(self) -> None:
        """No rule of WCAG 2.2 AA, nor axe's best practices, broken anywhere on the page."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
        found: Any = await self.page.evaluate(f"axe.run(document, {options})")
        broken = [
            (each["id"], [(node["html"], node["failureSummary"]) for node in each["nodes"][:3]])
            for each in found["violations"]
        ]
        assert broken == [], broken

    async def must_fit(self) -> None:
        """Nothing is wider than the screen; a phone would zoom out to show it."""
        widths = "[document.documentElement.scrollWidth, innerWidth, screen.width]"
        wide, inner, screen = await self.page.evaluate(widths)
        wider = await self.page.evaluate(WIDER)
        assert (max(wide, inner) <= screen, wider) == (True, []), wider

    async def must_be_clean(self) -> None:
        """No error in the console, no violation of the policy, no request to elsewhere."""
        violations = await self.page.evaluate("window.violations")
        assert violations == [], violations
        unexpected = [
            each for each in self.wrong if not any(part in each for part in self.expected)
        ]
        assert unexpected == [], unexpected

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(message.text)

    def on_request(self, request: Request) -> None:
        if not request.url.startswith(self.origin):
            self.wrong.append(f"request to {request.url}")


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visiting(
    browser: Browser, origin: str, shots: Path, size: str, scheme: str, **options: Any
) -> AsyncGenerator[Visit]:
    """In English and Berlin unless told otherwise. Ends with a look at what went wrong."""
    width, height = SIZES[size]
    on_phone = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    context = await browser.new_context(
        **{
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "locale": "en-GB",
            "timezone_id": "Europe/Berlin",
            **(on_phone if size == "phone" else {}),
            **options,
        }
    )
    context.set_default_timeout(10_000)
    await context.add_init_script(VIOLATIONS)
    page = await context.new_page()
    visit = Visit(page, origin, shots, f"{size}-{scheme}")
    page.on("console", visit.on_console)
    page.on("pageerror", lambda error: visit.wrong.append(str(error)))
    page.on("request", visit.on_request)
    try:
        yield visit
        await visit.must_be_clean()
    finally:
        await context.close()

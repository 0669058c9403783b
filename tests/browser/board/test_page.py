"""What a first visit loads, in which language and colours, and that it says nothing secret."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Response, expect

from local.board.page.icons import ICONS
from local.board.page.wording import MESSAGES, languages, wording
from tests.browser.board.places import enter
from tests.browser.board.stage import Played
from tests.browser.conftest import Visiting

MOST_KB = 60
STATIC = MESSAGES.parent / "static"
SAID = re.compile(r"""\b(t|n)\(\s*"([\w.\-]+)\"""")
DRAWN = re.compile(r"""icon\("([\w-]+)\"""")


async def test_the_first_view_is_light(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page, answers = seen.page, list[Response]()

        def note(answer: Response) -> None:
            answers.append(answer)

        page.on("response", note)
        await enter(page, stage, "#/overview", ".tile")
        own = [each for each in answers if "/api/" not in each.url]
        kilobytes = sum([(await each.request.sizes())["responseBodySize"] for each in own]) / 1024
        assert 10 < kilobytes <= MOST_KB, kilobytes
        blocking = await page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter((each) => each.renderBlockingStatus === 'blocking').map((each) => each.name)"
        )
        assert sorted(name.rpartition(".")[2] for name in blocking) == ["css", "js"], blocking
        assert await page.locator("script:not([src]), style, [style*=';base64']").count() == 0
        await page.reload()
        await expect(page.locator(".tile").first).to_be_visible()
        again = await page.evaluate(
            "performance.getEntriesByType('resource').filter((each) =>"
            " each.name.includes('/static/') && each.transferSize > 0).map((each) => each.name)"
        )
        assert again == []


async def test_in_german(stage: Played, visit: Visiting) -> None:
    async with visit("desktop", "dark", locale="de-DE") as seen:
        page = seen.page
        await enter(page, stage, "#/functions", ".function")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Funktionen")
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        await expect(page.locator("#zone")).to_contain_text("Europe/Berlin")
        await seen.shot("board-german")
        await page.get_by_role("link", name="English").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Functions")
        assert page.url.endswith("/?lang=en#/functions")  # the same place


async def test_the_choice_of_colours_is_kept(stage: Played, visit: Visiting) -> None:
    async with visit("phone", "light") as seen:
        page = seen.page
        await enter(page, stage, "#/overview", ".tile")
        await page.get_by_role("button", name="More").click()
        await page.get_by_label("Colours").select_option("dark")
        await seen.shot("board-menu")
        await seen.must_be_accessible()
        await page.get_by_role("link", name="Cosmos DB").click()
        await expect(page.get_by_role("link", name="Cosmos DB")).to_be_hidden()  # folded again
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_no_key_is_on_the_page(stage: Played, visit: Visiting) -> None:
    known = json.loads((stage.azure.data / "board.json").read_text(encoding="utf-8"))
    async with visit("desktop", "light") as seen:
        page, answers = seen.page, list[Response]()

        def note(answer: Response) -> None:
            if "/api/" in answer.url and "stream" not in answer.url and answer.ok:
                answers.append(answer)

        await enter(page, stage, "#/overview", ".tile")
        page.on("response", note)
        for view, sign in (("functions", ".function"), ("log", ".entry"), ("sent", ".letter")):
            await enter(page, stage, f"#/{view}", sign)
        told = [await answer.text() for answer in answers] + [await page.content()]
        assert len(told) > 3
        assert not [each for each in told if known["master_key"] in each]


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_said_in_every_language(language: str) -> None:
    said = json.loads((MESSAGES / f"{language}.json").read_text(encoding="utf-8"))
    assert said.keys() == wording("en").keys()
    for key, sentence in wording("en").items():
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", said[key])), key


def test_no_sentence_and_no_drawing_is_missing() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    for function, key in SAID.findall(source):
        wanted = key if function == "t" else f"{key}.other"
        assert wanted in wording("en"), wanted
    assert SAID.findall(source)
    drawings = {path.stem for path in ICONS.glob("*.svg")}
    assert set(DRAWN.findall(source)) <= drawings


def test_modules_are_small() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _written()}
    assert len(lines) > 15
    assert {path.name: count for path, count in lines.items() if count > 400} == {}


def _written() -> list[Path]:
    return [*STATIC.glob("*.js")]

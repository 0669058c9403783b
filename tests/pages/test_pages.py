"""Pages as browsers get them: their headers, their language, and no sentence out of place."""

import gzip
import json
import re
from collections.abc import Generator
from pathlib import Path
from string import Formatter

import pytest

from functions.esignature.api.page import open_signing_page
from functions.operations.api import show_docs
from shared.pages.languages import catalogue, chosen, languages
from shared.pages.places import SHARED, capabilities_with_pages, pages_of
from shared.pages.rendering import page
from tests.support.azure import configured
from tests.support.http import Answer, HttpFunction, call

FUNCTIONS: dict[str, HttpFunction] = {"esignature": open_signing_page, "operations": show_docs}


@pytest.fixture(autouse=True)
def published() -> Generator[None]:
    with configured(PUBLIC_BASE_URL="https://app.example.com"):
        yield


async def opened(function: HttpFunction, lang: str | None = None, **headers: str) -> Answer:
    known = {key.replace("_", "-"): value for key, value in headers.items()}
    query = {"utm_source": "chat", **({"lang": lang} if lang else {})}
    return await call(function, method="GET", headers=known, query=query, token="a-token")


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
async def test_a_page_may_load_from_us_and_nothing_else(function: HttpFunction) -> None:
    answer = await opened(function)

    assert (answer.status, answer.media_type) == (200, "text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
async def test_nothing_in_it_is_inline_or_from_elsewhere(function: HttpFunction) -> None:
    html = (await opened(function)).body.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", html) == []
    links = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert [each for each in links if not each.startswith(("/api/assets/", "#", "?lang="))] == []


async def test_a_page_behind_a_token_is_kept_nowhere_and_names_no_token() -> None:
    answer = await opened(open_signing_page)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert b"a-token" not in answer.body


async def test_a_page_for_everybody_is_asked_for_again_only_when_it_changed() -> None:
    answer = await opened(show_docs)
    again = await opened(show_docs, if_none_match=answer.etag)

    assert answer.headers["Cache-Control"] == "no-cache"
    assert again.status == 304
    assert (await opened(show_docs, "de", if_none_match=answer.etag)).status == 200


async def test_a_page_is_compressed_for_those_who_take_that() -> None:
    plain, small = await opened(show_docs), await opened(show_docs, accept_encoding="gzip")

    assert gzip.decompress(small.body) == plain.body


@pytest.mark.parametrize(
    ("accepted", "asked", "language"),
    [
        ("", None, "en"),
        ("de-AT,de;q=0.9,en;q=0.5", None, "de"),
        ("en;q=0.4, de;q=0.6", None, "de"),
        ("fr, de;q=0", None, "en"),
        ("fr-CH, fr;q=0.9, *;q=0.5", None, "en"),
        ("de", "en", "en"),
        ("de", "xx", "de"),
        ("en", "DE-ch", "de"),
        ("de;q=high", None, "en"),
        ("x" * 9999 + ",;;q=,", "../../en", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most(
    accepted: str, asked: str | None, language: str
) -> None:
    assert chosen({"accept-language": accepted}, asked) == language


async def test_a_page_says_its_language_and_direction() -> None:
    html = (await opened(open_signing_page, "de")).body.decode()

    assert '<html lang="de" dir="ltr">' in html
    assert '<a href="?lang=de" lang="de" hreflang="de" aria-current="true">Deutsch</a>' in html


async def test_behind_a_path_of_its_own_the_files_are_found() -> None:
    with configured(PUBLIC_BASE_URL="https://example.com/collab"):
        html = (await opened(show_docs)).body.decode()

    assert 'src="/collab/api/assets/' in html


def test_what_is_put_into_a_page_cannot_become_markup() -> None:
    answer = page("operations", "docs.html", {"accept-language": "en"})

    assert answer.content
    meta = re.search(rb'<meta name="messages" content="([^"]*)">', answer.content)
    assert meta
    assert b"<" not in meta[1]


def keys(folder: Path, language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "messages" / f"{language}.json").read_text())
    return found


CAPABILITIES = [
    name for name in capabilities_with_pages() if (pages_of(name) / "messages").exists()
]
FOLDERS = {"shared": SHARED, **{name: pages_of(name) for name in CAPABILITIES}}


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS.keys())
def test_every_language_says_everything(folder: Path) -> None:
    first = keys(folder, "en")
    for language in languages():
        other = keys(folder, language)
        assert other.keys() == first.keys()
        for key, sentence in other.items():
            assert sentence.strip()
            assert values(sentence) == values(first[key]), key


def values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_sentence_asked_for_exists_and_every_other_is_gone(capability: str) -> None:
    own = pages_of(capability)
    files = [*own.rglob("*.js"), *own.rglob("*.html")]
    shared = [*(SHARED / "static").glob("*.js"), *(SHARED / "templates").glob("*.html")]
    known = set(catalogue(capability, "en").sentences)
    text = "".join(path.read_text() for path in (*files, *shared))
    asked = set(re.findall(r"""\bt\(\s*(?:\w+ \? )?["']([a-z0-9.-]+)["'](?=[,)])""", text))

    assert asked - known == set()
    unused = [key for key in keys(own, "en") if f'"{key}"' not in text and not _composed(key, text)]
    assert unused == []


def _composed(key: str, text: str) -> bool:
    """Made of a beginning that is written down and an end that is computed."""
    begin, _, end = key.rpartition(".")
    return f"`{begin}.$" in text or f'name ~ ".{end}"' in text or f'"{begin}"' in text


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_no_sentence_is_in_code_or_template(capability: str) -> None:
    for path in pages_of(capability).rglob("*.html"):
        words = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text(), flags=re.DOTALL)
        assert words.split() == [], path


def test_a_missing_sentence_is_noticed() -> None:
    with pytest.raises(KeyError):
        catalogue("esignature", "en").say("no.such.sentence")

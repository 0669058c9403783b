"""The page and its files as a browser gets them. Which routes they have is the server's matter."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from local.board.page.icons import sprite
from local.board.page.wording import chosen, languages, wording
from shared.pages.assets import Assets
from shared.pages.places import SHARED
from shared.pages.policy import ASK_AGAIN, ASSET_HEADERS, FOR_EVER, PAGE_HEADERS, PERSONAL
from shared.pages.serving import accepts_gzip

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent
OF_THE_HOUSE = ("icon.svg", "theme.js")


@dataclass(frozen=True)
class Served:
    """What a server sends as it is."""

    content: bytes
    media_type: str
    headers: Mapping[str, str]


def page(headers: Mapping[str, str], lang: str | None) -> Served:
    """The one page, in the reader's language."""
    language = chosen(headers.get("accept-language", ""), lang)
    said = wording(language)
    text = _template().render(
        t=said.__getitem__,
        language=language,
        languages=[(each, wording(each)["language.name"]) for each in languages()],
        messages=json.dumps(dict(said), ensure_ascii=False, separators=(",", ":")),
    )
    return _sent(text.encode(), "text/html", headers, {**PAGE_HEADERS, **PERSONAL})


def asset(hashed_name: str, headers: Mapping[str, str]) -> Served:
    """Raises Missing."""
    found, current = files().hashed(hashed_name)
    keeping = FOR_EVER if current else ASK_AGAIN
    return _sent(found.content, found.media_type, headers, {**ASSET_HEADERS, **keeping})


@cache
def files() -> Assets:
    """Ours, and those of the house that we use; our styles follow the house's in one file."""
    found = {name: SHARED / "static" / name for name in OF_THE_HOUSE}
    found |= {path.name: path for path in (HERE / "static").glob("*.js")}
    house = sorted((SHARED / "static" / "house").glob("*.css"))
    return Assets(found, house + sorted((HERE / "css").glob("*.css")))


def _sent(
    content: bytes, media_type: str, headers: Mapping[str, str], more: Mapping[str, str]
) -> Served:
    if not accepts_gzip(headers):
        return Served(content, media_type, more)
    small = gzip.compress(content, 6, mtime=0)
    return Served(small, media_type, {**more, "Content-Encoding": "gzip"})


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    drawing = Markup(sprite())  # noqa: S704 - files of our own
    environment.globals.update(asset=_address, modules=_addresses, sprite=drawing)
    return environment.get_template("index.html")


def _address(name: str) -> str:
    return f"/static/{files().named(name).hashed_name}"


def _addresses(name: str) -> list[str]:
    return [_address(each.name) for each in files().named(name).all_imports()]

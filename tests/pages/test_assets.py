"""Files under names that change with their content."""

import gzip
import re
from pathlib import Path

import pytest

from functions.operations.api import serve_asset
from shared.errors import Missing
from shared.pages.assets import Assets, assets
from shared.pages.places import VENDOR
from tests.support.http import Answer, call

STYLES = "esignature.sign.css"


async def get(name: str, **headers: str) -> Answer:
    known = {key.replace("_", "-"): value for key, value in headers.items()}
    return await call(serve_asset, method="GET", headers=known, name=name)


def hashed(name: str = STYLES) -> str:
    return assets().named(name).hashed_name


async def test_a_file_is_kept_for_ever() -> None:
    answer = await get(hashed())

    assert answer.status == 200
    assert answer.media_type == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.body.startswith(b"/* Design tokens")


async def test_it_is_compressed_for_those_who_take_that() -> None:
    plain = await get(hashed())
    small = await get(hashed(), accept_encoding="br, gzip;q=0.8")

    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2
    assert small.etag != plain.etag


@pytest.mark.parametrize("coding", ["", "br", "gzip;q=0", "identity", "gzip; q=0.0"])
async def test_it_is_not_compressed_for_others(coding: str) -> None:
    assert "Content-Encoding" not in (await get(hashed(), accept_encoding=coding)).headers


async def test_what_is_known_is_not_sent_again() -> None:
    again = await get(hashed(), if_none_match=(await get(hashed())).etag)

    assert (again.status, again.body) == (304, b"")


async def test_a_page_of_another_version_gets_what_there_is_and_asks_again() -> None:
    answer = await get("theme-0123456789abcdef.js")

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["", "theme.js", "nothing-0123456789abcdef.js", "../x-0123456789abcdef.js", "a" * 999]
)
async def test_other_names_are_not_found(name: str) -> None:
    assert (await get(name)).code == "not-found"


def test_one_stylesheet_has_the_house_and_the_page() -> None:
    styles = assets().named(STYLES).content.decode()

    assert styles.index("--accent") < styles.index(".button") < styles.index(".pad")


def test_imports_are_put_under_their_present_names() -> None:
    module = assets().named("esignature.sign.js")

    for other in module.imports:
        assert f'"./{other.hashed_name}"'.encode() in module.content
    assert b'"./elements.js"' not in module.content


def test_a_library_is_not_among_what_loads_at_once() -> None:
    names = [each.name for each in assets().named("esignature.sign.js").all_imports()]

    assert "esignature.drawing.js" in names
    assert "signature_pad.min.js" not in names
    assert len(names) == len(set(names))


def test_a_change_deep_down_changes_every_name_above(tmp_path: Path) -> None:
    def names(text: str) -> list[str]:
        (tmp_path / "low.js").write_text(text)
        files = {path.name: path for path in tmp_path.iterdir()}
        made = Assets(files, [])
        return [made.named(name).hashed_name for name in ("top.js", "middle.js", "alone.js")]

    (tmp_path / "top.js").write_text('import { a } from "./middle.js";')
    (tmp_path / "middle.js").write_text("export const a = await import('./low.js');")
    (tmp_path / "alone.js").write_text("export const b = 1;")
    before, after = names("1"), names("2")

    assert before[:2] != after[:2]
    assert before[2] == after[2]


def test_modules_in_a_ring_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";')
    (tmp_path / "b.js").write_text('import "./a.js";')
    ring = Assets({path.name: path for path in tmp_path.iterdir()}, [])

    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        ring.named("a.js")


def test_an_import_of_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";')

    with pytest.raises(Missing):
        Assets({"a.js": tmp_path / "a.js"}, []).named("a.js")


def test_what_is_copied_is_what_is_pinned() -> None:
    import json

    pinned = json.loads((VENDOR / "package.json").read_text())["dependencies"]
    pad = (VENDOR / "signature_pad" / "signature_pad.min.js").read_text()
    icon = (VENDOR / "lucide" / "clock.svg").read_text()

    assert f"Signature Pad v{pinned['signature_pad']} " in pad
    assert f"lucide-static v{pinned['lucide-static']} " in icon
    assert "MIT" in (VENDOR / "signature_pad" / "LICENSE").read_text()
    assert "ISC" in (VENDOR / "lucide" / "LICENSE").read_text()


def test_both_ways_to_dark_are_the_same() -> None:
    styles = assets().named("house.css").content.decode()
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', styles, re.DOTALL)
    preferred = re.search(r":root:not\(\[data-theme\]\) \{(.*?)\}", styles, re.DOTALL)

    assert chosen
    assert preferred
    assert chosen[1].split() == preferred[1].split()

"""All files that browsers may ask for, under names that change with their content.

There is no build step. A stylesheet of a page has the house's styles before its own, so that one
file blocks the first view. In a module, `"./other.js"` is put as the name of what that file is now.
"""

import re
from functools import cache
from pathlib import Path

from shared.errors import Missing
from shared.pages.asset import MEDIA_TYPES, Asset
from shared.pages.places import SHARED, VENDOR, capabilities_with_pages, pages_of

HASHED = re.compile(r"^(?P<stem>[a-z][a-z0-9_.]*)-(?P<digest>[0-9a-f]{16})(?P<suffix>\.[a-z]+)$")
IMPORTED = re.compile(
    r"""(?P<dynamic>import\()?(?P<quote>["'])\./(?P<name>[a-z][a-z0-9_.]*\.js)\2"""
)


class Assets:
    """The files of some folders by name; what lies in a capability's folder has its name before."""

    def __init__(self, files: dict[str, Path], house: list[Path]) -> None:
        self._files = files
        self._house = b"\n".join(path.read_bytes() for path in house)
        self._made: dict[str, Asset] = {}

    def named(self, name: str, asking: tuple[str, ...] = ()) -> Asset:
        """Raises Missing, and ValueError for modules that import each other in a ring."""
        if name not in self._made:
            self._made[name] = self._make(name, asking)
        return self._made[name]

    def hashed(self, name: str) -> tuple[Asset, bool]:
        """The asset of a hashed name, and whether it still has that content.

        While a new version is rolled out, a page of one may ask an instance of the other. Raises
        Missing.
        """
        match = HASHED.match(name)
        if match is None:
            raise Missing("There is no such file.")
        asset = self.named(match["stem"] + match["suffix"])
        return asset, asset.digest == match["digest"]

    def _make(self, name: str, asking: tuple[str, ...]) -> Asset:
        if name in asking:
            raise ValueError(f"Modules import each other: {' -> '.join((*asking, name))}.")
        path = self._files.get(name)
        if path is None and name != "house.css":
            raise Missing("There is no such file.")
        content = b"" if path is None else path.read_bytes()
        if name.endswith(".css"):
            return Asset(name, self._house + b"\n" + content)
        if name.endswith(".js"):
            return self._module(name, content.decode(), (*asking, name))
        return Asset(name, content)

    def _module(self, name: str, source: str, asking: tuple[str, ...]) -> Asset:
        imports: list[Asset] = []

        def put(match: re.Match[str]) -> str:
            other = self.named(match["name"], asking)
            if not match["dynamic"]:
                imports.append(other)
            return f'{match["dynamic"] or ""}"./{other.hashed_name}"'

        return Asset(name, IMPORTED.sub(put, source).encode(), tuple(imports))


@cache
def assets() -> Assets:
    """Read once, when the first page or file is asked for."""
    files = _files(SHARED / "static", "") | _files(VENDOR, "", "*/*")
    for capability in capabilities_with_pages():
        files |= _files(pages_of(capability) / "static", f"{capability}.")
    return Assets(files, sorted((SHARED / "static" / "house").glob("*.css")))


def _files(folder: Path, prefix: str, pattern: str = "*") -> dict[str, Path]:
    return {
        prefix + path.name: path
        for path in folder.glob(pattern)
        if path.suffix in MEDIA_TYPES and path.is_file()
    }

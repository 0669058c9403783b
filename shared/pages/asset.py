"""One file as browsers get it: its bytes, and a name that changes with them."""

import gzip
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
HASH_LENGTH = 16


@dataclass(frozen=True)
class Asset:
    """`imports` are the assets that a module loads at once, nearest first."""

    name: str
    content: bytes
    imports: tuple["Asset", ...] = ()

    @cached_property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()[:HASH_LENGTH]

    @property
    def hashed_name(self) -> str:
        """`sign.js` becomes `sign-0123456789abcdef.js`."""
        path = PurePosixPath(self.name)
        return f"{path.stem}-{self.digest}{path.suffix}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[PurePosixPath(self.name).suffix]

    @cached_property
    def gzipped(self) -> bytes:
        """The same bytes for the same content, on every instance."""
        return gzip.compress(self.content, mtime=0)

    def all_imports(self) -> tuple["Asset", ...]:
        """What loading this module loads too, each once."""
        found: dict[str, Asset] = {}
        for each in self.imports:
            found.setdefault(each.name, each)
            for deeper in each.all_imports():
                found.setdefault(deeper.name, deeper)
        return tuple(found.values())

"""Which credentials there are, and how none of them gets into an answer. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from local.board.surroundings import Surroundings

HIDDEN = b"(hidden)"
SHORTEST = 6  # shorter ones are words that occur everywhere
SECRET_NAME = re.compile(r"(key|secret|password|token|signature|credential)$", re.IGNORECASE)
SECRET_PART = re.compile(r"(?i)(?:^|;)\s*(?:AccountKey|SharedAccess(?:Key|Signature))=([^;]+)")


class Hiding:
    """Takes credentials out of text that others wrote: logs, errors, documents."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        # The longest first: a connection string goes as a whole before the key within it.
        self._spellings = sorted(spellings, key=len, reverse=True)

    def hide(self, content: bytes) -> bytes:
        for each in self._spellings:
            if each in content:
                content = content.replace(each, HIDDEN)
        return content


def secrets_of(surroundings: Surroundings) -> set[str]:
    """Every value that opens something."""
    found = {surroundings.master_key}
    for name, value in surroundings.settings.items():
        parts = SECRET_PART.findall(value)
        found.update(part.strip() for part in parts)
        if parts or SECRET_NAME.search(name):
            found.add(value)
    return {each for each in found if len(each) >= SHORTEST}


def _spellings(secret: str) -> Iterator[bytes]:
    """As it is, as JSON writes it, and as addresses carry it."""
    yield secret.encode()
    yield json.dumps(secret)[1:-1].encode()
    yield json.dumps(secret)[1:-1].replace("/", "\\/").encode()
    yield quote(secret, safe="").encode()
    yield quote(secret, safe="").lower().encode()

"""The links of a message, from its text and its HTML, each once and in order."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

URL = re.compile(r"https?://[^\s<>\"']+")
TRAILING = ".,;:!?)]}"
SAFE = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True)
class Link:
    """`text` is what the message calls it; empty where it is the address itself."""

    href: str
    text: str = ""


@dataclass
class _Anchors(HTMLParser):
    found: list[Link] = field(default_factory=list)
    _href: str = ""
    _text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._text = (dict(attrs).get("href") or "").strip(), []

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href.lower().startswith(SAFE):
            text = " ".join("".join(self._text).split())
            self.found.append(Link(self._href, "" if text == self._href else text))
            self._href = ""


def links_of(message: dict[str, Any]) -> list[Link]:
    """Those of the HTML first, as they have names. Nothing but web, mail and phone addresses."""
    anchors = _Anchors()
    anchors.feed(message["html"])
    anchors.close()
    in_text = [Link(url.rstrip(TRAILING)) for url in URL.findall(message["text"])]
    by_href: dict[str, Link] = {}
    for link in (*anchors.found, *in_text):
        by_href.setdefault(link.href, link)
    return list(by_href.values())

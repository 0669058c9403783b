"""Pages as they are written: their links, headings and shell blocks. Knows Markdown, not us."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every page that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def prose(page: Path) -> str:
    """Without what stands in code blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def shell(page: Path) -> str:
    """Everything that readers are told to type, continued lines joined."""
    blocks = FENCED.findall(page.read_text(encoding="utf-8"))
    return "\n".join(body for kind, body in blocks if kind == "sh").replace("\\\n", " ")


def anchors(page: Path) -> set[str]:
    """As GitHub names the headings of a page."""
    return {anchor(heading) for heading in HEADING.findall(prose(page))}


def anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def broken_links(page: Path) -> list[str]:
    """Links to files or headings that are not there; other sites are not asked."""
    return [link for link in LINK.findall(prose(page)) if not _resolves(page, link)]


def _resolves(page: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True
    path, _, heading = link.partition("#")
    target = (page.parent / path).resolve()
    if path and not (target.exists() and target.is_relative_to(ROOT)):
        return False
    return not heading or heading in anchors(target if path else page)

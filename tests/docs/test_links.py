"""Links lead somewhere."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, anchor, broken_links, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    assert broken_links(page) == []


def test_every_page_can_be_found() -> None:
    """From an index: nobody reads what nothing leads to."""
    index = "".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in (
            "README.md",
            "docs/README.md",
            "docs/operations/README.md",
            "docs/decisions/README.md",
        )
    )
    assert [page.name for page in pages() if page.name not in index] == []


@pytest.mark.parametrize(
    "link", ["nowhere.md", "docs/architecture.md#no-such-heading", "../outside.md", "#nothing"]
)
def test_a_broken_link_is_noticed(tmp_path: Path, link: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\nRead [this]({link}).\n", encoding="utf-8")

    assert broken_links(page) == [link]


def test_links_in_code_are_no_links(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\n[a](b)\n```\nSee [me](#a--heading).\n\n## A  heading\n", "utf-8")

    assert broken_links(page) == []


def test_headings_are_named_as_on_github() -> None:
    assert anchor("What is there, and why?") == "what-is-there-and-why"

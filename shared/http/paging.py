"""Lists in pages: `?limit=&cursor=` in, `{items, next_cursor}` out.

A cursor is a keyset: the id behind which the next page starts. Things that appear or vanish
between two pages neither repeat nor hide others.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from pydantic import ConfigDict, Field

from shared.errors import Malformed
from shared.model import Model
from shared.records.document import D, Stored

V = TypeVar("V", bound=Model)
PREFIX = "after:"


class Paging(Model):
    """The query parameters of every list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(
        None, max_length=500, description="`next_cursor` of the page before."
    )

    def after(self) -> str | None:
        """The id to continue behind. Raises Malformed for a cursor that is none of ours."""
        if self.cursor is None:
            return None
        try:
            decoded = base64.urlsafe_b64decode(self.cursor.encode()).decode()
        except (binascii.Error, UnicodeError) as error:
            raise Malformed("The cursor is not one that a list gave.") from error
        if not decoded.startswith(PREFIX):
            raise Malformed("The cursor is not one that a list gave.")
        return decoded.removeprefix(PREFIX)


class Page(Model, Generic[V]):
    """Some of a list; without `next_cursor` it is the end."""

    items: list[V]
    next_cursor: str | None = None


async def page(
    asked: Paging,
    view: type[V],
    find: Callable[[str | None, int], Awaitable[list[Stored[D]]]],
) -> Page[V]:
    """A page of documents whose view has the same fields."""
    return await page_of(asked, view.model_validate, find)


async def page_of(
    asked: Paging,
    view: Callable[[D], V],
    find: Callable[[str | None, int], Awaitable[list[Stored[D]]]],
) -> Page[V]:
    """Asks `find(after, limit)` for one item more than a page holds, to know if more follow."""
    found = [stored.document for stored in await find(asked.after(), asked.limit + 1)]
    shown, more = found[: asked.limit], len(found) > asked.limit
    return Page(
        items=[view(document) for document in shown],
        next_cursor=cursor_behind(shown[-1].id) if more else None,
    )


def cursor_behind(document_id: str) -> str:
    return base64.urlsafe_b64encode(f"{PREFIX}{document_id}".encode()).decode()

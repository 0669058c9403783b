"""Imports, as the tests of auth need them."""

import csv
import json
from io import StringIO
from typing import Any

from functions.auth import events
from functions.auth.api import imports as api
from functions.auth.api import users
from shared.contracts.auth import ImportUsers
from shared.identity.caller import Caller
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by


async def begin(
    tenant: str,
    content: str | bytes | list[Any],
    media_type: str = "text/csv",
    caller: Caller | None = None,
    **query: str,
) -> Answer:
    if isinstance(content, list):
        content, media_type = json.dumps(content), "application/json"
    return await call(
        api.import_users,
        content.encode() if isinstance(content, str) else content,
        caller=caller or somebody(tenant),
        query=query,
        headers={"content-type": media_type},
    )


async def jobs(tenant: str) -> list[ImportUsers]:
    return [ImportUsers.model_validate(job) for job in await told_by("auth", tenant, ImportUsers)]


async def worked(tenant: str) -> None:
    """All that waits, as the queue would bring it."""
    done: set[str] = set()
    while waiting := [job for job in await jobs(tenant) if job.id not in done]:
        for job in waiting:
            await events.work_off_import(message(job))
            done.add(job.id)


async def read(tenant: str, begun: Answer) -> dict[str, Any]:
    answer = await call(
        api.read_import, method="GET", caller=somebody(tenant), import_id=begun.json["id"]
    )
    assert answer.status == 200
    return dict(answer.json)


async def reported(tenant: str, begun: Answer, **query: str) -> list[dict[str, str]]:
    answer = await call(
        api.read_report,
        method="GET",
        caller=somebody(tenant),
        query=query,
        import_id=begun.json["id"],
    )
    assert (answer.status, answer.media_type) == (200, "text/csv")
    return list(csv.DictReader(StringIO(answer.body.decode("utf-8-sig"), newline="")))


async def imported(
    tenant: str, content: str | bytes | list[Any], **query: str
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    begun = await begin(tenant, content, "text/csv", None, **query)
    assert begun.status == 202, begun.body
    await worked(tenant)
    return await read(tenant, begun), await reported(tenant, begun, all="true")


async def everybody(tenant: str) -> dict[str, dict[str, Any]]:
    query = {"limit": "100"}
    answer = await call(users.list_users, method="GET", caller=somebody(tenant), query=query)
    return {user["email"]: user for user in answer.json["items"]}


def many(count: int, **more: str) -> list[dict[str, str]]:
    return [{"email": f"u{n}@example.com", "name": f"U {n}", **more} for n in range(count)]

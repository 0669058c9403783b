"""The record as JSON: filtered, followed, cleared, brought back; and what previews may do."""

import asyncio
import base64
import json
from typing import Any

import pytest

from tests.contract.communication.running import SENDER, TO, Running, mail

SCRIPT = '<script>document.title = "harm"</script>'
PIXEL = base64.b64encode(b"\x89PNG").decode()


async def send_some(recorder: Running) -> None:
    """An SMS, a mail to Ana, an SMS: in this order."""
    async with recorder.sms() as sms, recorder.email() as email:
        await sms.send(SENDER, TO, "first")
        await email.begin_send(mail(recipients={"bcc": [{"address": "Ana@Example.com"}]}))
        await sms.send(SENDER, "+491701234567", "last")


async def test_newest_first_and_filtered(recorder: Running) -> None:
    assert await recorder.messages() == []
    await send_some(recorder)
    assert [one["channel"] for one in await recorder.messages()] == ["sms", "email", "sms"]
    assert [one["channel"] for one in await recorder.messages(channel="email")] == ["email"]
    assert [one["text"] for one in await recorder.messages(to="4255550123")] == ["first"]
    assert [one["channel"] for one in await recorder.messages(to=" ana@EXAMPLE ")] == ["email"]
    assert await recorder.messages(to="ana", channel="sms") == []
    assert await recorder.messages(to="%") == []
    assert len(await recorder.messages(limit="2")) == 2


async def test_following_what_is_new(recorder: Running) -> None:
    await send_some(recorder)
    async with recorder.http.get("/_local/messages") as response:
        latest = (await response.json())["latest"]
    assert await recorder.messages(after=str(latest)) == []
    async with recorder.sms() as sms:
        await sms.send(SENDER, TO, "newer")
    assert [one["text"] for one in await recorder.messages(after=str(latest))] == ["newer"]


@pytest.mark.parametrize("query", [{"channel": "fax"}, {"after": "x"}, {"limit": "many"}])
async def test_questions_that_make_no_sense(recorder: Running, query: dict[str, str]) -> None:
    async with recorder.http.get("/_local/messages", params=query) as response:
        assert response.status == 400


async def test_clearing_and_bringing_back(recorder: Running) -> None:
    await send_some(recorder)
    assert await change(recorder, "DELETE", "/_local/messages") == {"cleared": 3}
    assert await recorder.messages() == []
    assert await change(recorder, "POST", "/_local/messages/restore") == {"restored": 3}
    assert len(await recorder.messages()) == 3
    await change(recorder, "DELETE", "/_local/messages")
    assert await change(recorder, "DELETE", "/_local/messages") == {"cleared": 0}
    assert await change(recorder, "POST", "/_local/messages/restore") == {"restored": 0}


async def test_a_repeat_stays_a_repeat_after_clearing(recorder: Running) -> None:
    operation = "7d3b0c9e-57f5-4bd0-9b2f-6d5c0a4d3f11"
    async with recorder.email() as email:
        await email.begin_send(mail(), operation_id=operation)
        await change(recorder, "DELETE", "/_local/messages")
        await change(recorder, "DELETE", "/_local/messages")
        await email.begin_send(mail(), operation_id=operation)
    assert await recorder.messages() == []


async def change(recorder: Running, method: str, path: str) -> Any:
    async with recorder.http.request(method, path) as response:
        assert response.status == 200
        return await response.json()


async def test_changes_are_told_at_once(recorder: Running) -> None:
    async with recorder.http.get("/_local/events") as stream, recorder.sms() as sms:
        assert stream.content_type == "text/event-stream"
        assert await next_version(stream) == 0
        await sms.send(SENDER, TO, "Hi")
        assert await next_version(stream) == 1


async def next_version(stream: Any) -> int:
    async with asyncio.timeout(5):
        line = await stream.content.readuntil(b"\n\n")
    return int(line.removeprefix(b"data: "))


async def test_html_is_shown_in_a_sandbox(recorder: Running) -> None:
    html = f'<html><HEAD></HEAD><img src="cid:logo">{SCRIPT}</html>'
    logo = {
        "name": "logo.png",
        "contentType": "image/png",
        "contentInBase64": PIXEL,
        "contentId": "logo",
    }
    content = {"subject": "S", "html": html}
    async with recorder.email() as email:
        await email.begin_send(mail(content=content, attachments=[logo]))
    (recorded,) = await recorder.messages()
    async with recorder.http.get(f"/messages/{recorded['id']}/html") as response:
        policy = response.headers["Content-Security-Policy"]
        shown = await response.text()
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert '<HEAD><base target="_blank">' in shown
    assert f'src="{recorded["attachments"][0]["url"]}"' in shown
    async with recorder.http.get(recorded["attachments"][0]["url"]) as response:
        assert response.headers["Content-Disposition"].startswith("inline;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_attachments_with_harmful_types_and_names_are_downloads(recorder: Running) -> None:
    async with recorder.email() as email:
        for kind in ("text/html", "image/svg+xml", "text/html\r\nSet-Cookie: y=1", "é"):
            harmful = {
                "name": 'a"\r\nSet-Cookie: x=1.html',
                "contentType": kind,
                "contentInBase64": base64.b64encode(SCRIPT.encode()).decode(),
                "contentId": "c",
            }
            await email.begin_send(mail(attachments=[harmful]))
    for recorded in await recorder.messages():
        async with recorder.http.get(recorded["attachments"][0]["url"]) as response:
            assert response.status == 200
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/messages/none", "/messages/none/html", "/messages/none/attachments/0", "/nowhere"],
)
async def test_what_is_not_here(recorder: Running, path: str) -> None:
    async with recorder.http.get(path) as response:
        assert response.status == 404


async def test_health(recorder: Running) -> None:
    await send_some(recorder)
    async with recorder.http.get("/_local/health") as response:
        assert json.loads(await response.text()) == {"status": "ok", "messages": 3}

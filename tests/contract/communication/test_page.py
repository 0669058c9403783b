"""The message board in a real browser: what people do there, on a phone and on a desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.communication.email import EmailClient
from playwright.sync_api import Browser, expect

from local.process import Process
from tests.contract.communication.browser import CHROMIUM, DESKTOP, PHONE, chromium, visit
from tests.contract.communication.running import KEY, SENDER, TO, mail
from tests.contract.communication.test_process import CREDENTIAL, sms_client, started

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")

SIGN = "http://127.0.0.1:9/sign?token=abc"
HTML = f'<body style="background: #eee"><h1>Sign</h1><a href="{SIGN}">Read and sign</a></body>'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Process]:
    process = started(tmp_path, key=KEY)
    try:
        yield process
    finally:
        process.stop()


def send_sms(recorder: Process, text: str, to: str = TO) -> None:
    with sms_client(recorder) as sms:
        assert sms.send(SENDER, to, text)[0].successful


def send_mail(recorder: Process, html: str = HTML, **content: str) -> str:
    """The message's id."""
    message = mail(content={"subject": "Please sign", "plainText": "Text", "html": html, **content})
    with EmailClient(recorder.ready["url"], CREDENTIAL) as email:
        sent: Any = email.begin_send(message).result()
    return str(sent["id"])


def test_empty_board_teaches_and_then_fills_by_itself(browser: Browser, recorder: Process) -> None:
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto("/")
        expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
        expect(page.locator("pre")).to_contain_text(recorder.ready["url"])
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        send_sms(recorder, "Your code is 123 456. https://collab.example/c")
        expect(page.locator("#list a")).to_have_count(1)
        expect(page.locator("#count")).to_have_text("1 message")
        expect(page.locator(".bubble")).to_contain_text("Your code is 123 456")
        expect(page.locator("#announcement")).to_have_text(f"New message for {TO}")
        expect(page.locator(".bubble a")).to_have_attribute("rel", "noopener noreferrer")
        assert visited.wrong == []


def test_mail_is_previewed_without_harm_and_its_link_opens(
    browser: Browser, recorder: Process
) -> None:
    harmful = HTML + "<script>parent.document.title = 'harm'; top.location = '/harm'</script>"
    message = send_mail(recorder, harmful)
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto(f"/messages/{message}")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Sign")).to_be_visible()
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="Read and sign").click()
        assert opened.value.url == SIGN or opened.value.url.startswith("chrome-error")
        expect(page).to_have_title("Please sign · Messages")
        assert page.url.endswith(message)
        link = page.get_by_role("list").get_by_role("link", name="Read and sign")
        expect(link).to_have_attribute("href", SIGN)


def test_filter_works_while_typing_and_survives_reload(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "for one")
    send_sms(recorder, "for the other", to="+491701234567")
    send_mail(recorder)
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto("/")
        expect(page.locator("#list a")).to_have_count(3)
        page.get_by_label("Recipient").fill("4917")
        expect(page.locator("#list a")).to_have_count(1)
        assert page.url.endswith("/?to=4917")
        page.reload()
        expect(page.get_by_label("Recipient")).to_have_value("4917")
        expect(page.locator("#list a")).to_have_count(1)
        page.get_by_label("Recipient").fill("nobody")
        page.get_by_role("link", name="Show all messages").click()
        expect(page.locator("#list a")).to_have_count(3)
        page.get_by_role("radio", name="E-mail").check(force=True)
        expect(page.locator("#list a")).to_have_count(1)
        assert visited.wrong == []


def test_clearing_can_be_undone(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "first")
    send_sms(recorder, "second")
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto("/")
        page.get_by_role("button", name="Clear").click()
        expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
        expect(page.get_by_text("Cleared 2 messages.")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#list a")).to_have_count(2)
        assert visited.wrong == []


def test_phone_shows_list_or_message_and_back_works(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "read me")
    with visit(browser, recorder.ready["url"], PHONE) as visited:
        page = visited.page
        visited.goto("/")
        expect(page.locator("article")).to_be_hidden()
        page.locator("#list a").click()
        expect(page.locator(".bubble")).to_be_visible()
        expect(page.get_by_label("Recipient")).to_be_hidden()
        page.get_by_role("link", name="All messages").click()
        expect(page.locator("#list a")).to_be_focused()
        page.go_back()
        expect(page.locator(".bubble")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        assert visited.wrong == []


def test_keyboard_alone_opens_a_message(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "older")
    send_sms(recorder, "newer")
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the messages")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".bubble")).to_have_text("older")
        expect(page.locator("#reading")).to_be_focused()


def test_new_messages_leave_the_reader_alone(browser: Browser, recorder: Process) -> None:
    message = send_mail(recorder)
    with visit(browser, recorder.ready["url"]) as visited:
        page = visited.page
        visited.goto(f"/messages/{message}")
        page.locator("iframe").evaluate("frame => { frame.dataset.kept = 'yes' }")
        page.locator("#list a").focus()
        send_sms(recorder, "another")
        expect(page.locator("#list a")).to_have_count(2)
        expect(page.locator("iframe")).to_have_attribute("data-kept", "yes")
        expect(page.locator(f'#list a[href="/messages/{message}"]')).to_be_focused()


def test_without_script_it_is_links_and_a_form(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "one")
    send_sms(recorder, "other", to="+491701234567")
    with visit(browser, recorder.ready["url"], java_script_enabled=False) as visited:
        page = visited.page
        visited.goto("/")
        page.get_by_label("Recipient").fill("4917")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("#list a")).to_have_count(1)
        page.locator("#list a").click()
        expect(page.locator(".bubble")).to_have_text("other")


def test_harmful_texts_stay_texts(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "<img src=x onerror=alert(1)> <b>bold</b> javascript:alert(1)")
    harm = "<script>alert(1)</script>"
    send_mail(recorder, subject=harm, plainText=harm, html='<a href="javascript:alert(1)">x</a>')
    with visit(browser, recorder.ready["url"]) as visited:
        visited.goto("/")
        expect(visited.page.locator("article h2")).to_have_text(harm)
        expect(visited.page.locator(".links a")).to_have_count(0)
        visited.page.locator("#list a").nth(1).click()
        expect(visited.page.locator(".bubble")).to_contain_text("<b>bold</b>")
        expect(visited.page.locator(".bubble a")).to_have_count(0)
        assert visited.wrong == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_view_is_free_of_errors_and_fits(
    browser: Browser, recorder: Process, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    with visit(browser, recorder.ready["url"], size, color_scheme=scheme) as visited:
        visited.goto("/")
        send_sms(recorder, "Hi")
        message = send_mail(recorder)
        for path in ("/", f"/messages/{message}", "/?to=nobody", "/?lang=de"):
            visited.goto(path)
            visited.page.screenshot(path=tmp_path / f"{len(path)}.png")
            assert visited.page.evaluate("document.documentElement.scrollWidth") == size[0]
        assert visited.page.locator("html").get_attribute("lang") == "de"
        assert visited.wrong == []


def test_theme_is_chosen_and_kept(browser: Browser, recorder: Process) -> None:
    with visit(browser, recorder.ready["url"], color_scheme="light") as visited:
        page = visited.page
        visited.goto("/")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_label("Theme").select_option("dark")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark != light
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
        expect(page.get_by_label("Theme")).to_have_value("dark")


def test_times_are_in_the_zone_of_the_reader(browser: Browser, recorder: Process) -> None:
    send_sms(recorder, "Hi")
    with visit(browser, recorder.ready["url"], timezone_id="Asia/Kolkata") as visited:
        visited.goto("/")
        expect(visited.page.locator("dd time")).to_contain_text("GMT+5:30")

"""Texts: every one in every language on every channel, and nothing that is filled in gets out."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from functions.notifications.domain.channels import Channel, Locale, Template
from functions.notifications.domain.failures import DoesNotFit
from functions.notifications.domain.segments import segments
from functions.notifications.repository.writing import TEMPLATES, JinjaWriter, environment
from shared.contracts.auth import Notice

LINK = "https://app.example.com/api/sign/" + "x" * 64
EVERY = list(product(Template, Locale))
WITH_LINK = {
    Template.SIGNING_REQUESTED,
    Template.PASSWORD_RESET,
    Template.EMAIL_VERIFICATION,
    Template.INVITATION,
    Template.REGISTRATION,
    Template.ALREADY_REGISTERED,
    Template.FACTOR_RESET,
}
writer = JinjaWriter()


NAMES = (
    *("name", "title", "stops", "stop", "sender", "signer", "reason", "topic", "caller"),
    *("notice", "detail", "device", "address"),
)


def words(text: str = "Ä & <Ö>", **more: str) -> dict[str, str | datetime]:
    moment = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    known: dict[str, str | datetime] = {"link": LINK, "code": "012345", "minutes": "10"}
    known |= {"expires_at": moment, "at": moment}
    return {**dict.fromkeys(NAMES, text), **known, **more}


class Tags(HTMLParser):
    """What elements a page has, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.language: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs).get("href"))
        if tag == "html":
            self.language = dict(attrs).get("lang")


@pytest.mark.parametrize(("template", "locale"), EVERY)
def test_every_text_is_there_for_every_channel(template: Template, locale: Locale) -> None:
    for channel in Channel:
        written = writer.write(template, locale, channel, words())
        assert written.text
        assert "{" not in written.text + written.subject + (written.html or "")
        assert bool(written.subject) == (channel is not Channel.SMS)
        assert "\n" not in written.subject


@pytest.mark.parametrize(("template", "locale"), EVERY)
def test_every_email_is_an_accessible_page_that_escapes_names(
    template: Template, locale: Locale
) -> None:
    written = writer.write(template, locale, Channel.EMAIL, words("<script>alert(1)</script>"))
    page = Tags(written.html or "")
    assert page.language == locale
    assert {"title", "main", "h1"} <= set(page.tags)
    assert "script" not in page.tags
    assert page.links == ([LINK] if template in WITH_LINK else [])
    assert "<script>" in written.text


def test_every_file_is_a_template_of_ours() -> None:
    files = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")}
    kinds = ("subject", "txt", "html", "sms")
    wanted = {f"{loc}/{name}.{kind}" for (name, loc), kind in product(EVERY, kinds)}
    layouts = {f"{loc}/layout.{kind}" for loc, kind in product(Locale, ("txt", "html"))}
    notices = {f"{loc}/notices.txt" for loc in Locale}
    assert files == wanted | layouts | notices | {"layout.html"}


@pytest.mark.parametrize("locale", Locale)
def test_every_notice_has_words_of_its_own(locale: Locale) -> None:
    def subject(notice: str) -> str:
        known = words(notice=notice)
        return writer.write(Template.SECURITY_NOTICE, locale, Channel.EMAIL, known).subject

    said = {subject(notice) for notice in Notice}
    assert len(said) == len(Notice)
    assert subject("of tomorrow") not in said


def test_a_notice_says_when_and_from_where_as_far_as_that_is_known() -> None:
    known = words(notice=Notice.EMAIL_CHANGED, detail="new@example.com", device="", address="")
    text = writer.write(Template.SECURITY_NOTICE, Locale.ENGLISH, Channel.EMAIL, known).text
    assert "Your e-mail address was changed: new@example.com." in text
    assert "This was on 01 December 2026, 09:30 UTC." in text
    known = words(notice=Notice.PASSWORD_CHANGED, device="Phone", address="203.0.113.9", detail="")
    text = writer.write(Template.SECURITY_NOTICE, Locale.GERMAN, Channel.EMAIL, known).text
    assert "Ihr Passwort wurde geändert. Das war am" in text
    assert "von der Netzadresse 203.0.113.9, mit Phone." in text


@settings(deadline=None)
@given(st.sampled_from(EVERY), st.text(max_size=400))
def test_an_sms_never_takes_more_than_two(of: tuple[Template, Locale], text: str) -> None:
    written = writer.write(*of, Channel.SMS, words(text))
    assert segments(written.text) <= 2


@pytest.mark.parametrize("title", ["Ж" * 300, "😀" * 300, "x" * 3000])
def test_a_long_title_is_cut_and_never_the_link(title: str) -> None:
    written = writer.write(
        Template.SIGNING_REQUESTED, Locale.GERMAN, Channel.SMS, words(title, sender="Ann")
    )
    assert LINK in written.text
    assert segments(written.text) <= 2


def test_a_link_that_is_too_long_for_an_sms_is_refused() -> None:
    with pytest.raises(DoesNotFit):
        writer.write(Template.SIGNING_REQUESTED, Locale.ENGLISH, Channel.SMS, words(link="x" * 400))


@pytest.mark.parametrize(
    "attempt",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ self.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{{ cycler.__init__.__globals__.os.environ }}",
    ],
)
def test_a_template_in_a_name_stays_text(attempt: str) -> None:
    for channel in Channel:
        written = writer.write(Template.TRIP_ENDED, Locale.ENGLISH, channel, words(attempt))
        assert "__class__" not in attempt or "__class__" in written.text
        assert "root:" not in written.text


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.format.__func__ }}",
        "{{ cycler.__init__.__globals__ }}",
    ],
)
def test_the_sandbox_holds_even_for_a_template(escape: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        environment().from_string(escape).render(title="x")


def test_a_template_reads_no_file_outside_its_folder() -> None:
    from jinja2 import TemplateNotFound

    for name in ("../../wiring.py", "/etc/passwd", "en/../../../wiring.py"):
        with pytest.raises(TemplateNotFound):
            environment().get_template(name)


def test_a_missing_word_is_an_error_and_no_empty_text() -> None:
    with pytest.raises(UndefinedError):
        writer.write(Template.TRIP_ENDED, Locale.ENGLISH, Channel.EMAIL, {"name": "Ann"})


def test_a_name_cannot_write_lines_of_its_own() -> None:
    written = writer.write(
        Template.TRIP_ENDED, Locale.ENGLISH, Channel.EMAIL, words("A\r\nBcc: x\u2028\u202eB")
    )
    assert written.subject == "A Bcc: x B: all stops reached"
    assert "A Bcc: x B" in written.text


@pytest.mark.parametrize(
    ("locale", "moment"),
    [(Locale.ENGLISH, "01 December 2026, 09:30 UTC"), (Locale.GERMAN, "01.12.2026, 09:30 UTC")],
)
def test_moments_are_told_as_the_language_does(locale: Locale, moment: str) -> None:
    written = writer.write(Template.SIGNING_REQUESTED, locale, Channel.EMAIL, words())
    assert moment in written.text

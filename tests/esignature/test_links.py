"""Links: made up, broken, expired, replaced; and what a good one opens."""

import base64
from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from functions.esignature import api
from functions.esignature.domain.link import SECRET_BYTES, SigningLink
from functions.esignature.domain.refusals import LinkUnknown
from functions.esignature.wiring import esignature
from tests.esignature.cast import (
    MovedClock,
    agree,
    agree_and_sign,
    decline,
    look,
    sent,
    sign,
    three,
    token_of,
)
from tests.pades import documents
from tests.support.http import Answer, call


async def page(token: str, number: str = "1", width: int = 400, **headers: str) -> Answer:
    return await call(
        api.signing.read_signing_page,
        method="GET",
        query={"width": str(width)},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        token=token,
        number=number,
    )


async def document(token: str) -> Answer:
    return await call(api.signing.download_signing_document, method="GET", token=token)


async def everything(token: str) -> list[Answer]:
    """All that a link can be used for."""
    return [
        await look(token),
        await page(token),
        await document(token),
        await agree(token),
        await sign(token),
        await decline(token),
    ]


def wrong(link: SigningLink, **changed: object) -> str:
    return str(SigningLink(**{**vars(link), **changed}))


async def test_a_link_with_anything_wrong_is_unknown(tenant: str) -> None:
    await sent(tenant)
    link = SigningLink.parsed(await token_of(tenant))
    for token in [
        wrong(link, secret=bytes(32)),
        wrong(link, signer_id=str(uuid4())),
        wrong(link, envelope_id=str(uuid4())),
        wrong(link, tenant_id=f"{tenant}-b"),
        "",
        "x",
        "ü",
        "A" * 500,
        str(link)[:-30],
        base64.urlsafe_b64encode(b"\xff" * 80).decode(),
        base64.urlsafe_b64encode(bytes(80)).decode(),
    ]:
        for answer in await everything(token):
            assert (answer.status, answer.code) == (404, "signing-link-unknown"), token


@given(
    st.uuids(),
    st.uuids(),
    st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES),
    st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True),
)
def test_a_token_is_url_safe_and_comes_back(
    envelope: object, signer: object, secret: bytes, tenant: str
) -> None:
    link = SigningLink(tenant, str(envelope), str(signer), secret)
    token = str(link)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert SigningLink.parsed(token) == link


@given(st.text(max_size=400))
def test_any_text_is_a_link_or_unknown(text: str) -> None:
    try:
        assert isinstance(SigningLink.parsed(text), SigningLink)
    except LinkUnknown:
        return


async def test_an_expired_link_is_gone_before_any_timer_ran(tenant: str, now: MovedClock) -> None:
    await sent(tenant, expires_in_days=3)
    token = await token_of(tenant)
    now.move(days=2, hours=23)
    assert (await look(token)).status == 200
    now.move(hours=1, seconds=1)
    for answer in await everything(token):
        assert (answer.status, answer.code) == (410, "signing-link-expired")


async def test_who_has_signed_sees_it_expire_and_may_read_on_for_a_month(
    tenant: str, now: MovedClock
) -> None:
    await sent(tenant, three(1, 1, 1), expires_in_days=1)
    token = await token_of(tenant)
    await agree_and_sign(token)
    now.move(days=2)
    assert (await look(token)).json["state"] == "expired"
    assert (await document(token)).status == 200
    now.move(days=30)
    assert (await look(token)).code == "signing-link-expired"


async def test_who_still_waits_may_look_and_no_more(tenant: str) -> None:
    """Nobody gets a link before their turn; should one exist, it opens nothing."""
    envelope_id = await sent(tenant, three(1, 2, 2))
    envelopes = esignature().envelopes
    stored = await envelopes.get(tenant, envelope_id)
    ben = stored.document.signers[1]
    link = SigningLink(tenant, envelope_id, ben.id, b"x" * 32)
    links = {**stored.document.links, ben.id: link.fingerprint}
    early = stored.document.model_copy(update={"links": links})
    await envelopes.save(stored.now(early), "a link before its time")

    view = (await look(str(link))).json
    assert (view["state"], view["signer"]["status"]) == ("waiting", "waiting")
    for refused in (await agree(str(link)), await sign(str(link)), await decline(str(link))):
        assert (refused.status, refused.code) == (409, "not-your-turn")


async def test_pages_are_pictures_of_at_least_the_width_asked_for(tenant: str) -> None:
    await sent(tenant, pdf=documents.plain(2))
    token = await token_of(tenant)
    shown = await page(token, "2", 640)

    assert (shown.status, shown.media_type) == (200, "image/png")
    assert Image.open(BytesIO(shown.body)).size[0] in (800, 801)  # the renderer rounds up
    unchanged = await page(token, "2", 640, if_none_match=shown.etag)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert (await page(token, "2", 799, if_none_match=shown.etag)).status == 304
    assert (await page(token, "2", 801, if_none_match=shown.etag)).status == 200


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "²", "1.0", "9" * 5000])
async def test_pages_that_are_not_there(tenant: str, number: str) -> None:
    await sent(tenant, pdf=documents.plain(2))
    missing = await page(await token_of(tenant), number)
    assert (missing.status, missing.code) == (404, "page-not-found")


@pytest.mark.parametrize("width", [199, 2001])
async def test_the_width_is_bounded(tenant: str, width: int) -> None:
    await sent(tenant)
    refused = await page(await token_of(tenant), "1", width)
    assert (refused.status, refused.code) == (422, "invalid")


async def test_the_document_comes_as_it_was_sent(tenant: str) -> None:
    pdf = documents.plain(3)
    await sent(tenant, pdf=pdf, title="Größe/7")
    given_out = await document(await token_of(tenant))

    assert given_out.body == pdf
    assert len(PdfReader(BytesIO(given_out.body)).pages) == 3
    assert given_out.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%2F7.pdf"
    )


async def test_a_page_that_cannot_be_drawn_is_not_there(tenant: str) -> None:
    """It stands between two sound ones, and nobody has to sign on it."""
    page_of = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]>>"
    pdf = documents.raw(
        [
            documents.CATALOG,
            b"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]>>",
            page_of % b"300 300",
            page_of % b"0.0001 14400",
            page_of % b"300 300",
        ]
    )
    await sent(tenant, pdf=pdf)
    token = await token_of(tenant)
    assert (await page(token, "3")).status == 200
    missing = await page(token, "2")
    assert (missing.status, missing.code) == (404, "page-not-found")

"""What signers are shown before the sealing, and how many pages are drawn at once."""

import asyncio
from io import BytesIO

import pytest
from pypdf import PdfReader

from functions.esignature import api
from functions.esignature.service.showing import Gate, width_drawn
from shared.errors import Unavailable
from tests.esignature.cast import agree_and_sign, drawn, field, png, sent, signer, token_of
from tests.pades import documents
from tests.pades.people import World
from tests.support.http import Answer, call


async def document(token: str) -> bytes:
    answer = await call(api.signing.download_signing_document, method="GET", token=token)
    assert answer.status == 200
    return answer.body


async def first_page(token: str, **headers: str) -> Answer:
    return await call(
        api.signing.read_signing_page, method="GET", headers=headers, token=token, number="1"
    )


async def test_who_signs_later_sees_what_those_before_have_written(tenant: str) -> None:
    own = [field(), field("text", id="city", y=0.4), field("initials", id="ini", y=0.6)]
    pdf = documents.plain(2)
    signers = [signer(fields=own), signer("Ben", 2), signer("Cleo", 2)]
    await sent(tenant, signers, pdf)
    ann = await token_of(tenant, "Ann")
    assert await document(ann) == pdf
    before = await first_page(ann)
    signed = await agree_and_sign(ann, initials=drawn(png()), values={"city": "Timbuktu"})
    assert signed.status == 200, signed.body

    ben = await token_of(tenant, "Ben")
    page = PdfReader(BytesIO(await document(ben))).pages[0]
    assert "Timbuktu" in page.extract_text()
    shown = await first_page(ben, **{"if-none-match": before.etag})
    assert shown.status == 200
    assert shown.body != before.body
    assert (await first_page(ben, **{"if-none-match": shown.etag})).status == 304


async def test_a_document_that_is_signed_already_is_shown_as_it_is(
    tenant: str, world: World
) -> None:
    pdf = world.sign(documents.plain()).pdf
    await sent(tenant, [signer(), signer("Ben", 2)], pdf)
    await agree_and_sign(await token_of(tenant, "Ann"))
    assert await document(await token_of(tenant, "Ben")) == pdf


async def test_a_crowd_is_sent_away_before_anything_is_read() -> None:
    gate, go_on, inside = Gate(at_once=2, waiting=8), asyncio.Event(), 0
    most = 0

    async def draw() -> None:
        nonlocal inside, most
        async with gate.passed():
            inside += 1
            most = max(most, inside)
            await go_on.wait()
            inside -= 1

    crowd = [asyncio.create_task(draw()) for _ in range(13)]
    turned_away, _ = await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
    assert len(turned_away) == 3
    for each in turned_away:
        refusal = each.exception()
        assert isinstance(refusal, Unavailable)
        assert refusal.more["retry_after_s"] == 2
    go_on.set()
    await asyncio.gather(*(each for each in crowd if each not in turned_away))
    assert most == 2
    await draw()


@pytest.mark.parametrize(
    ("asked", "width"), [(200, 400), (400, 400), (401, 800), (1200, 1200), (1601, 2000)]
)
def test_widths_are_few(asked: int, width: int) -> None:
    assert width_drawn(asked) == width

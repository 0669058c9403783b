"""Making an envelope, and all that is refused before anybody is asked to sign."""

import json
from typing import Any
from uuid import uuid4

import pytest

from functions.esignature import api
from functions.esignature.domain.layout import FieldType, Layout, SigningField
from functions.esignature.domain.refusals import SignerNotCertifiable
from functions.esignature.domain.signer import Channel, Signer
from functions.esignature.service.admission import pages_of, rehearse
from shared.identity.permissions import Role
from shared.platform import clock
from tests.esignature.cast import create, field, put_document, sent, signer
from tests.pades import documents
from tests.pades.people import World
from tests.support.http import call, somebody


async def test_an_envelope_begins_as_a_draft_that_knows_its_document(tenant: str) -> None:
    pdf = documents.blank(90, (400, 600))
    made = await create(
        tenant,
        [signer(fields=[field(label="Sign here"), field("text", id="city", y=0.5)])],
        pdf,
        title="Lease of flat 7",
        message="Please sign.",
    )

    assert made.status == 201
    envelope = made.json
    assert envelope["status"] == "draft"
    assert envelope["document_name"] == "Lease of flat 7.pdf"
    assert envelope["pages"] == [{"number": 1, "width_pt": 600.0, "height_pt": 400.0}]
    assert [each["id"] for each in envelope["fields"]] == ["f1", "city"]
    assert envelope["sender_name"] == "Ann Example"
    assert envelope["expires_in_days"] == 14
    assert envelope["expires_at"] is None
    assert envelope["signers"][0]["status"] == "waiting"


async def refused(tenant: str, *more_fields: object) -> list[str]:
    made = await create(tenant, [signer(fields=[field(), *more_fields])])
    assert (made.status, made.code) == (422, "fields-do-not-fit")
    return [problem["at"] for problem in made.json["fields"]]


async def test_every_field_that_does_not_fit_is_named(tenant: str) -> None:
    named = await refused(
        tenant,
        field(id="off", page=3),
        field(id="wide", x=0.8, width=0.3),
        field(id="low", y=0.95),
        field(id="twice"),
        field(id="twice"),
    )
    assert named == ["fields.off", "fields.wide", "fields.low", "fields.twice"]


async def test_a_signer_needs_something_to_sign(tenant: str) -> None:
    made = await create(tenant, [signer(), signer("Ben", fields=[field("text")])])
    assert made.code == "fields-do-not-fit"
    assert made.json["fields"] == [
        {"at": "signers.1", "problem": "The signer has no signature field."}
    ]


async def test_a_field_may_reach_exactly_to_the_edge(tenant: str) -> None:
    made = await create(tenant, [signer(fields=[field(x=0.7, width=0.3, y=0.9, height=0.1)])])
    assert made.status == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "email", "email": None},
        {"channel": "sms"},
        {"channel": "in_app"},
        {"channel": "pigeon"},
        {"email": "nobody"},
        {"phone": "030 123"},
        {"routing_order": 0},
        {"name": "  "},
        {"fields": [field(x=-0.1)]},
        {"fields": [field(width=0)]},
        {"fields": [field("stamp")]},
        {"fields": [field(page=0)]},
        {"unheard": "of"},
    ],
)
async def test_signers_are_checked(tenant: str, wrong: dict[str, Any]) -> None:
    made = await create(tenant, [signer(**wrong)])
    assert (made.status, made.code) == (422, "invalid")
    assert made.json["fields"][0]["at"].startswith("signers.0")


@pytest.mark.parametrize(
    "wrong",
    [
        {"signers": []},
        {"signers": [signer()] * 21},
        {"expires_in_days": 0},
        {"expires_in_days": 91},
        {"title": ""},
        {"message": "x" * 2001},
        {"document_version": 0},
        {"document_id": "../other"},
    ],
)
async def test_wishes_are_checked(tenant: str, wrong: dict[str, object]) -> None:
    signers = wrong.pop("signers", None)
    made = await create(tenant, signers, **wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert (made.status, made.code) == (422, "invalid")


async def test_channels_keep_their_addresses(tenant: str) -> None:
    made = await create(
        tenant,
        [
            signer("Ann", channel="sms", phone="+49 30 901820"),
            signer("Ben", channel="in_app", user_id="u-7", email=None),
        ],
    )
    assert made.json["signers"][0]["phone"] == "+4930901820"
    assert made.json["signers"][1]["user_id"] == "u-7"


async def test_a_document_that_is_not_there(tenant: str) -> None:
    for document_id, version in [(str(uuid4()), 1), (await put_document(tenant), 2)]:
        made = await create(tenant, document_id=document_id, document_version=version)
        assert (made.status, made.code) == (404, "document-not-found")


async def test_the_document_of_another_tenant_is_not_there(tenant: str) -> None:
    foreign = await put_document(f"{tenant}-b")
    assert (await create(tenant, document_id=foreign)).code == "document-not-found"


async def test_only_pdf(tenant: str) -> None:
    word = await put_document(tenant, b"PK", media_type="application/msword")
    fake = await put_document(tenant, b"GIF89a")
    for document_id in (word, fake):
        made = await create(tenant, document_id=document_id)
        assert (made.status, made.code) == (422, "not-a-pdf")


async def test_encrypted_pdfs_are_refused(tenant: str) -> None:
    made = await create(tenant, pdf=documents.encrypted("secret"))
    assert (made.status, made.code) == (422, "pdf-encrypted")


async def test_content_that_does_not_match_its_hash_is_refused(tenant: str) -> None:
    for metadata in ({"sha256": "0" * 64}, {}):
        document_id = await put_document(tenant, metadata=metadata)
        made = await create(tenant, document_id=document_id)
        assert (made.status, made.code) == (409, "content-altered")


async def test_a_pdf_that_is_too_large_is_refused(tenant: str) -> None:
    made = await create(tenant, pdf=documents.heavy(26))
    assert (made.status, made.code) == (422, "pdf-not-signable")


async def test_a_signed_pdf_takes_signatures_and_nothing_else(tenant: str, world: World) -> None:
    signed = world.sign(documents.plain()).pdf
    assert (await create(tenant, pdf=signed)).status == 201

    made = await create(tenant, [signer(fields=[field(), field("text", id="city")])], signed)
    assert (made.status, made.code) == (422, "pdf-not-signable")
    assert made.json["fields"] == [{"at": "fields.city", "problem": "Not a signature"}]


async def test_a_locked_pdf_is_refused(tenant: str, world: World) -> None:
    certified = world.sign(documents.plain(), certify=True).pdf
    locked = certified.replace(b"/P 2\n", b"/P 1\n")
    assert locked != certified
    made = await create(tenant, pdf=locked)
    assert (made.status, made.code) == (422, "pdf-not-signable")
    assert made.json["detail"] == "An earlier signature forbids every change."


async def test_a_signed_pdf_with_a_broken_end_is_refused(tenant: str, world: World) -> None:
    """Only a rewrite would help, and that would break its signature."""
    signed = world.sign(documents.plain()).pdf
    broken = signed[: signed.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n"
    made = await create(tenant, pdf=broken)
    assert (made.status, made.code) == (422, "pdf-not-signable")


async def test_a_name_that_no_certificate_takes_is_refused(tenant: str) -> None:
    made = await create(tenant, [signer("Ann\u200bSigner", email="ann@example.com")])
    assert (made.status, made.code) == (422, "signer-not-certifiable")


def test_an_address_that_no_certificate_takes_is_refused_before_anybody_signs() -> None:
    pdf, place = documents.plain(), {"page": 1, "x": 0.1, "y": 0.1, "width": 0.3, "height": 0.1}
    fields = (SigningField(id="f", signer_id="s", type=FieldType.SIGNATURE, label="", **place),)
    layout = Layout(pages=pages_of(pdf), fields=fields)
    ann = Signer(id="s", name="Ann", email="ann@☃.example", channel=Channel.EMAIL, routing_order=1)
    with pytest.raises(SignerNotCertifiable):
        rehearse(pdf, layout, (ann,), clock.now())
    by_phone = ann.model_copy(update={"channel": Channel.SMS})
    rehearse(pdf, layout, (by_phone,), clock.now())


@pytest.mark.parametrize("role", [Role.MEMBER, Role.DRIVER])
async def test_not_everybody_may_send(tenant: str, role: Role) -> None:
    refused = await call(api.envelopes.create_envelope, {}, caller=somebody(tenant, role))
    assert (refused.status, refused.code) == (403, "forbidden")
    envelope_id = await sent(tenant)
    for verb, body in [
        (api.envelopes.send_envelope, None),
        (api.envelopes.void_envelope, {"reason": "x"}),
        (api.envelopes.resend_link, {"signer_id": "s"}),
    ]:
        answer = await call(verb, body, caller=somebody(tenant, role), envelope_id=envelope_id)
        assert (answer.status, answer.code) == (403, "forbidden")


async def test_the_same_key_makes_one_envelope(tenant: str) -> None:
    body = {
        "document_id": await put_document(tenant),
        "document_version": 1,
        "title": "Once",
        "signers": [signer()],
    }
    answers = [
        await call(
            api.envelopes.create_envelope,
            body,
            caller=somebody(tenant),
            headers={"idempotency-key": "k-1"},
        )
        for _ in range(2)
    ]
    assert answers[0].json["id"] == answers[1].json["id"]
    listed = await call(api.envelopes.list_envelopes, method="GET", caller=somebody(tenant))
    assert len(json.loads(listed.body)["items"]) == 1

"""Signing, from the link to the last signature: in order, in parallel, at the same moment."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from functions.esignature.domain.consent import TEXTS, VERSION
from functions.esignature.domain.envelope import Envelope
from functions.esignature.repository.envelopes import CosmosEnvelopes
from functions.esignature.service.signing import SigningService
from functions.esignature.wiring import esignature
from shared.contracts import Told
from shared.contracts.esignature import EnvelopeDeclined
from shared.errors import Stale
from shared.platform import clock
from shared.platform.clients import container
from shared.records.document import Beside, Stored
from shared.records.rereading import ATTEMPTS
from tests.esignature.cast import (
    TYPED,
    agree,
    agree_and_sign,
    decline,
    drawn,
    field,
    look,
    png,
    read,
    seal_jobs,
    sent,
    sign,
    signer,
    three,
    token_of,
    tokens,
)
from tests.support.messages import told_by

FORM = [
    field(id="sig"),
    field("initials", id="ini", y=0.3),
    field("date", id="day", y=0.5),
    field("text", id="city", y=0.7, label="City"),
    field("text", id="note", y=0.85, required=False),
]


async def statuses(tenant: str, envelope_id: str) -> list[str]:
    return [each["status"] for each in (await read(tenant, envelope_id))["signers"]]


async def test_a_signer_sees_their_own_fields_and_little_of_the_others(tenant: str) -> None:
    await sent(tenant, three(1, 1, 2), message="Please sign")
    view = (await look(await token_of(tenant))).json

    assert view["state"] == "ready"
    assert view["signer"]["name"] == "Ann Signer"
    assert view["signer"]["status"] == "viewed"
    assert view["others"] == [
        {"name": "Ben Signer", "status": "notified"},
        {"name": "Cleo Signer", "status": "waiting"},
    ]
    assert [each["id"] for each in view["fields"]] == ["f1"]
    assert len(view["pages"]) == 2
    assert view["consent"] == {"version": VERSION, "text": TEXTS[VERSION], "accepted_at": None}
    assert (view["title"], view["message"], view["sender_name"], view["document_name"]) == (
        "Lease",
        "Please sign",
        "Ann Example",
        "Lease.pdf",
    )


async def test_the_first_look_is_noted_down_once(tenant: str) -> None:
    envelope_id = await sent(tenant)
    token = await token_of(tenant)
    await look(token)
    first = (await read(tenant, envelope_id))["signers"][0]["viewed_at"]
    await look(token)
    assert (await read(tenant, envelope_id))["signers"][0]["viewed_at"] == first


async def test_one_signature_ends_in_one_job(tenant: str) -> None:
    envelope_id = await sent(tenant)
    signed = await agree_and_sign(await token_of(tenant))

    assert (signed.status, signed.json["state"]) == (200, "signed")
    assert (await read(tenant, envelope_id))["status"] == "sealing"
    assert [job.envelope_id for job in await seal_jobs(tenant)] == [envelope_id]


async def test_nobody_signs_without_having_agreed(tenant: str) -> None:
    await sent(tenant)
    refused = await sign(await token_of(tenant))
    assert (refused.status, refused.code) == (409, "consent-missing")


async def test_agreeing_counts_once_and_to_the_text_that_is_shown(tenant: str) -> None:
    await sent(tenant)
    token = await token_of(tenant)
    outdated = await agree(token, version="2001-01")
    assert (outdated.status, outdated.code) == (422, "consent-outdated")
    assert outdated.json["text"] == TEXTS[VERSION]
    assert (await agree(token, accepted=False)).code == "invalid"

    first = (await agree(token)).json["consent"]["accepted_at"]
    assert first is not None
    assert (await agree(token)).json["consent"]["accepted_at"] == first


async def test_who_has_signed_does_it_no_second_time(tenant: str) -> None:
    await sent(tenant, three(1, 1, 1))
    token = await token_of(tenant)
    await agree_and_sign(token)

    for again in (await sign(token), await agree(token), await decline(token)):
        assert (again.status, again.code) == (409, "already-signed")
    assert (await look(token)).json["state"] == "signed"


async def test_lower_orders_sign_first_and_then_the_next_are_told(tenant: str) -> None:
    envelope_id = await sent(tenant, three(2, 1, 2))
    assert sorted(await tokens(tenant)) == ["Ben"]
    await agree_and_sign(await token_of(tenant, "Ben"))

    assert sorted(await tokens(tenant)) == ["Ann", "Ben", "Cleo"]
    assert await statuses(tenant, envelope_id) == ["notified", "signed", "notified"]
    await agree_and_sign(await token_of(tenant, "Cleo"))
    assert await seal_jobs(tenant) == []
    await agree_and_sign(await token_of(tenant, "Ann"))
    assert len(await seal_jobs(tenant)) == 1


async def test_a_group_waits_for_all_of_the_group_before(tenant: str) -> None:
    await sent(tenant, three(1, 1, 2))
    await agree_and_sign(await token_of(tenant, "Ann"))
    assert "Cleo" not in await tokens(tenant)
    await agree_and_sign(await token_of(tenant, "Ben"))
    assert "Cleo" in await tokens(tenant)


async def test_all_who_sign_at_the_same_moment_end_up_signed(tenant: str) -> None:
    names = [f"{letter} Signer" for letter in "ABCDEFGH"]
    envelope_id = await sent(tenant, [signer(name) for name in names])
    links = await tokens(tenant)
    await asyncio.gather(*(agree(token) for token in links.values()))
    answers = await asyncio.gather(*(sign(token) for token in links.values()))

    assert [answer.status for answer in answers] == [200] * 8
    assert await statuses(tenant, envelope_id) == ["signed"] * 8
    assert (await read(tenant, envelope_id))["status"] == "sealing"
    assert len(await seal_jobs(tenant)) == 1


async def test_the_same_signature_twice_at_once_counts_once(tenant: str) -> None:
    await sent(tenant)
    token = await token_of(tenant)
    await agree(token)
    answers = await asyncio.gather(sign(token), sign(token), sign(token))

    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert len(await seal_jobs(tenant)) == 1


async def test_required_fields_are_named(tenant: str) -> None:
    await sent(tenant, [signer(fields=FORM)])
    token = await token_of(tenant)
    refused = await agree_and_sign(token, values={"note": "x", "city": "  "})

    assert (refused.status, refused.code) == (422, "required-fields-missing")
    assert refused.json["fields"] == [
        {"at": "values.ini", "problem": "initials is required."},
        {"at": "values.city", "problem": "City is required."},
    ]
    signed = await sign(token, initials={"kind": "typed", "text": "AS"}, values={"city": "Rome"})
    assert signed.status == 200


@pytest.mark.parametrize(
    "values",
    [
        {"unknown": "x"},
        {"sig": "x"},
        {"ini": "x"},
        {"day": "tomorrow"},
        {"day": "20261231"},
        {"f2": "somebody else's"},
    ],
)
async def test_values_that_do_not_fit_are_named(tenant: str, values: dict[str, str]) -> None:
    ben = signer("Ben", fields=[field(id="b"), field("text", id="f2", y=0.5)])
    await sent(tenant, [signer(fields=FORM), ben])
    refused = await agree_and_sign(await token_of(tenant), values={"city": "Rome", **values})

    assert (refused.status, refused.code) == (422, "values-do-not-fit")
    assert [each["at"] for each in refused.json["fields"]] == [f"values.{next(iter(values))}"]


async def test_a_date_that_is_left_out_is_the_day_of_signing(tenant: str) -> None:
    fields = [field(id="sig"), field("date", id="own", y=0.5), field("date", id="given", y=0.7)]
    envelope_id = await sent(tenant, [signer(fields=fields)])
    signed = await agree_and_sign(await token_of(tenant), values={"given": "2026-02-28"})
    assert signed.status == 200

    kept = (await esignature().envelopes.get(tenant, envelope_id)).document
    assert kept.values == {"own": datetime.now(UTC).date().isoformat(), "given": "2026-02-28"}


async def test_declining_ends_it_for_everybody(tenant: str) -> None:
    envelope_id = await sent(tenant, three(1, 1, 2))
    ann, ben = await token_of(tenant, "Ann"), await token_of(tenant, "Ben")
    await agree_and_sign(ann)
    declined = await decline(ben, "The rent is wrong")

    assert (declined.status, declined.json["state"]) == (200, "declined")
    envelope = await read(tenant, envelope_id)
    assert (envelope["status"], envelope["reason"]) == ("declined", "The rent is wrong")
    (told,) = await told_by("esignature", tenant, EnvelopeDeclined)
    assert (told["signer_name"], told["reason"]) == ("Ben Signer", "The rent is wrong")
    assert [each["name"] for each in told["others"]] == ["Ann Signer"]
    assert (await look(ann)).json["state"] == "declined"
    assert (await look(ben)).json["state"] == "declined"
    assert (await decline(ben)).code == "signing-link-used"
    assert (await sign(ben)).code == "signing-link-used"
    assert "Cleo" not in await tokens(tenant)


async def test_after_somebody_declined_the_others_links_are_dead(tenant: str) -> None:
    await sent(tenant, three(1, 1, 1))
    await decline(await token_of(tenant, "Ann"))
    refused = await agree_and_sign(await token_of(tenant, "Ben"))
    assert (refused.status, refused.code) == (410, "signing-link-used")


async def test_one_declines_while_another_signs(tenant: str) -> None:
    """Whoever is first decides; the envelope is in one of two sound states."""
    envelope_id = await sent(tenant, three(1, 1, 1))
    ann, ben = await token_of(tenant, "Ann"), await token_of(tenant, "Ben")
    await agree(ann)
    signed, declined = await asyncio.gather(sign(ann), decline(ben))

    assert declined.status == 200
    assert signed.status in (200, 410)
    assert (await read(tenant, envelope_id))["status"] == "declined"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_declining_needs_a_reason(tenant: str, reason: str) -> None:
    await sent(tenant)
    refused = await decline(await token_of(tenant), reason)
    assert (refused.status, refused.code) == (422, "invalid")


async def test_a_drawing_and_typed_initials_are_taken(tenant: str) -> None:
    await sent(tenant, [signer(fields=FORM[:2])])
    signed = await agree_and_sign(
        await token_of(tenant), signature=drawn(png()), initials={"kind": "typed", "text": "A.S."}
    )
    assert signed.json["state"] == "signed"


@pytest.mark.parametrize(
    "body",
    [
        {"signature": None},
        {"signature": {"kind": "typed", "text": "  "}},
        {"signature": {"kind": "typed", "text": "\u200b\u2800"}},
        {"signature": {"kind": "typed", "text": "x" * 101}},
        {"signature": {"kind": "drawn"}},
        {"signature": {"kind": "drawn", "png_base64": ""}},
        {"signature": {**TYPED, "png_base64": "AAAA"}},
        {"values": {"city": "x" * 501}},
        {"unheard": "of"},
    ],
)
async def test_what_is_sent_is_checked(tenant: str, body: dict[str, object]) -> None:
    await sent(tenant)
    refused = await agree_and_sign(await token_of(tenant), **body)
    assert (refused.status, refused.code) == (422, "invalid")


class AlwaysSecond(CosmosEnvelopes):
    """Somebody else always saves first."""

    saves = 0

    async def save(
        self,
        stored: Stored[Envelope],
        action: str,
        *told: Told,
        beside: Sequence[Beside] = (),
    ) -> Stored[Envelope]:
        self.saves += 1
        raise Stale("Changed meanwhile.")


async def test_who_never_gets_through_is_told_to_try_again(tenant: str) -> None:
    await sent(tenant)
    token = await token_of(tenant)
    crowded = AlwaysSecond(container("esignature"), Envelope, clock.now)
    real = esignature()
    service = SigningService(crowded, real.signing._papers, real.signing._mint, "", clock.now)
    with esignature.replaced_by(replace(real, signing=service)):
        refused = await look(token)
    assert (refused.status, refused.code) == (412, "stale")
    assert crowded.saves == ATTEMPTS
    assert (await look(token)).status == 200

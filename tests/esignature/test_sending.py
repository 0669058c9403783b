"""Sending, withdrawing and sending again: who gets a link, when, and who never does."""

import asyncio
from typing import Any

import pytest

from functions.esignature import api
from functions.esignature.domain.link import SigningLink
from shared.contracts.esignature import EnvelopeVoided, SigningRequested
from tests.esignature.cast import (
    act,
    agree,
    agree_and_sign,
    create,
    look,
    read,
    sent,
    sign,
    signer,
    three,
    token_of,
    tokens,
)
from tests.support.http import call, somebody
from tests.support.messages import told_by


async def void(tenant: str, envelope_id: str, reason: str = "A mistake") -> Any:
    return await act(tenant, api.envelopes.void_envelope, envelope_id, {"reason": reason})


async def resend(tenant: str, envelope_id: str, signer_id: str) -> Any:
    return await act(tenant, api.envelopes.resend_link, envelope_id, {"signer_id": signer_id})


async def signer_ids(tenant: str, envelope_id: str) -> dict[str, str]:
    envelope = await read(tenant, envelope_id)
    return {each["name"].split()[0]: each["id"] for each in envelope["signers"]}


async def test_sending_tells_the_first_signer_their_link_and_nobody_else(tenant: str) -> None:
    envelope_id = await sent(tenant, three(1, 2, 3), message="Please")
    (told,) = await told_by("esignature", tenant, SigningRequested)
    request = SigningRequested(**told)

    assert request.recipient.name == "Ann Signer"
    assert request.recipient.email == "ann.signer@example.com"
    assert (request.channel, request.title, request.sender_name) == (
        "email",
        "Lease",
        "Ann Example",
    )
    assert request.link.startswith("http://127.0.0.1:7071/api/sign/")
    envelope = await read(tenant, envelope_id)
    assert envelope["status"] == "sent"
    assert [each["status"] for each in envelope["signers"]] == ["notified", "waiting", "waiting"]
    assert request.expires_at.isoformat().replace("+00:00", "Z") == envelope["expires_at"]


async def test_no_answer_of_any_endpoint_holds_a_token_or_its_hash(tenant: str) -> None:
    envelope_id = await sent(tenant)
    link = SigningLink.parsed(await token_of(tenant))
    secrets = (str(link), str(link)[:40], link.secret.hex(), link.fingerprint)
    admin = somebody(tenant)
    shown = [
        await call(verb, method="GET", caller=admin, envelope_id=envelope_id)
        for verb in (
            api.envelopes.read_envelope,
            api.envelopes.read_envelope_audit,
            api.evidence.read_evidence,
        )
    ]
    shown.append(await call(api.envelopes.list_envelopes, method="GET", caller=admin))
    shown.append(await resend(tenant, envelope_id, link.signer_id))

    for answer in shown:
        assert answer.status == 200
        assert not [secret for secret in secrets if secret in answer.body.decode()]
    assert link.secret.hex() not in repr(link)
    assert "secret" not in repr(link)


async def test_equal_orders_are_asked_together(tenant: str) -> None:
    await sent(tenant, three(1, 1, 2))
    assert sorted(await tokens(tenant)) == ["Ann", "Ben"]


async def test_the_lowest_order_is_first_wherever_it_stands(tenant: str) -> None:
    await sent(tenant, three(30, 20, 10))
    assert sorted(await tokens(tenant)) == ["Cleo"]


async def test_an_envelope_is_sent_once(tenant: str) -> None:
    envelope_id = await sent(tenant)
    again = await act(tenant, api.envelopes.send_envelope, envelope_id)
    assert (again.status, again.code) == (409, "envelope-not-draft")
    assert again.json["envelope_status"] == "sent"
    assert len(await told_by("esignature", tenant, SigningRequested)) == 1


async def test_of_two_sendings_at_once_one_wins(tenant: str) -> None:
    made = (await create(tenant)).json["id"]
    answers = await asyncio.gather(
        *(act(tenant, api.envelopes.send_envelope, made) for _ in range(2))
    )
    assert min(answer.status for answer in answers) == 200
    assert max(answer.status for answer in answers) in (409, 412)
    assert len(await told_by("esignature", tenant, SigningRequested)) == 1


async def test_if_match_is_honoured_where_it_is_sent(tenant: str) -> None:
    made = await create(tenant)
    stale = await call(
        api.envelopes.send_envelope,
        caller=somebody(tenant),
        headers={"if-match": '"another"'},
        envelope_id=made.json["id"],
    )
    assert (stale.status, stale.code) == (412, "stale")
    fresh = await call(
        api.envelopes.send_envelope,
        caller=somebody(tenant),
        headers={"if-match": made.etag},
        envelope_id=made.json["id"],
    )
    assert fresh.status == 200


async def test_a_voided_envelope_has_dead_links(tenant: str) -> None:
    envelope_id = await sent(tenant, three(1, 1, 2))
    token = await token_of(tenant)
    voided = await void(tenant, envelope_id)

    assert (voided.json["status"], voided.json["reason"]) == ("voided", "A mistake")
    refused = await look(token)
    assert (refused.status, refused.code) == (410, "signing-link-used")
    (told,) = await told_by("esignature", tenant, EnvelopeVoided)
    assert [each["name"] for each in told["signers"]] == ["Ann Signer", "Ben Signer"]


async def test_a_draft_can_be_voided_and_then_not_be_sent(tenant: str) -> None:
    made = (await create(tenant)).json["id"]
    assert (await void(tenant, made)).json["status"] == "voided"
    assert (await act(tenant, api.envelopes.send_envelope, made)).code == "envelope-not-draft"
    again = await void(tenant, made)
    assert (again.status, again.code) == (409, "envelope-not-open")


async def test_what_everybody_has_signed_cannot_be_voided(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    assert (await void(tenant, envelope_id)).code == "envelope-not-open"


async def test_a_new_link_kills_the_old_one(tenant: str) -> None:
    envelope_id = await sent(tenant)
    old = await token_of(tenant)
    await look(old)
    resent = await resend(tenant, envelope_id, (await signer_ids(tenant, envelope_id))["Ann"])

    assert resent.status == 200
    assert resent.json["signers"][0]["status"] == "notified"
    assert resent.json["signers"][0]["viewed_at"] is None
    new = await token_of(tenant)
    assert new != old
    assert (await look(old)).code == "signing-link-used"
    assert (await look(new)).json["state"] == "ready"
    assert (await agree_and_sign(old)).code == "signing-link-used"
    assert (await agree_and_sign(new)).status == 200


async def test_a_new_link_inherits_no_consent_from_the_old_one(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree(await token_of(tenant))
    await resend(tenant, envelope_id, (await signer_ids(tenant, envelope_id))["Ann"])
    new = await token_of(tenant)

    refused = await sign(new)
    assert (refused.status, refused.code) == (409, "consent-missing")
    assert (await look(new)).json["consent"]["accepted_at"] is None
    assert (await agree_and_sign(new)).status == 200


async def test_a_new_link_is_only_for_those_whose_turn_it_is(tenant: str) -> None:
    envelope_id = await sent(tenant, three(1, 2, 2))
    people = await signer_ids(tenant, envelope_id)
    await agree_and_sign(await token_of(tenant))

    assert (await resend(tenant, envelope_id, people["Ben"])).status == 200
    refused = await resend(tenant, envelope_id, people["Ann"])
    assert (refused.status, refused.code) == (409, "signer-not-due")
    unknown = await resend(tenant, envelope_id, "nobody")
    assert (unknown.status, unknown.code) == (404, "signer-not-found")


async def test_no_new_link_for_what_is_not_open(tenant: str) -> None:
    draft = await create(tenant)
    signer_id = draft.json["signers"][0]["id"]
    refused = await resend(tenant, draft.json["id"], signer_id)
    assert (refused.status, refused.code) == (409, "envelope-not-open")


async def test_lists_are_by_status_and_newest_first(tenant: str) -> None:
    draft = (await create(tenant)).json["id"]
    older, newer = await sent(tenant), await sent(tenant)

    async def listed(**query: str) -> list[str]:
        answer = await call(
            api.envelopes.list_envelopes, method="GET", caller=somebody(tenant), query=query
        )
        return [each["id"] for each in answer.json["items"]]

    assert await listed() == [newer, older, draft]
    assert await listed(status="sent") == [newer, older]
    assert await listed(status="completed") == []
    assert await listed(limit="1") == [newer]


async def test_what_another_tenant_has_is_not_there(tenant: str) -> None:
    envelope_id = await sent(tenant)
    stranger = somebody(f"{tenant}-b")
    for verb, method, body in [
        (api.envelopes.read_envelope, "GET", None),
        (api.envelopes.read_envelope_audit, "GET", None),
        (api.evidence.read_evidence, "GET", None),
        (api.evidence.download_evidence, "GET", None),
        (api.evidence.download_sealed, "GET", None),
        (api.envelopes.send_envelope, "POST", None),
        (api.envelopes.void_envelope, "POST", {"reason": "x"}),
        (api.envelopes.resend_link, "POST", {"signer_id": "s"}),
    ]:
        answer = await call(verb, body, method=method, caller=stranger, envelope_id=envelope_id)
        assert (answer.status, answer.code) == (404, "not-found")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
async def test_a_reason_is_needed(tenant: str, reason: str) -> None:
    envelope_id = await sent(tenant, [signer()])
    refused = await void(tenant, envelope_id, reason)
    assert (refused.status, refused.code) == (422, "invalid")

"""Evidence: every step, from where, unbroken; on screen, as a file, on paper."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from functions.esignature import api
from functions.esignature.api.origin import origin_of
from functions.esignature.domain.consent import TEXTS, VERSION
from functions.esignature.models.evidence import EvidenceView
from functions.esignature.wiring import esignature
from shared.contracts.esignature import SEALED
from shared.files.blobs import Blobs
from shared.platform import clock
from shared.platform.clients import blobs, container
from tests.esignature.cast import (
    agree_and_sign,
    create,
    decline,
    field,
    look,
    seal,
    sent,
    signer,
    three,
    token_of,
)
from tests.support.http import Answer, call, somebody


async def evidence(tenant: str, envelope_id: str) -> Any:
    answer = await call(
        api.evidence.read_evidence,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )
    assert answer.status == 200
    return answer.json


async def on_paper(tenant: str, envelope_id: str) -> Answer:
    return await call(
        api.evidence.download_evidence,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


async def test_every_step_is_told_with_who_and_from_where(tenant: str) -> None:
    envelope_id = await sent(tenant)
    token = await token_of(tenant)
    await look(token)
    await agree_and_sign(token)
    await seal(tenant)
    told = await evidence(tenant, envelope_id)

    assert [event["what"] for event in told["events"]] == [
        "created",
        "sent",
        "viewed",
        "consented",
        "signed",
        "completed",
    ]
    by_signer = [event for event in told["events"] if event["actor"].startswith("signer:")]
    assert [event["what"] for event in by_signer] == ["viewed", "consented", "signed"]
    for event in by_signer:
        assert event["name"] == "Ann Signer"
        assert event["ip"] == "203.0.113.7"
        assert event["forwarded_for"] == "203.0.113.7:5123, 10.0.0.4"
        assert event["user_agent"] == "Signer's phone"
    assert told["events"][0]["actor"] == "user:u-1"
    assert told["events"][4]["note"] == f"consent {VERSION}"
    assert told["consents"][0]["text"] == TEXTS[VERSION]
    assert told["documents"]["original_sha256"] == told["envelope"]["sha256"]
    assert told["documents"]["sealed_sha256"] == told["envelope"]["sealed"]["sha256"]
    assert told["audit"]["intact"] is True
    assert told["audit"]["head"] == told["events"][-1]["hash"]


async def test_every_change_leaves_one_audit_entry(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    trail = await call(
        api.envelopes.read_envelope_audit,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )
    assert trail.json["intact"] is True
    assert [entry["action"] for entry in trail.json["entries"]] == [
        "create envelope",
        "send envelope",
        "agree to sign electronically",
        "sign",
        "complete envelope",
    ]
    assert trail.json["entries"][1]["changes"]["links"] == ["(hidden)", "(hidden)"]


async def test_an_altered_step_shows(tenant: str) -> None:
    envelope_id = await sent(tenant)
    await decline(await token_of(tenant))
    kept = container("esignature")
    item = await kept.read_item(f"audit:{envelope_id}:00000003", [tenant, envelope_id])
    item["entry"]["changes"]["latest"][1]["note"] = "No reason"
    await kept.replace_item(item["id"], item)

    told = await evidence(tenant, envelope_id)
    assert told["audit"]["intact"] is False
    assert told["audit"]["problems"] == ["Entry 3 was altered."]
    assert "BROKEN: Entry 3 was altered." in words((await on_paper(tenant, envelope_id)).body)


async def test_on_paper_everything_can_be_read(tenant: str) -> None:
    signers = three(1, 1, 1)
    signers[0]["name"] = "Анна <b>&"
    signers[0]["fields"].append(field("text", id="city", y=0.9, label="City"))
    envelope_id = await sent(tenant, signers, title="Lease <i>of</i> Straße 7")
    for name in ("Анна", "Ben", "Cleo"):
        more = {"values": {"city": "<Rome>"}} if name == "Анна" else {}
        signed = await agree_and_sign(await token_of(tenant, name), **more)
        assert signed.status == 200, signed.body
    await seal(tenant)
    paper = await on_paper(tenant, envelope_id)
    told = await evidence(tenant, envelope_id)

    assert (paper.status, paper.media_type) == (200, "application/pdf")
    text = words(paper.body)
    for expected in (
        "Lease <i>of</i> Straße 7",
        "Анна <b>&",
        "<Rome>",
        envelope_id,
        told["documents"]["original_sha256"],
        told["documents"]["sealed_sha256"],
        told["events"][-2]["hash"],
        "203.0.113.7",
        "Signer's phone",
        TEXTS[VERSION],
        "unbroken",
        "all times are UTC",
    ):
        assert expected in text, expected
    assert (await on_paper(tenant, envelope_id)).body == paper.body


async def test_the_kept_evidence_is_the_one_that_the_envelope_names(tenant: str) -> None:
    from hashlib import sha256

    envelope_id = await sent(tenant)
    await agree_and_sign(await token_of(tenant))
    await seal(tenant)
    envelope = (await esignature().envelopes.get(tenant, envelope_id)).document
    assert envelope.sealed is not None
    assert (
        sha256((await on_paper(tenant, envelope_id)).body).hexdigest()
        == envelope.sealed.evidence_sha256
    )
    kept = Blobs(blobs(), SEALED, clock.now)
    written = await kept.read(f"{tenant}/{envelope_id}/evidence.json", 10**6)
    assert EvidenceView.model_validate_json(written).envelope.id == envelope_id


async def test_evidence_of_a_draft_and_of_a_crowd(tenant: str) -> None:
    """On demand before the sealing; over several pages where there is much to tell."""
    draft = (await create(tenant)).json["id"]
    assert "not sealed" in words((await on_paper(tenant, draft)).body)
    crowd = [signer(f"Person{number} Signer") for number in range(12)]
    envelope_id = await sent(tenant, crowd)
    for number in range(12):
        await look(await token_of(tenant, f"Person{number}"))
    reader = PdfReader(BytesIO((await on_paper(tenant, envelope_id)).body))
    assert len(reader.pages) > 1
    assert f"1 of {len(reader.pages)}" in reader.pages[0].extract_text()


async def test_reached_by_is_the_address_that_the_link_went_to(tenant: str) -> None:
    everything: dict[str, Any] = {"phone": "+493012345678", "user_id": "u-9"}
    by = {"Ann": "email", "Ben": "sms", "Cleo": "in_app"}
    signers = [signer(name, channel=channel, **everything) for name, channel in by.items()]
    made = await create(tenant, signers)
    text = words((await on_paper(tenant, made.json["id"])).body)

    assert "Ann ann@example.com not yet" in text
    assert "Ben +493012345678 not yet" in text
    assert "Cleo in the app not yet" in text


@pytest.mark.parametrize(
    ("headers", "ip"),
    [
        ({}, None),
        ({"x-forwarded-for": ""}, None),
        ({"x-forwarded-for": "198.51.100.1"}, "198.51.100.1"),
        ({"x-forwarded-for": "198.51.100.1:443, 10.0.0.1"}, "198.51.100.1"),
        ({"x-forwarded-for": "2001:db8::1"}, "2001:db8::1"),
        ({"x-forwarded-for": "[2001:db8::1]:443"}, "2001:db8::1"),
        ({"x-forwarded-for": "unknown, 198.51.100.1"}, "198.51.100.1"),
        ({"x-forwarded-for": "<script>"}, None),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], ip: str | None) -> None:
    assert origin_of(headers).ip == ip


def test_what_a_browser_says_of_itself_is_bounded_and_printable() -> None:
    origin = origin_of({"user-agent": "a\nb" + "x" * 1000, "x-forwarded-for": "1.2.3.4," * 100})
    assert origin.user_agent is not None
    assert origin.user_agent.startswith("a b")
    assert len(origin.user_agent) == 300
    assert len(origin.forwarded_for or "") == 300


def test_of_a_long_way_here_the_end_is_kept() -> None:
    """A caller can write any beginning; our own proxy writes the end."""
    origin = origin_of({"x-forwarded-for": "198.51.100.1, " + "9.9.9.9, " * 100 + "203.0.113.7:51"})
    assert origin.ip == "198.51.100.1"
    assert origin.forwarded_for is not None
    assert origin.forwarded_for.endswith("9.9.9.9, 203.0.113.7:51")
    assert len(origin.forwarded_for) == 300

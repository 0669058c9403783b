"""Who takes part: documents, senders, signers; and short ways to let them act."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image, ImageDraw

from functions.esignature import api, events
from functions.esignature.domain.consent import VERSION
from shared.contracts.documents import CONTENT, content_path
from shared.contracts.esignature import SealEnvelope, SigningRequested
from shared.files.blobs import Blobs
from shared.platform import clock
from shared.platform.clients import blobs
from tests.pades import documents
from tests.support.http import Answer, call, somebody
from tests.support.messages import message, told_by

TYPED = {"kind": "typed", "text": "Ann Signer"}
PHONE = {"x-forwarded-for": "203.0.113.7:5123, 10.0.0.4", "user-agent": "Signer's phone"}


class MovedClock:
    """The real time, moved by as much as a test says."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.moved

    def move(self, **by: float) -> None:
        self.moved += timedelta(**by)


async def put_document(
    tenant: str,
    pdf: bytes | None = None,
    *,
    media_type: str = "application/pdf",
    metadata: Mapping[str, str] | None = None,
) -> str:
    """The id of a document whose version 1 was accepted."""
    document_id = str(uuid4())
    content = documents.plain(2) if pdf is None else pdf
    await Blobs(blobs(), CONTENT, clock.now).put(
        content_path(tenant, document_id, 1),
        content,
        media_type=media_type,
        metadata={"sha256": sha256(content).hexdigest()} if metadata is None else metadata,
    )
    return document_id


def field(kind: str = "signature", **more: object) -> dict[str, Any]:
    place = {"page": 1, "x": 0.1, "y": 0.1, "width": 0.3, "height": 0.08}
    return {"type": kind, **place, **more}


def signer(name: str = "Ann Signer", order: int = 1, **more: Any) -> dict[str, Any]:
    email = re.sub(r"\W+", ".", name.lower()) + "@example.com"
    known = {"name": name, "email": email, "channel": "email", "routing_order": order}
    return {**known, "fields": [field()], **more}


def three(*orders: int) -> list[dict[str, Any]]:
    """Ann, Ben and Cleo, each with a signature of their own place."""
    names = ("Ann Signer", "Ben Signer", "Cleo Signer")
    return [
        signer(name, order, fields=[field(y=0.2 * number)])
        for number, (name, order) in enumerate(zip(names, orders, strict=True), start=1)
    ]


async def create(
    tenant: str, signers: Sequence[object] | None = None, pdf: bytes | None = None, **more: object
) -> Answer:
    body: dict[str, object] = {
        "document_version": 1,
        "title": "Lease",
        "signers": [signer()] if signers is None else signers,
        **more,
    }
    body.setdefault("document_id", await put_document(tenant, pdf))
    return await call(api.envelopes.create_envelope, body, caller=somebody(tenant))


async def act(tenant: str, verb: Any, envelope_id: str, body: object = None) -> Answer:
    return await call(verb, body, caller=somebody(tenant), envelope_id=envelope_id)


async def sent(
    tenant: str, signers: Sequence[object] | None = None, pdf: bytes | None = None, **more: object
) -> str:
    """The id of an envelope that was created and sent."""
    created = await create(tenant, signers, pdf, **more)
    assert created.status == 201, created.body
    answer = await act(tenant, api.envelopes.send_envelope, created.json["id"])
    assert answer.status == 200, answer.body
    return str(created.json["id"])


async def read(tenant: str, envelope_id: str) -> Any:
    answer = await call(
        api.envelopes.read_envelope,
        method="GET",
        caller=somebody(tenant),
        envelope_id=envelope_id,
    )
    return answer.json


async def tokens(tenant: str) -> dict[str, str]:
    """The newest token of everybody who was told to sign, by name."""
    told = [
        SigningRequested(**body) for body in await told_by("esignature", tenant, SigningRequested)
    ]
    told.sort(key=lambda each: each.at)
    return {each.recipient.name.split()[0]: each.link.rpartition("/")[2] for each in told}


async def token_of(tenant: str, name: str = "Ann") -> str:
    return (await tokens(tenant))[name]


async def look(token: str) -> Answer:
    return await call(api.signing.read_signing, method="GET", headers=PHONE, token=token)


async def agree(token: str, **body: object) -> Answer:
    wish = {"accepted": True, "version": VERSION, **body}
    return await call(api.signing.consent, wish, headers=PHONE, token=token)


async def sign(token: str, **body: object) -> Answer:
    return await call(api.signing.sign, {"signature": TYPED, **body}, headers=PHONE, token=token)


async def agree_and_sign(token: str, **body: object) -> Answer:
    await agree(token)
    return await sign(token, **body)


async def decline(token: str, reason: str = "Not my name") -> Answer:
    return await call(api.signing.decline, {"reason": reason}, headers=PHONE, token=token)


async def seal_jobs(tenant: str) -> list[SealEnvelope]:
    return [SealEnvelope(**body) for body in await told_by("esignature", tenant, SealEnvelope)]


async def seal(tenant: str) -> None:
    """As the queue would deliver every job."""
    for job in await seal_jobs(tenant):
        await events.seal(message(job))


def png(width: int = 300, height: int = 100, *, ink: bool = True, colour: str = "navy") -> bytes:
    """A drawn signature, on nothing."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    if ink:
        line = [
            (width * 0.1, height * 0.7),
            (width * 0.5, height * 0.2),
            (width * 0.9, height * 0.8),
        ]
        ImageDraw.Draw(picture).line(line, fill=colour, width=4)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def drawn(picture: bytes) -> dict[str, str]:
    return {"kind": "drawn", "png_base64": base64.b64encode(picture).decode()}

"""The latest thing that happened to an envelope, and from where: the evidence of one step.

An envelope carries only its latest occurrence. Each save writes it into the audit trail, whose
hash chain makes the sequence of all of them evidence.
"""

from enum import StrEnum

from pydantic import AwareDatetime, ConfigDict

from shared.model import Model


class What(StrEnum):
    """Everything that can happen to an envelope."""

    CREATED = "created"
    SENT = "sent"
    LINK_REPLACED = "link replaced"
    VIEWED = "viewed"
    CONSENTED = "consented"
    SIGNED = "signed"
    DECLINED = "declined"
    VOIDED = "voided"
    EXPIRED = "expired"
    SEAL_REQUESTED = "seal requested again"
    COMPLETED = "completed"


class Origin(Model):
    """From where a signer came. `ip` is the first of `forwarded_for`, which is as it was claimed:
    both are kept, so that a forged beginning shows.
    """

    model_config = ConfigDict(frozen=True)

    ip: str | None = None
    forwarded_for: str | None = None
    user_agent: str | None = None


class Occurrence(Model):
    """`note` is a reason, or the version of the consent."""

    model_config = ConfigDict(frozen=True)

    what: What
    at: AwareDatetime
    signer_id: str | None = None
    origin: Origin | None = None
    note: str | None = None

"""Proving more than a password."""

from typing import Any

from pydantic import Field

from functions.auth.models import FIRST_TENANT, GivenPassword, Sent
from functions.auth.models.factors import Code, Credential, Proof
from shared.http.fields import Id
from shared.model import Model

Token = Field(max_length=8192)


class AskChallenge(Sent):
    """The challenge token of the answer `mfa-required`, and the factor that is to be proven."""

    challenge_token: str = Token
    factor_id: Id


class ChallengeView(Model):
    """`options` go to `navigator.credentials.get`; other factors need none."""

    options: dict[str, Any] | None = None


class Verify(Proof):
    """A proof, and what it is the answer to."""

    challenge_token: str = Token


class PasskeyOptions(Sent):
    tenant_id: Id = FIRST_TENANT


class PasskeyChallengeView(Model):
    """`options` go to `navigator.credentials.get`, its answer back with `challenge_token`."""

    challenge_token: str
    expires_in: int
    options: dict[str, Any]


class PasskeyLogin(Sent):
    """A passkey's answer."""

    challenge_token: str = Token
    credential: Credential


class Reauthenticate(Sent):
    """The password, a factor, or both. `challenge_token` where the factor answers one."""

    password: GivenPassword | None = None
    factor_id: Id | None = None
    code: Code | None = None
    credential: Credential | None = None
    challenge_token: str | None = Field(None, max_length=8192)

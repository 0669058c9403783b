"""People with second factors, as the tests of auth need them."""

from dataclasses import dataclass, field
from typing import Any

import pyotp

from functions.auth.api import factors, mfa
from shared.contracts.auth import SecretMailWanted
from tests.auth.authenticator import Authenticator
from tests.auth.frozen import Frozen
from tests.auth.people import bearer, create, log_in
from tests.support.http import Answer, call
from tests.support.messages import told_by


@dataclass
class Person:
    """Somebody, where they are logged in, and the secret of their app."""

    tenant: str
    tokens: Answer
    user: Answer
    secret: str = ""
    factor_id: str = ""
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, time: Frozen, drift: int = 0) -> str:
        return pyotp.HOTP(self.secret).at(time.step + drift)


async def begin(tokens: Answer, kind: str, **more: object) -> Answer:
    body = {"kind": kind, "name": f"My {kind}", **more}
    return await call(factors.begin, body, headers=bearer(tokens))


async def confirm(tokens: Answer, factor_id: str, **proof: object) -> Answer:
    return await call(factors.confirm, proof, headers=bearer(tokens), factor_id=factor_id)


async def listed(tokens: Answer) -> list[dict[str, Any]]:
    answer = await call(factors.list_mine, method="GET", headers=bearer(tokens))
    return list(answer.json["items"])


async def someone(tenant: str, **more: object) -> Person:
    """Logged in with a password."""
    user = await create(tenant, **more)  # type: ignore[arg-type]  # as people.create says
    return Person(tenant, await log_in(tenant), user)


async def with_app(tenant: str, time: Frozen) -> Person:
    """With an authenticator app, whose present code is used up."""
    person = await someone(tenant)
    begun = await begin(person.tokens, "totp")
    person.secret, person.factor_id = begun.json["secret"], begun.json["id"]
    answer = await confirm(person.tokens, person.factor_id, code=person.code(time))
    person.recovery_codes = answer.json["recovery_codes"]
    time.move()
    return person


async def with_passkey(tenant: str, key: Authenticator) -> Person:
    person = await someone(tenant)
    begun = await begin(person.tokens, "webauthn")
    person.factor_id = begun.json["id"]
    credential = key.create(begun.json["options"], transports=["internal", "telepathy"])
    answer = await confirm(person.tokens, person.factor_id, credential=credential)
    person.recovery_codes = answer.json["recovery_codes"]
    return person


async def ask(challenge_token: str, factor_id: str) -> Answer:
    body = {"challenge_token": challenge_token, "factor_id": factor_id}
    return await call(mfa.ask, body)


async def verify(challenge_token: str, factor_id: str, **proof: object) -> Answer:
    body = {"challenge_token": challenge_token, "factor_id": factor_id, **proof}
    return await call(mfa.verify, body)


async def again(tokens: Answer, **proof: object) -> Answer:
    return await call(mfa.reauthenticate, proof, headers=bearer(tokens))


async def codes_sent(tenant: str) -> list[SecretMailWanted]:
    told = await told_by("auth", tenant, SecretMailWanted)
    return [SecretMailWanted.model_validate(body) for body in told]

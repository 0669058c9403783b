"""Codes that are sent: six digits, ten minutes, one use, and not too many of them."""

import secrets
from datetime import datetime

from functions.auth.domain import proofs
from functions.auth.domain.factors import CODE_LIVES, AddressSecret, Factor, FactorKind
from functions.auth.domain.user import User
from functions.auth.service.ports import Hashes
from shared.contracts.auth import SecretMail, SecretMailWanted


class Codes:
    """Makes codes. What is kept of one is a slow hash."""

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = hashes

    async def made(
        self, user: User, factor: Factor, secret: AddressSecret, bound_to: str, at: datetime
    ) -> tuple[AddressSecret, SecretMailWanted]:
        """To be saved, and to be told with the same save. Raises CodesTooOften."""
        proofs.may_be_sent(secret, at)
        code = f"{secrets.randbelow(10**proofs.CODE_DIGITS):0{proofs.CODE_DIGITS}}"
        minutes = int(CODE_LIVES.total_seconds()) // 60
        wanted = SecretMailWanted(
            tenant_id=user.tenant_id,
            at=at,
            user_id=user.id,
            name=user.name,
            channel="sms" if factor.kind is FactorKind.SMS else "email",
            to=secret.to,
            template=SecretMail.LOGIN_CODE,
            values={"code": code, "minutes": str(minutes)},
            expires_at=at + CODE_LIVES,
        )
        return proofs.sent(secret, await self._hashes.hash(code), bound_to, at), wanted

"""A new factor is begun: its owner is told, or sent, what they need to confirm it."""

from functions.auth.domain import enrolment
from functions.auth.domain.challenge import nonce_of
from functions.auth.domain.factors import (
    AddressSecret,
    Factor,
    FactorKind,
    FactorSecret,
    PasskeySecret,
    TotpSecret,
)
from functions.auth.domain.refusals import PhoneNotVerified
from functions.auth.domain.user import User
from functions.auth.models.factors import NewFactor, NewFactorView
from functions.auth.service.challenges import new_challenge_id
from functions.auth.service.codes import Codes
from functions.auth.service.factors import owned
from functions.auth.service.ports import AuthenticatorApps, Passkeys, Users
from shared.contracts.auth import SecretMailWanted
from shared.identity.caller import Caller
from shared.platform.clock import Clock
from shared.platform.ids import new_id
from shared.records.rereading import until_fresh


class Enrolling:
    """What is begun counts for nothing until it is confirmed."""

    def __init__(
        self,
        users: Users,
        apps: AuthenticatorApps,
        passkeys: Passkeys,
        codes: Codes,
        now: Clock,
    ) -> None:
        self._users = users
        self._apps = apps
        self._passkeys = passkeys
        self._codes = codes
        self._now = now

    async def begin(self, caller: Caller, wish: NewFactor) -> NewFactorView:
        """Raises StepUpRequired, TooManyFactors or PhoneNotVerified."""
        return await until_fresh(lambda: self._begun(caller, wish))

    async def _begun(self, caller: Caller, wish: NewFactor) -> NewFactorView:
        stored, at = await owned(self._users, caller), self._now()
        user = stored.document
        factor = Factor(id=new_id(), kind=FactorKind(wish.kind), name=wish.name, added_at=at)
        secret = self._secret_of(user, factor, wish)
        told: list[SecretMailWanted] = []
        if isinstance(secret, AddressSecret):
            secret, wanted = await self._codes.made(user, factor, secret, factor.id, at)
            told.append(wanted)
        changed = enrolment.begun(user, factor, secret, at)
        await self._users.save(stored.now(changed), "begin factor", *told)
        return self._shown(user, factor, secret)

    def _secret_of(self, user: User, factor: Factor, wish: NewFactor) -> FactorSecret:
        match factor.kind:
            case FactorKind.TOTP:
                return TotpSecret(secret=self._apps.new_secret())
            case FactorKind.WEBAUTHN:
                return PasskeySecret(challenge=new_challenge_id())
            case FactorKind.SMS:
                return AddressSecret(to=_phone(user, wish.phone))
            case _:
                return AddressSecret(to=user.email)

    def _shown(self, user: User, factor: Factor, secret: FactorSecret) -> NewFactorView:
        view = NewFactorView(id=factor.id, kind=factor.kind)
        if isinstance(secret, TotpSecret):
            address = self._apps.address(secret.secret, user.email)
            update: dict[str, object] = {
                "otpauth_url": address,
                "secret": secret.secret,
                "qr_svg": self._apps.picture(address),
            }
            return view.model_copy(update=update)
        if isinstance(secret, PasskeySecret):
            nonce, known = nonce_of(secret.challenge), enrolment.passkeys_of(user).values()
            options = self._passkeys.registration(nonce, user.id, user.email, known)
            return view.model_copy(update={"options": options})
        return view


def _phone(user: User, wished: str | None) -> str:
    """Raises PhoneNotVerified for every other."""
    if user.phone is None or user.phone_verified_at is None or wished not in (None, user.phone):
        raise PhoneNotVerified("Enter your phone and verify it, then add it as a factor.")
    return user.phone

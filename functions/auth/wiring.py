"""How auth is put together. The one file here that knows which classes are real."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from functions.auth.domain.administration import AdministratorsTurn
from functions.auth.domain.departments import Department
from functions.auth.domain.former import FormerUser
from functions.auth.domain.imports import Import, ImportChunk
from functions.auth.domain.invitations import Invitation
from functions.auth.domain.links import Link
from functions.auth.domain.session import Session
from functions.auth.domain.user import User
from functions.auth.repository.access import (
    CosmosHolders,
    CosmosRoles,
    CosmosServiceAccounts,
    CosmosUsesOfKeys,
)
from functions.auth.repository.captcha import SiteVerify
from functions.auth.repository.departments import CosmosDepartments
from functions.auth.repository.guesses import CosmosGuesses
from functions.auth.repository.hashes import Hashes
from functions.auth.repository.imports import CosmosChunks, CosmosImports
from functions.auth.repository.passkeys import Passkeys
from functions.auth.repository.sessions import CosmosLogins, CosmosSessions
from functions.auth.repository.strength import estimated
from functions.auth.repository.totp import AuthenticatorApps
from functions.auth.repository.traces import CosmosTraces
from functions.auth.repository.users import CosmosUsers
from functions.auth.service.administration import Administration
from functions.auth.service.api_keys import ApiKeyService
from functions.auth.service.captcha import Captchas
from functions.auth.service.challenges import Challenges
from functions.auth.service.codes import Codes
from functions.auth.service.confirming import Confirming
from functions.auth.service.deletion import DeletionService
from functions.auth.service.departments import DepartmentService
from functions.auth.service.enrolling import Enrolling
from functions.auth.service.factor_reset import FactorReset
from functions.auth.service.factors import FactorService
from functions.auth.service.import_rows import RowService
from functions.auth.service.imports import ImportService
from functions.auth.service.introspection import Introspection
from functions.auth.service.logins import LoginService
from functions.auth.service.opening import Opening
from functions.auth.service.passwords import PasswordService
from functions.auth.service.people import PeopleService
from functions.auth.service.ports import Captcha
from functions.auth.service.proofs import Proofs
from functions.auth.service.proving import Proving
from functions.auth.service.reauthentication import Reauthentication
from functions.auth.service.rights import Granting, RightsService, TokenRights
from functions.auth.service.roles import Leaving, RoleService
from functions.auth.service.second_factor import Asking, SecondFactor
from functions.auth.service.service_accounts import ServiceAccountService
from functions.auth.service.sessions import SessionService
from functions.auth.service.turns import Turns
from shared.identity.custom_roles import Assignment, CustomRole
from shared.identity.service_accounts import KeyUse, ServiceAccount
from shared.identity.verifying import role_book, tokens, verifier
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments
from shared.records.several import CosmosSeveral

if TYPE_CHECKING:
    from functions.auth.repository.invitations import CosmosInvitations
    from functions.auth.repository.links import CosmosLinks
    from functions.auth.service.devices import DeviceService
    from functions.auth.service.invitations import InvitationService
    from functions.auth.service.joining import JoiningService
    from functions.auth.service.letters import Letters
    from functions.auth.service.links import LinkService
    from functions.auth.service.recovery import RecoveryService, Reminding
    from functions.auth.service.registration import RegistrationService
    from functions.auth.service.verification import VerificationService

now: Provided[clock.Clock] = Provided(lambda: clock.now)
users = Provided(lambda: CosmosUsers(container("auth"), User, now()))
sessions_kept = Provided(lambda: CosmosSessions(container("auth"), Session, now()))
hashes = Provided(Hashes)
guesses = Provided(lambda: CosmosGuesses(container("auth")))
turns = Provided(Turns)
challenges = Provided(lambda: Challenges(tokens().issue, tokens().verify, now()))


def _captcha() -> Captcha | None:
    """Only where both are configured."""
    chosen = settings()
    if not chosen.captcha_verify_url or not chosen.captcha_secret:
        return None
    return SiteVerify(chosen.captcha_verify_url, chosen.captcha_secret, chosen.captcha_site_key)


captcha = Provided(_captcha)
captchas = Provided(lambda: Captchas(captcha(), guesses(), now()))
apps = Provided(AuthenticatorApps)
passkeys = Provided(lambda: Passkeys(settings().public_base_url))
codes = Provided(lambda: Codes(hashes()))
proofs = Provided(lambda: Proofs(hashes(), apps(), passkeys()))
trusted_proxies = Provided(lambda: settings().trusted_proxies)
issuer = Provided(lambda: settings().public_base_url + "/api")


def _opening() -> Opening:
    issue, claims = tokens().issue, token_rights().claims
    return Opening(sessions_kept(), issue, challenges(), reminding(), claims, now())


def _learn(roles: Iterable[CustomRole]) -> None:
    role_book().learn(roles)


def _sessions() -> SessionService:
    together = CosmosLogins(CosmosSeveral(container("auth"), Session, User, CustomRole), _learn)
    return SessionService(sessions_kept(), together, opening(), tokens().verify, now())


def _logins() -> LoginService:
    return LoginService(guesses(), users(), hashes(), opening(), turns(), captchas(), now())


def _confirming() -> Confirming:
    return Confirming(users(), guesses(), proofs(), sessions(), turns(), now())


def _reauthentication() -> Reauthentication:
    return Reauthentication(users(), logins(), challenges(), second_factor(), sessions(), now())


def _factor_reset() -> FactorReset:
    page = settings().public_base_url + "/api/v1/pages/reset-factors"
    issue, verify = tokens().issue, tokens().verify
    return FactorReset(users(), logins(), sessions(), issue, verify, now(), page=page)


opening = Provided(_opening)
sessions = Provided(_sessions)
logins = Provided(_logins)
passwords = Provided(lambda: PasswordService(users(), sessions(), hashes(), estimated, now()))
people = Provided(lambda: PeopleService(users(), passwords(), administration(), now()))
introspection = Provided(lambda: Introspection(verifier()))
proving = Provided(lambda: Proving(guesses(), users(), proofs(), turns(), now()))
second_factor = Provided(lambda: SecondFactor(challenges(), proving(), opening()))
asking = Provided(lambda: Asking(challenges(), users(), passkeys(), codes(), now()))
factors = Provided(lambda: FactorService(users(), sessions(), now()))
enrolling = Provided(lambda: Enrolling(users(), apps(), passkeys(), codes(), now()))
confirming = Provided(_confirming)
reauthentication = Provided(_reauthentication)
factor_reset = Provided(_factor_reset)


async def _roles_of(tenant_id: str, assignments: Iterable[Assignment]) -> Mapping[str, CustomRole]:
    return await role_book().of(tenant_id, assignments)


def _administration() -> Administration:
    turns_kept = CosmosDocuments(container("auth"), AdministratorsTurn, now())
    return Administration(holders(), turns_kept)


def _api_keys() -> ApiKeyService:
    uses = CosmosUsesOfKeys(CosmosSeveral(container("auth"), ServiceAccount, KeyUse))
    return ApiKeyService(service_accounts_kept(), uses, _roles_of, now())


def _roles() -> RoleService:
    leaving = Leaving(holders(), service_accounts_kept(), rights(), service_accounts())
    return RoleService(custom_roles(), leaving, now())


custom_roles = Provided(lambda: CosmosRoles(container("auth"), CustomRole, now()))
holders = Provided(lambda: CosmosHolders(container("auth"), User, now()))
service_accounts_kept = Provided(
    lambda: CosmosServiceAccounts(container("auth"), ServiceAccount, now())
)
administration: Provided[Administration] = Provided(_administration)
granting = Provided(lambda: Granting(custom_roles()))
token_rights = Provided(lambda: TokenRights(_roles_of))
rights = Provided(lambda: RightsService(holders(), custom_roles(), granting(), now()))
service_accounts = Provided(
    lambda: ServiceAccountService(service_accounts_kept(), granting(), now())
)
api_keys = Provided(_api_keys)
roles = Provided(_roles)


def _deletion() -> DeletionService:
    former_users = CosmosDocuments(container("auth"), FormerUser, now())
    traces = CosmosTraces(container("auth"))
    return DeletionService(users(), former_users, administration(), sessions(), traces, now())


deletion = Provided(_deletion)
departments_kept = Provided(lambda: CosmosDepartments(container("auth"), Department, now()))
departments = Provided(lambda: DepartmentService(departments_kept(), users(), now()))


def _imports() -> ImportService:
    chunks = CosmosChunks(container("auth"), ImportChunk, now())
    rows = RowService(users(), people(), departments(), hashes(), now())
    return ImportService(imports_kept(), chunks, rows, now())


imports_kept = Provided(lambda: CosmosImports(container("auth"), Import, now()))
imports = Provided(_imports)


# What few requests need is imported by the first of them: loading the app costs every cold start.


def _links_kept() -> "CosmosLinks":
    from functions.auth.repository.links import CosmosLinks

    return CosmosLinks(container("auth"), Link, now())


def _links() -> "LinkService":
    from functions.auth.service.links import LinkService

    return LinkService(links_kept(), tokens().issue, tokens().verify, now())


def _letters() -> "Letters":
    from functions.auth.service.letters import Letters

    return Letters(settings().public_base_url)


def _reminding() -> "Reminding":
    from functions.auth.service.recovery import Reminding

    return Reminding(links(), users(), letters(), captchas())


def _recovery() -> "RecoveryService":
    from functions.auth.service.recovery import RecoveryService
    from functions.auth.service.resetting import SecondProofOfReset

    second = SecondProofOfReset(challenges(), proving(), now())
    return RecoveryService(links(), users(), passwords(), sessions(), second)


def _verification() -> "VerificationService":
    from functions.auth.service.verification import VerificationService

    return VerificationService(links(), users(), letters())


def _invitations_kept() -> "CosmosInvitations":
    from functions.auth.repository.invitations import CosmosInvitations

    return CosmosInvitations(container("auth"), Invitation, now())


def _invitations() -> "InvitationService":
    from functions.auth.service.invitations import InvitationService

    return InvitationService(invitations_kept(), tokens().issue, letters(), now())


def _joining() -> "JoiningService":
    from functions.auth.service.joining import JoiningService, Welcomes

    welcomes = Welcomes(invitations_kept(), links(), tokens().verify)
    return JoiningService(welcomes, users(), passwords(), opening(), now())


def _registration() -> "RegistrationService":
    from functions.auth.service.registration import RegistrationService

    return RegistrationService(links(), letters(), is_open=settings().self_registration)


def _devices() -> "DeviceService":
    from functions.auth.domain.devices import Device
    from functions.auth.service.devices import DeviceService

    return DeviceService(CosmosDocuments(container("auth"), Device, now()), now())


links_kept = Provided(_links_kept)
links = Provided(_links)
letters = Provided(_letters)
reminding = Provided(_reminding)
recovery = Provided(_recovery)
verification = Provided(_verification)
invitations_kept = Provided(_invitations_kept)
invitations = Provided(_invitations)
joining = Provided(_joining)
registration = Provided(_registration)
devices = Provided(_devices)

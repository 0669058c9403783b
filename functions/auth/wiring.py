"""How auth is put together. The one file here that knows which classes are real."""

from functions.auth.domain import Session, User
from functions.auth.repository import Argon2Passwords, CosmosSessions, CosmosUsers
from functions.auth.service import AuthService
from shared.identity.keyring import CosmosKeyring, StoredKey
from shared.identity.verifying import tokens
from shared.platform import clock
from shared.platform.clients import container
from shared.platform.settings import settings
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments

users = Provided(lambda: CosmosUsers(container("auth"), User, clock.now))
keyring = Provided(
    lambda: CosmosKeyring(CosmosDocuments(container("auth"), StoredKey, clock.now), clock.now)
)
issuer = Provided(lambda: settings().public_base_url + "/api")


def _auth() -> AuthService:
    return AuthService(
        users(),
        CosmosSessions(container("auth"), Session, clock.now),
        Argon2Passwords(),
        tokens().issue,
        clock.now,
    )


auth = Provided(_auth)

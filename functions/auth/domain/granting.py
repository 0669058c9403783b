"""Nobody gives away what they do not have. Pure."""

from collections.abc import Iterable

from functions.auth.domain.refusals import RightsNotHeld
from shared.identity.caller import Caller
from shared.identity.rights import Rights
from shared.identity.scopes import EVERYWHERE, Scope


def must_hold(caller: Caller, permissions: Iterable[str], scope: Scope = EVERYWHERE) -> None:
    """Each of them, at least where they are to hold. Raises RightsNotHeld, naming the others."""
    beyond = sorted(each for each in permissions if not caller.may_within(each, scope))
    if beyond:
        raise RightsNotHeld("You cannot give rights that you do not have.", permissions=beyond)


def must_hold_all(caller: Caller, rights: Rights) -> None:
    """Raises RightsNotHeld."""
    must_hold(caller, rights.permissions)
    for grant in rights.scoped:
        must_hold(caller, grant.permissions, grant.scope)

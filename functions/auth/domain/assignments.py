"""The roles that somebody has within scopes: given, withdrawn, replaced. Pure."""

from functions.auth.domain.refusals import AssignedEverywhere, TooManyAssignments
from shared.errors import Missing
from shared.identity.custom_roles import SYSTEM_ROLES, Assignment
from shared.identity.scopes import EVERYWHERE

MOST_ASSIGNMENTS = 20

Assignments = tuple[Assignment, ...]


def given(has: Assignments, new: Assignment) -> Assignments:
    """The same ones when they have it already. Raises TooManyAssignments or AssignedEverywhere."""
    if new.role_id in SYSTEM_ROLES and new.scope == EVERYWHERE:
        raise AssignedEverywhere(f"To be {new.role_id} everywhere stands in `roles`.")
    if held(has, new) is not None:
        return has
    if len(has) >= MOST_ASSIGNMENTS:
        raise TooManyAssignments(f"Nobody has more than {MOST_ASSIGNMENTS} of these.")
    return (*has, new)


def all_given(has: Assignments, wanted: Assignments) -> Assignments:
    """What is wanted in place of what they have; what stays is the same one."""
    kept: Assignments = ()
    for each in wanted:
        kept = given(kept, held(has, each) or each)
    return kept


def held(has: Assignments, sought: Assignment) -> Assignment | None:
    """The one that gives the same role in the same scope."""
    same = (sought.role_id, sought.scope)
    return next((each for each in has if (each.role_id, each.scope) == same), None)


def withdrawn(has: Assignments, assignment_id: str) -> Assignments:
    """Raises Missing."""
    left = tuple(each for each in has if each.id != assignment_id)
    if len(left) == len(has):
        raise Missing(f"There is no assignment {assignment_id}.")
    return left


def moved(has: Assignments, from_role: str, to_role: str) -> Assignments:
    """Another role in place of one, in the same scopes."""
    kept: Assignments = ()
    for each in has:
        new = each.model_copy(update={"role_id": to_role}) if each.role_id == from_role else each
        kept = kept if held(kept, new) else (*kept, new)
    return kept

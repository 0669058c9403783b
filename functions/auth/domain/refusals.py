"""The ways in which auth says no."""

from shared.errors import Conflict, Forbidden, Invalid, TooLarge, TooMany, Unauthenticated


class EmailTaken(Conflict):
    """Another user has this e-mail address."""

    code = "email-taken"


class AlreadySetUp(Conflict):
    """The first administrator exists."""

    code = "already-set-up"


class OwnAdministration(Conflict):
    """Administrators cannot disable themselves or give up their own role."""

    code = "own-administration"


class LoginFailed(Unauthenticated):
    """Unknown user, wrong password, disabled and locked user are told with the same words."""

    code = "login-failed"


class SessionEnded(Unauthenticated):
    """The refresh token is unknown, expired, used before or logged out."""

    code = "session-ended"


class WeakPassword(Invalid):
    """The password is too short, too common or too close to what everybody knows of its owner."""

    code = "weak-password"


class CaptchaRequired(Unauthenticated):
    """Too many logins failed: solve a captcha of `site_key`, and send its `captcha_token`."""

    code = "captcha-required"


class MfaRequired(Unauthenticated):
    """The first factor is proven, and the user has a second: `challenge_token` and `factors`."""

    code = "mfa-required"


class MfaFailed(Unauthenticated):
    """Wrong, old and used codes, and right ones while locked, are told with the same words."""

    code = "mfa-failed"


class ChallengeEnded(Unauthenticated):
    """The challenge token is expired, was answered before, or is for something else."""

    code = "challenge-ended"


class FactorNotConfirmed(Invalid):
    """The code or credential does not prove that the new factor works."""

    code = "factor-not-confirmed"


class TooManyFactors(Conflict):
    """The user has as many factors as one may have."""

    code = "too-many-factors"


class NoFactor(Conflict):
    """Recovery codes stand in for another factor, and there is none."""

    code = "no-factor"


class PhoneNotVerified(Conflict):
    """Codes go to the user's own phone alone, once it is proven to be theirs."""

    code = "phone-not-verified"


class CodesTooOften(TooMany):
    """A code was sent a moment ago, or many within the hour."""

    code = "codes-too-often"


class LinkEnded(Unauthenticated):
    """The link or code is expired, used, withdrawn, or a newer one was sent."""

    code = "link-ended"


class CodeWrong(Unauthenticated):
    """Another code was sent; after a few wrong ones it counts no more."""

    code = "code-wrong"


class PasswordChangeRequired(Unauthenticated):
    """The password was right and is a first one: choose your own with `reset_token`."""

    code = "password-change-required"


class AlreadyInvited(Conflict):
    """An invitation to this address is open: send that again, or withdraw it."""

    code = "already-invited"


class InvitationEnded(Conflict):
    """The invitation was accepted or withdrawn."""

    code = "invitation-ended"


class RegistrationClosed(Forbidden):
    """Nobody registers here: people are invited."""

    code = "registration-closed"


class RightsNotHeld(Forbidden):
    """`permissions` would be given by somebody who does not have them, or not there."""

    code = "rights-not-held"


class LastAdministrator(Conflict):
    """Somebody must be left who can let others in."""

    code = "last-administrator"


class SystemRole(Conflict):
    """System roles are part of the app: nobody changes or deletes them."""

    code = "system-role"


class RoleNameTaken(Conflict):
    """Another role has this name."""

    code = "role-name-taken"


class TooManyRoles(Conflict):
    """The tenant has as many roles of its own as one may have."""

    code = "too-many-roles"


class RoleAssigned(Conflict):
    """Somebody has this role: withdraw it, or say which they get in its place."""

    code = "role-assigned"


class UnknownRole(Invalid):
    """There is no such role to be given."""

    code = "unknown-role"


class AssignedEverywhere(Invalid):
    """A system role without a scope belongs among the user's roles."""

    code = "assigned-everywhere"


class TooManyAssignments(Conflict):
    """Nobody may have more role assignments, or more than a token has room for."""

    code = "too-many-assignments"


class TooManyKeys(Conflict):
    """Two keys of the account live: one in use, and the one that takes its place."""

    code = "too-many-keys"


class BeyondAccount(Invalid):
    """The key would be for more than its account may."""

    code = "beyond-account"


class OwnDeletion(Conflict):
    """Nobody deletes themselves: another administrator has to."""

    code = "own-deletion"


class UnknownDepartment(Invalid):
    """There is no such department."""

    code = "unknown-department"


class DepartmentCycle(Conflict):
    """A department cannot stand below itself."""

    code = "department-cycle"


class DepartmentTooDeep(Conflict):
    """So many levels of departments nobody finds their way in."""

    code = "department-too-deep"


class DepartmentNameTaken(Conflict):
    """Another department in the same place has this name."""

    code = "department-name-taken"


class DepartmentInUse(Conflict):
    """A department goes only once nobody is in it, and no other department below it."""

    code = "department-in-use"


class TooManyDepartments(Conflict):
    """The tenant has as many departments as there may be."""

    code = "too-many-departments"


class UnreadableImport(Invalid):
    """The file is no table of people: `fields` says where."""

    code = "unreadable-import"


class TooManyRows(TooLarge):
    """More people than one import takes."""

    code = "too-many-rows"

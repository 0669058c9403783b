"""What auth tells the others."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts import Event, Job

UNLESS_SAID = timedelta(minutes=10)


class UserChanged(Event):
    """A user was created or changed: the whole of what others may know of them.

    `version` grows with each change, so that an older snapshot can be told from a newer one.
    """

    type: ClassVar[str] = "auth.user-changed.v1"

    user_id: str
    version: int
    name: str
    email: str
    phone: str | None
    roles: list[str]
    active: bool


class UserDisabled(Event):
    """A user may not log in any more, for now. Told beside the UserChanged that says so too."""

    type: ClassVar[str] = "auth.user-disabled.v1"

    user_id: str


class UserDeleted(Event):
    """A user is gone for good: forget their name, addresses and whatever else is personal."""

    type: ClassVar[str] = "auth.user-deleted.v1"

    user_id: str


class UserLoggedIn(Event):
    """Somebody logged in: from where, as far as that is known."""

    type: ClassVar[str] = "auth.user-logged-in.v1"

    user_id: str
    session_id: str
    device: str = ""
    address: str = ""


class Notice(StrEnum):
    """What happened to a login that its owner must hear of, should it not have been them."""

    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a notice
    PASSWORD_RESET = "password-reset"  # noqa: S105 - the name of a notice
    EMAIL_CHANGED = "email-changed"
    PHONE_CHANGED = "phone-changed"
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    SESSION_REVOKED = "session-revoked-by-administrator"
    NEW_DEVICE = "login-from-new-device"
    LOGIN_LOCKED = "login-locked"
    IDENTITY_LINKED = "identity-linked"
    IDENTITY_UNLINKED = "identity-unlinked"
    API_KEY_CREATED = "api-key-created"


class SecurityNoticed(Event):
    """Something about a login changed. `details` say what, and hold no secret.

    `email` is there where the address itself changed: whoever lost it must hear of it.
    """

    type: ClassVar[str] = "auth.security-noticed.v1"

    user_id: str
    notice: Notice
    details: dict[str, str] = Field(default_factory=dict)
    address: str = ""
    device: str = ""
    email: str | None = None


class SecretMail(StrEnum):
    """What a link or a code is sent for."""

    PASSWORD_RESET = "password-reset"  # noqa: S105 - the name of a message
    EMAIL_VERIFICATION = "email-verification"
    PHONE_VERIFICATION = "phone-verification"
    INVITATION = "invitation"
    REGISTRATION = "registration"
    ALREADY_REGISTERED = "already-registered"
    FACTOR_RESET = "factor-reset"
    LOGIN_CODE = "login-code"


class SecretMailWanted(Event):
    """A link or a code for one person alone, to be sent to this address or number and no other.

    `channel` is "email" or "sms"; `values` hold the secret, as `link` or `code`. The one event with
    a secret: it is not logged, goes to no inbox, and is kept only until `expires_at`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    type: ClassVar[str] = "auth.secret-mail-wanted.v1"

    user_id: str | None = None
    name: str = ""
    channel: str = "email"
    to: str
    template: SecretMail
    values: dict[str, str] = Field(default_factory=dict, repr=False)
    locale: str | None = None
    expires_at: AwareDatetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.expires_at or self.at + UNLESS_SAID

    @property
    def kept_s(self) -> int:
        return max(1, int((self.ends_at - self.at).total_seconds()))


class ImportUsers(Job):
    """Work off an import of users from this chunk on."""

    type: ClassVar[str] = "auth.import-users.v1"
    queue: ClassVar[str] = "auth-imports"

    import_id: str
    chunk: int

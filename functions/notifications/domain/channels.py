"""Ways to reach somebody, what can be told, and in which languages."""

from enum import StrEnum


class Channel(StrEnum):
    """The app's own inbox, or a message sent by a provider."""

    IN_APP = "in_app"
    EMAIL = "email"
    SMS = "sms"


class Template(StrEnum):
    """What can be told. Each has its texts in every locale."""

    TRIP_ASSIGNED = "trip_assigned"
    STOP_REACHED = "stop_reached"
    TRIP_ENDED = "trip_ended"
    SIGNING_REQUESTED = "signing_requested"
    ENVELOPE_COMPLETED = "envelope_completed"
    ENVELOPE_DECLINED = "envelope_declined"
    CALL_STARTED = "call_started"
    SECURITY_NOTICE = "security_notice"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a text
    EMAIL_VERIFICATION = "email_verification"
    PHONE_VERIFICATION = "phone_verification"
    INVITATION = "invitation"
    REGISTRATION = "registration"
    ALREADY_REGISTERED = "already_registered"
    FACTOR_RESET = "factor_reset"
    LOGIN_CODE = "login_code"


class Locale(StrEnum):
    """Languages that texts are written in."""

    ENGLISH = "en"
    GERMAN = "de"

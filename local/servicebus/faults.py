"""The ways in which Service Bus says no, each with its AMQP condition and management status."""


class Fault(Exception):
    """A refusal that goes back to the client; the connection stays."""

    def __init__(self, condition: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.condition = condition
        self.description = description
        self.status = status


def entity_not_found(path: str) -> Fault:
    return Fault("amqp:not-found", f"The messaging entity '{path}' could not be found.", 404)


def not_allowed(description: str) -> Fault:
    return Fault("amqp:not-allowed", description, 400)


def unauthorized(description: str) -> Fault:
    return Fault("amqp:unauthorized-access", description, 401)


def message_lock_lost() -> Fault:
    return Fault(
        "com.microsoft:message-lock-lost",
        "The lock supplied is invalid. Either the lock expired, or the message has already been "
        "removed from the queue.",
        410,
    )


def message_not_found(what: str, number: int) -> Fault:
    return Fault("com.microsoft:message-not-found", f"{what} {number} was not found.", 404)


def session_lock_lost(session_id: str) -> Fault:
    return Fault(
        "com.microsoft:session-lock-lost",
        f"The lock of session '{session_id}' has expired. Accept the session again.",
        410,
    )


def session_cannot_be_locked(session_id: str) -> Fault:
    return Fault(
        "com.microsoft:session-cannot-be-locked",
        f"The requested session '{session_id}' cannot be accepted. It may be locked by another "
        "receiver.",
        410,
    )


def no_session_in_time() -> Fault:
    return Fault(
        "com.microsoft:timeout", "No session became available within the time allowed.", 408
    )


def message_too_large(limit: int) -> Fault:
    return Fault(
        "amqp:link:message-size-exceeded", f"The message is larger than {limit} bytes.", 400
    )


def quota_exceeded(path: str, size: int, limit: int) -> Fault:
    return Fault(
        "amqp:resource-limit-exceeded",
        f"The maximum entity size has been reached or exceeded for '{path}'. Size of entity in "
        f"bytes:{size}, Max entity size in bytes:{limit}.",
        403,
    )


def too_many_replies(node: str) -> Fault:
    return Fault("amqp:resource-limit-exceeded", f"Replies of '{node}' wait to be received.", 403)


def bad_argument(description: str) -> Fault:
    return Fault("com.microsoft:argument-error", description, 400)


def not_implemented(operation: str) -> Fault:
    return Fault("amqp:not-implemented", f"The operation '{operation}' is not supported.", 501)

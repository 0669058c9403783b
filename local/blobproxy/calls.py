"""What a request to Blob Storage is called in a plan: an operation, and the container."""

from collections.abc import Mapping

OPERATIONS = {"GET": "read", "HEAD": "head", "PUT": "write", "DELETE": "delete", "POST": "write"}
TRUNCATED = "truncated"
OF_READS = ("unavailable", TRUNCATED, "slow", "reply-lost")
OF_OTHERS = ("unavailable", "slow", "reply-lost")


def call(method: str, path: str, query: Mapping[str, str]) -> tuple[str, str]:
    """`path` is /account/container/blob, as it is where the account has no name of its own."""
    _account, _, rest = path.strip("/").partition("/")
    container = rest.partition("/")[0]
    if query.get("comp") == "list":
        return "list", container
    return OPERATIONS.get(method, "other"), container


def faults_of(operation: str) -> tuple[str, ...]:
    """Only a body can come to an end too early."""
    return OF_READS if operation in {"read", "list"} else OF_OTHERS

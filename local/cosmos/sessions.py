"""Session tokens: up to which change a client has seen. There is one range, and one history."""

import re

from local.cosmos.call import Call
from local.cosmos.errors import bad_request, session_not_available
from local.cosmos.ranges import RANGE_ID
from local.cosmos.store import Store

HEADER = "x-ms-session-token"
# `0:-1#12`, and with versions of regions `0:1#12#3=4`; several ranges are listed with commas.
_TOKEN = re.compile(r"\w*:(?:-?\d+#)?(\d+)(?:#[\d=,#-]*)?")


def session_token(store: Store) -> str:
    return f"{RANGE_ID}:-1#{store.lsn}"


def check_session(call: Call, store: Store) -> None:
    """Raises 404 with 1002 where the client has seen more than there is, as after a restore."""
    written = call.headers.get(HEADER)
    if not written:
        return
    for token in written.split(","):
        match = _TOKEN.fullmatch(token.strip())
        if match is None:
            raise bad_request(f"The session token '{token[:100]}' is invalid.")
        if int(match.group(1)) > store.lsn:
            raise session_not_available()

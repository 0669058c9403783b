"""Does a login take as long for an unknown user as for a wrong password? Side by side, in one run.

`python -m benchmarks.login_timing [rounds]` interleaves both against the app's own service over the
local Cosmos emulator, and prints the medians and their ratio. Ends by itself.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from functions.auth.domain import LoginFailed
from functions.auth.models import CreateUser, Login
from functions.auth.wiring import auth
from local.provision import provision
from shared.identity.caller import Caller
from shared.identity.permissions import Role
from shared.platform import clients
from tests.support.azure import configured, cosmos_connection, running_cosmos

KNOWN = Login(email="ann@example.com", password="not her password", tenant_id="bench")
UNKNOWN = Login(email="nobody@example.com", password="not her password", tenant_id="bench")


async def measured(rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each refused login, known and unknown."""
    admin = Caller("bench", "bench", frozenset({Role.ADMIN}))
    wish = CreateUser(email="ann@example.com", name="Ann", roles=frozenset({Role.MEMBER}))
    await auth().create(admin, wish)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for login, kept in zip((KNOWN, UNKNOWN), times, strict=True):
            began = time.perf_counter()
            try:
                await auth().log_in(login)
            except LoginFailed:
                kept.append((time.perf_counter() - began) * 1000)
    await clients.close_all()
    return times


def main(rounds: int = 100) -> None:
    with tempfile.TemporaryDirectory() as logs, running_cosmos(Path(logs)) as cosmos:
        connection = cosmos_connection(cosmos.ready["url"])
        with configured(COSMOS=connection, PUBLIC_BASE_URL="http://127.0.0.1:7071"):
            asyncio.run(provision(cosmos=connection, blob=None))
            known, unknown = (statistics.median(each) for each in asyncio.run(measured(rounds)))
    print(f"wrong password {known:.1f} ms, unknown user {unknown:.1f} ms: {unknown / known:.3f}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))

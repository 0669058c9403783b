"""Auth under a clock that the test moves."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

from functions.auth import wiring
from shared.identity.verifying import tokens, verifier
from shared.platform import clock
from shared.provided import Provided

STEP = timedelta(seconds=30)
KEPT = (tokens, verifier)


class Frozen:
    """Stands still in the middle of a time step, some minutes ago: then no token that it stamps is
    of the future for those who look at the real clock, and every login of it is recent."""

    def __init__(self) -> None:
        seconds = int((clock.now() - timedelta(minutes=8)).timestamp()) // 30 * 30 + 15
        self.at = datetime.fromtimestamp(seconds, clock.now().tzinfo)

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta = STEP) -> None:
        self.at += by

    @property
    def step(self) -> int:
        return int(self.at.timestamp()) // 30


@contextmanager
def frozen() -> Generator[Frozen]:
    """Everything that auth wires is built anew on the clock, and again without it."""
    parts = [part for part in vars(wiring).values() if isinstance(part, Provided)]
    mine = [part for part in parts if part not in KEPT]
    for part in mine:
        part.forget()
    with wiring.now.replaced_by(Frozen()) as time:
        assert isinstance(time, Frozen)
        yield time
    for part in mine:
        part.forget()

"""How long to wait before the next attempt to reach something that is away."""

from dataclasses import dataclass

FIRST_S = 0.25
LONGEST_S = 3.0


@dataclass
class Backoff:
    """Doubles with every failure in a row. Short, because everything here runs on one machine."""

    first_s: float = FIRST_S
    longest_s: float = LONGEST_S
    failures: int = 0

    def fail(self) -> float:
        """Count a failure; the seconds to wait are returned."""
        self.failures += 1
        return min(self.longest_s, self.first_s * 2.0 ** min(self.failures - 1, 30))

    def succeed(self) -> bool:
        """Forget the failures; says whether there were any."""
        had_failed, self.failures = self.failures > 0, 0
        return had_failed

"""How often a plan has killed a part: kept beside the plan, since the part itself forgets it."""

from collections import Counter
from pathlib import Path


class Kills:
    """Of one part. A file that is gone means: none so far."""

    def __init__(self, plan: Path, part: str) -> None:
        self._file = plan.with_name(f"{plan.name}.{part}.kills")

    def so_far(self) -> Counter[str]:
        """By the name of the rule."""
        try:
            return Counter(self._file.read_text(encoding="utf-8").splitlines())
        except FileNotFoundError:
            return Counter()

    def add(self, rule: str) -> None:
        """Raises OSError where the folder of the plan cannot be written to."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{rule}\n")


def forget(plan: Path) -> None:
    """Begin the plan anew: what it has killed before no longer counts."""
    for file in plan.parent.glob(f"{plan.name}.*.kills"):
        file.unlink()

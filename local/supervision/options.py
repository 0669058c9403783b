"""What `up` and `run` may be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.supervision.terminal import has_colours


@dataclass(frozen=True)
class Options:
    """What `up` and `run` are told."""

    free: bool = False
    faults: Path | None = None
    reload: bool = False
    colours: bool = False
    detached: bool = False  # from whoever started it, once everything runs

    def words(self) -> list[str]:
        """As `chosen` reads them."""
        said = {
            "--free-ports": self.free,
            "--reload": self.reload,
            "--colours": self.colours,
            "--detached": self.detached,
        }
        faults = [] if self.faults is None else ["--faults", str(self.faults)]
        return [word for word, wanted in said.items() if wanted] + faults


def chosen(verb: str, arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog=f"python -m local {verb}")
    parser.add_argument("--free-ports", action="store_true", help="any that nobody uses")
    parser.add_argument(
        "--faults",
        type=lambda name: Path(name).resolve(),
        metavar="FILE",
        help="a plan of faults that every part follows (docs/local-azure.md)",
    )
    parser.add_argument("--reload", action="store_true", help="follow changes of the code")
    parser.add_argument("--colours", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--detached", action="store_true", help=argparse.SUPPRESS)
    found = parser.parse_args(arguments)
    colours = found.colours or has_colours()
    return Options(found.free_ports, found.faults, found.reload, colours, found.detached)

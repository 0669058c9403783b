"""What a signature looks like on paper: a drawn or typed name, and below it who and when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Appearance:
    """`picture` is a PNG, transparent where there is no ink; without one `typed` is written, or the
    name. The caption always has the name.
    """

    name: str
    picture: bytes | None = None
    typed: str | None = None

    def caption(self, signed_at: datetime) -> str:
        return f"{self.name} · {signed_at:%Y-%m-%d %H:%M:%S} UTC"

"""Dependencies, built on first use so that loading the app touches no network and no settings."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Provided(Generic[T]):
    """One dependency: call it to have it."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._built: T | None = None

    def __call__(self) -> T:
        if self._built is None:
            self._built = self._build()
        return self._built

    def forget(self) -> None:
        """Build it anew when it is next asked for."""
        self._built = None

    @contextmanager
    def replaced_by(self, stand_in: T) -> Generator[T]:
        """For tests: whoever asks meanwhile gets `stand_in`."""
        before, self._built = self._built, stand_in
        try:
            yield stand_in
        finally:
            self._built = before

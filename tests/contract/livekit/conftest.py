"""Servers and receivers of the LiveKit suite."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.livekit.receiver import Receiver, receiver


@pytest.fixture
async def hooks() -> AsyncIterator[Receiver]:
    async with receiver() as taken:
        yield taken

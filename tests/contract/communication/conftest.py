"""The recorder, running."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.communication.running import Running, running


@pytest.fixture
async def recorder() -> AsyncIterator[Running]:
    async with running() as recorder:
        yield recorder

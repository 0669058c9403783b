"""One local Azure with a board for all views; what a test ends, it starts again."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from local.azure import LocalAzure
from local.ports import free_ports
from local.process import Process
from tests.browser.board.stage import Played, in_a_thread
from tests.browser.board.unused import started_beside
from tests.browser.visiting import visiting

expect.set_options(timeout=15_000)  # parts start again in the meantime, on machines with little


@pytest.fixture(scope="package")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Played]:
    azure = LocalAzure(tmp_path_factory.mktemp("azure"), free_ports(), board=True)
    try:
        yield await in_a_thread(azure, tmp_path_factory.mktemp("results"))
    finally:
        await asyncio.to_thread(azure.stop)


@pytest.fixture
def visit(browser: Browser, stage: Played, shots: Path) -> Any:
    """`async with visit("phone", "dark") as seen: ...`"""
    return partial(visiting, browser, stage.url, shots)


@pytest.fixture
def unused(stage: Played, tmp_path: Path) -> Generator[Process]:
    """A second board, before which nothing has been said yet."""
    process = started_beside(stage, tmp_path)
    try:
        yield process
    finally:
        process.stop()

"""One Chromium and one server for the whole run; a fresh context for every visit."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from local.process import Process
from tests.browser.serving import Served, serving
from tests.browser.visiting import AXE, CHROMIUM, Visit, chromium, visiting
from tests.esignature.conftest import now, timestamping, tsa, tsa_root

__all__ = ["now", "timestamping", "tsa", "tsa_root"]
Visiting = Callable[..., AbstractAsyncContextManager[Visit]]


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium here: apt-get install chromium.")
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `npm ci` in tests/browser/.")
    async with chromium() as started:
        yield started


@pytest.fixture(scope="session")
async def served(blob_storage: Process) -> AsyncGenerator[Served]:
    async with serving() as running:
        yield running


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept: SHOTS, or a temporary folder."""
    folder = Path(os.environ.get("SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(browser: Browser, served: Served, shots: Path) -> Any:
    """`async with visit("phone", "dark") as visit: ...`"""
    return partial(visiting, browser, served.url, shots)

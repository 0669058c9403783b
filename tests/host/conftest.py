"""Fixtures: apps being served, and a broker to serve them from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.starting import Served, serve


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app of HTTP functions."""
    folder = tmp_path_factory.mktemp("web")
    served = serve("web", folder, {"AzureWebJobs.switched_off.Disabled": True})
    yield served
    served.client.close()
    served.process.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place for one test's settings, data and logs."""
    return tmp_path

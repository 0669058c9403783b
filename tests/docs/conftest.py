"""The app as the host indexes it."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def functions() -> list[Any]:
    from tests.support.app import app_functions

    return app_functions()

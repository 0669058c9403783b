"""One local Azure for all stories; after each it is made whole again.

JOURNEY_FAULTS names a plan (local/faults/plan.py) under which all of them are to be played.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from local.azure import running
from local.demo import people
from local.demo.show import Show
from local.ports import free_ports
from local.setting_up import first_administrator
from tests.journeys.house import House


@pytest.fixture(scope="package")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    """Started once: a few seconds for a whole Azure, and people with logins in it."""
    told: list[str] = []
    named = os.environ.get("JOURNEY_FAULTS")
    plan = Path(named).resolve() if named else None
    where = tmp_path_factory.mktemp("azure")
    with running(where, free_ports(), told.append, faults=plan) as azure:
        administrator = first_administrator(azure.base_url, azure.keys.master_key)
        assert administrator is not None
        house = House(azure, people.gather(Show(), azure.base_url, administrator), told)
        try:
            yield house
        finally:
            house.azure.stop()


@pytest.fixture
def house(furnished: House) -> Generator[House]:
    yield furnished
    furnished.whole()

"""One local Azure for all stories; after each it is made whole again."""

from collections.abc import Generator

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
    with running(tmp_path_factory.mktemp("azure"), free_ports(), told.append) as azure:
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

"""One local Azure for all that looks into it, with a little traffic; started once, when needed."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from local.azure import LocalAzure, running
from local.board.surroundings import Surroundings
from local.configuration import app_settings
from local.demo import delivery, note, people, track
from local.demo.delivery import Material, Plan
from local.demo.show import Show
from local.ports import free_ports
from local.setting_up import first_administrator
from tests.board.asking import Board, board_of

QUIET = 12  # positions are enough for a plan; nobody drives


@dataclass
class Lived:
    """A local Azure in which somebody has planned a trip for a driver."""

    azure: LocalAzure
    plan: Plan
    administrator_password: str

    @property
    def surroundings(self) -> Surroundings:
        azure = self.azure
        urls = {name: process.ready["url"] for name, process in azure.processes.items()}
        urls["servicebus_admin"] = azure.processes["servicebus"].ready["admin"]
        return Surroundings(
            urls,
            app_settings(azure.ports, azure.keys, "", azure.data / "keys"),
            azure.keys.master_key,
            azure.log("host").parent,
        )


@pytest.fixture(scope="package")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Generator[Lived]:
    told: list[str] = []
    with running(tmp_path_factory.mktemp("azure"), free_ports(), told.append) as azure:
        administrator = first_administrator(azure.base_url, azure.keys.master_key)
        assert administrator is not None
        show = Show()
        everybody = people.gather(show, azure.base_url, administrator)
        fixes, stops = track.laid_along(track.built_in(datetime.now(UTC) - timedelta(seconds=1)))
        material = Material(
            note.delivery_note("DN-1", "Cora Lindqvist", "20 November 2026"),
            "note.pdf",
            fixes[:QUIET],
            stops,
        )
        yield Lived(azure, delivery.planned(show, everybody, material), administrator.password)


@pytest.fixture(scope="package")
async def board(lived: Lived) -> AsyncGenerator[Board]:
    async with board_of(lived.surroundings) as board:
        yield board

"""Keys are made once a run: they cost more than everything that is done with them."""

import pytest

from local.tsa.authority import make
from shared.pades.certificates import Authority, make_root
from tests.pades.people import NOW, World


@pytest.fixture(scope="session")
def root() -> Authority:
    return make_root("Test Root", now=NOW)


@pytest.fixture(scope="session")
def made_world(root: Authority) -> World:
    return World(root, make(lambda: NOW))


@pytest.fixture
def world(made_world: World) -> World:
    return World(made_world.root, made_world.tsa)

"""Every .bicep file holds to what the compiler and a reviewer ask for."""

import pytest

from tests.infra import rules
from tests.infra.bicep import FOLDER, File, all_files, read
from tests.infra.names import undefined_names, unused_names

FILES = all_files()


@pytest.fixture(params=FILES, ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> File:
    found: File = request.param
    return found


def test_the_grammar_reads_it(file: File) -> None:
    assert rules.syntax_errors(file) == []


def test_every_name_is_declared_and_used(file: File) -> None:
    assert undefined_names(file) == []
    assert unused_names(file) == []


def test_modules_get_what_they_need(file: File) -> None:
    assert rules.module_problems(file) == []


def test_places_are_parameters(file: File) -> None:
    assert rules.hard_coded_locations(file) == []


def test_it_holds_no_secret(file: File) -> None:
    assert rules.secrets(file) == []


def test_roles_are_known_and_assignments_named(file: File, roles: dict[str, str]) -> None:
    assert rules.role_problems(file, roles) == []


def test_loaded_files_are_there_and_fit(file: File, generated: dict[str, str]) -> None:
    assert rules.load_problems(file, generated) == []


def test_each_type_has_one_released_version() -> None:
    assert rules.version_problems(FILES) == []


def test_every_module_is_part_of_the_deployment() -> None:
    """From main.bicep downwards, everything is reached."""
    reached, waiting = set(), [FOLDER / "main.bicep"]
    while waiting:
        path = waiting.pop().resolve()
        reached.add(path)
        waiting += [path.parent / module.kind for module in read(path).modules.values()]
    assert {file.path for file in FILES} == reached


def test_main_follows_the_conventions_of_azd() -> None:
    main = read(FOLDER / "main.bicep")
    assert "targetScope = 'subscription'" in main.path.read_text(encoding="utf-8")
    assert {"environmentName", "location"} <= set(main.parameters)
    assert all(name == name.upper() for name in main.outputs)

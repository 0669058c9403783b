"""The whole: what each part is told, and what is refused before anything starts."""

import errno
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local import parts
from local.azure import LocalAzure
from local.ports import Ports, free_ports
from local.process import Process
from local.refusals import CannotStart
from local.supervision.disk import LEAST_FREE, must_hold

PLAN = {"seed": 1, "everywhere": 0.0, "rules": []}


def words(azure: LocalAzure, name: str) -> str:
    return " ".join(parts.command(azure, name).words)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    return file


@pytest.fixture
def azure(tmp_path: Path) -> LocalAzure:
    """Of which nothing runs, but what the app needs of the timestamps."""
    return with_roots(LocalAzure(tmp_path / "data", Ports(), board=True))


def with_roots(azure: LocalAzure) -> LocalAzure:
    roots = azure.data / "ca.pem"
    roots.write_text("-----BEGIN CERTIFICATE-----", encoding="utf-8")
    ended = subprocess.Popen([sys.executable, "-c", ""], text=True)
    ended.wait()
    ready = {"url": "http://127.0.0.1:3180", "ca": str(roots)}
    azure.processes["tsa"] = Process("tsa", ended, ready)
    return azure


def test_parts_are_named_in_the_order_of_their_start(tmp_path: Path, plan: Path) -> None:
    behind = ("azurite", "cosmos", "servicebus", "communication", "livekit", "tsa")
    assert LocalAzure(tmp_path / "a", Ports()).names == (*behind, "host")
    whole = LocalAzure(tmp_path / "b", Ports(), faults=plan, board=True)
    assert whole.names == (*behind, "blobproxy", "host", "gateway", "board")
    assert set(whole.names) == set(parts.TITLES) == set(parts.COMMANDS)


def test_without_faults_nobody_is_told_of_them(azure: LocalAzure) -> None:
    assert [name for name in azure.names if "--faults" in words(azure, name)] == []
    assert "--blobPort 10000" in words(azure, "azurite")
    assert "--reload" not in words(azure, "host")


def test_with_faults_every_part_follows_the_same_plan(tmp_path: Path, plan: Path) -> None:
    azure = with_roots(LocalAzure(tmp_path / "data", Ports(), faults=plan, board=True))
    own = {"cosmos", "servicebus", "communication", "livekit", "tsa", "host", "blobproxy"}
    told = {name for name in azure.names if f"--faults {azure.plan}" in words(azure, name)}
    assert told == own
    inner = azure.blob_behind
    assert inner != azure.ports.blob
    assert f"--blobPort {inner}" in words(azure, "azurite")
    proxy = words(azure, "blobproxy")
    assert f"--port {azure.ports.blob} " in proxy
    assert f"--upstream http://127.0.0.1:{inner}" in proxy
    assert json.loads((azure.plan or plan).read_text(encoding="utf-8")) == PLAN


def test_reload_is_for_the_host_alone(azure: LocalAzure) -> None:
    azure.reload = True
    assert [name for name in azure.names if "--reload" in words(azure, name)] == ["host"]


def test_addresses_stay_over_restarts(azure: LocalAzure) -> None:
    """So the broker's page has a port of its own that is always the same."""
    assert "--admin-port 5300" in words(azure, "servicebus")
    assert words(azure, "servicebus") == words(azure, "servicebus")


def test_the_boards_file_is_whole_and_for_its_owner_alone(azure: LocalAzure) -> None:
    command = words(azure, "board")
    file = Path(command.partition("--azure ")[2])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known = json.loads(file.read_text(encoding="utf-8"))
    assert set(known) == {"urls", "settings", "master_key", "logs", "state"}
    assert known["urls"] == {
        "host": "http://127.0.0.1:7071",
        "gateway": "http://127.0.0.1:7080",
        "board": "http://127.0.0.1:7070",
        "cosmos": "http://127.0.0.1:8081",
        "servicebus": "sb://127.0.0.1:5672",
        "servicebus_admin": "http://127.0.0.1:5300",
        "azurite": "http://127.0.0.1:10000",
        "communication": "http://127.0.0.1:8025",
        "livekit": "http://127.0.0.1:7880",
        "tsa": "http://127.0.0.1:3180",
    }
    assert known["master_key"] == azure.keys.master_key
    assert known["settings"]["COSMOS"].endswith(f"AccountKey={azure.keys.cosmos_key};")
    keys = set(vars(azure.keys).values()) - {azure.keys.storage_account}
    assert not [key for key in keys if key in command]


def test_the_gateway_stands_before_the_app(azure: LocalAzure) -> None:
    assert "--port 7080" in words(azure, "gateway")
    assert "--upstream http://127.0.0.1:7071" in words(azure, "gateway")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"rules": [{"part": "cosmos", "fault": "fire"}]}', '{"everywhere": 3}']
)
def test_a_broken_plan_is_refused_before_anything_starts(tmp_path: Path, content: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CannotStart, match=r"plan\.json.*Nothing was started\.") as refused:
        LocalAzure(tmp_path / "data", Ports(), faults=file)
    assert "\n" not in str(refused.value)


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        LocalAzure(tmp_path / "data", Ports(), faults=tmp_path / "none.json")


def test_data_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for data in (tmp_path / "file", tmp_path / "file" / "deep", Path("/proc/nowhere")):
        with pytest.raises(CannotStart, match=r"cannot be written: .*LOCAL_AZURE_HOME"):
            LocalAzure(data, Ports())


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    must_hold(tmp_path, lambda _: LEAST_FREE)
    with pytest.raises(CannotStart, match=r"full: 99 MiB are free, and 100 are needed"):
        must_hold(tmp_path, lambda _: LEAST_FREE - 1)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CannotStart, match=r"cannot be written: the disk is full\. Make room"):
        must_hold(tmp_path, no_room)


def no_room(folder: Path) -> int:
    raise OSError(errno.ENOSPC, "No space left on device", str(folder))


def test_a_part_that_dies_at_the_start_takes_the_others_along(tmp_path: Path) -> None:
    """Its last words are shown, and no process is left."""
    azure = LocalAzure(tmp_path / "data", free_ports())
    (azure.data / "cosmos").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(CannotStart, match=r"cosmos did not start\. Its last words") as failed:
        azure.start(lambda _: None)
    assert str(azure.log("cosmos")) in str(failed.value)
    assert azure.processes == {}
    assert azure.ledger.parts == {}


def test_a_part_that_runs_is_not_started_twice(tmp_path: Path) -> None:
    azure = LocalAzure(tmp_path / "data", free_ports())
    try:
        tsa = azure.start_part("tsa")
        assert azure.start_part("tsa") is tsa
        tsa.kill()
        again = azure.start_part("tsa")
        assert again is not tsa
        assert again.ready == tsa.ready
        assert azure.ledger.parts["tsa"].restarts == 1
    finally:
        azure.stop()
    with pytest.raises(CannotStart, match="the local Azure ends"):
        azure.start_part("tsa")
    assert again.ended

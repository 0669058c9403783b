"""Cosmos DB triggers against the real emulator: every change, in order, at least once."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import account as accounts
from tests.host.account import DATABASE, Account
from tests.host.starting import Served, eventually, serve


@pytest.fixture
def account(folder: Path) -> Iterator[Account]:
    started = accounts.start(folder)
    yield started
    started.process.stop()


def feed(account: Account, folder: Path, *arguments: str) -> Served:
    settings = {
        "COSMOS": account.connection,
        "COSMOS_DATABASE": DATABASE,
        "BLOCK_FILE": str(folder / "blocked"),
    }
    return serve("feed", folder, settings, arguments=arguments)


def ids(served: Served, function: str) -> list[str]:
    """The documents in the order in which the function saw them."""
    batches = [each for each in served.seen() if each["function"] == function]
    return [id_ for batch in batches for id_ in batch["ids"]]


def ended(served: Served) -> None:
    served.client.close()
    served.process.stop()


def test_from_the_beginning_and_from_now_on(account: Account, folder: Path) -> None:
    account.save("old-1", "old-2", "old-3", "old-4")
    served = feed(account, folder)
    try:
        eventually(lambda: ids(served, "patient") == ["old-1", "old-2", "old-3", "old-4"])
        assert [len(each["ids"]) for each in served.seen()] == [3, 1]
        eventually(lambda: len(account.leases()) == 2)
        account.save("new-1", "new-2")
        eventually(lambda: ids(served, "patient")[4:] == ["new-1", "new-2"])
        eventually(lambda: ids(served, "hasty") == ["new-1", "new-2"])
        assert {each["id"] for each in account.leases()} == {
            "patient-collab_trips..0",
            "hasty-collab_trips..0",
        }
    finally:
        ended(served)


def test_changes_during_an_absence_of_the_host_are_not_lost(account: Account, folder: Path) -> None:
    served = feed(account, folder)
    account.save("before")
    eventually(lambda: ids(served, "patient") == ["before"] and len(account.leases()) == 2)
    served.client.close()
    served.process.kill()
    account.save("meanwhile")
    served = feed(account, folder)
    try:
        eventually(lambda: "meanwhile" in ids(served, "patient"))
        eventually(lambda: "meanwhile" in ids(served, "hasty"))
    finally:
        ended(served)


def test_the_lease_waits_for_an_endless_retry(account: Account, folder: Path) -> None:
    def token() -> str:
        leases = {each["id"]: each["ContinuationToken"] for each in account.leases()}
        return str(leases.get("patient-collab_trips..0", ""))

    blocked = folder / "blocked"
    blocked.touch()
    served = feed(account, folder)
    try:
        before = eventually(token)
        account.save("stops", stop=True)
        eventually(lambda: len(ids(served, "patient")) >= 2)
        attempts = [each for each in served.seen() if each["function"] == "patient"]
        assert [each["retry"] for each in attempts[:2]] == [0, 1]
        assert token() == before
        served.client.close()
        served.process.kill()
        served = feed(account, folder)
        eventually(lambda: ids(served, "patient")[:1] == ["stops"])
        account.save("after")
        assert token() == before
        blocked.unlink()
        eventually(lambda: ids(served, "patient")[-1] == "after")
        eventually(lambda: token() != before)
    finally:
        ended(served)


def test_a_host_that_is_killed_before_the_lease_advanced_repeats_and_loses_nothing(
    account: Account, folder: Path
) -> None:
    rule = {"part": "host", "fault": "killed", "at": "before-settle", "target": "hasty", "count": 1}
    plan = folder / "plan.json"
    plan.write_text(json.dumps({"seed": 1, "rules": [rule]}))
    served = feed(account, folder, "--faults", str(plan))
    eventually(lambda: len(account.leases()) == 2)
    account.save("first", "second")
    assert served.process.popen.wait(20) == -signal.SIGKILL
    served.client.close()
    account.save("third")
    served = feed(account, folder, "--faults", str(plan))
    try:
        eventually(lambda: sorted(set(ids(served, "hasty"))) == ["first", "second", "third"])
        begun = [line for line in served.lines() if line.get("event") == "invocation.started"]
        reasons = {str(line["message"]).split("'")[3] for line in begun if "hasty" in str(line)}
        assert all(reason.startswith("New changes on container trips at 20") for reason in reasons)
    finally:
        ended(served)


def test_without_an_endless_retry_a_poisonous_change_is_given_up(
    account: Account, folder: Path
) -> None:
    served = feed(account, folder)
    try:
        eventually(lambda: len(account.leases()) == 2)
        account.save("bad", poison=True)
        eventually(lambda: ids(served, "hasty") == ["bad", "bad"])
        account.save("good")
        eventually(lambda: ids(served, "hasty") == ["bad", "bad", "good"])
        assert "changes given up" in [line.get("event") for line in served.lines()]
    finally:
        ended(served)


def test_the_account_may_come_later_and_go_and_come_back(account: Account, folder: Path) -> None:
    account.process.stop()
    served = feed(account, folder)
    try:

        def state() -> str:
            return str(served.admin("GET", "host/status").json()["listeners"]["patient"])

        for name in ("one", "two"):
            eventually(lambda: state() == "waiting for Cosmos DB", within_s=40)
            account.start_again()
            account.save(name)
            eventually(lambda: name in ids(served, "patient"), within_s=40)  # noqa: B023 - now
            account.process.kill()
    finally:
        ended(served)

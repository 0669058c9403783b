"""The story of the demo on a local Azure of its own, under a plan of faults."""

import io
import json
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.azure import LocalAzure, running
from local.demo import story
from local.demo.client import Client, Manners, Seen, eventually
from local.demo.playing import Played, Stage, played
from local.demo.show import CheckFailed, Show
from local.ports import free_ports
from local.setting_up import EMAIL, Administrator
from tests.journeys.books import Books, books_of, waiting_in

PATIENCE_S = 100.0
LONGEST_WAIT_S = 0.5
Watching = Callable[[LocalAzure], AbstractContextManager[object]]


@dataclass
class Told:
    """One story: how it ended, what it said, what its apps were told, what the books hold."""

    failure: str = ""
    said: str = ""
    seen: list[Seen] = field(default_factory=list)
    played: Played | None = None
    inboxes: dict[str, list[str]] = field(default_factory=dict)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    books: Books | None = None
    seconds: float = 0.0
    folder: Path = Path()

    def kept(self) -> Books:
        assert not self.failure, f"{self.failure}\n{self.said}\nThe logs are in {self.folder}."
        assert self.books is not None
        return self.books


def told(folder: Path, plan: Mapping[str, Any], watching: Watching = nullcontext) -> Told:
    """Played to its end, whatever happens in it; whoever asks finds out what."""
    folder.mkdir(parents=True)
    file = folder / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    out, manners, began = io.StringIO(), Manners(LONGEST_WAIT_S, PATIENCE_S), time.monotonic()
    account = Told(seen=manners.seen, folder=folder)
    try:
        with (
            running(folder / "azure", free_ports(), _quiet, faults=file) as azure,
            watching(azure),
        ):
            _play(account, azure, manners, Show(out))
        account.books = books_of(azure)
    except Exception:  # noqa: BLE001 - it is for the test to say so, and many are told at once
        account.failure = traceback.format_exc()
    account.said, account.seconds = out.getvalue(), time.monotonic() - began
    return account


def _play(account: Told, azure: LocalAzure, manners: Manners, show: Show) -> None:
    results = account.folder / "results"
    results.mkdir()
    stage = Stage(azure, results, in_browser=False, manners=manners)
    account.played = played(show, stage, _first_administrator(azure, manners), story.built_in())
    people = account.played.people
    eventually("all being sent", lambda: _all_sent(people.administrator), PATIENCE_S)
    eventually("all being told", lambda: not waiting_in(azure), PATIENCE_S)
    eventually("all being handled", lambda: not stage.dead_letters()["active"], PATIENCE_S)
    account.inboxes = {
        person.name: sorted(
            item["title"] for item in person.client.get("v1/notifications?limit=100")["items"]
        )
        for person in (people.dispatcher, people.driver)
    }
    account.sent = sorted(
        (each["channel"], each["to"][0]["address"], each.get("subject") or each["text"][:20])
        for each in stage.messages("")
    )


def _all_sent(administrator: Client) -> bool:
    """Nothing more of what is to be sent; the last is what the call has told."""
    found = administrator.get("v1/deliveries?limit=100")["items"]
    called = any(each["template"] == "call_started" for each in found)
    return called and not any(each["status"] in {"pending", "sending"} for each in found)


def _first_administrator(azure: LocalAzure, manners: Manners) -> Administrator:
    """As an operator would, who tries again. Raises CheckFailed."""
    headers = {"x-functions-key": azure.keys.master_key}
    operator = Client(azure.base_url, headers=headers, manners=manners)
    made = operator.ask("POST", "v1/auth/first-administrator", {"email": EMAIL})
    if made.status != 201:
        raise CheckFailed(f"no administrator: {made}")
    return Administrator(made.json["email"], made.json["generated_password"])


def _quiet(_line: str) -> None:
    return

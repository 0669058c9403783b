"""The story from its first step to its last, on a local Azure that runs; no command line here."""

import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.azure import LocalAzure
from local.demo import closing, delivery, people, proof, signing, talking
from local.demo.client import Client, Manners
from local.demo.delivery import Material, Plan
from local.demo.people import People
from local.demo.show import Show
from local.setting_up import Administrator


@dataclass(frozen=True)
class Stage:
    """Where it is played, how its apps behave, and where its papers are put."""

    azure: LocalAzure
    results: Path
    in_browser: bool = False
    manners: Manners = field(default_factory=Manners)

    def url(self, part: str) -> str:
        return self.azure.processes[part].ready["url"]

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What the recorder has for somebody, newest first."""
        url = self.url("communication")
        query = urllib.parse.urlencode({"to": to})
        found: list[dict[str, Any]] = Client(url).get(f"{url}/_local/messages?{query}")["items"]
        return found

    def timestamp_roots(self) -> bytes:
        url = self.url("tsa")
        return Client(url).must("GET", f"{url}/ca.pem").body

    def dead_letters(self) -> dict[str, int]:
        """Dead letters by entity, and how many messages still wait."""
        url = self.azure.processes["servicebus"].ready["admin"]
        entities = Client(url).get(f"{url}/_local/entities")["entities"]
        counts = {each["name"]: each["dead_letters"] for each in entities}
        waiting = [each for each in entities if each["name"] != "poison"]
        poisoned = sum(each["active"] for each in entities if each["name"] == "poison")
        return {**counts, "poison": poisoned, "active": sum(each["active"] for each in waiting)}


@dataclass(frozen=True)
class Played:
    """Who took part, and what there is of it afterwards."""

    people: People
    plan: Plan
    envelope_id: str
    call_id: str


def played(show: Show, stage: Stage, administrator: Administrator, material: Material) -> Played:
    """Raises CheckFailed at the first thing that does not hold."""
    with show.step(1, "Who takes part"):
        everybody = people.gather(show, stage.azure.base_url, administrator, stage.manners)
    with show.step(2, "The papers and the plan"):
        plan = delivery.planned(show, everybody, material)
    with show.step(3, "The ride"):
        delivery.driven(show, everybody, plan, material.fixes)
    with show.step(4, "The signatures"):
        signers = signing.Signers(everybody, stage.messages, stage.in_browser, stage.results)
        envelope = signing.signed(show, signers, plan)
    with show.step(5, "The proof"):
        proof.proven(show, everybody, envelope, stage.timestamp_roots(), stage.results)
    with show.step(6, "A call"):
        call = talking.talked(show, everybody, stage.url("livekit"))
    with show.step(7, "What is left"):
        closing.closed(show, everybody, plan, envelope, stage.dead_letters, stage.results)
    return Played(everybody, plan, envelope, call)

"""A whole local Azure with people in it, whose parts a test may kill, start again and ask."""

from dataclasses import dataclass, field
from typing import Any

from local.azure import LocalAzure
from local.demo.client import Client, Response, eventually
from local.demo.people import People, Person
from local.demo.show import CheckFailed

PATIENCE_S = 60.0


@dataclass
class House:
    """`people` have tokens that live longer than the tests."""

    azure: LocalAzure
    people: People
    told: list[str] = field(default_factory=list)

    @property
    def dispatcher(self) -> Client:
        return self.people.dispatcher.client

    @property
    def driver(self) -> Person:
        return self.people.driver

    def kill(self, *names: str) -> None:
        """As a power cut would: no goodbye, nothing written any more."""
        processes = [self.azure.processes[name] for name in names]
        for process in processes:
            process.popen.kill()
        for process in processes:
            process.kill()

    def again(self, name: str) -> None:
        """On the same port, with the same data."""
        self.azure.start_part(name)

    def whole(self) -> None:
        """Start whatever is not running, so that one story's end is not the next one's fault."""
        dead = [
            n for n, process in self.azure.processes.items() if process.popen.poll() is not None
        ]
        for name in sorted(dead, key=lambda each: each == "host"):
            if name == "host":
                self.azure.start_host()
            else:
                self.again(name)

    def all_again(self) -> None:
        """Everything anew, as on the next morning."""
        self.azure = LocalAzure(self.azure.data, self.azure.ports, faults=self.azure.faults)
        self.azure.start(self.told.append)

    def on_disk(self, document_id: str) -> None:
        """Azurite keeps what it knows of blobs in memory, and writes it down every few seconds."""
        file = self.azure.data / "azurite" / "__azurite_db_blob__.json"

        def written() -> bool:
            return document_id in file.read_text(encoding="utf-8", errors="replace")

        eventually("Azurite writing to its disk", written)

    def push(self, function: str) -> Response:
        """Fire a timer now."""
        url = f"{self.azure.base_url}/admin/functions/{function}"
        headers = {"x-functions-key": self.azure.keys.master_key}
        return Client(self.azure.base_url).send("POST", url, {}, headers)

    def entities(self) -> dict[str, dict[str, Any]]:
        """Every queue and subscription of the broker with its counts, by name."""
        admin = self.azure.processes["servicebus"].ready["admin"]
        found = Client(admin).get(f"{admin}/_local/entities")["entities"]
        return {each["name"]: each for each in found}

    def poisoned(self) -> int:
        return int(self.entities()["poison"]["active"])

    def dead(self) -> dict[str, int]:
        """Dead letters, where there are any."""
        found = {name: each["dead_letters"] for name, each in self.entities().items()}
        return {name: count for name, count in found.items() if count}

    def settled(self) -> None:
        """Nothing waits, and no relay has anything to bring."""

        def quiet() -> bool:
            counts = self.entities()
            counts.pop("poison")
            return not any(each["active"] or each["locked"] for each in counts.values())

        eventually("every message being worked off", quiet)

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What the provider has sent to an address, newest first."""
        url = self.azure.processes["communication"].ready["url"]
        found = Client(url).get(f"{url}/_local/messages?limit=1000")["items"]
        return [each for each in found if to in str(each["to"])]

    def communication_fails(self, channel: str, **order: object) -> None:
        """Its next sends are refused."""
        url = self.azure.processes["communication"].ready["url"]
        Client(url).post(f"{url}/_local/faults", {"channel": channel, **order})

    def faults_left(self) -> int:
        url = self.azure.processes["communication"].ready["url"]
        return len(Client(url).get(f"{url}/_local/faults")["faults"])


def is_outage(response: Response) -> bool:
    """What a client may count on while something is down."""
    return (
        response.status == 503
        and response.code == "unavailable"
        and int(response.headers["retry-after"]) >= 1
    )


def must_be(response: Response, status: int) -> Any:
    """The answer's JSON."""
    if response.status != status:
        raise CheckFailed(f"{response.status} and not {status}: {response.body[:500]!r}")
    return response.json if response.body else None

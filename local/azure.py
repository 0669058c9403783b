"""The whole local Azure: every part started in order, the app on top, ended in reverse."""

import asyncio
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from local import parts
from local.configuration import base_url, cosmos_connection, storage_connection
from local.credentials import Credentials, credentials
from local.ports import Ports, free
from local.process import PartFailed, Process, launch, reached_directly
from local.provision import provision
from local.refusals import CannotStart
from local.supervision.disk import must_hold, unwritable
from local.supervision.state import Ledger
from local.supervision.watching import watched

HOST_GRACE_S = 25.0  # what runs in it may finish
AGAIN_AFTER_S = 0.3
PROVISIONING_ATTEMPTS = 10  # where faults are wanted they befall this as well
Told = Callable[[str], None]


@dataclass
class LocalAzure:
    """Where it keeps its data, where it listens, and what runs.

    `faults` names a plan for every part, `reload` has the host follow changes of the code, `board`
    adds what only people need: the gateway and the board.
    """

    data: Path
    ports: Ports
    faults: Path | None = None
    reload: bool = False
    board: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    keys: Credentials = field(init=False)
    processes: dict[str, Process] = field(default_factory=dict)
    plan: Path | None = field(default=None, init=False)
    ending: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Raises CannotStart."""
        must_hold(self.data)
        self.keys = credentials(self.data)
        self._lock = threading.Lock()
        self._starting: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        if self.faults is not None:
            self.plan = _handed_out(self.faults, self.data)

    @property
    def base_url(self) -> str:
        return base_url(self.ports)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all the parts that it has, in the order in which they start."""
        behind = (*parts.INDEPENDENT, *((parts.PROXY,) if self.plan else ()))
        return (*behind, parts.APP, *(parts.FRONT if self.board else ()))

    @cached_property
    def blob_behind(self) -> int:
        return free(1)[0] if self.plan else self.ports.blob

    @cached_property
    def timestamp_roots(self) -> str:
        return Path(self.processes["tsa"].ready["ca"]).read_text(encoding="utf-8")

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def start(self, told: Told) -> None:
        """Everything, what is independent at once. Raises CannotStart; then nothing is left."""
        self.ending = False
        os.environ.update(reached_directly(os.environ))  # ours, and so everybody's that we start
        behind = [name for name in self.names if name not in (parts.APP, *parts.FRONT)]
        try:
            self._at_once(behind, told)
            self._provision()
            self._at_once([name for name in self.names if name not in behind], told)
        except BaseException:
            self.stop()
            raise

    def start_part(self, name: str) -> Process:
        """One part, also again after it ended; the one that runs, if it does.

        Raises CannotStart.
        """
        with self._starting[name]:
            known = self.processes.get(name)
            if known is not None and not known.ended:
                return known
            try:
                launched = launch(name, parts.command(self, name), log=self.log(name))
            except FileNotFoundError as error:
                missing = f"{parts.TITLES[name]} needs {error.filename}, which is not there."
                raise CannotStart(f"{missing} `python3 -m local setup` says more.") from error
            except OSError as error:
                raise unwritable(error) from error
            self._born(launched.process, known)
            process = launched.wait()
            self.ledger.ready(name, process.ready["url"], again=known is not None)
            return process

    def start_host(self) -> Process:
        """The app itself, once everything that it needs is there."""
        return self.start_part(parts.APP)

    def stop(self) -> None:
        """The app first, so that nothing it does fails for want of a part."""
        with self._lock:
            self.ending = True
            running = dict(self.processes)
        for name in parts.FRONT:
            if name in running:
                running[name].ask()
        if (host := running.pop(parts.APP, None)) is not None:
            host.stop(HOST_GRACE_S)
        for process in running.values():
            process.ask()
        for process in running.values():
            process.stop()
        self.processes.clear()
        self.ledger.forget()

    def _born(self, process: Process, known: Process | None) -> None:
        """Known from its first moment, so that whoever ends everything ends it too."""
        name = process.name
        with self._lock:
            if self.ending:
                process.kill()
                raise PartFailed(f"{name} was not started: the local Azure ends.")
            process.ready = dict(known.ready) if known is not None else {}
            self.processes[name] = process
            self.ledger.born(name, parts.TITLES[name], parts.url_of(self, name), process.popen.pid)

    def _at_once(self, names: Sequence[str], told: Told) -> None:
        with ThreadPoolExecutor(len(names)) as pool:
            try:
                for started in as_completed([pool.submit(self.start_part, n) for n in names]):
                    process = started.result()
                    told(f"{parts.TITLES[process.name]} at {process.ready['url']}")
            except BaseException:
                self.stop()  # or the pool would wait for those that still start
                raise

    def _provision(self) -> None:
        """Containers, where they are missing. Raises CannotStart."""
        from azure.core.exceptions import AzureError

        attempts = PROVISIONING_ATTEMPTS if self.plan else 1
        behind = replace(self.ports, blob=self.blob_behind)  # the SDK's patience is long
        for attempt in range(1, attempts + 1):
            try:
                asyncio.run(
                    provision(
                        cosmos=cosmos_connection(self.ports, self.keys),
                        blob=storage_connection(behind, self.keys),
                    )
                )
            except AzureError as error:
                if attempt == attempts:
                    reason = str(error).strip().partition("\n")[0]
                    raise PartFailed(
                        f"The app's containers could not be made: {reason} "
                        f"The logs are in {self.log('cosmos').parent}."
                    ) from error
                time.sleep(AGAIN_AFTER_S)
            else:
                return


def _handed_out(file: Path, data: Path) -> Path:
    """The plan as the parts read it. Raises CannotStart."""
    from local.faults.plan import PlanRefused, hand_out

    try:
        return hand_out(file, data)
    except PlanRefused as refused:
        raise CannotStart(f"{refused} Nothing was started.") from refused


@contextmanager
def running(
    data: Path,
    ports: Ports,
    told: Told,
    *,
    faults: Path | None = None,
    reload: bool = False,
) -> Iterator[LocalAzure]:
    """For as long as it is needed. With faults, parts that kill themselves come back."""
    azure = LocalAzure(data, ports, faults=faults, reload=reload)
    with watched(azure, told) if faults else nullcontext():
        azure.start(told)
        try:
            yield azure
        finally:
            azure.stop()

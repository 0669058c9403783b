"""The process that holds the local Azure: starts it, shows it, watches it, ends it."""

import signal
import sys
import threading
import time
from dataclasses import asdict
from http.client import HTTPException

from local.azure import LocalAzure
from local.configuration import base_url, data_folder, state_file
from local.ports import HERE, Ports, free_ports, must_be_free
from local.refusals import CannotStart
from local.setting_up import Administrator, AdministratorMissing, first_administrator
from local.supervision import summary
from local.supervision.disk import must_hold, unwritable
from local.supervision.only_one import only_one
from local.supervision.options import Options, chosen
from local.supervision.orphans import end_orphans
from local.supervision.state import Ledger, read
from local.supervision.telling import Told, detach, show
from local.supervision.watching import watched

DATA = data_folder()
STATE = state_file()


def serve(options: Options) -> int:
    """Start everything here, show it, end everything at Ctrl-C or `down`."""
    asked = Asked()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the last: its terminal was closed
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), asked)
    try:
        must_hold(DATA)
        with only_one(DATA):
            return _serve(options, asked)
    except CannotStart as refused:
        show(f"\n{refused}", sys.stderr.fileno())
        return 1
    except OSError as error:
        show(f"\n{unwritable(error)}", sys.stderr.fileno())
        return 1
    except KeyboardInterrupt:
        show("\nEnded before everything ran; nothing is left.", sys.stderr.fileno())
        return 130


def _serve(options: Options, asked: "Asked") -> int:
    began = time.monotonic()
    told = Told.to(DATA / "logs" / "supervisor.log")
    end_orphans(read(STATE), told)
    STATE.unlink(missing_ok=True)
    azure = asked.azure = _azure(options)
    with watched(azure, told):
        try:
            azure.start(told)
            administrator = _administrator(azure, told)
            took_s = time.monotonic() - began
            azure.ledger.say(state="running")
            asked.starting = False
            shown = summary.board(azure, administrator, seconds=took_s, colours=options.colours)
            show(shown, sys.stdout.fileno())
            if options.detached:
                detach()
            asked.ended.wait()
            azure.ledger.say(state="ending")
        finally:
            azure.stop()
    told("The local Azure has ended.")
    return 0


def _azure(options: Options) -> LocalAzure:
    """Nothing of it runs yet. Raises CannotStart."""
    ports = free_ports() if options.free else Ports()
    must_be_free(ports)
    ledger = Ledger(STATE, state="starting", ports=asdict(ports))
    azure = LocalAzure(
        DATA, ports, faults=options.faults, reload=options.reload, board=True, ledger=ledger
    )
    ledger.say(app=base_url(ports), board=f"http://{HERE}:{ports.board}")
    return azure


class Asked:
    """SIGINT and SIGTERM: the first ends everything in order, the next ones at once."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.starting = True
        self.azure: LocalAzure | None = None

    def __call__(self, *_: object) -> None:
        """Raises KeyboardInterrupt while everything starts."""
        first = not self.ended.is_set()
        self.ended.set()
        if first and self.starting:
            raise KeyboardInterrupt
        if not first and self.azure is not None:
            for process in list(self.azure.processes.values()):
                process.popen.kill()


def _administrator(azure: LocalAzure, told: Told) -> Administrator | None:
    try:
        return first_administrator(azure.base_url, azure.keys.master_key)
    except (AdministratorMissing, OSError, HTTPException) as error:
        told(f"No first administrator could be made: {error}")
        return None


if __name__ == "__main__":  # what `up` leaves in the background
    sys.exit(serve(chosen("up", sys.argv[1:])))

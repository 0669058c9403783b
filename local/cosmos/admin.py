"""What only a local service offers, under `/_local`: health, faults, time that passes."""

from local.cosmos.call import Call, Reply
from local.cosmos.errors import bad_request, method_not_allowed, resource_not_found
from local.cosmos.faults import Faults
from local.cosmos.store import Store

PREFIX = "_local"


class Admin:
    """Unsigned: it is bound to this machine, and holds nothing secret."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self._faults = faults

    def answer(self, call: Call) -> Reply:
        match call.method, call.segments[1:]:
            case "GET", ("health",):
                return Reply(200, {"status": "ok", "lsn": self._store.lsn})
            case "GET", ("faults",):
                return Reply(200, {"pending": self._faults.pending()})
            case "POST", ("faults",):
                self._faults.order(call.document())
                return Reply(201, {"pending": self._faults.pending()})
            case "DELETE", ("faults",):
                self._faults.clear()
                return Reply(204)
            case "POST", ("clock",):
                return self._pass_time(call)
            case method, ("health" | "faults" | "clock",):
                raise method_not_allowed(method)
            case _:
                raise resource_not_found()

    def _pass_time(self, call: Call) -> Reply:
        seconds = call.document().get("advance_s")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise bad_request("advance_s is a number of seconds.")
        self._store.pass_time(seconds)
        return Reply(200, {"now_s": self._store.now()})

"""A session accepted for a receiver: at once, or when one becomes free within the time allowed."""

from typing import TYPE_CHECKING

from local.servicebus.codec.types import Described, Symbol, ULong
from local.servicebus.entities.sessions import Session
from local.servicebus.faults import Fault, no_session_in_time
from local.servicebus.links.receiver import EntityReceiver
from local.servicebus.performatives import SOURCE, Attach

if TYPE_CHECKING:  # attaching hands session receivers over to this module
    from local.servicebus.links.attaching import Attaching

DEFAULT_WAIT_MS = 65_000
TICKS_AT_EPOCH = 621_355_968_000_000_000  # .NET's 100 ns ticks from the year 1 to 1970
FILTER = 7


def accept_session(
    attaching: "Attaching", link: EntityReceiver, wish: Attach, session_id: str | None
) -> None:
    """The attach is answered only once a session is locked: until then the client waits."""
    if _try(attaching, link, wish, session_id):
        return
    queue, schedule = link.queue, attaching.namespace.schedule

    def offered() -> None:
        if _try(attaching, link, wish, None):
            timeout.cancel()
        else:
            queue.sessions.waiting[offered] = None

    def too_late() -> None:
        queue.sessions.waiting.pop(offered, None)
        link.closed = True
        attaching.refuse(wish, no_session_in_time())

    def stop_waiting() -> None:
        queue.sessions.waiting.pop(offered, None)
        timeout.cancel()

    timeout = schedule.at(schedule.now() + _wait_ms(wish), too_late)
    queue.sessions.waiting[offered] = None
    link.stop_waiting = stop_waiting


def _try(
    attaching: "Attaching", link: EntityReceiver, wish: Attach, session_id: str | None
) -> bool:
    """Whether the wish is answered, with a session or a refusal."""
    try:
        session = link.queue.sessions.accept(link, session_id)
    except Fault as fault:
        attaching.refuse(wish, fault)
        return True
    if session is None:
        return False
    link.session = session
    until = session.locked_until_ms * 10_000 + TICKS_AT_EPOCH
    properties: dict[object, object] = {Symbol("com.microsoft:locked-until-utc"): until}
    attaching.confirm(wish, link, _source_with(wish, session), properties)
    link.queue.attach(link)
    return True


def _source_with(wish: Attach, session: Session) -> Described:
    """The client's own source, its filter replaced by the session that it got."""
    fields: list[object] = [wish.source[index] for index in range(FILTER)]
    fields.append({Symbol("com.microsoft:session-filter"): session.id})
    return Described(ULong(SOURCE), fields)


def _wait_ms(wish: Attach) -> int:
    wait = wish.properties.get("com.microsoft:timeout")
    return wait if isinstance(wait, int) else DEFAULT_WAIT_MS

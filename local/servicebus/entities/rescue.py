"""Messages moved by hand: dead letters put back to be delivered again, unwanted ones thrown away.

Both leave alone what somebody has locked: its holder decides.
"""

from collections.abc import Sequence

from local.servicebus.entities.held import Held
from local.servicebus.entities.queue import Queue
from local.servicebus.entities.topic import Topic
from local.servicebus.faults import not_allowed


def resubmit(queue: Queue, numbers: Sequence[int] | None) -> int:
    """How many went back: as new messages, with new numbers; None means all of them.

    They are no duplicates, whatever their ids: their first arrival is over.
    """
    grave = queue.dead_letters
    if grave is None:
        raise not_allowed("Name the entity itself, not its dead-letter queue.")
    chosen = _free(grave.messages, numbers)
    for message in chosen:
        grave.remove(message)
        queue.arrive(message.content)
    return len(chosen)


def purge(holder: Queue | Topic, numbers: Sequence[int] | None) -> int:
    """How many are gone; None means all of them."""
    held = holder.scheduled if isinstance(holder, Topic) else holder.messages
    chosen = _free(held, numbers)
    for message in chosen:
        holder.remove(message)
    return len(chosen)


def _free(held: dict[int, Held], numbers: Sequence[int] | None) -> list[Held]:
    """In the order of their numbers."""
    wanted = sorted(held if numbers is None else set(numbers) & held.keys())
    return [held[number] for number in wanted if held[number].lock is None]

"""Messages that are sent now to be seen later, and taken back before that."""

from local.servicebus.codec.types import Array, ArrayOf, DecodeError
from local.servicebus.faults import bad_argument
from local.servicebus.management.call import Call, Result


def schedule_message(call: Call) -> Result:
    """A duplicate has no number; 0 stands in for it."""
    try:
        numbers = call.namespace.send(call.entity, call.messages())
    except DecodeError as error:
        raise bad_argument(str(error)) from error
    return {"sequence-numbers": Array(ArrayOf.LONG, [number or 0 for number in numbers])}


def cancel_scheduled_message(call: Call) -> Result:
    call.entity.cancel_scheduled(call.numbers("sequence-numbers"))
    return {}

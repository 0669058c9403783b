"""What can go wrong with a message on its way. These are no answers to callers."""


class DoesNotFit(Exception):
    """The text cannot be made short enough for its channel."""


class RefusedForGood(Exception):
    """The provider will never send this: a wrong number or address. Its sentence is the reason."""

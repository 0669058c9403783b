"""Why the local Azure does not start, in one sentence with the remedy. Knows no part."""


class CannotStart(RuntimeError):
    """What people can put right themselves; it is shown as it is, without a traceback."""

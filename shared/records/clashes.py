"""Why a save is refused, besides that somebody was faster (shared.errors.Stale)."""

from shared.errors import Conflict


class Taken(Conflict):
    """Something that must be unique already is somebody else's."""

    code = "taken"


class Needed(Conflict):
    """Something that this builds on is gone."""

    code = "needed"


class Exists(Conflict):
    """A document with this id exists."""

    code = "exists"

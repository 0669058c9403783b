"""The ways in which geofencing says no."""

from shared.errors import Conflict, Forbidden, Invalid


class SelfIntersectingPolygon(Invalid):
    """The polygon's lines cross or touch each other; `at` says where."""

    code = "self-intersecting-polygon"


class InvalidPolygon(Invalid):
    """The rings do not make a polygon with holes; the detail says why and `at` where."""

    code = "invalid-polygon"


class TooManyPoints(Invalid):
    """A polygon has at most 2000 points, all rings together."""

    code = "too-many-points"


class CrossesAntimeridian(Invalid):
    """A polygon may not cross the 180th meridian. A circle may."""

    code = "crosses-antimeridian"


class ContainsPole(Invalid):
    """A polygon may not contain or touch a pole. A circle may."""

    code = "contains-pole"


class ValidFromOutOfRange(Invalid):
    """A geofence is in force from now, or from at most 24 hours back."""

    code = "valid-from-out-of-range"


class GeofenceRetired(Conflict):
    """The geofence was retired; nothing happens there any more."""

    code = "geofence-retired"


class DriverNotActive(Forbidden):
    """The driver's login was switched off, so their positions are not taken."""

    code = "driver-not-active"


class NotYourPositions(Forbidden):
    """A driver may read their own positions and check-ins only."""

    code = "not-your-positions"


class FromTheFuture(Invalid):
    """The device's clock is ahead of ours; nothing was kept."""

    code = "from-the-future"


class TooInaccurate(Invalid):
    """The position is too vague for a check-in."""

    code = "position-too-inaccurate"


class CheckInTooOld(Invalid):
    """A check-in tells where the driver is now, not where they were."""

    code = "check-in-too-old"


class NotAtTheGeofence(Conflict):
    """The driver is somewhere else; `distance_m` says how far from the geofence."""

    code = "not-at-the-geofence"

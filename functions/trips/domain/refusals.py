"""The ways in which trips say no."""

from shared.errors import Conflict, Forbidden, Invalid


class UnknownDriver(Invalid):
    """There is no active user with this id who drives; `driver_id` repeats it."""

    code = "unknown-driver"


class UnknownGeofence(Invalid):
    """There is no active geofence with this id; `geofence_ids` names each."""

    code = "unknown-geofence"


class TooManyStopsThere(Invalid):
    """A trip has at most 50 stops at the same geofence."""

    code = "too-many-stops-there"


class TripNotPlanned(Conflict):
    """Only a planned trip can be changed, assigned or started."""

    code = "trip-not-planned"


class TripOver(Conflict):
    """The trip has ended or was cancelled."""

    code = "trip-over"


class DriverUnderway(Conflict):
    """A driver is on one trip at a time; `trip_id` names the other one."""

    code = "driver-underway"


class StartOutOfRange(Invalid):
    """A trip starts now, or was started at most 24 hours back."""

    code = "start-out-of-range"


class NotYourTrip(Forbidden):
    """The trip is somebody else's."""

    code = "not-your-trip"

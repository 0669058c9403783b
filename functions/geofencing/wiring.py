"""How geofencing is put together. The one file here that knows which classes are real."""

from functions.geofencing.domain.check_in import CheckIn
from functions.geofencing.domain.driver import Driver
from functions.geofencing.domain.geofence import FenceSet, Geofence
from functions.geofencing.domain.positions import PositionChunk
from functions.geofencing.repository import (
    CachedFences,
    CosmosCheckIns,
    CosmosDrivers,
    CosmosGeofences,
    CosmosPositions,
)
from functions.geofencing.service.check_ins import CheckInService
from functions.geofencing.service.geofences import GeofenceService
from functions.geofencing.service.positions import PositionService
from shared.platform import clock
from shared.platform.clients import container
from shared.provided import Provided
from shared.records.cosmos import CosmosDocuments

CONTAINER = "geofencing"

all_geofences = Provided(lambda: CosmosGeofences(container(CONTAINER), Geofence, clock.now))
all_drivers = Provided(lambda: CosmosDrivers(container(CONTAINER), Driver, clock.now))
all_positions = Provided(lambda: CosmosPositions(container(CONTAINER), PositionChunk, clock.now))
all_check_ins = Provided(lambda: CosmosCheckIns(container(CONTAINER), CheckIn, clock.now))
known_fences = Provided(
    lambda: CachedFences(
        all_geofences(), CosmosDocuments(container(CONTAINER), FenceSet, clock.now), clock.now
    )
)
geofences = Provided(lambda: GeofenceService(all_geofences(), known_fences(), clock.now))
positions = Provided(lambda: PositionService(all_drivers(), known_fences(), clock.now))
check_ins = Provided(
    lambda: CheckInService(all_check_ins(), all_geofences(), all_drivers(), clock.now)
)

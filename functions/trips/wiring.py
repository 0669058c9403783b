"""How trips are put together. The one file here that knows which classes are real."""

from functions.trips.domain.known import Driver, Place
from functions.trips.domain.trip import Trip
from functions.trips.repository import CosmosDrivers, CosmosPlaces, CosmosTrips
from functions.trips.service.arrivals import Arrivals
from functions.trips.service.trips import TripService
from shared.platform import clock
from shared.platform.clients import container
from shared.provided import Provided

CONTAINER = "trips"

all_trips = Provided(lambda: CosmosTrips(container(CONTAINER), Trip, clock.now))
known_drivers = Provided(lambda: CosmosDrivers(container(CONTAINER), Driver, clock.now))
known_places = Provided(lambda: CosmosPlaces(container(CONTAINER), Place, clock.now))
trips = Provided(lambda: TripService(all_trips(), known_drivers(), known_places(), clock.now))
arrivals = Provided(lambda: Arrivals(all_trips(), known_drivers(), known_places()))

"""Distances on the WGS 84 ellipsoid: fast where that suffices, exact where it decides."""

from math import asin, cos, pi, radians, sin, sqrt

EARTH_MEAN_RADIUS_M = 6_371_008.8  # IUGG
HAVERSINE_ERROR = 0.007  # the sphere is off by 0.56 % at worst
DECISION_BAND_M = 100.0  # decisions add accuracies and margins up to this to a distance


def haversine_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance on the mean sphere."""
    phi1, phi2 = radians(lat1), radians(lat2)
    a = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_MEAN_RADIUS_M * asin(min(1.0, sqrt(a)))


def geodesic_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Karney's geodesic, exact to nanometres and some thirty times slower."""
    from geographiclib.geodesic import Geodesic

    return float(Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"])


def metres_from_circle(
    centre: tuple[float, float], radius_m: float, lon: float, lat: float
) -> float:
    """How far outside the circle, negative inside. Exact wherever a decision may hang on it."""
    distance_m = haversine_m(*centre, lon, lat)
    doubt_m = HAVERSINE_ERROR * max(distance_m, radius_m) + DECISION_BAND_M
    if abs(distance_m - radius_m) > doubt_m:
        return distance_m - radius_m
    return geodesic_m(*centre, lon, lat) - radius_m


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Of longitude and of latitude, at a latitude: the series of WGS 84's radii of curvature."""
    phi = lat * pi / 180
    lon_m = 111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi)
    lat_m = 111_132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi)
    return lon_m, lat_m


def along(a: tuple[float, float], b: tuple[float, float], fraction: float) -> tuple[float, float]:
    """The point that far from `a` to `b`, the short way round the earth."""
    lon_step = (b[0] - a[0] + 180) % 360 - 180
    lon = (a[0] + lon_step * fraction + 180) % 360 - 180
    return lon, a[1] + (b[1] - a[1]) * fraction

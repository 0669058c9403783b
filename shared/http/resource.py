"""Which one thing a request is about, for rights that hold for that thing alone."""

from urllib.parse import urlsplit

import azure.functions as func

VERSION = "v1"


def resource_of(req: func.HttpRequest) -> str | None:
    """ "trips/0198c1d2" of `/api/v1/trips/0198c1d2/start`; None of a whole collection.

    Only an id counts that the router found too, whatever else a path may look like.
    """
    segments = urlsplit(req.url).path.split("/")
    if VERSION not in segments:
        return None
    named = segments[segments.index(VERSION) + 1 :][:2]
    if len(named) < 2 or named[1] not in req.route_params.values():
        return None
    return "/".join(named)

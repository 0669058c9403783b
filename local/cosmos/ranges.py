"""Which items a request is about: a partition key, a stretch of the ring, or the container.

The local service has one physical partition, number 0, from "" to "FF".
"""

from local.cosmos.call import Call, Reply
from local.cosmos.container import Container
from local.cosmos.errors import Refusal, bad_request
from local.cosmos.items import Partition
from local.cosmos.items_table import Range

RANGE_ID = "0"
_ETAG = '"1"'


def partition_of(call: Call, container: Container) -> Partition:
    """The one logical partition that an item operation names. Raises 400 without it."""
    header = call.headers.get("x-ms-documentdb-partitionkey")
    if header is None:
        raise bad_request("PartitionKey value must be supplied for this operation.", 1002)
    return Partition(container, container.key_from_header(header))


def range_of(call: Call, container: Container) -> Range:
    header = call.headers.get("x-ms-documentdb-partitionkey")
    if header not in (None, "[]"):
        return Range(key=container.key_from_header(header or ""))
    start = call.headers.get("x-ms-start-epk", "")
    end = call.headers.get("x-ms-end-epk", "FF")
    # A single point is written with its own place as the end.
    return Range(start_epk=start, end_epk=end if end != start else f"{end}FF")


def is_targeted(call: Call) -> bool:
    """Whether the client has chosen where to ask, so that one back end can answer alone."""
    return any(
        name in call.headers
        for name in (
            "x-ms-documentdb-partitionkey",
            "x-ms-documentdb-partitionkeyrangeid",
            "x-ms-start-epk",
        )
    )


def check_container(call: Call, container: Container) -> None:
    """A client that remembers a deleted container of the same name is told so."""
    intended = call.headers.get("x-ms-cosmos-intended-collection-rid")
    if intended not in (None, container.rid):
        raise Refusal(
            400,
            "BadRequest",
            f"The collection rid '{intended}' differs from '{container.rid}', the current one.",
            1024,
        )


def partition_key_ranges(call: Call, container: Container) -> Reply:
    """Asked with the etag of an earlier answer, 304: the ranges never change."""
    if call.headers.get("if-none-match") == _ETAG:
        return Reply(304, headers={"etag": _ETAG})
    only = {
        "_rid": f"{container.rid}{RANGE_ID}",
        "id": RANGE_ID,
        "_etag": _ETAG,
        "minInclusive": "",
        "maxExclusive": "FF",
        "ridPrefix": 0,
        "_self": f"{container.properties['_self']}pkranges/{RANGE_ID}/",
        "throughputFraction": 1,
        "status": "online",
        "parents": [],
        "_ts": container.properties["_ts"],
    }
    body = {"_rid": container.rid, "PartitionKeyRanges": [only], "_count": 1}
    return Reply(200, body, {"etag": _ETAG, "x-ms-item-count": "1"})

"""Resource ids (`_rid`), etags and self links. A `_rid` holds the ids of the resources above it."""

import base64
import os
import struct
import uuid

from local.cosmos.wire import Document


def new_database_rid() -> str:
    return _written(os.urandom(4))


def new_container_rid(database_rid: str) -> str:
    # The highest bit of a container's own four bytes tells it from a user's.
    own = bytearray(os.urandom(4))
    own[0] |= 0x80
    return _written(_read(database_rid) + bytes(own))


def item_rid(container_rid: str, row: int) -> str:
    return _written(_read(container_rid) + struct.pack("<q", row))


def offer_rid(number: int) -> str:
    return _written(struct.pack("<i", number))[:4]


def new_etag() -> str:
    """Quoted, as the service stores and compares it."""
    return f'"{uuid.uuid4()}"'


def stamp_database(properties: Document, now_s: float) -> Document:
    rid = new_database_rid()
    return {
        **properties,
        "_rid": rid,
        "_self": f"dbs/{rid}/",
        "_etag": new_etag(),
        "_colls": "colls/",
        "_users": "users/",
        "_ts": int(now_s),
    }


def stamp_container(properties: Document, database: Document, now_s: float) -> Document:
    rid = new_container_rid(database["_rid"])
    return {
        **properties,
        "_rid": rid,
        "_self": f"{database['_self']}colls/{rid}/",
        "_etag": new_etag(),
        "_ts": int(now_s),
        "_docs": "docs/",
        "_sprocs": "sprocs/",
        "_triggers": "triggers/",
        "_udfs": "udfs/",
        "_conflicts": "conflicts/",
    }


def _written(raw: bytes) -> str:
    return base64.b64encode(raw).decode().replace("/", "-")


def _read(rid: str) -> bytes:
    return base64.b64decode(rid.replace("-", "/"))

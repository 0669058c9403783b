"""The account itself, as `GET /` describes it: one region, which is this very endpoint."""

from local.cosmos.wire import Document

_REPLICAS = {"asyncReplication": False, "minReplicaSetSize": 1, "maxReplicasetSize": 4}


def account(origin: str) -> Document:
    """`origin` is where it is served."""
    here = [{"name": "Local", "databaseAccountEndpoint": f"{origin}/"}]
    return {
        "_self": "",
        "id": "localhost",
        "_rid": "localhost",
        "media": "//media/",
        "addresses": "//addresses/",
        "_dbs": "//dbs/",
        "writableLocations": here,
        "readableLocations": here,
        "enableMultipleWriteLocations": False,
        "userReplicationPolicy": _REPLICAS,
        "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"},
        "systemReplicationPolicy": _REPLICAS,
        "readPolicy": {"primaryReadCoefficient": 1, "secondaryReadCoefficient": 1},
        "queryEngineConfiguration": "{}",
    }

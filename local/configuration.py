"""The app's settings on this machine: named as in Azure, with other endpoints and credentials."""

import os
from pathlib import Path

from local.credentials import Credentials
from local.ports import HERE, Ports
from local.private_files import write_private
from local.process import ROOT


def home() -> Path:
    """Whose `.local` holds the data: this clone, unless LOCAL_AZURE_HOME names another folder."""
    return Path(os.environ.get("LOCAL_AZURE_HOME") or ROOT).resolve()


def data_folder() -> Path:
    """All that the local Azure writes. A folder of its own, since `clean` deletes it."""
    return home() / ".local"


def state_file() -> Path:
    """What runs, while it runs."""
    return data_folder() / "state.json"


def cosmos_connection(ports: Ports, keys: Credentials) -> str:
    return f"AccountEndpoint=http://{HERE}:{ports.cosmos}/;AccountKey={keys.cosmos_key};"


def service_bus_connection(ports: Ports, keys: Credentials) -> str:
    return (
        f"Endpoint=sb://{HERE}:{ports.service_bus};"
        "SharedAccessKeyName=RootManageSharedAccessKey;"
        f"SharedAccessKey={keys.service_bus_key};UseDevelopmentEmulator=true"
    )


def storage_connection(ports: Ports, keys: Credentials) -> str:
    account = keys.storage_account
    return (
        f"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={keys.storage_key};"
        f"BlobEndpoint=http://{HERE}:{ports.blob}/{account};"
        f"QueueEndpoint=http://{HERE}:{ports.queue}/{account};"
        f"TableEndpoint=http://{HERE}:{ports.table}/{account};"
    )


def base_url(ports: Ports) -> str:
    return f"http://{HERE}:{ports.host}"


def app_settings(
    ports: Ports, keys: Credentials, tsa_roots: str, key_folder: Path
) -> dict[str, str]:
    """Everything that the app reads, and what the host's triggers read."""
    storage = storage_connection(ports, keys)
    return {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "AzureWebJobsStorage": storage,
        "PUBLIC_BASE_URL": base_url(ports),
        "COLLAB_INDEX": "off",  # so that a new function is served without another step
        "RATE_LIMIT_PER_ADDRESS": "6000",  # all of a laptop's clients have one
        "COSMOS": cosmos_connection(ports, keys),
        "COSMOS_DATABASE": "collab",
        "SERVICE_BUS": service_bus_connection(ports, keys),
        "BLOB": storage,
        "AUTH_KEY_FOLDER": str(key_folder),
        "COMMUNICATION__endpoint": f"http://{HERE}:{ports.communication}",
        "COMMUNICATION__accessKey": keys.communication_key,
        "LIVEKIT__url": f"http://{HERE}:{ports.livekit}",
        "LIVEKIT__apiKey": keys.livekit_key,
        "LIVEKIT__apiSecret": keys.livekit_secret,
        "TSA__url": f"http://{HERE}:{ports.tsa}",
        "TSA__roots": tsa_roots,
    }


def write_settings(file: Path, values: dict[str, str]) -> None:
    """In the form of local.settings.json."""
    write_private(file, {"IsEncrypted": False, "Values": values})

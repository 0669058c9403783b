"""Rights are the least that do, no door has a key, and what is lost can be brought back."""

import pytest

from tests.infra.bicep import FOLDER, Declared, literal, read, text
from tests.infra.rules import assignments, granted_roles

MODULES = FOLDER / "modules"
# Built-in roles, as Azure documents them.
KNOWN = {
    "blobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "blobDataContributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "blobDelegator": "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
    "queueDataContributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "tableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "serviceBusDataSender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "serviceBusDataReceiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    "keyVaultSecretsOfficer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "communicationOwner": "09976791-48a7-449e-bb21-39d1a415f350",
    "metricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "cosmosDataContributor": "00000000-0000-0000-0000-000000000002",
}
GRANTED = {
    "host-storage.bicep": {"blobDataOwner", "queueDataContributor", "tableDataContributor"},
    "content-storage.bicep": {"blobDataContributor", "blobDelegator"},
    "cosmos.bicep": {"cosmosDataContributor"},
    "service-bus.bicep": {"serviceBusDataSender", "serviceBusDataReceiver"},
    "key-vault.bicep": {"keyVaultSecretsOfficer"},
    "communication.bicep": {"communicationOwner"},
    "monitoring.bicep": {"metricsPublisher"},
}
Path = tuple[str, ...]
BLOBS: Path = ("properties", "deleteRetentionPolicy", "enabled")
FLEX: Path = ("properties", "functionAppConfig")


def resource(file: str, name: str) -> Declared:
    return read(MODULES / file).resources[name]


def test_roles_are_azures_own(roles: dict[str, str]) -> None:
    assert roles == KNOWN


def test_the_identity_is_granted_this_and_no_more() -> None:
    granted = {
        path.name: granted_roles(read(path))
        for path in MODULES.glob("*.bicep")
        if assignments(read(path))
    }
    assert granted == GRANTED


def test_nothing_is_granted_above_the_resource_it_is_for() -> None:
    for path in MODULES.glob("*.bicep"):
        file = read(path)
        for each in assignments(file):
            held = each.value("parent") or each.value("scope")
            assert held is not None, each.name
            assert text(held).split("[")[0] in file.resources


@pytest.mark.parametrize(
    ("file", "name", "path", "expected"),
    [
        ("host-storage.bicep", "account", ("properties", "allowSharedKeyAccess"), "false"),
        ("host-storage.bicep", "account", ("properties", "allowBlobPublicAccess"), "false"),
        ("host-storage.bicep", "account", ("properties", "minimumTlsVersion"), "'TLS1_2'"),
        ("content-storage.bicep", "account", ("properties", "allowSharedKeyAccess"), "false"),
        ("content-storage.bicep", "account", ("properties", "allowBlobPublicAccess"), "false"),
        ("content-storage.bicep", "account", ("properties", "minimumTlsVersion"), "'TLS1_2'"),
        ("content-storage.bicep", "blobService", ("properties", "isVersioningEnabled"), "true"),
        ("content-storage.bicep", "blobService", BLOBS, "true"),
        ("cosmos.bicep", "account", ("properties", "disableLocalAuth"), "true"),
        ("cosmos.bicep", "account", ("properties", "minimalTlsVersion"), "'Tls12'"),
        ("cosmos.bicep", "account", ("properties", "backupPolicy", "type"), "'Continuous'"),
        ("service-bus.bicep", "namespace", ("properties", "disableLocalAuth"), "true"),
        ("service-bus.bicep", "namespace", ("sku", "name"), "'Standard'"),
        ("monitoring.bicep", "insights", ("properties", "DisableLocalAuth"), "true"),
        ("key-vault.bicep", "vault", ("properties", "enableRbacAuthorization"), "true"),
        ("key-vault.bicep", "vault", ("properties", "enablePurgeProtection"), "true"),
        ("function-app.bicep", "plan", ("sku", "name"), "'FC1'"),
        ("function-app.bicep", "app", ("properties", "httpsOnly"), "true"),
        ("function-app.bicep", "app", (*FLEX, "runtime", "name"), "'python'"),
        ("function-app.bicep", "app", (*FLEX, "runtime", "version"), "'3.13'"),
        ("function-app.bicep", "noPublishingPassword", ("properties", "allow"), "false"),
        ("function-app.bicep", "noFtpPassword", ("properties", "allow"), "false"),
    ],
)
def test_a_reviewer_finds_it_so(file: str, name: str, path: Path, expected: str) -> None:
    value = resource(file, name).value(*path)
    assert value is not None
    assert text(value) == expected


@pytest.mark.parametrize(
    ("file", "name"),
    [("host-storage.bicep", "packageContainer"), ("content-storage.bicep", "blobContainers")],
)
def test_no_container_is_public(file: str, name: str) -> None:
    assert literal(resource(file, name).value("properties", "publicAccess")) == "None"


def test_the_package_is_fetched_with_the_identity() -> None:
    authentication = (*FLEX, "deployment", "storage", "authentication", "type")
    kind = resource("function-app.bicep", "app").value(*authentication)
    assert literal(kind) == "UserAssignedIdentity"


def test_partition_keys_of_two_levels_are_hashed_in_two_levels() -> None:
    key = ("properties", "resource", "partitionKey")
    containers = resource("cosmos.bicep", "sqlContainers")
    kind, version = containers.value(*key, "kind"), containers.value(*key, "version")
    assert kind is not None
    assert version is not None
    assert text(kind) == "length(container.partitionKeyPaths) > 1 ? 'MultiHash' : 'Hash'"
    assert text(version) == "2"


def test_browsers_may_send_what_an_upload_link_asks_for() -> None:
    """The headers that functions/documents tells clients to send."""
    rules = text(read(MODULES / "content-storage.bicep").variables["corsRules"])
    for word in ("'PUT'", "'content-type'", "'x-ms-blob-type'"):
        assert word in rules

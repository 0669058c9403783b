"""The deployed settings are what the app and its triggers read: all of it, and no secret."""

import re
from typing import Any

from shared.platform.settings import Settings
from tests.infra.bicep import FOLDER, File, properties, read, text, walk
from tests.support.app import app_functions

LOCAL_ONLY = {
    "COSMOS",
    "SERVICE_BUS",
    "BLOB",
    "COMMUNICATION__accessKey",
    "AUTH_KEY_FOLDER",
    "COLLAB_INDEX",
}
STORAGE_URIS = {f"AzureWebJobsStorage__{kind}ServiceUri" for kind in ("blob", "queue", "table")}
IDENTITY = ("credential", "clientId")
TELEMETRY = {"APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"}
NOT_ON_FLEX = {"FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION"} | {
    "WEBSITE_RUN_FROM_PACKAGE",
    "SCM_DO_BUILD_DURING_DEPLOYMENT",
    "ENABLE_ORYX_BUILD",
    "AzureWebJobsStorage",
}


def app_settings() -> File:
    return read(FOLDER / "modules" / "app-settings.bicep")


def deployed() -> dict[str, str]:
    """Setting by setting, the expression that gives its value."""
    values = app_settings().resources["settings"].value("properties")
    assert values is not None
    return {name: text(value) for name, value in properties(values).items()}


def connections() -> set[str]:
    """The connections that triggers name."""
    triggers: list[Any] = [each.get_trigger().get_dict_repr() for each in app_functions()]
    return {trigger["connection"] for trigger in triggers if "connection" in trigger}


def test_every_setting_is_deployed_and_no_other() -> None:
    read_by_app = {field.alias or name for name, field in Settings.model_fields.items()}
    read_by_host = {
        f"{connection}__{part}"
        for connection in connections() | {"AzureWebJobsStorage"}
        for part in IDENTITY
    }
    expected = read_by_app - LOCAL_ONLY | read_by_host | STORAGE_URIS | TELEMETRY
    assert set(deployed()) == expected


def test_every_connection_is_the_apps_identity() -> None:
    settings = deployed()
    assert connections() == {"COSMOS", "SERVICE_BUS"}
    for connection in connections() | {"AzureWebJobsStorage"}:
        assert settings[f"{connection}__credential"] == "managed"
        assert settings[f"{connection}__clientId"] == "identityClientId"
    assert text(app_settings().variables["managed"]) == "'managedidentity'"


def test_nothing_that_flex_consumption_refuses() -> None:
    assert NOT_ON_FLEX & set(deployed()) == set()


def test_secrets_are_references_and_only_where_they_are_needed() -> None:
    """Without a service there is no secret, and a reference to none would pass for one."""
    file = app_settings()
    told = deployed()
    assert told["LIVEKIT__apiSecret"] == "empty(liveKitUrl) ? '' : secretReference"
    assert told["CAPTCHA__secret"] == "empty(captchaVerifyUrl) ? '' : captchaSecretReference"
    for reference in ("secretReference", "captchaSecretReference"):
        assert text(file.variables[reference]).startswith("'@Microsoft.KeyVault(SecretUri=")
    secret_parameters = [node for node in walk(file.root) if node.type == "decorator"]
    assert not any("secure" in text(node) for node in secret_parameters)


def test_no_setting_holds_a_key() -> None:
    secret = re.compile(r"AccountKey|SharedAccess|sig=|password|listKeys", re.IGNORECASE)
    assert [name for name, value in deployed().items() if secret.search(value)] == []


def test_the_app_runs_as_its_triggers_do() -> None:
    """One identity is granted everything; the SDKs find it by AZURE_CLIENT_ID."""
    assert deployed()["AZURE_CLIENT_ID"] == "identityClientId"
    site = read(FOLDER / "modules" / "function-app.bicep").resources["app"]
    reference = site.value("properties", "keyVaultReferenceIdentity")
    assert reference is not None
    assert text(reference) == "identityId"

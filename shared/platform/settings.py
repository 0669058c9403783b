"""All that is configured, under Azure's own names. The one place that reads the environment."""

import os
from functools import cache
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from shared.model import Model

CAPABILITIES = (
    "auth",
    "documents",
    "esignature",
    "geofencing",
    "trips",
    "calls",
    "notifications",
    "operations",
)
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+[^/]$")]


class Settings(Model):
    """Either a service's connection string (local) or its address (Azure, with managed identity).

    Field aliases are the names of the app settings.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    public_base_url: Url = Field(alias="PUBLIC_BASE_URL", description="Where people reach the app.")
    capabilities: str = Field(",".join(CAPABILITIES), alias="COLLAB_CAPABILITIES")
    index: str = Field("on", alias="COLLAB_INDEX", description="`off` loads everything at once.")

    cosmos: str | None = Field(None, alias="COSMOS", description="Connection string, local only.")
    cosmos_endpoint: str | None = Field(None, alias="COSMOS__accountEndpoint")
    cosmos_database: str = Field("collab", alias="COSMOS_DATABASE")

    service_bus: str | None = Field(None, alias="SERVICE_BUS")
    service_bus_namespace: str | None = Field(None, alias="SERVICE_BUS__fullyQualifiedNamespace")

    blob: str | None = Field(None, alias="BLOB")
    blob_service_uri: str | None = Field(None, alias="BLOB__blobServiceUri")

    key_vault_uri: str | None = Field(None, alias="KEY_VAULT__vaultUri")
    auth_key_folder: str | None = Field(
        None, alias="AUTH_KEY_FOLDER", description="Where signing keys are kept without a vault."
    )

    communication_endpoint: str | None = Field(None, alias="COMMUNICATION__endpoint")
    communication_key: str | None = Field(None, alias="COMMUNICATION__accessKey")
    email_sender: str = Field("donotreply@localhost.localdomain", alias="EMAIL_SENDER")
    sms_sender: str = Field("+14255550100", alias="SMS_SENDER")

    livekit_url: str | None = Field(None, alias="LIVEKIT__url")
    livekit_key: str | None = Field(None, alias="LIVEKIT__apiKey")
    livekit_secret: str | None = Field(None, alias="LIVEKIT__apiSecret")

    tsa_url: str | None = Field(None, alias="TSA__url")
    tsa_roots: str = Field("", alias="TSA__roots", description="PEM certificates trusted for time.")

    trusted_proxies: int = Field(
        0,
        ge=0,
        le=5,
        alias="TRUSTED_PROXIES",
        description="Proxies of our own between clients and the app, a gateway for one.",
    )

    require_second_factor: bool = Field(
        False,
        alias="REQUIRE_SECOND_FACTOR",
        description="Whether a login without one gets no further than to add it.",
    )
    self_registration: bool = Field(
        False, alias="SELF_REGISTRATION", description="Whether strangers may ask for a login."
    )

    captcha_verify_url: str | None = Field(None, alias="CAPTCHA__verifyUrl")
    captcha_site_key: str = Field("", alias="CAPTCHA__siteKey")
    captcha_secret: str | None = Field(None, alias="CAPTCHA__secret")

    rate_limit_per_address: int = Field(600, ge=0, alias="RATE_LIMIT_PER_ADDRESS")
    rate_limit_per_user: int = Field(1200, ge=0, alias="RATE_LIMIT_PER_USER")

    identity_client_id: str | None = Field(None, alias="AZURE_CLIENT_ID")


@cache
def settings() -> Settings:
    """Read once, when first asked. Raises pydantic.ValidationError naming what is missing."""
    return Settings.model_validate(dict(os.environ))  # noqa: TID251 - this is the one place


def enabled_capabilities() -> tuple[str, ...]:
    """The capabilities this deployment serves: all, unless COLLAB_CAPABILITIES names fewer.

    Read apart from `Settings`, since the app is indexed where nothing else may be configured.
    Raises ValueError for a name that is no capability.
    """
    named = os.environ.get("COLLAB_CAPABILITIES", "")  # noqa: TID251 - this is the one place
    chosen = [name.strip() for name in named.split(",") if name.strip()]
    if unknown := sorted(set(chosen) - set(CAPABILITIES)):
        raise ValueError(f"COLLAB_CAPABILITIES names unknown capabilities: {', '.join(unknown)}.")
    return tuple(name for name in CAPABILITIES if name in chosen) if chosen else CAPABILITIES


def indexed() -> bool:
    """Whether functions are registered from the index, without importing what is behind them."""
    return os.environ.get("COLLAB_INDEX", "on") != "off"  # noqa: TID251 - this is the one place

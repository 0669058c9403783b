"""What gateways need to check tokens by themselves."""

from shared.model import Model


class JwksView(Model):
    """Public keys, RFC 7517."""

    keys: list[dict[str, str]]


class OpenIdConfigurationView(Model):
    """As much of OpenID Connect Discovery as a gateway needs to check our access tokens."""

    issuer: str
    jwks_uri: str
    token_endpoint: str
    id_token_signing_alg_values_supported: list[str]
    response_types_supported: list[str]
    subject_types_supported: list[str]

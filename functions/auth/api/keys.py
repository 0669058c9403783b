"""The public keys, for whoever checks tokens without asking us."""

from functions.auth.api.blueprint import bp
from functions.auth.models.keys import JwksView, OpenIdConfigurationView
from functions.auth.wiring import issuer
from shared.http.call import Call, Reply
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.identity.keyring import jwk
from shared.identity.kinds import ACCESS
from shared.identity.verifying import keyring


@bp.function_name("auth_publish_jwks")
@bp.route(".well-known/jwks.json", methods=["GET"])
@endpoint(needs=PUBLIC, gives=JwksView)
async def publish_jwks(_call: Call) -> Reply:
    """Read the public keys that access tokens are signed with, and the next one in time."""
    keys = JwksView(keys=[jwk(key) for key in await keyring().published()])
    return Reply(keys, headers={"Cache-Control": "public, max-age=300"})


@bp.function_name("auth_publish_openid_configuration")
@bp.route(".well-known/openid-configuration", methods=["GET"])
@endpoint(needs=PUBLIC, gives=OpenIdConfigurationView)
async def publish_openid_configuration(_call: Call) -> Reply:
    """Read where the keys are, for gateways that check access tokens by themselves."""
    here = issuer()
    view = OpenIdConfigurationView(
        issuer=here,
        jwks_uri=f"{here}/.well-known/jwks.json",
        token_endpoint=f"{here}/v1/auth/login",
        id_token_signing_alg_values_supported=[ACCESS.algorithm],
        response_types_supported=["token"],
        subject_types_supported=["public"],
    )
    return Reply(view, headers={"Cache-Control": "public, max-age=300"})

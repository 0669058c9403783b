"""Does this token count?"""

from functions.auth.api.blueprint import bp
from functions.auth.models.aliases import Introspect, IntrospectionView
from functions.auth.wiring import introspection
from shared.http.call import Call
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.limits import Quota

ASKING = Quota("introspection", 600)


def given_token(call: Call[Introspect]) -> str:
    """In the body, or as the request's own."""
    scheme, _, own = call.headers.get("authorization", "").partition(" ")
    return call.body.token or (own.strip() if scheme.lower() == "bearer" else "")


@bp.function_name("auth_verify")
@bp.route("v1/auth/verify", methods=["POST"])
@endpoint(needs=PUBLIC, takes=Introspect, gives=IntrospectionView, quota=ASKING)
async def verify(call: Call[Introspect]) -> IntrospectionView:
    """Tell whether an access token counts, and what it stands for (RFC 7662).

    Without a token in the body, that of the Authorization header."""
    return await introspection().of(given_token(call))

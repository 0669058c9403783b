"""What API Management is told fits it, fits the API, and keeps the host's own route inside."""

import re
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from shared.http.openapi.document import PROBLEM
from shared.http.problem import STATUS
from shared.identity.kinds import ACCESS
from shared.identity.service_accounts import KEY_BEGINS
from tests.infra.bicep import calls, literal, read
from tests.infra.policies import (
    APIM,
    Gateway,
    composed,
    exposed,
    operations,
    problems,
    public,
)

Json = dict[str, Any]
FIRST_ADMINISTRATOR = "/v1/auth/first-administrator"
# What API Management can check with validate-jwt, of its reference.
GATEWAY_ALGORITHMS = {"PS256", "RS256", "RS512"}


@pytest.mark.parametrize("verifies", [False, True])
@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("origins", [(), ("https://a.example",), ("https://a", "https://b")])
def test_every_policy_that_can_be_composed_is_one(
    verifies: bool, limits: bool, origins: tuple[str, ...], openapi: Json
) -> None:
    gateway = Gateway(origins, limits_rates=limits, verifies_tokens=verifies)
    policy = composed(gateway, public(openapi))
    assert problems(policy, consumption=not limits) == []
    assert re.findall(r"\b[A-Z]+_[A-Z_]+\b|ISSUER", policy) == []
    found = [each.text for each in fromstring(policy).iter("origin")]
    assert found == list(origins or (gateway.public_base_url,))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("<policies><inbund /></policies>", "there is no section inbund"),
        ("<policies><inbound><corse /></inbound></policies>", "inbound does not take corse"),
        ("<policies><on-error><cors /></on-error></policies>", "on-error does not take cors"),
        (
            "<policies><on-error><set-body>x</set-body></on-error></policies>",
            "on-error does not take set-body",
        ),
        (
            "<policies><inbound><rate-limit-by-key /></inbound></policies>",
            "the Consumption tier has no rate-limit-by-key",
        ),
        (
            "<policies><inbound><choose><if /></choose></inbound></policies>",
            "choose has no if",
        ),
        (
            "<policies><inbound><return-response><cors /></return-response></inbound></policies>",
            "return-response does not take cors",
        ),
        (
            "<policies><inbound><choose><when condition='@(a(b)'><mock /></when></choose>"
            "</inbound></policies>",
            "unbalanced: @(a(b)",
        ),
    ],
)
def test_a_policy_out_of_place_is_noticed(policy: str, expected: str) -> None:
    assert expected in problems(policy, consumption=True)


def test_every_placeholder_is_in_a_policy() -> None:
    """A replacement that finds nothing would leave the gateway without its check."""
    sources = "".join(path.read_text(encoding="utf-8") for path in APIM.glob("*.xml"))
    wanted = [literal(call[1]) for call in calls(read(APIM / "api.bicep").root, "replace")]
    assert len(wanted) == 6
    for placeholder in wanted:
        assert placeholder is not None
        assert sources.count(placeholder) >= 1


def test_the_hosts_own_route_stays_inside(openapi: Json) -> None:
    hidden = set(openapi["paths"]) - set(exposed(openapi)["paths"])
    assert hidden == {FIRST_ADMINISTRATOR}
    for operation in openapi["paths"][FIRST_ADMINISTRATOR].values():
        assert operation["x-permission"] == "host-key"  # nothing else is hidden with it
    source = (APIM / "api.bicep").read_text(encoding="utf-8")
    assert "operation.value['x-permission'] == 'host-key'" in source
    assert "value: string(imported)" in source


def test_nobodys_host_key_passes_the_gateway(openapi: Json) -> None:
    root = fromstring((APIM / "api.xml").read_text(encoding="utf-8"))
    deleted = {
        element.get("name") for element in root.iter() if element.get("exists-action") == "delete"
    }
    assert deleted == {"x-functions-key", "code"}
    names = {
        parameter["name"]
        for _, _, operation in operations(openapi)
        for parameter in operation["parameters"]
    }
    assert not deleted & names  # it would never reach the app


def test_what_needs_no_login_needs_none_at_the_gateway(openapi: Json) -> None:
    listed = public(openapi)
    assert "POST /v1/auth/login" in listed
    assert "POST /v1/calls/webhooks/livekit" in listed  # LiveKit's own token is no bearer token
    for each in listed:
        assert re.fullmatch(r"[A-Z]+ /[\w./{}-]*", each), "no comma, quote or entity"
    unsecured = {
        f"{method} {path}"
        for method, path, operation in operations(exposed(openapi))
        if "security" not in operation
    }
    assert set(listed) == unsecured


def test_browsers_may_send_and_read_what_the_api_uses(openapi: Json) -> None:
    root = fromstring((APIM / "api.xml").read_text(encoding="utf-8"))
    cors = root.find("inbound/cors")
    assert cors is not None
    methods = {each.text for each in cors.iter("method")}
    headers = {each.text for each in cors.findall("allowed-headers/header")}
    assert {method for method, _, _ in operations(openapi)} == methods
    sent = {
        parameter["name"]
        for _, _, operation in operations(openapi)
        for parameter in operation["parameters"]
        if parameter["in"] == "header"
    }
    assert sent <= headers
    shown = {each.text for each in cors.findall("expose-headers/header")}
    assert {"ETag", "X-Correlation-Id", "Retry-After"} <= shown


def test_the_gateway_can_check_the_signatures_of_access_tokens() -> None:
    assert ACCESS.algorithm in GATEWAY_ALGORITHMS


def test_api_keys_pass_the_check_of_tokens() -> None:
    """The app alone knows them. Without a key or a token nobody passes."""
    check = fromstring((APIM / "validate-jwt.xml").read_text(encoding="utf-8"))
    tokens = check.find("when[validate-jwt]")
    assert tokens is not None
    condition = str(tokens.get("condition"))
    assert f'"Authorization", "").StartsWith("Bearer {KEY_BEGINS}"' in condition
    policy = fromstring((APIM / "api.xml").read_text(encoding="utf-8"))
    conditions = [str(each.get("condition")) for each in policy.iter("when")]
    (unsigned,) = (each for each in conditions if '"Bearer "' in each)
    assert f'"X-API-Key", "").StartsWith("{KEY_BEGINS}")' in unsigned


def test_the_gateway_refuses_in_the_words_of_the_app() -> None:
    """Same codes, same statuses, same fields; and what the caller did wrong is never a 503."""
    known = {kind.code: (int(status), status.phrase) for kind, status in STATUS.items()}
    root = fromstring((APIM / "api.xml").read_text(encoding="utf-8"))
    refused = set()
    for answer in root.iter("return-response"):
        body = answer.findtext("set-body") or ""
        fields = dict(re.findall(r'JProperty\("(\w+)", "?([^",)]+)', body))
        assert set(fields) == set(PROBLEM["required"])
        status = answer.find("set-status")
        assert status is not None
        code = fields["type"].removeprefix("/problems/")
        assert known[code] == (int(fields["status"]), fields["title"])
        assert (status.get("code"), status.get("reason")) == (fields["status"], fields["title"])
        refused.add(code)
    assert refused == {"unauthenticated", "not-found", "too-many-requests", "unavailable"}
    assert root.find("on-error//otherwise") is None


def test_the_token_check_asks_for_the_apps_own_tokens() -> None:
    policy = composed(Gateway(verifies_tokens=True), [])
    check = fromstring(policy).find(".//validate-jwt")
    assert check is not None
    assert [each.text for each in check.iter("audience")] == [ACCESS.audience]
    assert [each.text for each in check.iter("issuer")] == ["https://gateway.example.com/api"]


def test_the_gateway_can_import_the_document(openapi: Json) -> None:
    """Of https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions."""
    assert openapi["openapi"].startswith("3.0.")
    names: list[str] = []
    for _, path, operation in operations(exposed(openapi)):
        name = re.sub(r"[^a-z0-9]+", "-", operation["operationId"].lower()).strip("-")
        assert len(name) <= 76
        names.append(name)
        required = [each for each in operation["parameters"] if each["required"]]
        in_url = [each["name"].lower() for each in required if each["in"] in {"path", "query"}]
        assert len(in_url) == len(set(in_url)), path
        assert len(operation["summary"]) <= 300
    assert len(names) == len(set(names))


def test_no_schema_contains_itself(openapi: Json) -> None:
    """The gateway does not support recursion."""
    schemas = openapi["components"]["schemas"]
    used = {
        name: set(re.findall(r"schemas/([^'\"]+)", str(each))) for name, each in schemas.items()
    }
    while True:
        leaves = {name for name, inner in used.items() if not inner & set(used)}
        if not leaves:
            break
        used = {name: inner for name, inner in used.items() if name not in leaves}
    assert set(used) == set()

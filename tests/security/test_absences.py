"""What must not be there: default logins, questions for the forgetful, secrets in answers."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.http.openapi.registered import http_functions
from shared.platform.clients import container
from shared.records.document import Document
from tests.auth.people import log_in
from tests.docs.pages import ROOT
from tests.support.app import app_functions

HINTS = re.compile(r"hint|question|reminder|mother|maiden", re.IGNORECASE)
KEPT = {"code_hash", "factor_secrets", "factors_reset_hash", "key_hashes", "key_pem"} | {
    "dead_links",
    "password_hash",
    "secret_hash",
    "token_id",
}
# The chain of an audit trail is made of hashes that anybody may see.
SECRET = re.compile(r"(?<!previous)_hash(es)?$|_pem$|private")
WAITING = {"rereading.py"}  # how long to wait is left to any chance
DEFAULTS = ("admin", "root", "sa", "administrator", "test", "guest", "demo")


def fields(schema: Any) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from fields(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from fields(value)


def models(direction: str) -> dict[str, Any]:
    """What endpoints take, or give, by the name of the function."""
    found = {}
    for each in http_functions(app_functions()):
        model = getattr(each.declaration, direction)
        if isinstance(model, type):
            found[each.name] = model
    return found


def hidden(kind: type[Document] = Document) -> set[str]:
    """All that documents keep to themselves."""
    return set(kind.hidden).union(*(hidden(each) for each in kind.__subclasses__()))


def test_no_question_stands_in_for_a_password() -> None:
    for direction in ("takes", "gives"):
        for name, model in models(direction).items():
            asked = [each for each in fields(model.model_json_schema()) if HINTS.search(each)]
            assert asked == [], name


def test_nothing_is_taken_that_is_not_asked_for() -> None:
    """So nobody sets a field that an endpoint does not name. Pages, which people open by links
    that others add to, pass over what they do not know."""
    pages = {name for name, model in models("asks").items() if name not in models("gives")}
    taken = [*models("takes").items(), *models("asks").items()]
    open_ones = {name for name, model in taken if model.model_config.get("extra") != "forbid"}
    assert open_ones <= pages


def test_no_answer_has_a_field_that_is_kept_secret() -> None:
    assert hidden() >= KEPT - {"code_hash"}
    for name, model in models("gives").items():
        shown = set(fields(model.model_json_schema(mode="serialization")))
        assert shown & KEPT == set(), name
        assert [each for each in shown if SECRET.search(each)] == [], name


def test_chance_comes_from_one_source() -> None:
    """`secrets`, and the library that makes keys; `random` can be foreseen."""
    for room in ("functions", "shared"):
        for path in (ROOT / room).rglob("*.py"):
            imported = {
                name.name if isinstance(node, ast.Import) else node.module
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in node.names
            }
            if "random" in imported:
                assert path.name in WAITING, path


def test_there_is_no_saml() -> None:
    """No assertion of that kind is ever read, so none is replayed."""
    paths = [each.path for each in http_functions(app_functions())]
    assert [path for path in paths if "saml" in path.lower()] == []


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("name", DEFAULTS)
async def test_nobody_has_a_login_before_somebody_makes_one(tenant: str, name: str) -> None:
    here = f"10.1.1.{DEFAULTS.index(name)}"
    for password in (name, "password", "changeme", ""):
        for email in (name, f"{name}@example.com", f"{name}@localhost"):
            refused = await log_in(tenant, email, password, x_forwarded_for=here)
            assert refused.status == 401


@pytest.mark.usefixtures("records")
async def test_a_new_company_has_no_users(tenant: str) -> None:
    query = "SELECT * FROM c WHERE c.kind = 'User'"
    assert [
        item async for item in container("auth").query_items(query, partition_key=[tenant])
    ] == []

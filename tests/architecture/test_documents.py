"""What is written down equals what runs."""

import json
import re
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from shared.errors import Refusal
from shared.http.openapi.document import document
from shared.http.openapi.older import as_3_0
from shared.http.openapi.registered import Registered
from shared.platform.settings import Settings
from shared.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
LOCAL_ONLY = {
    "COSMOS",
    "SERVICE_BUS",
    "BLOB",
    "COMMUNICATION__accessKey",
    "AUTH_KEY_FOLDER",
    "COLLAB_INDEX",
}
EDGE_CODES = {"internal"}


def committed(name: str) -> Any:
    return json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))


def test_the_openapi_document_equals_the_code(http: list[Registered]) -> None:
    assert committed("openapi.json") == document(http, VERSION)
    assert committed("openapi-3.0.json") == as_3_0(document(http, VERSION))


def test_every_route_is_documented(http: list[Registered]) -> None:
    paths = committed("openapi.json")["paths"]
    for each in http:
        for method in each.methods:
            operation = paths[each.template][method.lower()]
            assert operation["operationId"] == each.name
            assert operation["summary"], each.name


def test_both_openapi_documents_are_valid() -> None:
    OpenAPIV31SpecValidator(committed("openapi.json")).validate()
    OpenAPIV30SpecValidator(committed("openapi-3.0.json")).validate()


def refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    found = [kind]
    for each in kind.__subclasses__():
        found += refusals(each)
    return found


def test_every_problem_has_one_line_and_one_meaning(functions: list[Any]) -> None:
    """Codes are permanent: programs depend on them."""
    kinds = [kind for kind in refusals() if kind.__module__.startswith(("shared", "functions"))]
    codes = [kind.code for kind in set(kinds) if "code" in vars(kind)]
    assert len(codes) == len(set(codes)), sorted(codes)
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted({*codes, *EDGE_CODES} - {Refusal.code})


def test_every_setting_is_in_the_example_and_in_bicep(example_settings: dict[str, str]) -> None:
    names = {field.alias for field in Settings.model_fields.values() if field.alias}
    bicep = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "infra" / "bicep").rglob("*.bicep")
    )
    assert {name for name in names if name not in example_settings} == set()
    assert {name for name in names - LOCAL_ONLY if name not in bicep} == set()


def test_the_version_is_one(functions: list[Any]) -> None:
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION
    assert f"## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_secret_is_in_any_deployed_setting() -> None:
    for path in (ROOT / "infra" / "bicep").rglob("*.bicep"):
        text = path.read_text(encoding="utf-8")
        for secret in ("AccountKey=", "SharedAccessKey", "listKeys(", "connectionString"):
            assert secret not in text, f"{path}: {secret}"

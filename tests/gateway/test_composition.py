"""The gateway here and the gateway in Azure are put together from the same files, the same way."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from local.gateway.composition import APIM, OPENAPI, Parameters, composed
from local.gateway.policies.document import policies
from local.gateway.policies.step import Surroundings
from local.gateway.refusals import PolicyRefused
from tests.infra.bicep import calls, literal, read
from tests.infra.policies import Gateway, exposed, operations, public
from tests.infra.policies import composed as as_deployed


async def nowhere(url: str) -> dict[str, Any]:
    raise OSError(url)


AROUND = Surroundings(lambda: 0.0, lambda: 0.0, nowhere)


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(OPENAPI.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("verifies", [False, True])
@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("origins", [(), ("https://a.example",), ("https://a", "https://b")])
def test_the_policy_is_the_one_that_is_deployed_and_can_be_followed(
    origins: tuple[str, ...], limits: bool, verifies: bool
) -> None:
    deployed = Gateway(origins, limits_rates=limits, verifies_tokens=verifies)
    here = composed(Parameters(deployed.public_base_url, origins, limits, verifies))
    assert here.policy == as_deployed(deployed, public(document()))
    read_here = policies(here.policy, AROUND)
    assert len(read_here.inbound) == 6 + limits
    assert read_here.cors is not None
    assert len(read_here.on_error) == 1


def test_every_placeholder_of_the_template_is_replaced() -> None:
    given = Parameters("https://gateway.example.com", verifies_tokens=True)
    policy = composed(given).policy
    for call in calls(read(APIM / "api.bicep").root, "replace"):
        placeholder = literal(call[1])
        assert placeholder is not None
        assert placeholder not in policy
    assert 'calls="600"' in policy  # the default of the template


def test_the_operations_are_those_that_are_imported() -> None:
    here = composed(Parameters("https://gateway.example.com"))
    wanted = {(method, path) for method, path, _ in operations(exposed(document()))}
    assert {(each.method, each.url_template) for each in here.operations} == wanted
    api = read(APIM / "api.bicep").resources["api"]
    assert here.api_path == f"/{literal(api.value('properties', 'path'))}"


def test_addresses_cannot_change_the_policy() -> None:
    odd = composed(Parameters('https://a"/><cors/>', ('https://b"<x>&',), verifies_tokens=True))
    read_here = policies(odd.policy, AROUND)
    assert read_here.cors is not None
    assert read_here.cors.origins == {'https://b"<x>&'}


def test_a_limit_of_its_own() -> None:
    policy = composed(Parameters("http://127.0.0.1:1", calls_per_minute=7)).policy
    assert re.search(r'<rate-limit-by-key calls="7"', policy)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("api.xml", "<!-- RATE_LIMIT -->", "", "api.xml has no <!-- RATE_LIMIT -->"),
        ("api.bicep", "param callsPerMinute int = 600", "", "no line like"),
        ("validate-jwt.xml", None, None, "validate-jwt.xml"),
    ],
)
def test_files_that_changed_their_ways_are_refused(
    tmp_path: Path, name: str, old: str | None, new: str | None, said: str
) -> None:
    """A replacement that finds nothing would leave the gateway without its check."""
    folder = shutil.copytree(APIM, tmp_path / "apim")
    if old is None or new is None:
        (folder / name).unlink()
    else:
        file = folder / name
        file.write_text(file.read_text().replace(old, new))
    with pytest.raises(PolicyRefused, match=re.escape(said)):
        composed(Parameters("http://127.0.0.1:1"), folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"paths": {"/x": {"get": {}}}}'])
def test_a_broken_document_of_the_api_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(text)
    with pytest.raises(PolicyRefused, match="Of the gateway's files"):
        composed(Parameters("http://127.0.0.1:1"), APIM, file)

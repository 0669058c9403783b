"""Each rule notices what it is there for."""

import pytest

from tests.infra import rules
from tests.infra.bicep import FOLDER, parsed
from tests.infra.names import undefined_names, unused_names

VAULT = "resource vault 'Microsoft.KeyVault/vaults@2023-07-01'"


@pytest.mark.parametrize(
    "source",
    [
        "param name string = ",
        f"{VAULT} = {{\n  name: 'a'\n",
        "var list = [1 2}\n",
        "param string\n",
        "output NAME string = (a\n",
    ],
)
def test_broken_syntax(source: str) -> None:
    assert rules.syntax_errors(parsed(source))


def test_undeclared_symbols_functions_and_decorators() -> None:
    file = parsed(
        "@descripton('x')\nparam name string\n"
        "var a = toLowr(nam)\nvar b = map(list, each => each.name)\n"
        "var c = [for one in two: '${one}${three}']\n"
        "output ID string = vault.id\n"
    )
    assert undefined_names(file) == [
        "snippet.bicep:1: descripton is no known function",
        "snippet.bicep:3: nam is not declared",
        "snippet.bicep:3: toLowr is no known function",
        "snippet.bicep:4: list is not declared",
        "snippet.bicep:5: two is not declared",
        "snippet.bicep:5: three is not declared",
        "snippet.bicep:6: vault is not declared",
    ]


def test_a_key_of_an_object_is_no_use_of_a_name() -> None:
    file = parsed("param name string\nvar unread = {\n  name: 'x'\n}\n")
    assert unused_names(file) == [
        "snippet.bicep: name is never used",
        "snippet.bicep: unread is never used",
    ]


def test_modules_called_wrongly() -> None:
    file = parsed(
        "module vault 'modules/key-vault.bicep' = {\n  name: 'v'\n"
        "  params: {\n    name: 'v'\n    size: 1\n    location: location\n    tags: {}\n  }\n}\n"
        "module gone 'modules/gone.bicep' = {\n  name: 'g'\n}\n"
        "output A string = vault.outputs.uri\noutput B string = vault.outputs.url\n"
    )
    assert rules.module_problems(file) == [
        "snippet.bicep: modules/gone.bicep does not exist",
        "snippet.bicep: vault does not know size",
        "snippet.bicep: vault gives no url",
        "snippet.bicep: vault lacks principalId",
    ]


@pytest.mark.parametrize("place", ["'westeurope'", "resourceGroup().location", "place"])
def test_a_place_in_the_code(place: str) -> None:
    assert rules.hard_coded_locations(parsed(f"{VAULT} = {{\n  location: {place}\n}}\n"))


@pytest.mark.parametrize(
    "source",
    [
        "output A string = account.listKeys().keys[0].value",
        "var a = listKeys(account.id, '2023-05-01')",
        "var a = 'DefaultEndpointsProtocol=https;AccountKey=${key}'",
        "var a = 'Endpoint=sb://x;SharedAccessKeyName=Root'",
        "output API_SECRET string = 'x'",
        "output ADMIN_PASSWORD string = 'x'",
        "var a = insights.properties.InstrumentationKey",
    ],
)
def test_ways_to_a_secret(source: str) -> None:
    assert rules.secrets(parsed(source))


def test_what_only_looks_like_a_secret() -> None:
    fine = "output AZURE_KEY_VAULT_NAME string = a\nvar b = {\n  allowSharedKeyAccess: false\n}\n"
    assert rules.secrets(parsed(fine)) == []


def test_roles_out_of_order() -> None:
    role = "'Microsoft.Authorization/roleAssignments@2022-04-01'"
    file = parsed(
        f"resource a {role} = {{\n  name: 'fixed'\n}}\n"
        f"resource b {role} = {{\n  name: guid(vault.id)\n}}\n"
        "var owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'\nvar c = roles.everything\n"
    )
    assert rules.role_problems(file, ["blobDataOwner"]) == [
        "snippet.bicep: 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 belongs into roles.json",
        "snippet.bicep: a is not named by guid(…, principalId, …)",
        "snippet.bicep: b is not named by guid(…, principalId, …)",
        "snippet.bicep: there is no role everything",
    ]


def test_files_that_cannot_be_loaded() -> None:
    file = parsed(
        "var gone = loadTextContent('gone.xml')\nvar large = loadTextContent('large.json')\n"
        "var roles = loadJsonContent('roles.json')\nvar a = roles.nobody\n"
    )
    assert rules.load_problems(file, {str(FOLDER / "large.json"): "x" * 131_073}) == [
        "snippet.bicep: gone.xml does not exist",
        "snippet.bicep: loadTextContent takes 131072 characters of large.json",
        "snippet.bicep: roles.json has no nobody",
    ]


def test_previews_and_two_versions_of_one_type() -> None:
    older = parsed(
        "resource a 'A/b@2023-01-01' = {\n}\nresource c 'C/d@2024-01-01-preview' = {\n}\n"
    )
    newer = parsed("resource a 'A/b@2024-01-01' = {\n}\n")
    assert rules.version_problems([older, newer]) == [
        "A/b: 2023-01-01, 2024-01-01",
        "C/d: 2024-01-01-preview",
    ]

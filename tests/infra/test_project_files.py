"""azure.yaml, main.parameters.json and host.json say what azd, Bicep and the host expect."""

import json
import os
import re
from pathlib import Path
from typing import Any

import yaml

from tests.infra.bicep import FOLDER, ROOT, literal, read, text

HOOK_KEYS = {"shell", "run", "interactive", "continueOnError", "secrets"}
# The commands that azd's schemas/v1.0/azure.yaml.json knows hooks for.
HOOK = re.compile(
    r"(pre|post)(provision|infracreate|infradelete|down|up|package|publish|deploy|restore)"
)
VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?:=([^}]*))?\}")
OF_AZD = {"AZURE_ENV_NAME", "AZURE_LOCATION"}
Json = dict[str, Any]


def azure_yaml() -> Json:
    loaded: Json = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    return loaded


def parameters() -> dict[str, str]:
    document = json.loads((FOLDER / "main.parameters.json").read_text(encoding="utf-8"))
    assert document["$schema"].endswith("/deploymentParameters.json#")
    return {name: each["value"] for name, each in document["parameters"].items()}


def test_azd_finds_the_template_and_the_app() -> None:
    project = azure_yaml()
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", project["name"])
    infra = project["infra"]
    assert infra["provider"] == "bicep"
    assert (ROOT / infra["path"] / f"{infra['module']}.bicep").is_file()
    (name, service), *others = project["services"].items()
    assert others == []
    assert service == {"project": ".", "language": "python", "host": "function"}
    app = read(FOLDER / "modules" / "function-app.bicep")
    assert f"'azd-service-name': '{name}'" in text(app.variables["serviceTag"])
    assert "'azd-env-name': environmentName" in text(read(FOLDER / "main.bicep").root)


def test_hooks_run_scripts_that_are_there() -> None:
    for name, hook in azure_yaml()["hooks"].items():
        assert HOOK.fullmatch(name)
        assert set(hook) == {"posix", "windows"}
        assert (hook["posix"]["shell"], hook["windows"]["shell"]) == ("sh", "pwsh")
        for each in hook.values():
            assert set(each) <= HOOK_KEYS
            assert (ROOT / each["run"]).is_file()
        assert os.access(ROOT / hook["posix"]["run"], os.X_OK)


def test_every_parameter_is_known_and_every_needed_one_given() -> None:
    declared = read(FOLDER / "main.bicep").parameters
    assert set(parameters()) <= set(declared)
    assert {name for name, default in declared.items() if default is None} <= set(parameters())


def test_parameters_come_from_the_environment_with_the_templates_own_defaults() -> None:
    declared = read(FOLDER / "main.bicep").parameters
    for name, value in parameters().items():
        match = VARIABLE.fullmatch(value)
        assert match, value
        variable, default = match[1], match[2]
        assert variable in OF_AZD or variable.startswith("COLLAB_")
        inner = declared[name]
        if inner is None:
            assert default is None, f"{name} has no default in main.bicep"
        else:
            assert default == (literal(inner) if inner.type == "string" else text(inner)), name


def test_hooks_read_what_the_template_gives() -> None:
    outputs = set(read(FOLDER / "main.bicep").outputs)
    for hook in sorted((FOLDER / "hooks").iterdir()):
        source = hook.read_text(encoding="utf-8")
        wanted = set(re.findall(r"\bAZURE_[A-Z_]+|\bCOLLAB_OPERATOR_EMAIL", source))
        assert wanted == {
            "AZURE_RESOURCE_GROUP",
            "AZURE_FUNCTION_NAME",
            "AZURE_FUNCTION_URL",
            "COLLAB_OPERATOR_EMAIL",
        }
        assert wanted <= outputs
        assert "/api/v1/auth/first-administrator" in source


def test_the_host_serves_where_the_gateway_looks() -> None:
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    assert host["version"] == "2.0"
    bundle = host["extensionBundle"]
    assert bundle["id"] == "Microsoft.Azure.Functions.ExtensionBundle"
    assert re.fullmatch(r"\[\d+\.[\d.*]*, ?\d+\.\d+\.\d+\)", bundle["version"])
    prefix = host["extensions"]["http"]["routePrefix"]
    api = read(FOLDER / "apim" / "api.bicep").resources["api"]
    assert literal(api.value("properties", "path")) == prefix
    main = text(read(FOLDER / "main.bicep").root)
    assert f"backendUrl: '${{functionApp.outputs.url}}/{prefix}'" in main


def test_the_host_holds_a_message_as_long_as_a_function_may_run() -> None:
    """Else a second instance takes what the first still works on."""
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    bus = host["extensions"]["serviceBus"]
    assert set(bus) <= {
        *("prefetchCount", "maxConcurrentCalls", "maxConcurrentSessions", "autoCompleteMessages"),
        *("maxAutoLockRenewalDuration", "clientRetryOptions", "transportType"),
        *("maxMessageBatchSize", "minMessageBatchSize", "maxBatchWaitTime", "sessionIdleTimeout"),
    }
    assert bus["maxAutoLockRenewalDuration"] >= host["functionTimeout"]


def test_what_is_deployed_leaves_the_infrastructure_at_home() -> None:
    ignored = Path(ROOT / ".funcignore").read_text(encoding="utf-8").split()
    assert {"infra/", "tests/", "local/", "local.settings.json*"} <= set(ignored)

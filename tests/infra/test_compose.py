"""azurite/compose.yaml: its form, what it opens and what it keeps; and what can run, runs."""

import http.server
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from azure.cosmos.aio import CosmosClient
from azure.storage.blob import BlobServiceClient
from jsonschema import Draft202012Validator, ValidationError

from local import provision
from local.compose import EXAMPLE, FOLDER, settings
from local.process import ROOT, Process, python_part, start
from local.provision import topology
from shared.platform.settings import Settings
from tests.infra.schemas import COMPOSE
from tests.support.azure import cosmos_connection
from tests.support.azurite import ACCOUNT_KEY, blob_connection

Json = dict[str, Any]
REFERENCE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRETS = re.compile(r"password|accountkey|sharedaccesskey|secret", re.IGNORECASE)
LONG = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")


@pytest.fixture
def document() -> Json:
    loaded: Json = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def test_it_has_the_form_of_a_compose_file(document: Json) -> None:
    Draft202012Validator.check_schema(COMPOSE)
    Draft202012Validator(COMPOSE).validate(document)
    used = {
        volume.partition(":")[0]
        for service in document["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert used == set(document["volumes"])
    for service in document["services"].values():
        assert set(service.get("depends_on", {})) <= set(document["services"])
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (FOLDER / volume.partition(":")[0]).is_file()


@pytest.mark.parametrize(
    "change",
    [
        {"ports": ["5672:5672"]},
        {"ports": ["0.0.0.0:5672:5672"]},
        {"ports": ["127.0.0.1:5672:5672", "127.0.0.1:5672:5672"]},
        {"environment": {"ACCEPT_EULA": True}},
        {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]},
        {"volumes": ["./servicebus-emulator.json:/x"]},
        {"privileged": True},
        {"network_mode": "host"},
        {"healthcheck": {"test": "curl x"}},
        {"depends_on": ["sql"]},
    ],
)
def test_the_schema_notices(document: Json, change: Json) -> None:
    document["services"]["servicebus"].update(change)
    with pytest.raises(ValidationError):
        Draft202012Validator(COMPOSE).validate(document)


def test_every_image_is_pinned_and_azurite_is_the_one_that_is_tested(document: Json) -> None:
    images = {name: each["image"] for name, each in document["services"].items()}
    for name, image in images.items():
        default = REFERENCE.sub(lambda match: match[3] if match[2] == "-" else "", image)
        repository, _, tag = default.rpartition(":")
        assert repository.startswith("mcr.microsoft.com/"), name
        assert re.search(r"\d", tag), name
        assert "latest" not in tag, name
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    pinned = package["dependencies"]["azurite"]
    assert (
        images["azurite"] == images["ready"] == f"mcr.microsoft.com/azure-storage/azurite:{pinned}"
    )


def test_whoever_waits_for_it_waits_for_all_of_it(document: Json) -> None:
    """`up --wait` is over when all health checks hold; two services are asked by a third."""
    asked = " ".join(document["services"]["ready"]["healthcheck"]["test"])
    for name, service in document["services"].items():
        assert "healthcheck" in service or f"http://{name}:" in asked
    assert document["services"]["servicebus"]["depends_on"] == {
        "sql": {"condition": "service_healthy"}
    }


def test_no_secret_is_in_the_files_and_none_has_a_default(document: Json) -> None:
    for service in document["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRETS.search(name) or name == "ACCEPT_EULA":
                match = REFERENCE.fullmatch(value)
                assert match is not None, name
                assert (match[1], match[2]) == (name, "?")
    for file in sorted(FOLDER.iterdir()):
        if file.is_file() and file.name not in {"package-lock.json", ".env"}:
            source = file.read_text(encoding="utf-8")
            assert LONG.findall(source.replace(FOLDER.name, "")) == [], file.name
            assert ACCOUNT_KEY not in source
    assert ".env" in (FOLDER / ".gitignore").read_text(encoding="utf-8").split()


def test_ports_are_where_the_settings_look(document: Json) -> None:
    published = {
        port.split(":")[1]
        for service in document["services"].values()
        for port in service.get("ports", [])
    }
    assert {"10000", "10001", "10002", "8081", "5672", "5300"} <= published
    values = settings(json.loads(EXAMPLE.read_text(encoding="utf-8")))["Values"]
    assert "localhost:8081/" in values["COSMOS"]
    assert values["SERVICE_BUS"].startswith("Endpoint=sb://127.0.0.1;")
    assert "UseDevelopmentEmulator=true" in values["SERVICE_BUS"]


def test_the_settings_are_the_apps_own() -> None:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    made = settings(example)
    assert set(made["Values"]) == set(example["Values"])
    assert not any("<" in value for value in made["Values"].values())
    aliases = {field.alias for field in Settings.model_fields.values()}
    assert {name for name in made["Values"] if name in aliases} >= {"COSMOS", "SERVICE_BUS", "BLOB"}


def test_the_readme_names_every_file_and_command() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for each in (
        *("compose.yaml", "servicebus-emulator.json", "python -m local.compose --env"),
        *("python -m local.compose --settings", "python -m local.provision", "func start"),
        *("docker compose", "CONTRACT_COSMOS", "CONTRACT_SERVICE_BUS", "CONTRACT_BLOB"),
        *("ACCEPT_EULA", "SQL_IMAGE", "COSMOS_PROTOCOL", "not run in our CI"),
    ):
        assert each in readme


class Healthy(http.server.BaseHTTPRequestHandler):
    """Well until told otherwise."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is to be said of it."""


@contextmanager
def answering(status: int) -> Iterator[str]:
    kind = type("Answering", (Healthy,), {"status": status})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def healthy(check: list[str], **addresses: str) -> bool:
    """Runs a health check with other addresses in it, as its container would."""
    *command, script = (each.replace("$$", "$") for each in check[1:])
    for name, address in addresses.items():
        old = {"cosmos": "cosmos:8080", "servicebus": "servicebus:5300"}.get(name, name)
        assert old in script
        script = script.replace(old, address)
    return subprocess.run([*command, script], check=False, capture_output=True).returncode == 0


def test_the_neighbours_health_check_tells_the_truth(document: Json) -> None:
    check = document["services"]["ready"]["healthcheck"]["test"]
    with answering(200) as well, answering(503) as ill:
        assert healthy(check, cosmos=well, servicebus=well)
        assert not healthy(check, cosmos=well, servicebus=ill)
        assert not healthy(check, cosmos="127.0.0.1:1", servicebus=well)


def test_azurites_and_sqls_health_checks_tell_the_truth(document: Json) -> None:
    services = document["services"]
    blob, sql = (services[name]["healthcheck"]["test"] for name in ("azurite", "sql"))
    with answering(400) as up:  # whatever it answers, it answers
        assert healthy(blob, **{"127.0.0.1:10000": up})
        assert healthy(sql, **{"127.0.0.1/1433": up.replace(":", "/")})
    assert not healthy(blob, **{"127.0.0.1:10000": "127.0.0.1:1"})
    assert not healthy(sql, **{"127.0.0.1/1433": "127.0.0.1/1"})


@pytest.fixture
def azurite(document: Json, tmp_path: Path) -> Iterator[Process]:
    """With the flags of the compose file, on other ports, as its image would start it."""
    program, *flags = document["services"]["azurite"]["command"]
    flags = [each.replace("0.0.0.0", "127.0.0.1").replace("/data", str(tmp_path)) for each in flags]
    flags += [f"--{service}Port=0" for service in ("blob", "queue", "table")]
    listening = re.compile(r"Blob service is successfully listening at (http://[\d.:]+)")

    def announcement(line: str) -> dict[str, str] | None:
        match = listening.search(line)
        return {"url": match[1]} if match else None

    process = start(
        "azurite",
        [str(FOLDER / "node_modules" / ".bin" / program), *flags],
        log=tmp_path / "log",
        announcement=announcement,
    )
    yield process
    process.stop()


def provisioned(file: Path) -> subprocess.CompletedProcess[str]:
    command = python_part("local.provision", "--settings", str(file))
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)


async def test_it_is_provisioned_by_the_settings_file(
    azurite: Process, cosmos: Process, tmp_path: Path
) -> None:
    """Twice, since people do; the Cosmos DB is ours here."""
    connections = {
        "COSMOS": cosmos_connection(cosmos.ready["url"]),
        "BLOB": blob_connection(azurite.ready["url"]),
    }
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": connections}))
    for _ in range(2):
        done = provisioned(file)
        assert (done.returncode, done.stderr) == (0, "")
        assert "COSMOS, BLOB" in done.stdout
    wanted = topology()
    async with CosmosClient.from_connection_string(connections["COSMOS"]) as client:
        database = client.get_database_client(wanted["cosmos"]["database"])
        found = {each["id"] async for each in database.list_containers()}
    assert found >= {each["name"] for each in wanted["cosmos"]["containers"]}
    with BlobServiceClient.from_connection_string(connections["BLOB"]) as blobs:
        made = {each.name for each in blobs.list_containers()}
    assert made == {each["name"] for each in wanted["blob"]["containers"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "cannot be read"),
        ('{"IsEncrypted": true, "Values": {}}', "encrypted"),
        ('{"Values": {"BLOB": "nonsense"}}', "Connection string"),
        (
            '{"Values": {"COSMOS": "AccountEndpoint=http://127.0.0.1:1/;AccountKey=YWI=;"}}',
            "127.0.0.1",
        ),
    ],
)
def test_what_cannot_be_provisioned_is_one_sentence(
    tmp_path: Path, content: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "local.settings.json"
    if content is not None:
        file.write_text(content)
    assert provision.main(["--settings", str(file)]) == 1
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.strip().splitlines()) == 1

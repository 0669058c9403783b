"""Apps that cannot be served: the process ends with 1 and says which function, and why."""

import json
import subprocess
from pathlib import Path

import pytest

from local import process
from tests.host.starting import serve

HEAD = "import azure.functions as func\napp = func.FunctionApp()\n"
TAIL = "def f(msg: func.ServiceBusMessage) -> None: ...\n"
HTTP = "def {name}(req: func.HttpRequest) -> func.HttpResponse: ...\n"
QUEUE = '@app.service_bus_queue_trigger(arg_name="msg", queue_name="{queue}", connection="BUS")\n'
COSMOS = (
    '@app.cosmos_db_trigger(arg_name="docs", connection="COSMOS", database_name="d", '
    'container_name="c", lease_container_name="leases")\n'
    "def {name}(docs: func.DocumentList) -> None: ...\n"
)


def refusal(folder: Path, code: str, host_json: str = '{"version": "2.0"}') -> str:
    """What the host says of an app that it refuses."""
    app = folder / "app"
    app.mkdir()
    (app / "function_app.py").write_text(HEAD + code)
    (app / "host.json").write_text(host_json)
    settings = folder / "local.settings.json"
    settings.write_text(json.dumps({"Values": {"COSMOS": "x", "BUS": "x"}}))
    places = ("--app", str(app), "--data", str(folder / "data"), "--settings", str(settings))
    ended = subprocess.run(
        process.python_part("local.host", "--port", "0", *places),
        cwd=process.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("@app.route(route='a')\ndef f(req: func.HttpRequest) -> dict: ...\n", ["the f function"]),
        ("@app.route(route='a')\ndef f(req, extra=1): ...\n", ["the f function", "extra"]),
        ("import nowhere\n", ["nowhere", "function_app.py"]),
        ("def broken(:\n", ["SyntaxError"]),
        ("other = func.FunctionApp()\n", ["More than one"]),
        ("app = None\n", ["Could not find"]),
        (QUEUE.format(queue="%MISSING%") + TAIL, ["Function f", "MISSING", "serviceBusTrigger"]),
        (QUEUE.replace("BUS", "NONE") + TAIL, ["Function f", "NONE__fullyQualifiedNamespace"]),
        (COSMOS.replace("COSMOS", "NONE").format(name="f"), ["Function f", "NONE"]),
        (COSMOS.format(name="f") + COSMOS.format(name="g"), ["Function g", "f has the same lease"]),
        (
            "@app.timer_trigger(arg_name='t', schedule='often')\n"
            "def f(t: func.TimerRequest) -> None: ...\n",
            ["Function f", "schedule", "often"],
        ),
        (
            "@app.route(route='a/{x:even}')\n" + HTTP.format(name="f"),
            ["Function f", "api/a/{x:even}", "'even'"],
        ),
        (
            "@app.route(route='a/{x}', methods=['GET', 'PUT'])\n"
            + HTTP.format(name="f")
            + "@app.route(route='A/{y}', methods=['PUT'])\n"
            + HTTP.format(name="g"),
            ["Function g", "f answers"],
        ),
        (
            "@app.blob_trigger(arg_name='b', path='a', connection='X')\n"
            "def f(b: func.InputStream) -> None: ...\n",
            ["Function f", "blobTrigger"],
        ),
        (
            "@app.route(route='a')\n"
            "@app.queue_output(arg_name='o', queue_name='q', connection='X')\n"
            "def f(req: func.HttpRequest, o: func.Out[str]) -> func.HttpResponse: ...\n",
            ["Function f", "queue (o)"],
        ),
    ],
)
def test_what_is_wrong_is_named(folder: Path, code: str, words: list[str]) -> None:
    said = refusal(folder, code)
    assert "cannot be served" in said
    for word in words:
        assert word in said


def test_an_admin_route_belongs_to_the_host(folder: Path) -> None:
    code = "@app.route(route='admin/x')\n" + HTTP.format(name="f")
    no_prefix = '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
    assert "Function f: route /admin/x is the host's own." in refusal(folder, code, no_prefix)


def test_a_folder_without_an_app(folder: Path) -> None:
    (folder / "host.json").write_text('{"version": "2.0"}')
    with pytest.raises(process.PartFailed, match="does not exist"):
        serve(folder, folder)


def test_the_environment_goes_before_the_file_and_the_container_name_does_not_matter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = folder / "app"
    app.mkdir()
    (app / "host.json").write_text(
        '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
    )
    (app / "function_app.py").write_text(
        HEAD + "import os\n"
        "@app.route(route='{name}', auth_level=func.AuthLevel.ANONYMOUS)\n"
        "def f(req: func.HttpRequest) -> str:\n"
        "    return os.environ.get(req.route_params['name'], 'none')\n"
    )
    monkeypatch.setenv("HOST_TEST_GIVEN", "environment")
    monkeypatch.setenv("CONTAINER_NAME", "anything")
    served = serve(app, folder, {"HOST_TEST_GIVEN": "file", "HOST_TEST_NEW": "file"})
    try:
        assert served.get("/HOST_TEST_GIVEN").text == "environment"
        assert served.get("/HOST_TEST_NEW").text == "file"
        assert served.get("/").json() == {"status": "running"}
    finally:
        served.client.close()
        served.process.stop()

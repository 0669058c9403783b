"""Apps that cannot be served: the process ends with 1 and says which function, and why.

Microsoft's engine then has no function at all, and so has Azure: one bad function takes the whole
app away, without a word to whoever calls it. Here it can never pass in silence.
"""

from pathlib import Path

import pytest

from local import process
from tests.host.refusing import Case, Ended, refused
from tests.host.starting import serve

HEAD = "import azure.functions as func\napp = func.FunctionApp()\n"
ROUTE = "@app.route(route='a')\n"
HTTP = ROUTE + "def f(req: func.HttpRequest) -> str: ...\n"
QUEUE = '@app.service_bus_queue_trigger(arg_name="msg", queue_name="{queue}", connection="BUS")\n'
MESSAGE = "def f(msg: func.ServiceBusMessage) -> None: ...\n"
COSMOS = (
    '@app.cosmos_db_trigger(arg_name="docs", connection="COSMOS", database_name="d", '
    'container_name="c", lease_container_name="leases")\n'
    "def {name}(docs: func.DocumentList) -> None: ...\n"
)
TIMER = (
    "@app.timer_trigger(arg_name='t', schedule='{schedule}')\ndef f(t: func.TimerRequest): ...\n"
)
GET = "def {name}(req: func.HttpRequest) -> func.HttpResponse: ...\n"
NO_PREFIX = '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
OUT = '@app.queue_output(arg_name="o", queue_name="q", connection="X")\n'
LATER = (
    "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
    "if TYPE_CHECKING:\n    from decimal import Decimal\n"
)
CALLABLE = "class Callable:\n    def __call__(self, req: func.HttpRequest) -> str: ...\n"

# Name: the app after its first two lines, and the words that say what is wrong with it.
INDEXING: dict[str, tuple[str, list[str]]] = {
    "returns a dict": (ROUTE + "def f(req: func.HttpRequest) -> dict: ...\n", ["the f function"]),
    "may return None": (
        ROUTE + "def f(req: func.HttpRequest) -> func.HttpResponse | None: ...\n",
        ["the f function", "non-type return annotation"],
    ),
    "one parameter more": (ROUTE + "def f(req, extra): ...\n", ["the f function", "extra"]),
    "one with a default": (ROUTE + "def f(req, extra=1): ...\n", ["the f function", "extra"]),
    "one by keyword": (ROUTE + "def f(req, *, extra=1): ...\n", ["the f function", "extra"]),
    "no parameter": (ROUTE + "def f() -> str: ...\n", ["the f function", "req"]),
    "another parameter": (
        ROUTE + "def f(request: func.HttpRequest) -> str: ...\n",
        ["the f function", "request"],
    ),
    "a callable object": (
        CALLABLE + "f = app.route(route='a')(Callable())\n",
        ["Callable", "__name__"],
    ),
    "a message as a dict": (
        QUEUE.format(queue="q") + "def f(msg: dict) -> None: ...\n",
        ["the f function", "msg"],
    ),
    "a message as a model": (
        "from pydantic import BaseModel\nclass Order(BaseModel): ...\n"
        + QUEUE.format(queue="q")
        + "def f(msg: Order) -> None: ...\n",
        ["the f function", "msg"],
    ),
    "an output of a list": (
        f"from typing import List\n{ROUTE}{OUT}"
        "def f(req: func.HttpRequest, o: func.Out[List[str]]) -> str: ...\n",
        ["f", "queue (o)"],
    ),
    "two apps": ("other = func.FunctionApp()\n" + HTTP, ["More than one"]),
    "two functions of one name": (HTTP + HTTP, ["Function f", "unique"]),
    "asked for its functions": (HTTP + "app.get_functions()\n", ["Function f", "unique"]),
    "two triggers": (
        "@app.timer_trigger(arg_name='t', schedule='0 0 0 * * *')\n" + HTTP,
        ["only have one trigger", "timerTrigger", "'route': 'a'"],
    ),
    "no function": ("", ["holds no function"]),
    "a blueprint that nobody registered": (
        "bp = func.Blueprint()\n" + HTTP.replace("app.", "bp."),
        ["holds no function"],
    ),
    "no app": ("app = None\n", ["Could not find"]),
    "a decorator that does not exist": (
        "@app.warmup_trigger('warmup')\ndef f(warmup) -> None: ...\n",
        ["warmup_trigger"],
    ),
    "an import that fails": ("import nowhere\n", ["nowhere", "function_app.py"]),
    "no Python": ("def broken(:\n", ["SyntaxError"]),
    "an error while it loads": ("raise RuntimeError('too early')\n", ["too early"]),
    "an end while it loads": ("import sys\nsys.exit(0)\n", ["function_app.py", "SystemExit(0)"]),
}
# What the engine would take, and Azure's host or this one would not.
SERVING: dict[str, tuple[str, list[str]]] = {
    "a setting that is missing": (
        QUEUE.format(queue="%MISSING%") + MESSAGE,
        ["Function f", "MISSING", "serviceBusTrigger"],
    ),
    "a setting in a schedule": (TIMER.format(schedule="%HOURLY%"), ["Function f", "HOURLY"]),
    "a setting in a route": (
        "@app.route(route='%PLACE%/x')\n" + GET.format(name="f"),
        ["Function f", "PLACE"],
    ),
    "a connection that is missing": (
        QUEUE.format(queue="q").replace("BUS", "NONE") + MESSAGE,
        ["Function f", "NONE__fullyQualifiedNamespace"],
    ),
    "an account that is missing": (
        COSMOS.replace("COSMOS", "NONE").format(name="f"),
        ["Function f", "NONE"],
    ),
    "one lease for two": (
        COSMOS.format(name="f") + COSMOS.format(name="g"),
        ["Function g", "f has the same lease"],
    ),
    "no schedule": (TIMER.format(schedule="often"), ["Function f", "schedule", "often"]),
    "a constraint that nobody knows": (
        "@app.route(route='a/{x:even}')\n" + GET.format(name="f"),
        ["Function f", "api/a/{x:even}", "'even'"],
    ),
    "one route for two": (
        "@app.route(route='a/{x}', methods=['GET', 'PUT'])\n"
        + GET.format(name="f")
        + "@app.route(route='A/{y}', methods=['PUT'])\n"
        + GET.format(name="g"),
        ["Function g", "f answers"],
    ),
    "a trigger that is not served": (
        "@app.blob_trigger(arg_name='b', path='a', connection='X')\n"
        "def f(b: func.InputStream) -> None: ...\n",
        ["Function f", "blobTrigger"],
    ),
    "a trigger that nobody knows": (
        "@app.generic_trigger(arg_name='x', type='carTrigger')\ndef f(x) -> None: ...\n",
        ["Function f", "carTrigger"],
    ),
    "an output": (
        f"{ROUTE}{OUT}def f(req: func.HttpRequest, o: func.Out[str]) -> func.HttpResponse: ...\n",
        ["Function f", "queue (o)"],
    ),
}
WORDS = {**INDEXING, **SERVING}
CASES = {name: Case(HEAD + code) for name, (code, _) in WORDS.items()}
CASES["a type that is not imported"] = Case(
    f"{LATER}{HEAD}{ROUTE}def f(req: func.HttpRequest) -> Decimal: ...\n"
)
CASES["a route of the host's"] = Case(
    HEAD + "@app.route(route='admin/x')\n" + GET.format(name="f"), NO_PREFIX
)
CASES["nothing"] = Case(None)
EXPECTED = {name: words for name, (_, words) in WORDS.items()} | {
    "a type that is not imported": ["Function f: its annotations", "Decimal"],
    "a route of the host's": ["Function f: route /admin/x is the host's own."],
    "nothing": ["does not exist"],
}


@pytest.fixture(scope="module")
def ends() -> dict[str, Ended]:
    """How the host ended with each of the apps."""
    return dict(zip(CASES, refused(CASES.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_named(ends: dict[str, Ended], name: str) -> None:
    ended = ends[name]
    assert ended.code == 1, ended.said
    assert "cannot be served" in ended.said
    assert [word for word in EXPECTED[name] if word not in ended.said] == [], ended.said


FAILING = """
import functools
def plain(function):
    @functools.wraps(function)
    def wrapper(*args, **named):
        return function(*args, **named)
    return wrapper
@app.route(route="wrapped", auth_level="anonymous")
@plain
async def wrapped(req: func.HttpRequest) -> str:
    return "never"
@app.route(route="dict", auth_level="anonymous")
async def returns_dict(req: func.HttpRequest):
    return {"a": 1}
"""


def test_what_fails_only_when_it_runs_is_500_with_the_reason_in_the_log(folder: Path) -> None:
    app = folder / "app"
    app.mkdir()
    (app / "host.json").write_text('{"version": "2.0"}')
    (app / "function_app.py").write_text(HEAD + FAILING)
    served = serve(app, folder)
    try:
        assert [served.get(f"/api/{path}").status_code for path in ("wrapped", "dict")] == [500] * 2
        failed = {line["function"]: line for line in served.lines() if "error" in line}
        assert "coroutine" in failed["wrapped"]["error"]
        assert "dict" in failed["returns_dict"]["error"]
    finally:
        served.client.close()
        served.process.stop()


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

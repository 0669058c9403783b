"""How long after a change the local Functions host serves the new code of this repository's app.

`python -m benchmarks.host_reload [times]`: a copy of the app is served with `--reload`; a file is
changed some times, and each time the first answer of the new code is awaited. It ends by itself.
"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from local import process

NOBODY = (
    "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=a2V5;"
    "AccountEndpoint=http://127.0.0.1:1/;AccountKey=a2V5;UseDevelopmentEmulator=true;"
)
SETTINGS = {"COSMOS": NOBODY, "SERVICE_BUS": NOBODY, "COSMOS_DATABASE": "collab"}
PROBE = """

@app.route(route="probe", methods=["GET"])
async def probe(req: func.HttpRequest) -> str:
    return "{number}"
"""


def copied(folder: Path) -> Path:
    """The app alone, so that the repository stays as it is."""
    app = folder / "app"
    app.mkdir()
    for name in ("functions", "shared"):
        shutil.copytree(process.ROOT / name, app / name)
    for name in ("function_app.py", "host.json"):
        shutil.copy(process.ROOT / name, app / name)
    return app


def served(app: Path, folder: Path) -> process.Process:
    """The host on the copy; nothing that it connects to is there."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"Values": SETTINGS}), encoding="utf-8")
    places = ("--app", str(app), "--data", str(folder / "data"), "--settings", str(settings))
    command = process.python_part("local.host", "--port", "0", *places, "--reload")
    return process.start("host", command, log=folder / "host.log")


def reloaded_after_ms(app: Path, url: str, code: str, number: int) -> float:
    """From the writing of a file to the first answer of what it says."""
    began = time.perf_counter()
    (app / "function_app.py").write_text(code + PROBE.format(number=number), encoding="utf-8")
    while httpx.get(f"{url}/api/probe", trust_env=False, timeout=10).text != str(number):
        time.sleep(0.005)
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """0 when half of the changes are served within a second."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        app = copied(folder)
        code = (app / "function_app.py").read_text(encoding="utf-8")
        began = time.perf_counter()
        host = served(app, folder)
        try:
            print(f"the first start took {(time.perf_counter() - began) * 1000:.0f} ms")
            url = host.ready["url"]
            found = [reloaded_after_ms(app, url, code, number) for number in range(times)]
        finally:
            host.stop()
        lines = (folder / "host.log").read_text(encoding="utf-8").splitlines()
    computed = [json.loads(line)["cpu_ms"] for line in lines if '"reloaded"' in line]
    print(f"the new process computed for {statistics.median(computed):.0f} ms until it was ready")
    median = statistics.median(found)
    print(f"a change was served after {median:.0f} ms (median; {min(found):.0f}-{max(found):.0f})")
    return 0 if median < 1000 else 1


if __name__ == "__main__":
    sys.exit(main())

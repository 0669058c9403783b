"""Each part as a process: it follows the plan that it is given, and refuses one that is none."""

import base64
import json
import os
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from local.process import PartFailed, Process, python_part, start

ENVIRONMENT: dict[str, str | None] = {
    "LOCAL_PART_KEY": base64.b64encode(os.urandom(32)).decode(),
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "a-secret-for-tests-of-32-characters-or-more",
}
ASKED = {
    "communication": ("POST", "/sms"),
    "livekit": ("POST", "/twirp/livekit.RoomService/ListRooms"),
    "tsa": ("POST", "/"),
    "blobproxy": ("GET", "/account/container/blob"),
}
PARTS = list(ASKED)


def started(part: str, folder: Path, plan: object) -> Process:
    file = folder / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    more = ("--upstream", "http://127.0.0.1:9") if part == "blobproxy" else ()
    command = python_part(
        f"local.{part}", "--port", "0", "--data", str(folder / part), "--faults", str(file), *more
    )
    return start(part, command, log=folder / "log", env=ENVIRONMENT)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_follows_its_plan(tmp_path: Path, part: str) -> None:
    name = "blob" if part == "blobproxy" else part
    process = started(part, tmp_path, {"rules": [{"part": name, "fault": "unavailable"}]})
    method, path = ASKED[part]
    request = urllib.request.Request(process.ready["url"] + path, method=method)
    try:
        with pytest.raises(urllib.error.HTTPError) as failed:
            urllib.request.urlopen(request, timeout=10)
        assert failed.value.code == 503
        assert failed.value.headers["Retry-After"] == "1"
        failed.value.close()
    finally:
        process.stop()
    assert process.popen.returncode == 0


@pytest.mark.parametrize("part", PARTS)
def test_a_plan_that_is_none_is_refused_in_one_sentence(tmp_path: Path, part: str) -> None:
    with pytest.raises(PartFailed, match="everywhere is a number from 0 to 1, not 3") as refused:
        started(part, tmp_path, {"everywhere": 3})
    assert "Traceback" not in str(refused.value)

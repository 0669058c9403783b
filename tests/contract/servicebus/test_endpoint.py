"""The same checks against another namespace: here a broker with only what such a one must have."""

import json
import os
import subprocess
import sys
from pathlib import Path

from local.process import ROOT
from tests.contract.servicebus import entities
from tests.contract.servicebus.moving import connection_string
from tests.contract.servicebus.running import running

HERE = "tests/contract/servicebus"
CHECKS = (
    *("test_settling.py::test_dead_letter_with_reason", "test_sessions.py::test_state_is_kept"),
    *("test_page.py::test_refusals", "test_codec.py::test_deep_and_wide_values_end_soon"),
    "test_sending.py::test_batches_and_many_frames_arrive_in_order",
)


def test_the_file_has_what_the_checks_need() -> None:
    written = json.loads(entities.FOREIGN_FILE.read_text(encoding="utf-8"))
    assert written == entities.topology(entities.FOREIGN)
    part = written["serviceBus"]
    assert len(part["queues"]) + len(part["topics"]) <= 50  # Microsoft's emulator has no more


def test_checks_run_where_they_are_told_to(tmp_path: Path) -> None:
    with running(tmp_path, entities.FOREIGN_FILE) as part:
        chosen = [f"{HERE}/{check}" for check in CHECKS]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "-vv", *chosen],
            cwd=ROOT,
            env={**os.environ, "CONTRACT_SERVICE_BUS": connection_string(part.ready["url"])},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    said = done.stdout
    assert done.returncode == 0, said
    for flavour in ("aio", "sync"):
        assert f"test_dead_letter_with_reason[{flavour}] PASSED" in said
        assert f"test_state_is_kept[{flavour}] PASSED" in said
    assert "test_refusals SKIPPED" in said
    assert "this test needs a broker of its own: broker, page" in said
    assert "the endpoint has no entities of the kind 'large'" in said
    assert "needs a broker of its own: its code" in said

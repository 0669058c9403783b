"""A board of its own over the same parts, without a word in any log."""

import json
from pathlib import Path

from local.private_files import write_private
from local.process import Process, python_part, start
from tests.browser.board.stage import Played


def started_beside(stage: Played, folder: Path, port: int = 0) -> Process:
    """Again on the same port, when one is given."""
    logs = folder / "no-logs"
    logs.mkdir(exist_ok=True)
    known = json.loads((stage.azure.data / "board.json").read_text(encoding="utf-8"))
    write_private(folder / "board.json", {**known, "logs": str(logs)})
    arguments = ("--port", str(port), "--azure", str(folder / "board.json"))
    return start("board", python_part("local.board", *arguments), log=folder / "board.log")

"""A broker process of a test's own: started on its folder, killed, started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import process
from tests.contract.servicebus.moving import KEY


@contextmanager
def running(folder: Path, topology: Path, *more: str, port: int = 0) -> Iterator[process.Process]:
    """Ended as a power cut would end it."""
    part = process.start(
        "servicebus",
        process.python_part(
            "local.servicebus",
            "--port",
            str(port),
            "--data",
            str(folder / "data"),
            "--topology",
            str(topology),
            *more,
        ),
        log=folder / "log",
        env={"LOCAL_PART_KEY": KEY},
    )
    try:
        yield part
    finally:
        part.kill()

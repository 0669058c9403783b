"""Which port each part listens on, always on 127.0.0.1."""

import socket
from dataclasses import asdict, dataclass

HERE = "127.0.0.1"


class PortTaken(RuntimeError):
    """Another program listens where a part should. Names both."""


@dataclass(frozen=True)
class Ports:
    """The usual ports of the real things, as far as they have one."""

    host: int = 7071
    blob: int = 10000
    queue: int = 10001
    table: int = 10002
    cosmos: int = 8081
    service_bus: int = 5672
    communication: int = 8025
    livekit: int = 7880
    tsa: int = 3180


def free_ports() -> Ports:
    """Ports that nobody uses now."""
    names = list(asdict(Ports()))
    sockets = [socket.socket() for _ in names]
    try:
        for each in sockets:
            each.bind((HERE, 0))
        return Ports(**{n: s.getsockname()[1] for n, s in zip(names, sockets, strict=True)})
    finally:
        for each in sockets:
            each.close()


def must_be_free(ports: Ports) -> None:
    """Raises PortTaken with every port that is not."""
    taken = [f"{port} ({name})" for name, port in asdict(ports).items() if _is_taken(port)]
    if taken:
        raise PortTaken(
            f"Already in use: {', '.join(taken)}. End the program that listens there, "
            "or run `python -m local up --free-ports`."
        )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return True
    return False

"""Which port each part listens on, always on 127.0.0.1, and who sits on one that is taken."""

import socket
from collections.abc import Collection
from dataclasses import asdict, dataclass

from local.refusals import CannotStart

HERE = "127.0.0.1"
LONGEST_COMMAND = 60


class PortTaken(CannotStart):
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
    service_bus_admin: int = 5300
    communication: int = 8025
    livekit: int = 7880
    tsa: int = 3180
    gateway: int = 7080
    board: int = 7070


def free_ports() -> Ports:
    """Ports that nobody uses now."""
    return Ports(*free(len(asdict(Ports()))))


def free(count: int) -> list[int]:
    """That many different ports that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((HERE, 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def must_be_free(ports: Ports, without: Collection[str] = ()) -> None:
    """Raises PortTaken with every port that is not; `without` names parts that do not start."""
    wanted = {name: port for name, port in asdict(ports).items() if name not in without}
    taken = {port: name for name, port in wanted.items() if _is_taken(port)}
    if taken:
        said = "\n".join(
            f"Port {port} ({name}) is in use{holder(port)}." for port, name in taken.items()
        )
        raise PortTaken(
            f"{said}\nEnd what listens there, or take any free ports: "
            "`python3 -m local up --free-ports`."
        )


def holder(port: int) -> str:
    """` by <program> (pid N)` where the system tells, else nothing."""
    import psutil  # a first `clean` runs before it is installed

    try:
        for each in psutil.net_connections("tcp"):
            listens = each.status == psutil.CONN_LISTEN and each.laddr[1:] == (port,)
            if listens and each.pid:
                process = psutil.Process(each.pid)
                command = _short(" ".join(process.cmdline()) or process.name())
                return f" by `{command}` (pid {each.pid})"
    except (psutil.Error, OSError):
        pass  # whose it is, is for its owner or root to know
    return ""


def _short(command: str) -> str:
    return command if len(command) <= LONGEST_COMMAND else f"{command[: LONGEST_COMMAND - 3]}..."


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return True
    return False

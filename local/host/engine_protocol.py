"""The plain classes that Microsoft's engine fills where Azure hands it protobuf messages."""

from types import SimpleNamespace
from typing import Any


class Message:
    """A record that takes any field, as the engine's calls name them."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class BindingInfo(Message):
    """Directions and data types by their numbers in FunctionRpc.proto."""

    out = 1
    inout = 2
    undefined = 0
    string = 1
    binary = 2
    stream = 3


class StatusResult(Message):
    """The outcome of a step, by its number in FunctionRpc.proto."""

    Failure = 0
    Success = 1
    Cancelled = 2


PROTOCOL = SimpleNamespace(
    BindingInfo=BindingInfo,
    StatusResult=StatusResult,
    RpcRetryOptions=Message,
    RpcFunctionMetadata=Message,
    WorkerMetadata=Message,
    WorkerInitResponse=Message,
    RpcException=Message,
)


def init_request(app_dir: str, host: str) -> SimpleNamespace:
    """The request with which a host starts the engine on the app in `app_dir`."""
    request = SimpleNamespace(
        worker_init_request=SimpleNamespace(capabilities={}, function_app_directory=app_dir)
    )
    return SimpleNamespace(request=request, properties={"host": host, "protos": PROTOCOL})

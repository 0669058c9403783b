"""The ways the service says no: a status and Azure's `{"error": {"code", "message"}}`."""


class Refused(Exception):
    """The whole request is refused with `status`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def body(self) -> dict[str, dict[str, str]]:
        return {"error": {"code": self.code, "message": str(self)}}


def bad_request(message: str, code: str = "BadRequest") -> Refused:
    return Refused(400, code, message)

"""Typed reading of a decoded composite: a field may be absent, null, or of the wrong type."""

from uuid import UUID

from local.servicebus.codec.types import DecodeError, Described


class Fields:
    """The fields of a described list, by position. A wrong type raises DecodeError."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        if not isinstance(values, list):
            raise DecodeError("a composite value is a list")
        self._values: list[object] = values

    def __getitem__(self, index: int) -> object:
        return self._values[index] if index < len(self._values) else None

    def number(self, index: int) -> int | None:
        value = self[index]
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise DecodeError(f"field {index} is not a number")

    def needed_number(self, index: int) -> int:
        value = self.number(index)
        if value is None:
            raise DecodeError(f"field {index} is missing")
        return value

    def flag(self, index: int) -> bool:
        value = self[index]
        if value is None or isinstance(value, bool):
            return bool(value)
        raise DecodeError(f"field {index} is not a boolean")

    def text(self, index: int) -> str | None:
        value = self[index]
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if value is None or isinstance(value, str):
            return value
        raise DecodeError(f"field {index} is not text")

    def identifier(self, index: int) -> str | None:
        """Text, or anything else that AMQP allows as a message id, as text."""
        value = self[index]
        if isinstance(value, int | UUID):
            return str(value)
        return self.text(index)

    def composite(self, index: int) -> "Fields":
        """The fields of a described list in this field; none when it is null."""
        value = self[index]
        if value is None:
            return Fields([])
        if isinstance(value, Described):
            return Fields(value.value)
        raise DecodeError(f"field {index} is not a composite value")

    def mapping(self, index: int) -> dict[str, object]:
        value = self[index]
        return {} if value is None else text_keys(value)


def text_keys(value: object) -> dict[str, object]:
    """A decoded map with its keys as text. Raises DecodeError when it is none."""
    if not isinstance(value, dict):
        raise DecodeError("a map is expected")
    return {
        key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key): item
        for key, item in value.items()
    }

"""An AMQP client that does as little as it can, so that a benchmark measures the broker alone.

It counts frames instead of decoding them, and trusts the broker with everything.
"""

import socket
import struct
from urllib.parse import urlsplit

from local.servicebus.codec.encode import composite, described, encode, encode_map
from local.servicebus.codec.types import Described, UByte, UInt, ULong
from local.servicebus.frames import AMQP_HEADER, frame_bytes
from local.servicebus.message import APPLICATION, BATCH_FORMAT, DATA, PROPERTIES, VALUE
from local.servicebus.performatives import Outcome, Performative
from tests.contract.servicebus.signing import sign

WINDOW = 1_000_000
FAR_FUTURE_S = 4_000_000_000
_SIZE = struct.Struct(">I")
_CODE = 10  # where a frame has the descriptor of its performative
ACCEPTED = Described(ULong(Outcome.ACCEPTED), [])


class LeanClient:
    """One connection with one session. Handles: 0 and 1 for the token, 2 to send, 3 to receive."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname or "", address.port or 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self._sent = self._taken = self._granted = 0
        self._say(Performative.OPEN, ["benchmark", None, UInt(65_536)], begin=AMQP_HEADER)
        self._say(Performative.BEGIN, [None, UInt(0), UInt(WINDOW), UInt(WINDOW)])
        self._read(8)
        self._attach(0, "$cbs", receives=True)
        self._grant(0, 10)
        self._attach(1, "$cbs", receives=False)
        asked = composite(PROPERTIES, ["id"])
        asked += described(APPLICATION, encode_map({"operation": "put-token"}))
        asked += described(VALUE, encode(sign("sb://localhost/", expires_s=FAR_FUTURE_S)))
        self._transfer(1, asked)
        self._await(Performative.TRANSFER, 1)

    def close(self) -> None:
        self._socket.close()

    def send_batches(self, queue: str, messages: bytes, batches: int) -> None:
        """`messages` is a batch, sent so many times; each waits for the one before it."""
        self._attach(2, queue, receives=False)
        self._await(Performative.FLOW, 1)
        for _ in range(batches):
            self._transfer(2, messages, BATCH_FORMAT)
            self._await(Performative.DISPOSITION, 1)

    def open_receiver(self, queue: str, *, peek_lock: bool) -> None:
        self._attach(3, queue, receives=True, peek_lock=peek_lock)
        self._granted = 0

    def receive(self, count: int) -> None:
        """Exactly so many messages, asked for at once."""
        self._granted += count
        self._grant(3, count)
        self._await(Performative.TRANSFER, count)

    def complete(self, count: int) -> None:
        """The last so many, one disposition each and each answered, as azure-servicebus does it."""
        first = self._taken
        self._taken += count
        frames = [
            frame_bytes(
                composite(Performative.DISPOSITION, [True, UInt(number), None, False, ACCEPTED])
            )
            for number in range(first, first + count)
        ]
        self._socket.sendall(b"".join(frames))
        self._await(Performative.DISPOSITION, count)

    def _grant(self, handle: int, count: int) -> None:
        seen = self._granted - count if handle == 3 else 0
        window = [UInt(self._taken), UInt(WINDOW), UInt(0), UInt(WINDOW)]
        self._say(Performative.FLOW, [*window, UInt(handle), UInt(seen), UInt(count)])

    def _attach(self, handle: int, address: str, *, receives: bool, peek_lock: bool = True) -> None:
        ends = [Described(ULong(0x28), [address]), Described(ULong(0x29), [address])]
        modes = [UByte(0 if peek_lock else 1), UByte(1 if peek_lock else 0)]
        self._say(Performative.ATTACH, [f"link-{handle}", UInt(handle), receives, *modes, *ends])
        self._await(Performative.ATTACH, 1)

    def _transfer(self, handle: int, message: bytes, message_format: int = 0) -> None:
        """In as many frames as it takes."""
        number, self._sent = self._sent, self._sent + 1
        size = 65_000
        for start in range(0, len(message), size):
            more = start + size < len(message)
            fields = [UInt(handle), UInt(number), b"tag", UInt(message_format), False, more]
            self._say(Performative.TRANSFER, fields, message[start : start + size])

    def _say(
        self, code: Performative, fields: list[object], payload: bytes = b"", begin: bytes = b""
    ) -> None:
        self._socket.sendall(begin + frame_bytes(composite(code, fields) + payload))

    def _read(self, count: int) -> None:
        while len(self._buffer) < count:
            piece = self._socket.recv(1 << 20)
            if not piece:
                raise ConnectionError("the broker has closed the connection")
            self._buffer += piece
        del self._buffer[:count]

    def _await(self, code: Performative, count: int) -> None:
        """Until so many frames of one kind have come; others are skipped, an end is an error."""
        while count:
            position, size = 0, len(self._buffer)
            while count and position + 4 <= size:
                length = _SIZE.unpack_from(self._buffer, position)[0]
                if position + length > size:
                    break
                if length > _CODE:
                    found = self._buffer[position + _CODE]
                    if found in {Performative.DETACH, Performative.END, Performative.CLOSE}:
                        raise ConnectionError(bytes(self._buffer[position : position + length]))
                    count -= found == code
                position += length
            del self._buffer[:position]
            if count:
                piece = self._socket.recv(1 << 20)
                if not piece:
                    raise ConnectionError("the broker has closed the connection")
                self._buffer += piece


def batch(count: int, body_bytes: int) -> bytes:
    """So many messages as one batch."""
    message = composite(PROPERTIES, ["0" * 32, None, None, "benchmark.v1"])
    message += described(APPLICATION, encode_map({"traceparent": "0" * 55}))
    message += described(DATA, encode(bytes(body_bytes)))
    return described(DATA, encode(message)) * count

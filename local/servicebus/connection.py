"""One client's connection: protocol headers, SASL, open and close, and its sessions' frames."""

import asyncio
import logging
import socket
import struct
from collections.abc import Mapping
from typing import Protocol

from local.servicebus.claims import Claims
from local.servicebus.codec.encode import composite
from local.servicebus.codec.fields import Fields
from local.servicebus.codec.types import Array, ArrayOf, DecodeError, UByte, UInt, UShort
from local.servicebus.entities.namespace import Namespace
from local.servicebus.faults import Fault
from local.servicebus.frames import (
    AMQP_FRAME,
    AMQP_HEADER,
    HEADER_BYTES,
    HEARTBEAT,
    SASL_FRAME,
    SASL_HEADER,
    Frame,
    FrameReader,
    frame_bytes,
)
from local.servicebus.performatives import Performative, error, parse
from local.servicebus.session import AmqpSession
from local.servicebus.silence import Silence

MAX_FRAME_BYTES = 65_536
SMALLEST_FRAME = 512  # what every peer takes (2.3.1)
TRANSFER_ROOM = 64  # a transfer performative at its longest, beside its payload
MAX_CHANNEL = 4999
IDLE_MS = 240_000  # what clients are told, as Service Bus tells them: they beat at least so often
SILENCE_S = 300.0  # after which a client is taken for gone
INACTIVE = f"The connection was inactive for more than the allowed {IDLE_MS} milliseconds."
GREETING_S = 30.0  # by when a client has opened its connection
MOST_UNSENT = 4 * 1024 * 1024  # bytes that wait for a client to read, before deliveries wait
log = logging.getLogger(__name__)


class Host(Protocol):
    """The server, as a connection sees it."""

    namespace: Namespace
    keys: Mapping[str, str]

    def opened(self, connection: "Connection") -> None: ...

    def closed(self, connection: "Connection") -> None: ...

    def touch(self, connection: "Connection | None" = None) -> None:
        """Something happened: end this turn soon, and let the connection's output go with it."""


class Connection(asyncio.Protocol):
    """Collects what it has to say; the server lets it out once the turn is committed."""

    def __init__(self, host: Host) -> None:
        self.max_payload = SMALLEST_FRAME - HEADER_BYTES - TRANSFER_ROOM
        self._host = host
        self._silence = Silence(self._close_silent)
        self._reader = FrameReader(MAX_FRAME_BYTES)
        self._out = bytearray()
        self._claims = Claims(host.keys, host.namespace.schedule, self._drop_unauthorized)
        self._sessions: dict[int, AmqpSession] = {}
        self._transport: asyncio.Transport | None = None
        self._heartbeat: asyncio.TimerHandle | None = None
        self._expects = AMQP_FRAME
        self._in_frames = False
        self._ended = False
        self._dropped = False
        self._paused = False
        self._held_back = False

    # What asyncio says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.set_write_buffer_limits(high=MOST_UNSENT // 4)
        self._silence.allow(GREETING_S)
        self._host.opened(self)

    def data_received(self, data: bytes) -> None:
        if self._ended or self._dropped:
            return
        self._silence.broken()
        self._reader.feed(data)
        try:
            self._read()
        except DecodeError as fault:
            log.warning("closing a connection that does not speak AMQP: %s", fault)
            self._end(Fault("amqp:decode-error", str(fault)))
        self._host.touch(self)

    def pause_writing(self) -> None:
        """What is on its way to the client piles up: what it says has to wait, too."""
        self._paused = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._paused = False
        if self._transport is not None:
            self._transport.resume_reading()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._silence.stop()
        self._close_sessions(died=True)
        self._claims.close()
        self._host.closed(self)

    # What the server says

    def let_out(self) -> None:
        if self._transport is None:
            return
        if self._dropped:
            self._out.clear()
            self._reset(self._transport)
        if self._out:
            self._transport.write(bytes(self._out))
            self._out.clear()
        if self._ended:
            self._transport.close()
        elif self._held_back and not self._paused:
            self._go_on()

    def _reset(self, transport: asyncio.Transport) -> None:
        """Not even a goodbye of TCP: this is how a cut connection looks from the other end."""
        peer = transport.get_extra_info("socket")
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    def _go_on(self) -> None:
        """Deliver what had to wait for room."""
        self._held_back = False
        for session in self._sessions.values():
            session.work()
        self._host.touch(self)

    def _close_silent(self) -> None:
        """A client that is there learns why; one that has vanished, or reads no more, is cut."""
        log.info("closing a connection that has been silent for too long")
        if self._in_frames and not self._paused:
            self._end(Fault("amqp:connection:forced", INACTIVE))
        elif self._transport is not None:
            self._transport.abort()

    def abort(self) -> None:
        """The broker ends. That is no consumer's failure, and counts as none."""
        self._close_sessions(died=False)
        if self._transport is not None:
            self._transport.abort()

    # Frames

    def _read(self) -> None:
        while not (self._ended or self._dropped) and self._advance():
            pass

    def _advance(self) -> bool:
        """Whether there was something whole to read."""
        if not self._in_frames:
            header = self._reader.protocol_header()
            if header is not None:
                self._greet(header)
            return header is not None
        frame = self._reader.frame()
        if frame is not None:
            self._receive(frame)
        return frame is not None

    def _greet(self, header: bytes) -> None:
        if header == SASL_HEADER:
            self._out += SASL_HEADER
            mechanisms = Array(ArrayOf.SYMBOL, ["MSSBCBS", "ANONYMOUS", "EXTERNAL", "PLAIN"])
            self.send(0, composite(Performative.SASL_MECHANISMS, [mechanisms]), SASL_FRAME)
            self._expects = SASL_FRAME
        elif header == AMQP_HEADER:
            self._out += AMQP_HEADER
            self._expects = AMQP_FRAME
        else:
            self._out += AMQP_HEADER  # what we would have understood (2.2)
            raise DecodeError("the protocol header is unknown")
        self._in_frames = True

    def _receive(self, frame: Frame) -> None:
        if frame.kind != self._expects:
            raise DecodeError(f"a frame of type {frame.kind}")
        if not frame.body:
            return  # a heartbeat
        code, fields, start, end = parse(frame.body)
        if frame.kind == SASL_FRAME:
            self._authenticate(code)
        else:
            self._obey(frame, code, fields, start, end)

    def _obey(self, frame: Frame, code: int, fields: Fields, start: int, end: int) -> None:
        match code:
            case Performative.OPEN:
                self._open(fields)
            case Performative.BEGIN:
                self._begin(frame.channel, fields)
            case Performative.END:
                self._end_session(frame.channel)
            case Performative.CLOSE:
                self._close_sessions(died=False)
                self._end(None)
            case _:
                session = self._sessions.get(frame.channel)
                if session is not None:  # else it was on its way when the session ended
                    session.receive(code, fields, frame.body, start, end)

    def _authenticate(self, code: int) -> None:
        """Any mechanism will do: what a client may reach, its tokens say."""
        if code != Performative.SASL_INIT:
            raise DecodeError("SASL begins with an init")
        self.send(0, composite(Performative.SASL_OUTCOME, [UByte(0)]), SASL_FRAME)
        self._in_frames = False

    def _open(self, fields: Fields) -> None:
        peer = fields.number(2)
        wanted = MAX_FRAME_BYTES if peer is None else peer
        largest = max(SMALLEST_FRAME, min(wanted, MAX_FRAME_BYTES))
        self.max_payload = largest - HEADER_BYTES - TRANSFER_ROOM
        limits = [UInt(MAX_FRAME_BYTES), UShort(MAX_CHANNEL), UInt(IDLE_MS)]
        self.send(0, composite(Performative.OPEN, ["local-servicebus", None, *limits]))
        self._silence.allow(SILENCE_S)
        idle_ms = fields.number(4)
        if idle_ms:
            self._beat(max(idle_ms / 2000, 0.5))

    def _begin(self, channel: int, fields: Fields) -> None:
        if channel in self._sessions:
            raise DecodeError(f"channel {channel} is in use")
        self._sessions[channel] = AmqpSession(
            channel,
            fields,
            namespace=self._host.namespace,
            claims=self._claims,
            output=self,
        )

    def _end_session(self, channel: int) -> None:
        session = self._sessions.pop(channel, None)
        if session is not None:
            session.close(died=False)
            self.send(channel, composite(Performative.END, []))

    def _close_sessions(self, *, died: bool) -> None:
        for session in self._sessions.values():
            session.close(died=died)
        self._sessions.clear()

    def _end(self, fault: Fault | None) -> None:
        reason = None if fault is None else error(fault)
        self.send(0, composite(Performative.CLOSE, [reason]))
        self._ended = True

    # What sessions ask for

    @property
    def congested(self) -> bool:
        self._held_back = self._held_back or self._paused or len(self._out) > MOST_UNSENT
        return self._held_back

    def drop(self) -> None:
        self._dropped = True
        self._host.touch(self)

    def send(self, channel: int, body: bytes, kind: int = AMQP_FRAME) -> None:
        self._out += frame_bytes(body, channel, kind)
        self._host.touch(self)

    def _beat(self, every_s: float) -> None:
        def beat() -> None:
            if self._transport is not None:
                self._transport.write(HEARTBEAT)
            self._beat(every_s)

        self._heartbeat = asyncio.get_running_loop().call_later(every_s, beat)

    def _drop_unauthorized(self) -> None:
        for session in self._sessions.values():
            session.drop_unauthorized()

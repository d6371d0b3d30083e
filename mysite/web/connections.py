"""How many connections the web server holds, how long it waits on one, and how it ends one.

A server that holds as many connections as come, and waits as long as they like, is shut by one client that opens
them and says nothing. uvicorn's `limit_concurrency` is no help: it turns away who comes last, and that is the reader.
"""

import asyncio
import itertools
from http import HTTPStatus
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from mysite.web.http_reading import Reader, Refusal
from mysite.web.statuses import phrase

CONNECTIONS = 100
HEAD_S = 10.0
BODY_S = 30.0
ENDING_S = 2.0
# A request that has come is read in the next turn of the event loop and answered in the one after.
TURNS_TO_ANSWER = 3
# numbers for openings and for bytes that come, in the order of time: who has the lowest has been silent longest
_order = itertools.count()


class BoundedConnection(H11Protocol):
    """A connection under limits, one protocol object for each. Its attributes are set in a subclass.

    At most `most` are open. One more closes the one that has been silent longest: among those that wait for their
    client if there are any, else among those that are being answered. The newest one is never closed for itself.
    Bytes count as they come, not as they make sense, so a slow drip stays, and is what the two deadlines are for:
    `head_s` from the opening, or from the first byte of a later request, to the end of the head, and `body_s` from
    there to the end of the body. Then a request that was begun is answered 408 (RFC 9110, section 15.5.9), and a
    connection on which nothing came is closed. Between two requests uvicorn's own `timeout_keep_alive` holds.

    A client that has ended its own side, as it has nothing more to ask, is answered all that it has asked.

    Where the client may be sending still, the server ends its own side first, and throws away what comes for
    `ending_s` at most: closed at once, the client would be reset, and could lose the answer (RFC 9112, section 9.6).
    """

    most = CONNECTIONS
    head_s = HEAD_S
    body_s = BODY_S
    ending_s = ENDING_S

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.reader = Reader()
        self.conn = self.reader
        self.opening = self.last_sign = next(_order)
        self.is_ending = False
        self.is_half_closed = False  # the client has ended its side, and may wait for answers still
        self._timer: asyncio.TimerHandle | None = None
        # which head or body it waits for, by the number of heads before, and the seconds that this may take
        self._wait: tuple[int, float] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._socket = transport
        super().connection_made(cast(asyncio.Transport, _Transport(self, transport)))
        self._watch()
        if len(self.connections) > self.most:
            self._make_room(TURNS_TO_ANSWER)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_ending = True
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # what follows a request that closes the connection is not looked at (RFC 9112, section 9.6)
        if self.is_ending or self.reader.their_state is h11.MUST_CLOSE:
            return
        if self.reader.is_between_requests(data):
            return
        self.last_sign = next(_order)
        super().data_received(data)
        self._watch()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection for the answers to the requests that have come whole; else it is closed."""
        self.is_half_closed = True
        return self.is_being_answered

    def handle_events(self) -> None:
        try:
            super().handle_events()
        except Refusal as refusal:
            self._refuse(refusal)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.is_half_closed and not self.is_being_answered:
            self.end(lingering=False)
        self._watch()

    def shutdown(self) -> None:
        if not self.is_ending:
            super().shutdown()
        # nobody holds up the end of the server
        self.loop.call_later(self.ending_s, self._socket.abort)

    def _should_upgrade(self) -> bool:
        # uvicorn's own warns of every such request; who asks for another protocol is answered in this one
        return False

    @property
    def is_being_answered(self) -> bool:
        """Whether a whole request has come, and its response has not been written whole."""
        is_whole = self.reader.their_state is not h11.SEND_BODY
        return is_whole and not self.is_ending and self.cycle is not None and not self.cycle.response_complete

    def _make_room(self, turns: int) -> None:
        """Close who has been silent longest, after these turns of the loop: by then who had asked is answered."""
        if turns:
            self.loop.call_soon(self._make_room, turns - 1)
            return
        connections = cast(set[BoundedConnection], self.connections)
        while len(connections) > self.most:
            newest = max(connections, key=lambda connection: connection.opening)
            others = connections - {newest}
            silent = min(others, key=lambda connection: (connection.is_being_answered, connection.last_sign))
            connections.discard(silent)
            silent._socket.abort()

    def _watch(self) -> None:
        """Set the one deadline, for what the connection now waits for; leave it as it is if that has not changed."""
        if self.is_ending:
            return
        state, heads = self.reader.their_state, self.reader.heads
        wait = None
        if state is h11.SEND_BODY:
            wait = (heads, self.body_s)
        elif state is h11.IDLE and self.reader.has_begun:
            self._unset_keepalive_if_required()
            wait = (heads, self.head_s)
        elif heads == 0:
            wait = (0, self.head_s)
        if wait != self._wait:
            self._stop_waiting()
            self._wait = wait
            if wait:
                self._timer = self.loop.call_later(wait[1], self._too_late)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _too_late(self) -> None:
        """End the connection, as what it waited for has not come in time; with 408 if it had begun to come."""
        if self.reader.their_state is h11.SEND_BODY:
            self._refuse(Refusal(HTTPStatus.REQUEST_TIMEOUT, f"The body did not come within {self.body_s:g} s."))
        elif self.reader.has_begun:
            self._refuse(Refusal(HTTPStatus.REQUEST_TIMEOUT, f"The head did not come within {self.head_s:g} s."))
        else:
            self.end(lingering=False)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer, unless an answer has begun, and end the connection."""
        if self.reader.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            # past h11, which would not have an answer to what it could not read
            self._socket.write(self._answer(refusal))
        if self.cycle is not None:
            # the application may be at work on this request: what it sends is dropped
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.end(lingering=True)

    def _answer(self, refusal: Refusal) -> bytes:
        """The response to a request that is refused, as bytes: to HEAD the head alone."""
        body = f"{refusal.sentence}\n".encode("ascii", "backslashreplace")
        fields = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        line = f"HTTP/1.1 {refusal.status.value} {phrase(refusal.status.value)}".encode()
        head = b"\r\n".join([line, *(name + b": " + value for name, value in fields), b"", b""])
        is_for_head = self.reader.our_state is h11.SEND_RESPONSE and self.reader.method == b"HEAD"
        return head if is_for_head else head + body

    def end(self, lingering: bool) -> None:
        """Close the connection when all is sent that was written; `lingering` until the client has ended its side."""
        if self.is_ending:
            return
        self.is_ending = True
        self._stop_waiting()
        if not lingering:
            self._socket.close()
            return
        self._timer = self.loop.call_later(self.ending_s, self._socket.abort)
        self.flow.resume_reading()
        try:
            self._socket.write_eof()
        except OSError:  # the client is gone
            self._socket.abort()


class _Transport:
    """The transport that uvicorn sees: where it closes the connection, the protocol does, in its own way."""

    def __init__(self, connection: BoundedConnection, transport: asyncio.Transport) -> None:
        self._connection = connection
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self._connection.is_ending or self._transport.is_closing()

    def close(self) -> None:
        self._connection.end(lingering=self._connection.reader.their_state is h11.SEND_BODY)

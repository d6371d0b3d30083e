"""A socket on loopback, and uvicorn on it, which says when it listens; alone, or beside others on the same socket."""

import asyncio
import errno
import json
import logging
import os
import socket

import uvicorn

ADDRESS = "127.0.0.1"
WAITING = 2048  # connections that nobody has taken yet
LETS_OTHERS_GO_FIRST_S = 0.0005  # for each connection that a process has already,
AT_MOST_S = 0.002  # and not longer than this,
PATIENT = 3  # and not more often than this, one after the other, where nobody goes
TRY_AGAIN_S = 1.0  # where no connection can be taken, for one of these reasons
NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

log = logging.getLogger("uvicorn.error")


class ReadyServer(uvicorn.Server):
    """uvicorn, which says on standard output when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        _, port = sockets[0].getsockname()
        print(json.dumps({"port": port, "process_id": os.getpid()}), flush=True)


class SharingServer(ReadyServer):
    """One of several processes that take connections from the same socket.

    For a connection the system wakes all that wait, and often the same one comes first. It can then have all
    connections, for as long as clients keep them, while the others have nothing to do (see `majkowski2017` in the
    references). So a process lets others go first, for longer the more connections it has, up to four. When nobody has
    gone some times in a row it takes all that there are without another wait: who comes after many is not kept.
    """

    _accepting: set["asyncio.Task[object]"]  # of connections that the protocol does not have yet

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        self._accepting = set()
        self._waits_in_vain = 0  # so often in a row it has let others go first, and nobody went
        self._look(sockets[0])  # in place of asyncio, which takes whatever comes

    def _look(self, listener: socket.socket) -> None:
        if not self.should_exit and listener.fileno() >= 0:
            asyncio.get_running_loop().add_reader(listener, self._let_others_go_first, listener)

    def _let_others_go_first(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        connections = len(self.server_state.connections) + len(self._accepting)
        wait_s = min(AT_MOST_S, LETS_OTHERS_GO_FIRST_S * connections)
        self._waits_in_vain += wait_s > 0
        loop.call_later(wait_s, self._take, listener)

    def _take(self, listener: socket.socket) -> None:
        """Take one connection, if there is still one."""
        if self.should_exit or listener.fileno() < 0:
            return
        loop = asyncio.get_running_loop()
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process has it, or the client has left
            self._waits_in_vain = 0
            self._look(listener)
            return
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            log.warning("no connection can be taken for a while: %s", error)
            loop.call_later(TRY_AGAIN_S, self._look, listener)
            return
        connection.setblocking(False)
        task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._accepting.add(task)  # else nobody would hold it, and it could be thrown away
        task.add_done_callback(self._accepting.discard)
        if self._waits_in_vain < PATIENT:
            self._look(listener)
        else:
            loop.call_soon(self._take, listener)

    def _protocol(self) -> asyncio.Protocol:
        """A new protocol, made as uvicorn makes it for the sockets that it listens to itself."""
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def bind(port: int) -> socket.socket:
    """A socket with a port of loopback; 0 takes a free one. OSError if it is taken, OverflowError if it is none."""
    # The protocol is named since asyncio switches delayed sending (Nagle's algorithm) off only where it is. With it
    # on, the body of a file waits some 40 ms for the client to acknowledge the head.
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    server.bind((ADDRESS, port))
    return server


def inherited_socket(descriptor: int) -> socket.socket:
    """The listening socket of a descriptor that this process has inherited. OSError if it is none that listens."""
    listener = socket.socket(fileno=descriptor)
    if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        raise OSError(f"descriptor {descriptor} does not listen")
    return listener

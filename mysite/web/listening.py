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

    _taken: set["asyncio.Task[object]"]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        self._taken = set()
        self._in_vain = 0  # so often in a row it has let others go first, and nobody went
        self._look(sockets[0])  # in place of asyncio, which takes whatever comes

    def _look(self, shared: socket.socket) -> None:
        if not self.should_exit and shared.fileno() >= 0:
            asyncio.get_running_loop().add_reader(shared, self._let_others_go_first, shared)

    def _let_others_go_first(self, shared: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(shared)
        has = len(self.server_state.connections) + len(self._taken)
        wait_s = min(AT_MOST_S, LETS_OTHERS_GO_FIRST_S * has)
        self._in_vain += wait_s > 0
        loop.call_later(wait_s, self._take, shared)

    def _take(self, shared: socket.socket) -> None:
        """Take one connection, if there is still one."""
        if self.should_exit or shared.fileno() < 0:
            return
        loop = asyncio.get_running_loop()
        try:
            connection, _ = shared.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process has it, or the client has left
            self._in_vain = 0
            self._look(shared)
            return
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            log.warning("no connection can be taken for a while: %s", error)
            loop.call_later(TRY_AGAIN_S, self._look, shared)
            return
        connection.setblocking(False)
        task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._taken.add(task)  # else nobody would hold it, and it could be thrown away
        task.add_done_callback(self._taken.discard)
        if self._in_vain < PATIENT:
            self._look(shared)
        else:
            loop.call_soon(self._take, shared)

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn makes it for the sockets that it listens to itself."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def bind(port: int) -> socket.socket:
    """A socket on loopback; 0 takes a free port. OSError if the port is taken, OverflowError if it is none."""
    # The protocol is named since asyncio switches delayed sending (Nagle's algorithm) off only where it is. With it
    # on, the body of a file waits some 40 ms for the client to acknowledge the head.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    bound.bind((ADDRESS, port))
    return bound


def inherited(descriptor: int) -> socket.socket:
    """The socket of a descriptor. OSError if it is none that listens."""
    listening = socket.socket(fileno=descriptor)
    if not listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        raise OSError(f"descriptor {descriptor} does not listen")
    return listening

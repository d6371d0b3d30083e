"""A socket on loopback, and uvicorn on it, which says when it listens."""

import json
import os
import socket

import uvicorn

ADDRESS = "127.0.0.1"
WAITING = 2048  # connections that nobody has taken yet


class ReadyServer(uvicorn.Server):
    """uvicorn, which says on standard output when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
        sockets[0].listen(WAITING)  # asyncio has asked the system to keep no more than are taken at once
        _, port = sockets[0].getsockname()
        print(json.dumps({"port": port, "process_id": os.getpid()}), flush=True)


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

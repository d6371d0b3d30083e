"""The web server: the application in a process of its own, with its database file in a directory of its own.

    python -m mysite.web --data DIR --directory DIR [--port 0] [--cache-seconds 30]

It prints one line of JSON when it listens, {"port": ..., "process_id": ...}, and ends at SIGTERM or SIGINT.
"""

import argparse
import json
import math
import os
import signal
import socket
from pathlib import Path
from types import FrameType

import sqlalchemy
import uvicorn
from starlette.types import ASGIApp

from mysite.stores import relational
from mysite.web.application import application
from mysite.web.bad_requests import AnsweringOnce
from mysite.web.host_check import allowed_names

ADDRESS = "127.0.0.1"


class ReadyServer(uvicorn.Server):
    """uvicorn, which says on standard output when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets
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


def seconds(text: str) -> float:
    """A finite number of seconds, 0 or more, of the command line."""
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError
    return value


def configuration(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn runs the application: HTTP alone, and no line for each request, malformed ones neither.

    A warning for each of those would let anybody fill the disk; who sent one is told by 400.
    """
    return uvicorn.Config(app, http=AnsweringOnce, ws="none", lifespan="off", log_level="error")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    known = argparse.ArgumentParser(prog="python -m mysite.web", description=__doc__.partition("\n")[0])
    known.add_argument("--data", type=Path, required=True, help="the data set, read at the start")
    known.add_argument("--directory", type=Path, required=True, help="where the database file is made")
    known.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    known.add_argument(
        "--cache-seconds", type=seconds, default=30, help="how long a finished page is kept: 30; with 0 none is"
    )
    return known


def main() -> None:
    # before uvicorn takes them, a signal ends the start; uvicorn raises it once more when it has ended in order
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    arguments = parser().parse_args()
    try:
        listening = bind(arguments.port)
        names = allowed_names()
        store = filled_store(arguments.directory / relational.FILE, arguments.data)
    except (OSError, OverflowError, ValueError) as error:
        raise SystemExit(f"the web application cannot start: {error}") from None
    app = application(store, names, arguments.cache_seconds)
    ReadyServer(configuration(app)).run([listening])


def filled_store(path: Path, data: Path) -> sqlalchemy.Engine:
    """The store in a new database file.

    FileExistsError if the file is there already, FileNotFoundError if its directory or the data is not,
    ValueError if the data does not fit.
    """
    path.touch(exist_ok=False)
    store = relational.open_store(path)
    relational.load(store, data)
    return store


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit

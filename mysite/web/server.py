"""The web server: the application in a process of its own, on a database file of its own or a database server.

    python -m mysite.web --data DIR --directory DIR [--port 0] [--cache-seconds 30]
    MYSITE_STORE=postgresql+psycopg://... python -m mysite.web [--descriptor N [--shared]] ...

Where the data lives is a matter of configuration: the application is the same. With --descriptor it takes connections
from a listening socket that it has inherited, and that other processes may share. It prints one line of JSON when it
listens, {"port": ..., "process_id": ...}, and ends at SIGTERM or SIGINT.
"""

import argparse
import contextlib
import math
import os
import signal
from pathlib import Path
from types import FrameType

import sqlalchemy
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from mysite.stores import relational
from mysite.web.application import application
from mysite.web.connections import BoundedConnection
from mysite.web.host_check import allowed_names
from mysite.web.listening import WAITING, ReadyServer, SharingServer, bind, inherited_socket

STORE_VARIABLE = "MYSITE_STORE"


def seconds(text: str) -> float:
    """A finite number of seconds, 0 or more, of the command line. ValueError if it is none."""
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError
    return value


def configuration(app: ASGIApp) -> uvicorn.Config:
    """The configuration with which uvicorn runs the application: HTTP alone, under limits, no log of requests."""
    return uvicorn.Config(app, http=BoundedConnection, ws="none", lifespan="off", log_level="warning", backlog=WAITING)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command_line = argparse.ArgumentParser(
        prog="python -m mysite.web",
        description="The web server: the application in a process of its own, on a database file of its own or a"
        " database server.",
    )
    command_line.add_argument("--data", type=Path, help="the data set, read at the start")
    command_line.add_argument("--directory", type=Path, help="where the database file is made")
    command_line.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    command_line.add_argument("--descriptor", type=int, help="of a listening socket, in place of a port")
    command_line.add_argument(
        "--shared", action="store_true", help="other processes take connections from that socket too"
    )
    command_line.add_argument(
        "--cache-seconds", type=seconds, default=30, help="how long a finished page is kept: 30; with 0 none is"
    )
    return command_line


def main() -> None:
    # before uvicorn takes them, a signal ends the start; uvicorn raises it once more when it has ended in order
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    arguments = parser().parse_args()
    try:
        has_descriptor = arguments.descriptor is not None
        listener = inherited_socket(arguments.descriptor) if has_descriptor else bind(arguments.port)
        names = allowed_names()
        store = configured_store(arguments.data, arguments.directory)
    except (OSError, OverflowError, ValueError) as error:
        raise SystemExit(f"the web application cannot start: {error}") from None
    with contextlib.suppress(SQLAlchemyError):  # the first request need not wait for a connection; a later one may
        relational.reading(store).close()
    app = application(store, names, arguments.cache_seconds)
    server = SharingServer if arguments.shared else ReadyServer
    server(configuration(app)).run([listener])


def configured_store(data: Path | None, directory: Path | None) -> sqlalchemy.Engine:
    """A new database file with the data set, else the store that $MYSITE_STORE names, which has its data already.

    ValueError where there is neither, and for an address that is none; else as `filled_store`.
    """
    if data and directory:
        return filled_store(directory / relational.FILE, data)
    if not (address := os.environ.get(STORE_VARIABLE)):
        raise ValueError(
            f"give --data and --directory for a database of its own, or set {STORE_VARIABLE} to the address of another"
        )
    try:
        return relational.open_store(sqlalchemy.make_url(address))
    except sqlalchemy.exc.ArgumentError:
        # not the address itself, which may hold a password
        raise ValueError(f"{STORE_VARIABLE} is no address of a database, as in postgresql+psycopg://...") from None


def filled_store(path: Path, data: Path) -> sqlalchemy.Engine:
    """Make a database file and load the data set into it.

    FileExistsError if the file is there already, FileNotFoundError if its directory or the data is not,
    ValueError if the data does not fit.
    """
    path.touch(exist_ok=False)
    store = relational.open_store(path)
    relational.load(store, data)
    return store


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit

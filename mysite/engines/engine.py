"""What an engine is: a slot of the book, the product that fills it, where it comes from, and how it is started.

A slot is a system that the source text names. What fills it may be another product that speaks its protocol, so text,
tables and figures name the product that answered.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

import psutil
import sqlalchemy

from mysite.processes import OwnedProcess

Fidelity = Literal["real", "compatible"]
Form = Literal["server", "library"]


class AbsentError(RuntimeError):
    """An engine that cannot be had here; the message says why, and what to do."""


@dataclass(frozen=True)
class Source:
    """The place of an engine's program.

    description  in words: the package with its version, or the directory on PATH, or the variable that names a server
    place        the directory of its programs, or the address of a server that runs already
    """

    description: str
    place: str = ""


@dataclass(frozen=True)
class Server:
    """An engine that runs, with a database of the book's own: `url` is its address for SQLAlchemy.

    source    where it comes from, in words
    process   the server, where it was started here; None for a library, and for a server that ran already
    end       removes what was made
    programs  the directory of the product's programs, empty where it is not known
    overseer  the same database for a role that gets in when all connections are taken; None where there is none
    As a context manager it is stopped at the end.
    """

    slot: str
    product: str
    version: str
    fidelity: Fidelity
    form: Form
    source: str
    url: sqlalchemy.URL
    process: OwnedProcess | None
    end: Callable[[], None] = field(repr=False)
    programs: str = ""
    overseer: sqlalchemy.URL | None = field(default=None, repr=False)

    def stop(self) -> None:
        """End the server, or take the database away from one that goes on running. Again: nothing happens."""
        self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


@dataclass(frozen=True)
class Engine:
    """One slot, and how its product is had.

    reference  finds what pip has brought; `mine` the reader's own. AbsentError says why there is none
    start      a server of what was found, with options of its own
    """

    slot: str
    product: str
    fidelity: Fidelity
    form: Form
    reference: Callable[[], Source]
    mine: Callable[[], Source]
    start: Callable[..., Server]


def memory_bytes(process_id: int) -> int:
    """The memory of a process and of those that it started, in bytes; on Linux, pages that they share count once.

    psutil.NoSuchProcess if the first one has ended; of the others one that ends meanwhile is left out.
    """
    root = psutil.Process(process_id)
    total = 0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            memory = process.memory_full_info()
            total += getattr(memory, "pss", memory.rss)
    return total

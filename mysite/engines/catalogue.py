"""Every engine of the book by its slot: which there are, what each comes from here, and how one is opened."""

import os
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy

from mysite.engines.engine import AbsentError, Engine, Fidelity, Form, Server, Source, memory_bytes
from mysite.engines.postgresql import POSTGRESQL
from mysite.engines.sqlite import SQLITE

VARIABLE = "MYSITE_ENGINES"
ENGINES = {each.slot: each for each in (SQLITE, POSTGRESQL)}


@dataclass(frozen=True)
class Checked:
    """What came of starting an engine and asking it: `error` says why it has no answer, and is None where it has."""

    slot: str
    product: str
    version: str | None
    fidelity: Fidelity
    form: Form
    source: str | None
    start_s: float | None
    memory_mb: float | None
    error: str | None


def engine(slot: str) -> Engine:
    """The engine of a slot. ValueError, which names those that there are, for another."""
    if slot not in ENGINES:
        raise ValueError(f"there is no engine {slot!r}: it is one of {', '.join(ENGINES)}")
    return ENGINES[slot]


def is_mine() -> bool:
    """Whether the reader's own engines are to be used. ValueError for a value that is not known."""
    chosen = os.environ.get(VARIABLE, "reference")
    if chosen not in ("reference", "mine"):
        raise ValueError(f"{VARIABLE} is {chosen!r}: it is 'reference', or 'mine' for your own servers")
    return chosen == "mine"


def found(chosen: Engine) -> Source:
    """Where an engine comes from. AbsentError where it cannot be had."""
    return chosen.mine() if is_mine() else chosen.reference()


def open(slot: str, **options: Any) -> Server:
    """Start the engine of a slot, or attach to it; stop it with its `stop`, or as a context manager.

    `options` are those of the engine's own `start`.

    ValueError for a slot that there is not, AbsentError where it cannot be had, RuntimeError or TimeoutError if it
    does not start.
    """
    chosen = engine(slot)
    try:
        return chosen.start(found(chosen), **options)
    except AbsentError as error:
        raise AbsentError(f"{chosen.product} is absent, because {error}") from None


def check(slot: str) -> Checked:
    """Start an engine, ask it a question, and stop it."""
    chosen = engine(slot)
    begun = time.monotonic()
    try:
        with open(slot) as server:
            start_s = time.monotonic() - begun
            ask(server)
            memory = memory_bytes(server.process.pid if server.process else os.getpid())
            return Checked(
                slot, server.product, server.version, server.fidelity, server.form, server.source,
                round(start_s, 2), round(memory / 1e6, 1), None,
            )  # fmt: skip
    except (RuntimeError, OSError, sqlalchemy.exc.SQLAlchemyError) as error:
        return Checked(slot, chosen.product, None, chosen.fidelity, chosen.form, None, None, None, str(error))


def ask(server: Server) -> None:
    """Let it keep a row and give it back. RuntimeError if what comes back is something else."""
    store = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
    with store.begin() as connection:
        connection.exec_driver_sql("create table question (number integer primary key, words text)")
        connection.exec_driver_sql("insert into question values (42, 'is anybody there?')")
    with store.begin() as connection:
        answered = connection.exec_driver_sql("select words from question where number = 42").scalar()
        connection.exec_driver_sql("drop table question")
    if answered != "is anybody there?":
        raise RuntimeError(f"{server.product} was given a row and gave back {answered!r}")

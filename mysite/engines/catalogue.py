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
ENGINES = {engine.slot: engine for engine in (SQLITE, POSTGRESQL)}


@dataclass(frozen=True)
class Check:
    """The outcome of starting an engine and asking it: `error` says why it has no answer, and is None where it has.

    start_s    seconds until it took connections; memory_mb: megabytes that it held then, of 1,000,000 bytes
    source     where it comes from, in words
    """

    slot: str
    product: str
    version: str | None
    fidelity: Fidelity
    form: Form
    source: str | None
    start_s: float | None
    memory_mb: float | None
    error: str | None


def engine_of(slot: str) -> Engine:
    """The engine that fills a slot. ValueError, which names those that there are, for another."""
    if slot not in ENGINES:
        raise ValueError(f"there is no engine {slot!r}: it is one of {', '.join(ENGINES)}")
    return ENGINES[slot]


def is_mine() -> bool:
    """Whether the reader's own engines are to be used. ValueError for a value that is not known."""
    choice = os.environ.get(VARIABLE, "reference")
    if choice not in ("reference", "mine"):
        raise ValueError(f"{VARIABLE} is {choice!r}: it is 'reference', or 'mine' for your own servers")
    return choice == "mine"


def source_of(engine: Engine) -> Source:
    """The source of an engine, the reader's own or the reference's. AbsentError where it cannot be had."""
    return engine.mine() if is_mine() else engine.reference()


def open(slot: str, **options: Any) -> Server:
    """Start the engine of a slot, or attach to it; stop it with its `stop`, or as a context manager.

    `options` are those of the engine's own `start`.

    ValueError for a slot that there is not, AbsentError where it cannot be had, RuntimeError or TimeoutError if it
    does not start.
    """
    engine = engine_of(slot)
    try:
        return engine.start(source_of(engine), **options)
    except AbsentError as error:
        raise AbsentError(f"{engine.product} is absent, because {error}") from None


def check(slot: str) -> Check:
    """Start an engine, ask it a question, and stop it. What goes wrong meanwhile stands in the result's `error`."""
    engine = engine_of(slot)
    begin_s = time.monotonic()
    try:
        with open(slot) as server:
            start_s = time.monotonic() - begin_s
            ask(server)
            memory = memory_bytes(server.process.pid if server.process else os.getpid())
            return Check(
                slot, server.product, server.version, server.fidelity, server.form, server.source,
                round(start_s, 2), round(memory / 1e6, 1), None,
            )  # fmt: skip
    except (RuntimeError, OSError, sqlalchemy.exc.SQLAlchemyError) as error:
        return Check(slot, engine.product, None, engine.fidelity, engine.form, None, None, None, str(error))


def ask(server: Server) -> None:
    """Let a server keep a row and give it back. RuntimeError if what comes back is something else."""
    store = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
    with store.begin() as connection:
        connection.exec_driver_sql("create table question (number integer primary key, words text)")
        connection.exec_driver_sql("insert into question values (42, 'is anybody there?')")
    with store.begin() as connection:
        answer = connection.exec_driver_sql("select words from question where number = 42").scalar()
        connection.exec_driver_sql("drop table question")
    if answer != "is anybody there?":
        raise RuntimeError(f"{server.product} was given a row and gave back {answer!r}")

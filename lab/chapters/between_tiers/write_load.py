"""Clients that write posts without a pause, note the answers, and compare them with the database.

A write is acknowledged when its client has read the 201 whole. It is in flight from when its request was sent until
its answer is read, or fails to come.
"""

import contextlib
import itertools
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import sqlalchemy

from mysite.stores.relational import posts
from mysite.topology import TwoTiers

WRITERS = 4
ANSWER_S = 20  # a request that has no answer after so long hangs
PAUSE_S = 0.05  # of a writer who was refused, so that the starting server gets the processor
SENT, READ = "http11.send_request_body.complete", "http11.receive_response_body.complete"
ACKNOWLEDGED = "201"


@dataclass
class Writes:
    """What the writers do; they note it as they do it, under the lock.

    authors       the ids of the writers' users
    attempts      every text that a writer has set out to send
    in_flight     the texts that were sent and whose answer has not been read
    acknowledged  id and text of each post whose 201 was read whole
    newest_s      when the latest-sent of these was sent, in seconds on the monotonic clock
    answers       how often there was which status, or which failure
    """

    authors: list[int] = field(default_factory=list)
    attempts: set[str] = field(default_factory=set)
    in_flight: set[str] = field(default_factory=set)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    newest_s: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, client: httpx.Client, text: str) -> str:
        """Send a post, note what comes of it, and return that: a status, or the name of the failure."""
        sent_s = 0.0

        def note(event: str, about: dict[str, Any]) -> None:
            nonlocal sent_s
            with self.lock:
                if event == SENT:
                    sent_s = time.monotonic()
                    self.in_flight.add(text)
                elif event == READ:
                    self.in_flight.discard(text)

        with self.lock:
            self.attempts.add(text)
        try:
            response = client.post("/posts", json={"text": text}, extensions={"trace": note})
            outcome = str(response.status_code)
        except httpx.TransportError as error:
            outcome = type(error).__name__
        with self.lock:
            self.in_flight.discard(text)
            self.answers[outcome] += 1
            if outcome == ACKNOWLEDGED:
                self.acknowledged.append((response.json()["id"], text))
                self.newest_s = max(self.newest_s, sent_s)
        return outcome


@dataclass(frozen=True)
class Differences:
    """How the writers' posts in the database differ from what was acknowledged.

    lost            ids and texts of acknowledged posts that are not there under this id with this text
    duplicated      texts that are there more than once
    unacknowledged  texts that are there, and were not acknowledged
    never_sent      texts that are there, and that no writer has sent
    """

    lost: set[tuple[int, str]]
    duplicated: set[str]
    unacknowledged: set[str]
    never_sent: set[str]


@contextlib.contextmanager
def writing(site: TwoTiers) -> Iterator[Writes]:
    """Let WRITERS writers write posts within this context, each with a session and a client of its own."""
    writes, enough = Writes(), threading.Event()
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(WRITERS) as pool:
        clients = [stack.enter_context(new_client(site)) for _ in range(WRITERS)]
        writes.authors += [sign_up(client, f"w_{secrets.token_hex(6)}") for client in clients]
        writers = [pool.submit(write_on, writes, client, number, enough) for number, client in enumerate(clients)]
        try:
            yield writes
        finally:
            enough.set()
    for writer in writers:
        writer.result()  # raises what has ended it


def new_client(site: TwoTiers) -> httpx.Client:
    """Return a client that opens a connection for each request.

    Open ones would all be at the web process that has run longest, and the kill of another one would cut nothing off.
    """
    alone = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=site.url("", site.address), trust_env=False, timeout=ANSWER_S, limits=alone)


def sign_up(client: httpx.Client, handle: str) -> int:
    """Sign up, and return the new user's id; the client shows the session's token from then on."""
    session = client.post("/users", json={"handle": handle, "name": handle}).raise_for_status().json()
    client.headers["Authorization"] = f"Bearer {session['token']}"
    return int(session["user"]["id"])


def write_on(writes: Writes, client: httpx.Client, number: int, enough: threading.Event) -> None:
    """Write one post after another as the writer of that number, no text twice, until `enough` is set."""
    for count in itertools.count():
        if enough.is_set():
            return
        if writes.write(client, f"post {count} of writer {number}") != ACKNOWLEDGED:
            enough.wait(PAUSE_S)


def read_back(url: sqlalchemy.URL, writes: Writes) -> Differences:
    """Compare the writers' posts in the database with what was acknowledged until now."""
    with writes.lock:
        acknowledged = list(writes.acknowledged)
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        statement = sqlalchemy.select(posts.c.id, posts.c.text).where(posts.c.author_id.in_(writes.authors))
        rows = [(row.id, row.text) for row in connection.execute(statement)]
    with writes.lock:
        return differences(rows, acknowledged, writes.attempts)


def differences(
    rows: Sequence[tuple[int, str]], acknowledged: Sequence[tuple[int, str]], attempts: set[str]
) -> Differences:
    """Return how rows, as ids and texts, differ from those that were acknowledged, and from all texts of attempts."""
    counts = Counter(text for _, text in rows)
    return Differences(
        lost=set(acknowledged) - set(rows),
        duplicated={text for text, count in counts.items() if count > 1},
        unacknowledged=set(counts) - {text for _, text in acknowledged},
        never_sent=set(counts) - attempts,
    )

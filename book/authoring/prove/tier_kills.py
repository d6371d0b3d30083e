"""kill -9 of web and database processes at random moments, while posts are written: what was acknowledged is there.

    python -m book.authoring.prove tier-kills [--count 1000]

A write is acknowledged when its client has read the 201 whole. It is in flight from when its request was sent until
its answer is read, or fails to come. Every acknowledged post is read back by its id and its text, with SQL on the
database itself. The operating system goes on running, so this does not show what a disk keeps when the power fails.
"""

import contextlib
import itertools
import json
import os
import pwd
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import sqlalchemy

from book.authoring.prove import leftovers
from mysite import topology
from mysite.processes import OwnedProcess
from mysite.stores.relational import posts
from mysite.topology import TwoTiers

WEB, WRITERS = 2, 4
RESTART_AFTER_S = 0.1
KILLS_A_SITE = 100  # then it is stopped: so what is left is looked for ten times in a thousand kills
KILLS_A_READING = 25
LONGEST_WAIT_S = 0.5  # between a recovery and the next kill
PATIENCE_S = 60  # for a recovery
ANSWER_S = 20  # a request that has no answer after so long hangs
PAUSE_S = 0.05  # of a writer who was refused, so that the starting server gets the processor
SENT, READ = "http11.send_request_body.complete", "http11.receive_response_body.complete"
ACKNOWLEDGED = "201"
# the store does not answer, or the process has died with the request
TO_BE_EXPECTED = {ACKNOWLEDGED, "503", "ReadError", "WriteError", "RemoteProtocolError"}
ENOUGH_IN_FLIGHT = 0.9  # of all kills


@dataclass
class Writes:
    """What the writers do, noted by them as they do it, under the lock.

    authors       the ids of the writers' users
    tried         every text that a writer has set out to send
    in_flight     those sent whose answer has not been read
    acknowledged  id and text of each post whose 201 was read whole
    newest_s      when the latest-sent of these was sent, on the monotonic clock
    answers       how often there was which status, or which failure
    """

    authors: list[int] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    in_flight: set[str] = field(default_factory=set)
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    newest_s: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, client: httpx.Client, text: str) -> str:
        """Send a post, note what comes of it, and return that: a status, or the name of the failure."""
        sent_s = 0.0

        def note(event: str, about: dict) -> None:
            nonlocal sent_s
            with self.lock:
                if event == SENT:
                    sent_s = time.monotonic()
                    self.in_flight.add(text)
                elif event == READ:
                    self.in_flight.discard(text)

        with self.lock:
            self.tried.add(text)
        try:
            answer = client.post("/posts", json={"text": text}, extensions={"trace": note})
            outcome = str(answer.status_code)
        except httpx.TransportError as error:
            outcome = type(error).__name__
        with self.lock:
            self.in_flight.discard(text)
            self.answers[outcome] += 1
            if outcome == ACKNOWLEDGED:
                self.acknowledged.append((answer.json()["id"], text))
                self.newest_s = max(self.newest_s, sent_s)
        return outcome


@dataclass(frozen=True)
class Kill:
    """A kill of a process of the web or the database tier.

    in_flight  the texts that were in flight
    back_s     after so long the server ran again and a write sent since was acknowledged
    """

    tier: str
    in_flight: frozenset[str]
    back_s: float


@dataclass(frozen=True)
class Found:
    """What the database holds of the writers' posts, beside what it should hold.

    lost            acknowledged, and not there under this id with this text
    duplicated      texts that are there more than once
    unacknowledged  texts that are there, and were not acknowledged
    never_sent      texts that are there, and that no writer has sent
    """

    lost: set[tuple[int, str]]
    duplicated: set[str]
    unacknowledged: set[str]
    never_sent: set[str]


@dataclass(frozen=True)
class Round:
    """What became of one site: its kills, its writes, what was found in the end or earlier, and what is left of it."""

    kills: list[Kill]
    writes: Writes
    found: Found
    left: list[str]


@contextlib.contextmanager
def writing(site: TwoTiers) -> Iterator[Writes]:
    """Within this context so many writers write posts, each with a session and a client of its own."""
    writes, enough = Writes(), threading.Event()
    with contextlib.ExitStack() as opened, ThreadPoolExecutor(WRITERS) as pool:
        clients = [opened.enter_context(client(site)) for _ in range(WRITERS)]
        writes.authors += [signed_up(each, f"writer{number}") for number, each in enumerate(clients)]
        begun = [pool.submit(write_on, writes, each, number, enough) for number, each in enumerate(clients)]
        try:
            yield writes
        finally:
            enough.set()
    for each in begun:
        each.result()


def client(site: TwoTiers) -> httpx.Client:
    """A client that opens a connection for each request.

    Kept ones would all be at the web process that has run longest, and the kill of another one would cut nothing off.
    """
    alone = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=site.url("", site.address), trust_env=False, timeout=ANSWER_S, limits=alone)


def signed_up(newcomer: httpx.Client, handle: str) -> int:
    """Sign up; the client shows the session's token from then on. The new user's id."""
    said = newcomer.post("/users", json={"handle": handle, "name": handle}).raise_for_status().json()
    newcomer.headers["Authorization"] = f"Bearer {said['token']}"
    return int(said["user"]["id"])


def write_on(writes: Writes, writer: httpx.Client, number: int, enough: threading.Event) -> None:
    """Write one post after another, no text twice, until it is enough."""
    for count in itertools.count():
        if enough.is_set():
            return
        if writes.write(writer, f"post {count} of writer {number}") != ACKNOWLEDGED:
            enough.wait(PAUSE_S)


def killed_once(chance: random.Random, site: TwoTiers, writes: Writes) -> Kill:
    """Wait a random moment, look, kill a random server, and wait until it is back. TimeoutError if it does not come."""
    time.sleep(chance.uniform(0, LONGEST_WAIT_S))
    tier = chance.choice(("web", "database"))
    server = chance.choice(site.webs) if tier == "web" else site.database.process
    assert server
    starts, process_id = server.starts, server.pid
    with writes.lock:  # so that nobody notes an answer between the look and the kill
        in_flight = frozenset(writes.in_flight)
        os.kill(process_id, signal.SIGKILL)
    killed_s = time.monotonic()
    serves = serves_web if tier == "web" else serves_database
    wait_until(lambda: server.starts > starts and serves(server), f"the {tier} server is not back")
    back_s = time.monotonic()
    wait_until(lambda: writes.newest_s > back_s, f"the {tier} server is back, and no write is acknowledged")
    return Kill(tier, in_flight, time.monotonic() - killed_s)


def serves_web(web: OwnedProcess) -> bool:
    """Whether the latest of its processes has said that it is ready."""
    ready = (web.directory / "stdout").read_text().splitlines()[-1]
    return bool(json.loads(ready)["process_id"] == web.pid)


def serves_database(database: OwnedProcess) -> bool:
    """Whether the latest of its processes takes connections.

    An acknowledged write would not say so: a child of the killed one may still make it.
    """
    with contextlib.suppress(FileNotFoundError):
        lines = (database.directory / "data" / "postmaster.pid").read_text().split("\n")
        return lines[0] == str(database.pid) and lines[-2:] == ["ready   ", ""]
    return False


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Look again until the condition holds. TimeoutError, which says what is otherwise, if it does not come."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{otherwise} after {PATIENCE_S} s")
        time.sleep(0.01)


def read_back(url: sqlalchemy.URL, writes: Writes) -> Found:
    """Compare the writers' posts in the database with what was acknowledged until now."""
    with writes.lock:
        acknowledged = list(writes.acknowledged)
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        statement = sqlalchemy.select(posts.c.id, posts.c.text).where(posts.c.author_id.in_(writes.authors))
        rows = [(row.id, row.text) for row in connection.execute(statement)]
    with writes.lock:
        return compared(rows, acknowledged, writes.tried)


def compared(rows: Sequence[tuple[int, str]], acknowledged: Sequence[tuple[int, str]], tried: set[str]) -> Found:
    """What is wrong with these rows, ids and texts, where those were acknowledged and no other text was tried."""
    counted = Counter(text for _, text in rows)
    return Found(
        lost=set(acknowledged) - set(rows),
        duplicated={text for text, count in counted.items() if count > 1},
        unacknowledged=set(counted) - {text for _, text in acknowledged},
        never_sent=set(counted) - tried,
    )


def together(readings: Sequence[Found]) -> Found:
    """What any of the readings has found; of unacknowledged posts what the last one has, since answers may follow."""
    return Found(
        set().union(*(each.lost for each in readings)),
        set().union(*(each.duplicated for each in readings)),
        readings[-1].unacknowledged,
        set().union(*(each.never_sent for each in readings)),
    )


def on_one_site(chance: random.Random, count: int, mark: str) -> Round:
    """So many kills on a new site, and what came of them."""
    kills, readings = [], []
    with leftovers.marked(mark) as folder:
        with topology.two_tiers(web=WEB, restart_after_s=RESTART_AFTER_S) as site:
            ports = ports_of(site, mark, folder)
            with writing(site) as writes:
                wait_until(lambda: len(writes.in_flight) == WRITERS, "the writers do not begin")
                for number in range(1, count + 1):
                    kills.append(killed_once(chance, site, writes))
                    say(number, kills[-1])
                    if number % KILLS_A_READING == 0:
                        readings.append(read_back(site.database.url, writes))
            readings.append(read_back(site.database.url, writes))
        left = leftovers.left(mark, folder, ports)
    return Round(kills, writes, together(readings), left)


def ports_of(site: TwoTiers, mark: str, folder: Path) -> list[int]:
    """Every port at which the site listens: those that it tells, and those that can be seen."""
    told = {site.port, site.names.ready["port"], site.database.url.port}
    return sorted(told | set(leftovers.listening(leftovers.ours(mark, folder))))


def say(number: int, kill: Kill) -> None:
    """Say on standard output that a kill is over."""
    said = {"kill": number, "tier": kill.tier, "in_flight": len(kill.in_flight), "back_s": round(kill.back_s, 2)}
    print(said, flush=True)


def prove(count: int, seed: str) -> dict:
    """`count` kills, with a new site after each hundred."""
    begun = time.monotonic()
    chance = random.Random(seed)
    rounds: list[Round] = []
    for first in range(0, count, KILLS_A_SITE):
        rounds.append(on_one_site(chance, min(KILLS_A_SITE, count - first), f"{os.getpid()}-{first}"))
        print({**counts(rounds), "minutes": round((time.monotonic() - begun) / 60, 1)}, flush=True)
    counted = counts(rounds)
    return {
        "what": f"kill -9 of one of {WEB} web processes or of the database server, under {WRITERS} writers, and every"
        " acknowledged post read back by id and text",
        "seed": seed,
        "user": user_name(),
        **counted,
        "seconds": round(time.monotonic() - begun, 1),
        "failed": failed(counted),
    }


def counts(rounds: Sequence[Round]) -> dict:
    """What all rounds say together.

    in_flight  kills at which a write was in flight
    cut_off    kills at which one was that was never acknowledged
    """
    kills = [kill for each in rounds for kill in each.kills]
    answers = sum((each.writes.answers for each in rounds), Counter())
    return {
        "kills": len(kills),
        "by_what": dict(sorted(Counter(kill.tier for kill in kills).items())),
        "in_flight": sum(bool(kill.in_flight) for kill in kills),
        "cut_off": sum(cut_off(each) for each in rounds),
        "longest_back_s": round(max(kill.back_s for kill in kills), 2),
        "answers": dict(sorted(answers.items())),
        "acknowledged": sum(len(each.writes.acknowledged) for each in rounds),
        "lost": sum(len(each.found.lost) for each in rounds),
        "duplicated": sum(len(each.found.duplicated) for each in rounds),
        "never_sent_and_there": sum(len(each.found.never_sent) for each in rounds),
        "unacknowledged_and_there": sum(len(each.found.unacknowledged) for each in rounds),
        "left": [line for each in rounds for line in each.left],
    }


def cut_off(on_site: Round) -> int:
    """How many kills met a write in flight that was never acknowledged."""
    acknowledged = {text for _, text in on_site.writes.acknowledged}
    return sum(not kill.in_flight <= acknowledged for kill in on_site.kills)


def failed(counted: dict) -> bool:
    """Whether something is wrong with what was counted, or too few kills met a write in flight."""
    wrong = ("lost", "duplicated", "never_sent_and_there", "left")
    others = set(counted["answers"]) - TO_BE_EXPECTED
    too_few = counted["in_flight"] < ENOUGH_IN_FLIGHT * counted["kills"]
    return bool(others or too_few or any(counted[name] for name in wrong))


def user_name() -> str:
    """The user as whom this runs: the name, else the number."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())

"""kill -9 of web and database processes at random moments, while posts are written: what was acknowledged is there.

    python -m book.authoring.prove tier-kills [--count 1000]

The writers are those of `lab.chapters.between_tiers.write_load`, which says what is acknowledged and what is in flight. Every acknowledged post
is read back by its id and its text, with SQL on the database itself. The operating system goes on running, so this does
not show what a disk keeps when the power fails.
"""

import os
import pwd
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from book.authoring.prove import leftovers
from lab.chapters.between_tiers.kill_under_load import DATABASE, WEB, Kill, database_of, kill, wait_until
from lab.chapters.between_tiers.write_load import ACKNOWLEDGED, WRITERS, Found, Writes, read_back, writing
from mysite import topology
from mysite.topology import TwoTiers

WEBS = 2
RESTART_AFTER_S = 0.1
KILLS_A_SITE = 100  # then it is stopped: so what is left is looked for ten times in a thousand kills
KILLS_A_READING = 25
LONGEST_WAIT_S = 0.5  # between a recovery and the next kill
# the store does not answer, or the process has died with the request
TO_BE_EXPECTED = {ACKNOWLEDGED, "503", "ReadError", "WriteError", "RemoteProtocolError"}
ENOUGH_IN_FLIGHT = 0.9  # of all kills


@dataclass(frozen=True)
class Round:
    """What became of one site: its kills, its writes, what was found in the end or earlier, and what is left of it."""

    kills: list[Kill]
    writes: Writes
    found: Found
    left: list[str]


def together(readings: Sequence[Found]) -> Found:
    """What any of the readings has found; of unacknowledged posts what the last one has, since answers may follow."""
    return Found(
        set().union(*(each.lost for each in readings)),
        set().union(*(each.duplicated for each in readings)),
        readings[-1].unacknowledged,
        set().union(*(each.never_sent for each in readings)),
    )


def killed_once(chance: random.Random, site: TwoTiers, writes: Writes) -> Kill:
    """Wait a random moment, kill a random server, and wait until it is back. TimeoutError if it does not come."""
    time.sleep(chance.uniform(0, LONGEST_WAIT_S))
    tier = chance.choice((WEB, DATABASE))
    return kill(site, tier, chance.choice(site.webs) if tier == WEB else database_of(site), writes)


def on_one_site(chance: random.Random, count: int, mark: str) -> Round:
    """So many kills on a new site, and what came of them."""
    kills, readings = [], []
    with leftovers.marked(mark) as folder:
        with topology.two_tiers(web=WEBS, restart_after_s=RESTART_AFTER_S) as site:
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
        "what": f"kill -9 of one of {WEBS} web processes or of the database server, under {WRITERS} writers, and every"
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

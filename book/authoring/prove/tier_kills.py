"""kill -9 of web and database processes at random moments, while posts are written: what was acknowledged is there.

    python -m book.authoring.prove tier-kills [--count 1000]

The writers are those of `lab.chapters.between_tiers.write_load`, which says what is acknowledged and what is in flight.
Every acknowledged post is read back by its id and its text, with SQL on the database itself. The operating system goes
on running, so this does not show what a disk keeps when the power fails.
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
from lab.chapters.between_tiers.write_load import ACKNOWLEDGED, WRITERS, Differences, Writes, read_back, writing
from mysite import topology
from mysite.topology import TwoTiers

WEBS = 2
RESTART_AFTER_S = 0.1
KILLS_A_SITE = 100  # then it is stopped: so what is left is looked for ten times in a thousand kills
KILLS_A_READING = 25
LONGEST_WAIT_S = 0.5  # between a recovery and the next kill
# beside an acknowledgement: the store does not answer, or the process has died with the request
EXPECTED_ANSWERS = {ACKNOWLEDGED, "503", "ReadError", "WriteError", "RemoteProtocolError"}
ENOUGH_IN_FLIGHT = 0.9  # of all kills


@dataclass(frozen=True)
class SiteRecord:
    """What became of one site.

    differences  of the posts in the database from those acknowledged, by any of the readings
    remains      processes, ports and files that are left of the site when it has been stopped
    """

    kills: list[Kill]
    writes: Writes
    differences: Differences
    remains: list[str]


def combine(readings: Sequence[Differences]) -> Differences:
    """Return all differences of the readings; of unacknowledged posts the last one's, since answers may follow."""
    return Differences(
        set().union(*(reading.lost for reading in readings)),
        set().union(*(reading.duplicated for reading in readings)),
        readings[-1].unacknowledged,
        set().union(*(reading.never_sent for reading in readings)),
    )


def random_kill(chance: random.Random, site: TwoTiers, writes: Writes) -> Kill:
    """Wait a random time, kill a random server, and wait until it is back. TimeoutError if it does not come."""
    time.sleep(chance.uniform(0, LONGEST_WAIT_S))
    tier = chance.choice((WEB, DATABASE))
    return kill(site, tier, chance.choice(site.webs) if tier == WEB else database_of(site), writes)


def kills_on_a_site(chance: random.Random, count: int, mark: str) -> SiteRecord:
    """Start a site whose processes carry the mark, do so many kills on it, and stop it."""
    kills, readings = [], []
    with leftovers.marking(mark) as folder:
        with topology.two_tiers(web=WEBS, restart_after_s=RESTART_AFTER_S) as site:
            ports = ports_of(site, mark, folder)
            with writing(site) as writes:
                wait_until(lambda: len(writes.in_flight) == WRITERS, "the writers do not begin")
                for number in range(1, count + 1):
                    kills.append(random_kill(chance, site, writes))
                    report(number, kills[-1])
                    if number % KILLS_A_READING == 0:
                        readings.append(read_back(site.database.url, writes))
            readings.append(read_back(site.database.url, writes))
        remains = leftovers.remains(mark, folder, ports)
    return SiteRecord(kills, writes, combine(readings), remains)


def ports_of(site: TwoTiers, mark: str, folder: Path) -> list[int]:
    """Return every port at which the site listens: those that it names itself, and those of its processes."""
    public = {site.port, site.names.ready["port"], site.database.url.port}
    return sorted(public | set(leftovers.listening(leftovers.ours(mark, folder))))


def report(number: int, kill: Kill) -> None:
    """Print that a kill is over."""
    line = {"kill": number, "tier": kill.tier, "in_flight": len(kill.in_flight), "back_s": round(kill.back_s, 2)}
    print(line, flush=True)


def prove(count: int, seed: str) -> dict:
    """Do so many kills, with a new site after each KILLS_A_SITE, and return the proof as data/proofs keeps it."""
    start_s = time.monotonic()
    chance = random.Random(seed)
    records: list[SiteRecord] = []
    for first in range(0, count, KILLS_A_SITE):
        records.append(kills_on_a_site(chance, min(KILLS_A_SITE, count - first), f"{os.getpid()}-{first}"))
        print({**totals(records), "minutes": round((time.monotonic() - start_s) / 60, 1)}, flush=True)
    result = totals(records)
    return {
        "what": f"kill -9 of one of {WEBS} web processes or of the database server, under {WRITERS} writers, and every"
        " acknowledged post read back by id and text",
        "seed": seed,
        "user": user_name(),
        **result,
        "seconds": round(time.monotonic() - start_s, 1),
        "failed": is_failure(result),
    }


def totals(records: Sequence[SiteRecord]) -> dict:
    """Return the counts of all sites together.

    in_flight  kills at which a write was in flight
    cut_off    kills at which a write was in flight that was never acknowledged
    left       what remains of the sites
    """
    kills = [kill for record in records for kill in record.kills]
    answers = sum((record.writes.answers for record in records), Counter())
    return {
        "kills": len(kills),
        "by_what": dict(sorted(Counter(kill.tier for kill in kills).items())),
        "in_flight": sum(bool(kill.in_flight) for kill in kills),
        "cut_off": sum(kills_that_cut_off(record) for record in records),
        "longest_back_s": round(max(kill.back_s for kill in kills), 2),
        "answers": dict(sorted(answers.items())),
        "acknowledged": sum(len(record.writes.acknowledged) for record in records),
        "lost": sum(len(record.differences.lost) for record in records),
        "duplicated": sum(len(record.differences.duplicated) for record in records),
        "never_sent_and_there": sum(len(record.differences.never_sent) for record in records),
        "unacknowledged_and_there": sum(len(record.differences.unacknowledged) for record in records),
        "left": [line for record in records for line in record.remains],
    }


def kills_that_cut_off(record: SiteRecord) -> int:
    """Return how many kills met a write in flight that was never acknowledged."""
    acknowledged = {text for _, text in record.writes.acknowledged}
    return sum(not kill.in_flight <= acknowledged for kill in record.kills)


def is_failure(result: dict) -> bool:
    """Whether something is wrong with the totals, or too few kills met a write in flight."""
    faults = ("lost", "duplicated", "never_sent_and_there", "left")
    other_answers = set(result["answers"]) - EXPECTED_ANSWERS
    too_few = result["in_flight"] < ENOUGH_IN_FLIGHT * result["kills"]
    return bool(other_answers or too_few or any(result[name] for name in faults))


def user_name() -> str:
    """Return the name of the user as whom this runs, or the number where it has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())

"""Each named mutation makes its claim false: it turns that claim's test red, and no other claim's.

    python -m book.authoring.claim_mutations [CLAIM ...]

tests/chapters/claim_mutations.yml has the mutations. First the test of each claim runs once in a copy of the checkout,
unchanged: all have to be green, and every file that one of a test's processes loads is noted (loads/sitecustomize.py).
Then each mutation is made in a copy. Its own claim's test runs, which must turn red, and those of the claims whose
processes load the changed file, which must stay green; the others cannot notice. Exit 1 where anything is otherwise.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from xml.etree import ElementTree

import yaml

from book.authoring.claims import TEST, named_tests
from book.authoring.environment import ROOT
from book.authoring.prove.mutations import copy_checkout

MUTATIONS = Path("tests", "chapters", "claim_mutations.yml")
WATCH = Path(__file__).parent / "loads"
AT_ONCE = 2
LONGEST_S = 300  # for the tests of a mutation that makes something wait for ever
LAST_LINES = 30
GREEN, RED = "green", "red"


@dataclass(frozen=True)
class Mutation:
    """In the file `file` of the checkout, the text `before` becomes `after`: then the claim is false."""

    claim: str
    name: str
    file: str
    before: str
    after: str

    def applied(self, text: str) -> str:
        """The file's text with the change made; ValueError unless `before` stands in it once."""
        if text.count(self.before) != 1:
            raise ValueError(f"{self.claim}: {self.file} has {self.before!r} {text.count(self.before)} times, not once")
        return text.replace(self.before, self.after)


@dataclass(frozen=True)
class Trial:
    """What one run of claims' tests gave: for each claim GREEN, RED or what kept it from being either; and the rest."""

    outcomes: dict[str, str]
    text: str
    seconds: float
    loads: frozenset[str] = frozenset()


def read_mutations(root: Path) -> list[Mutation]:
    """The mutations of a checkout, in the order of the claims' numbers: one for each claim, or a list of several."""
    entries = yaml.safe_load((root / MUTATIONS).read_text("utf-8"))
    return [
        Mutation(claim, **entry)
        for claim in sorted(entries, key=number)
        for entry in (entries[claim] if isinstance(entries[claim], list) else [entries[claim]])
    ]


def number(claim: str) -> int:
    """11 for S11."""
    return int(claim[1:])


def claims_concerned(mutation: Mutation, loads: dict[str, frozenset[str]]) -> list[str]:
    """The claims whose tests may notice a mutation; `loads` has the files that each one's processes load.

    In the order of their numbers, in which `make test` runs them: some share a site, which others have visited then.
    """
    loading = {claim for claim, files in loads.items() if mutation.file in files}
    return sorted({mutation.claim, *loading}, key=number)


def disagreements(mutation: Mutation, outcomes: dict[str, str]) -> list[str]:
    """What of the outcomes is not as it should be, a line each."""
    expected = {claim: RED if claim == mutation.claim else GREEN for claim in outcomes}
    return [
        f"{claim} should be {expected[claim]}, and is {outcome}"
        for claim, outcome in outcomes.items()
        if outcome != expected[claim]
    ]


def outcome_of(tests: Iterable[ElementTree.Element]) -> str:
    """What several tests of one claim say together: one red is enough, and only where all have passed is it green."""
    tags = {element.tag for test in tests for element in test if element.tag in ("error", "failure", "skipped")}
    if "error" in tags:
        return "in error: it could not be tried"
    if "failure" in tags:
        return RED
    return "skipped" if tags else GREEN


def read_report(report: Path, claims: Sequence[str]) -> dict[str, str]:
    """Each claim's outcome, from what pytest wrote with --junitxml."""
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    by_claim: dict[str, list[ElementTree.Element]] = {claim: [] for claim in claims}
    for case in cases:
        if match := TEST.match(case.get("name", "")):
            by_claim[f"S{int(match[1])}"].append(case)
    return {claim: outcome_of(tests) if tests else "not run" for claim, tests in by_claim.items()}


def run(root: Path, claims: Sequence[str], watch: bool = False) -> Trial:
    """Run the claims' tests in the copy of a checkout; with `watch`, note the files below it that are loaded."""
    tests = named_tests(root)
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-claims-") as name:
        report, output, loads = (Path(name) / file for file in ("report.xml", "output", "loads"))
        loads.touch()
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        if watch:
            environment |= {"LOADS_BELOW": str(root), "LOADS_NOTED_IN": str(loads)}
            environment["PYTHONPATH"] = os.pathsep.join((str(WATCH), str(root)))
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}"]
        command += [test for claim in claims for test in tests[claim]]
        start = time.monotonic()
        with output.open("w", encoding="utf-8") as file:
            try:
                subprocess.run(command, cwd=root, env=environment, stdout=file, stderr=file, timeout=LONGEST_S)
            except subprocess.TimeoutExpired:
                file.write(f"\nThe tests have not ended in {LONGEST_S} s.\n")
        text = "\n".join(output.read_text("utf-8", "replace").splitlines()[-LAST_LINES:])
        seconds = time.monotonic() - start
        return Trial(read_report(report, claims), text, seconds, frozenset(loads.read_text("utf-8").splitlines()))


def try_mutation(root: Path, mutation: Mutation, loads: dict[str, frozenset[str]]) -> tuple[bool, str]:
    """Make one mutation in a copy, run the tests that it concerns, take it back: whether all is right, and a report."""
    file, claims = root / mutation.file, claims_concerned(mutation, loads)
    original = file.read_text("utf-8")
    try:
        file.write_text(mutation.applied(original), "utf-8")
        trial = run(root, claims)
    finally:
        file.write_text(original, "utf-8")
    wrong = disagreements(mutation, trial.outcomes)
    lines = [
        f"{mutation.claim}: {mutation.name}",
        f"  {mutation.file} is loaded for {' '.join(claim for claim in claims if mutation.file in loads[claim])}",
        *(f"  {claim:4}{outcome}" for claim, outcome in trial.outcomes.items()),
        f"  {'WRONG: ' + '; '.join(wrong) if wrong else 'as it should be'}, {trial.seconds:.0f} s",
    ]
    return not wrong, "\n".join([*lines, *(["", trial.text] if wrong else [])])


def files_of(claim: str, root: Path) -> set[str]:
    """The files in which a claim's tests stand."""
    return {test.partition("::")[0] for test in named_tests(root)[claim]}


@contextmanager
def copies(root: Path, count: int):
    """So many copies of a checkout, in a queue from which one takes one and puts it back."""
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-claims-") as folder:
        queue: SimpleQueue[Path] = SimpleQueue()
        for copy in (Path(folder).resolve() / str(index) for index in range(count)):
            copy_checkout(root, copy)
            queue.put(copy)
        yield queue


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """The command line."""
    module = "python -m book.authoring.claim_mutations"
    parser = argparse.ArgumentParser(
        prog=module, description="Make each claim false by its mutation: its own test turns red, and no other claim's."
    )
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help="whose mutations are made; none: all of them")
    claims_to_try = parser.parse_args(arguments).claims
    mutations = [mutation for mutation in read_mutations(root) if not claims_to_try or mutation.claim in claims_to_try]
    claims = sorted(named_tests(root), key=number)
    if strangers := set(claims_to_try) - {mutation.claim for mutation in mutations}:
        parser.error(f"no mutation of {' '.join(sorted(strangers))} stands in {MUTATIONS}")
    if untested := {mutation.claim for mutation in mutations} - set(claims):
        parser.error(f"no test has the number of {' '.join(sorted(untested))} in its name, as test_s05_... for S5")
    with copies(root, AT_ONCE) as free, ThreadPoolExecutor(AT_ONCE) as pool:

        def in_a_copy(work, *details):
            copy = free.get()
            try:
                return work(copy, *details)
            finally:
                free.put(copy)

        print("Each claim's test as the checkout is, and how many of its files the test's processes load:", flush=True)
        loads: dict[str, frozenset[str]] = {}
        for claim, trial in zip(claims, pool.map(lambda claim: in_a_copy(run, [claim], True), claims), strict=True):
            loads[claim] = trial.loads
            print(f"  {claim:4}{trial.outcomes[claim]}, {len(trial.loads)} files, {trial.seconds:.0f} s", flush=True)
            if trial.outcomes[claim] != GREEN or not trial.loads.issuperset(files_of(claim, root)):
                print(f"{trial.text}\nIt should be green, and the files that are noted should have that of the test.")
                return 1
        print("Each mutation, and the tests of those claims for which the changed file is loaded:", flush=True)
        right = True
        for agrees, text in pool.map(lambda mutation: in_a_copy(try_mutation, mutation, loads), mutations):
            print(text, flush=True)
            right &= agrees
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())

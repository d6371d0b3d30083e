"""How long each test file takes: told at the end of a pytest run of more than a few files, with what it may take.

A file's seconds are those of its tests, with what they set up and take down; its import is not among them. On a busy
machine they are more, so past its budget a file fails the run only where CI=true. A notebook past its budget is told:
what it measures takes the time that it takes. A test of all pages takes longer with each page, and does not count.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

FILE_S = 60.0
# notebooks by their topic: three servers of a Cassandra ring are started
LONGER_S = {"wide-column": 150.0}
PAGE = "address"  # a test that takes this runs once for each page: tests/book/conftest.py
FEW = 5  # files: a run of no more is somebody's look at what they change
MOST_SHOWN = 10


def budget_s(file: str) -> float:
    """The seconds that a test file or a notebook may take, by its path."""
    topic = PurePosixPath(file).stem.lstrip("0123456789").removeprefix("-")
    return LONGER_S.get(topic, FILE_S) if file.endswith(".ipynb") else FILE_S


class SecondsByFile:
    """A plugin of pytest, for a run in one process and for the workers and the controller of xdist alike."""

    def __init__(self, budget: Callable[[str], float] = budget_s) -> None:
        """`budget` gives a file's seconds, by its path."""
        self._budget = budget
        self._seconds: Counter[str] = Counter()
        self._sweeps: Counter[str] = Counter()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say with a test of a page that it is one: where xdist runs it, only its report comes to the controller."""
        if PAGE in getattr(getattr(item, "callspec", None), "params", {}):
            item.user_properties.append((PAGE, True))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what a test's setup, call or teardown took to its file's seconds."""
        file = report.nodeid.partition("::")[0]
        self._seconds[file] += report.duration
        if (PAGE, True) in map(tuple, report.user_properties):
            self._sweeps[file] += report.duration

    @property
    def past(self) -> list[str]:
        """The files that took longer than they may, in a run of more than a few; what sweeps the pages is left out."""
        several = self._seconds if len(self._seconds) > FEW else {}
        return [file for file in several if self._seconds[file] - self._sweeps[file] > self._budget(file)]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Past a test file's budget, a run that would have succeeded fails where CI=true."""
        test_files = [file for file in self.past if not file.endswith(".ipynb")]
        if test_files and os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The slowest files, and all that are past their budget."""
        if len(self._seconds) <= FEW:
            return
        slowest = [file for file, _ in self._seconds.most_common()]
        terminalreporter.section("seconds of each file")
        for file in [*slowest[:MOST_SHOWN], *(file for file in slowest[MOST_SHOWN:] if file in self.past)]:
            sweep = f", without its {self._sweeps[file]:.1f} s over all pages" if file in self._sweeps else ""
            limit = f"of {self._budget(file):.0f} s{sweep}"
            mark = ", PAST ITS BUDGET" if file in self.past else ""
            terminalreporter.write_line(f"{self._seconds[file]:6.1f} s  {file} ({limit}){mark}")
        if self.past and os.environ.get("CI") != "true":
            terminalreporter.write_line(
                "On a busy machine a file takes longer: only with CI=true a test file fails the run."
            )

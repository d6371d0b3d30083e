"""book/authoring/file_seconds.py, in runs of pytest on a folder of small files."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from book.authoring.file_seconds import FEW, SecondsByFile, budget_s

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[3]
CONFTEST = """
from book.authoring.file_seconds import SecondsByFile

def pytest_configure(config):
    config.pluginmanager.register(SecondsByFile(lambda file: {budget}))

def pytest_generate_tests(metafunc):
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", ["index.html"])
"""
# the seconds that a file may take: none does, and each does
ANY, NONE = "1e9", "0"
PAST = "(of 0 s), PAST ITS BUDGET"
IN_TWO_WORKERS = ("-p", "xdist", "-n", "2", "--dist", "loadfile")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(files, budget, ...) runs so many files of one test each: pytest's exit code, and what it printed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # so that pytest starts sooner

    def run_files(files, budget, *arguments, ci="false", test="def test(): pass\n"):
        (tmp_path / "conftest.py").write_text(CONFTEST.format(budget=budget), "utf-8")
        for number in range(files):
            (tmp_path / f"test_{number}.py").write_text(test, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", *arguments]
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "CI": ci}
        result = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120)
        return result.returncode, result.stdout

    return run_files


@pytest.mark.parametrize("arguments", [(), IN_TWO_WORKERS], ids=["one process", "two workers"])
def test_past_its_budget_a_file_fails_the_run_in_ci_and_is_told_elsewhere(run, arguments):
    code, output = run(FEW + 1, NONE, *arguments)
    assert (code, output.count(PAST)) == (0, FEW + 1)
    assert "only with CI=true a test file fails the run" in output
    code, output = run(FEW + 1, NONE, *arguments, ci="true")
    assert (code, output.count(PAST)) == (1, FEW + 1)


def test_within_its_budget_a_file_is_told_and_the_run_succeeds(run):
    code, output = run(FEW + 1, ANY, ci="true")
    assert code == 0
    assert "test_0.py (of 1000000000 s)\n" in output and "BUDGET" not in output


def test_a_run_of_a_few_files_says_nothing_of_them(run):
    code, output = run(FEW, NONE, ci="true")
    assert code == 0
    assert "test_0.py" not in output


def test_a_run_that_fails_otherwise_keeps_its_exit_code(run):
    code, output = run(FEW + 1, NONE, ci="true", test="raise KeyboardInterrupt\n")
    assert code == pytest.ExitCode.INTERRUPTED, output


@pytest.mark.parametrize("arguments", [(), IN_TWO_WORKERS], ids=["one process", "two workers"])
def test_a_sweep_over_the_pages_has_no_budget(run, arguments):
    code, output = run(FEW + 1, NONE, *arguments, ci="true", test="def test(address): pass\n")
    assert code == 0
    assert output.count(" s over all pages)") == FEW + 1


def test_a_notebook_past_its_budget_is_told_and_fails_no_run(monkeypatch):
    monkeypatch.setenv("CI", "true")
    seconds = SecondsByFile(lambda file: 0)
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    for number in range(FEW + 1):
        report = SimpleNamespace(nodeid=f"chapters/{number}.ipynb::cell", duration=1.0, user_properties=[])
        seconds.pytest_runtest_logreport(report)
    seconds.pytest_sessionfinish(session)
    assert len(seconds.past) == FEW + 1
    assert session.exitstatus == pytest.ExitCode.OK


def test_all_that_are_past_their_budget_are_listed_and_else_the_slowest(run):
    assert run(14, NONE)[1].count(PAST) == 14
    assert run(14, ANY)[1].count(".py (of") == 10


@pytest.mark.parametrize(
    ("file", "seconds"),
    [
        ("tests/test_arrows.py", 60), ("index.ipynb", 60), ("chapters/05-tiers.ipynb", 60),
        ("chapters/12-wide-column.ipynb", 150), ("tests/chapters/test_wide-column.py", 60),
    ],
)  # fmt: skip
def test_budget(file, seconds):
    assert budget_s(file) == seconds

"""book/authoring/side_by_side.py"""

import signal
import subprocess
import sys

import psutil
import pytest

from book.authoring import side_by_side
from tests.mysite.watching import wait_until

# what each of these programs has for it: a sign that it gives, and one for which it waits
SIGNS = """
import os, pathlib, sys, time

def give(name):
    pathlib.Path(name + ".new").write_text(str(os.getpid()))
    os.rename(name + ".new", name)

def wait_for(name):
    while not pathlib.Path(name).exists():
        time.sleep(0.01)
"""
RUN = "import sys\nfrom book.authoring import side_by_side\nsys.exit(side_by_side.run({}))"


def python(source):
    """The command of a program."""
    return [sys.executable, "-c", SIGNS + source]


def test_the_highest_exit_code_counts_and_all_are_run(capfd):
    assert side_by_side.run([python("sys.exit(3)"), python("sys.exit(2)"), python("print('last')")]) == 3
    assert capfd.readouterr().out == "last\n"


def test_a_command_that_a_signal_ends_has_not_succeeded():
    assert side_by_side.run([python("os.kill(os.getpid(), 9)"), python("")]) != 0


def test_two_run_at_a_time_and_what_one_prints_comes_in_one_piece(tmp_path, monkeypatch, capfd):
    """The first prints, waits until the second has printed too, and prints again."""
    monkeypatch.chdir(tmp_path)
    first = python("print('a', flush=True); give('one'); wait_for('two'); print('b')")
    second = python("wait_for('one'); print('c', flush=True); give('two')")
    assert side_by_side.run([first, second]) == 0
    assert capfd.readouterr().out in ("a\nb\nc\n", "c\na\nb\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_those_that_run_and_starts_no_other(tmp_path, monkeypatch, number):
    names = ["one", "two", "three"]
    commands = [python(f"give({str(tmp_path / name)!r}); time.sleep(600)") for name in names]
    with subprocess.Popen([sys.executable, "-c", RUN.format(commands)]) as program:
        wait_until(lambda: all((tmp_path / name).exists() for name in names[:2]), seconds=60)
        program.send_signal(number)
        assert program.wait(60) == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]
    assert not any(psutil.pid_exists(int((tmp_path / name).read_text())) for name in names[:2])

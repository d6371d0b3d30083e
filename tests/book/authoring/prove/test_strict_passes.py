"""book/authoring/prove/strict_passes.py: what is read of a pass. The passes are in data/proofs/strict.json."""

import subprocess
import sys

import pytest

from book.authoring.prove.strict_passes import Pass, outcome


@pytest.mark.parametrize(
    "last_line, one_pass",
    [
        ("149 passed in 60.00s", Pass(149, 0)),
        ("1 failed, 148 passed, 2 errors in 61.00s", Pass(148, 3)),
    ],
)
def test_errors_count_as_failures(last_line, one_pass):
    process = subprocess.Popen([sys.executable, "-c", f"print({last_line!r})"], stdout=subprocess.PIPE, text=True)
    assert outcome(process) == one_pass


def test_a_pass_that_ran_no_cell_is_none():
    command = [sys.executable, "-c", "print('no tests ran in 0.01s')"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with pytest.raises(RuntimeError, match="ran no cell:\nno tests ran"):
        outcome(process)

"""book/authoring/claim_mutations.py, on a checkout of two claims."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest
import yaml

from book.authoring import claim_mutations
from book.authoring.claim_mutations import Mutation, claims_concerned, disagreements, outcome_of

pytestmark = pytest.mark.whole

DOUBLES = Mutation("S2", "nothing is doubled", "twice.py", "2 *", "1 *")
FILES = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p no:cacheprovider"\n',
    "one.py": "def one():\n    return 1\n",
    "twice.py": "from one import one\n\n\ndef twice():\n    return 2 * one()\n",
    # read by a process of its own, which the test starts: no import tells that
    "greeting.txt": "hello\n",
    "tests/test_one.py": (
        "import subprocess, sys\nfrom one import one\n\n\ndef test_s01_one_is_one():\n    assert one() > 0\n"
        "    read = [sys.executable, '-c', 'print(open(\"greeting.txt\").read())']\n"
        "    assert subprocess.run(read, capture_output=True, text=True, check=True).stdout.startswith('hello')\n"
    ),
    "tests/test_twice.py": "from twice import twice\n\n\ndef test_s02_two_is_twice_one():\n    assert twice() == 2\n",
}
ONE = {"name": "one is none", "file": "one.py", "before": "return 1", "after": "return 0"}
GREETING = {"name": "nobody greets", "file": "greeting.txt", "before": "hello", "after": "good-bye"}
TWICE = {"name": DOUBLES.name, "file": DOUBLES.file, "before": DOUBLES.before, "after": DOUBLES.after}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """checkout(S1=..., S2=...): a checkout with these mutations, whose second claim rests on the first one's module."""

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the tests of the two claims need none, and start sooner

    def make_checkout(**mutations):
        for name, text in {**FILES, claim_mutations.MUTATIONS: yaml.safe_dump(mutations)}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        for command in (["init", "-q"], ["add", "."]):
            subprocess.run(["git", *command], cwd=tmp_path, check=True)
        return tmp_path

    return make_checkout


def test_each_mutation_turns_its_own_claim_red_and_only_tests_that_load_its_file_run(checkout, capsys):
    root = checkout(S1=GREETING, S2=TWICE)
    assert claim_mutations.main([], root) == 0
    output = capsys.readouterr().out
    assert "greeting.txt is loaded for S1\n  S1  red\n  as it should be" in output
    assert "twice.py is loaded for S2\n  S2  red\n  as it should be" in output
    assert (root / "twice.py").read_text("utf-8") == FILES["twice.py"]


def test_one_that_turns_nothing_red_and_one_that_turns_anothers_red_are_wrong(checkout, capsys):
    still_true = {**TWICE, "after": "(1 + 1) *"}
    assert claim_mutations.main([], checkout(S1=ONE, S2=still_true)) == 1
    output = capsys.readouterr().out
    assert "one.py is loaded for S1 S2\n  S1  red\n  S2  red\n  WRONG: S2 should be green, and is red" in output
    assert "twice.py is loaded for S2\n  S2  green\n  WRONG: S2 should be red, and is green" in output


def test_a_claim_that_is_red_without_a_mutation_is_told_and_nothing_else_runs(checkout, capsys):
    root = checkout(S1=[GREETING, ONE], S2=TWICE)
    (root / "greeting.txt").write_text("good-bye\n", "utf-8")
    assert claim_mutations.main(["S1"], root) == 1
    output = capsys.readouterr().out
    assert "S1  red" in output and "It should be green" in output and "Each mutation" not in output


@pytest.mark.parametrize("claim", ["S7", "S3"])
def test_a_claim_without_a_mutation_or_without_a_test_is_refused(checkout, capsys, claim):
    with pytest.raises(SystemExit) as error:
        claim_mutations.main([claim], checkout(S1=ONE, S3=TWICE))
    assert error.value.code == 2
    assert claim in capsys.readouterr().err


def test_claims_concerned_are_its_own_and_those_whose_processes_load_the_file():
    loads = {"S1": {"twice.py"}, "S2": {"one.py", "twice.py"}, "S11": {"twice.py"}, "S4": {"one.py"}}
    loads = {claim: frozenset(files) for claim, files in loads.items()}
    assert claims_concerned(DOUBLES, loads) == ["S1", "S2", "S11"]
    assert claims_concerned(Mutation("S1", "", "nobody-loads.py", "", ""), loads) == ["S1"]


@pytest.mark.parametrize(
    ("outcomes", "wrong"),
    [
        ({"S2": "red", "S4": "green"}, []),
        ({"S2": "red", "S4": "red"}, ["S4 should be green, and is red"]),
        ({"S2": "green"}, ["S2 should be red, and is green"]),
        ({"S2": "red", "S4": "skipped"}, ["S4 should be green, and is skipped"]),
        ({"S2": "not run"}, ["S2 should be red, and is not run"]),
    ],
)
def test_disagreements(outcomes, wrong):
    assert disagreements(DOUBLES, outcomes) == wrong


@pytest.mark.parametrize(
    ("inside", "outcome"),
    [
        (["", ""], "green"), (["", "<failure/>"], "red"), (["<skipped/>", ""], "skipped"),
        (["<failure/>", "<error/>"], "in error: it could not be tried"),
    ],
)  # fmt: skip
def test_outcome_of_several_tests_of_one_claim(inside, outcome):
    tests = ElementTree.fromstring(f"<suite>{''.join(f'<testcase>{part}</testcase>' for part in inside)}</suite>")
    assert outcome_of(tests) == outcome


@pytest.mark.parametrize("text", ["1 * one", "2 * 2 * one"])
def test_a_mutation_whose_place_is_not_there_once_is_refused(text):
    with pytest.raises(ValueError, match=r"twice\.py has '2 \*' \d times"):
        DOUBLES.applied(text)


def test_the_script_of_a_python_that_runs_no_watch_is_noted_too(tmp_path):
    """The guard of a server is started so: with -I and -S."""
    (tmp_path / "guard.py").write_text("import sys\n", "utf-8")
    notes = tmp_path.parent / f"{tmp_path.name}-noted"
    notes.touch()
    start = "import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', 'guard.py'], check=True)"
    environment = {"PYTHONPATH": str(claim_mutations.WATCH), "LOADS_BELOW": str(tmp_path), "LOADS_NOTED_IN": str(notes)}
    subprocess.run([sys.executable, "-c", start], cwd=tmp_path, env=environment, check=True)
    assert notes.read_text("utf-8").splitlines() == ["guard.py"]

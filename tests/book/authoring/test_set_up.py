"""make set-up, in small checkouts that require nothing: whatever stands where .venv belongs is mended, or named."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from book.authoring import set_up
from book.authoring.set_up import NotMendedError

pytestmark = pytest.mark.whole


def small_checkout(folder: Path) -> Path:
    """A folder with requirements that are empty."""
    folder.mkdir()
    for name in set_up.REQUIREMENTS:
        (folder / name).touch()
    return folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose .venv was made anew, since another set-up had been cut short; its name is a pattern."""
    root = small_checkout(tmp_path_factory.mktemp("set-up") / "-a [1] #%41 $HOME ü")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "left").touch()
    (root / ".venv" / "ready").write_text(set_up.UNFINISHED)
    set_up.set_up(root)
    assert not (root / ".venv" / "bin" / "left").exists()
    return root


def noted(root: Path) -> str:
    """What stands in the note of a checkout's environment."""
    return (root / ".venv" / "ready").read_text()


@pytest.fixture
def copy(checkout: Path, tmp_path: Path) -> Path:
    """The checkout, copied to another folder."""
    return shutil.copytree(checkout, tmp_path / "copy", symlinks=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with no .venv."""
    return small_checkout(tmp_path / "book")


def test_what_is_ready_stays_as_it_is(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    times = (checkout / ".venv" / "ready").stat().st_mtime_ns
    os.utime(checkout / "requirements.txt")
    set_up.set_up(checkout)
    assert (checkout / ".venv" / "ready").stat().st_mtime_ns == times
    assert capfd.readouterr() == ("", "")


def test_other_requirements_are_installed(checkout: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (checkout / "requirements.txt").write_text("# one comment more\n")
    assert not set_up.is_ready(checkout / ".venv", set_up.current(checkout))
    assert set_up.fault(checkout / ".venv", checkout) is None
    set_up.set_up(checkout)
    assert "made anew" not in capfd.readouterr().out
    assert set_up.is_ready(checkout / ".venv", set_up.current(checkout))


def test_a_package_that_has_gone_is_missed(checkout: Path) -> None:
    before = noted(checkout)
    packages = [*json.loads(before)["packages"], "gone-1.dist-info"]
    note(checkout / ".venv", packages=packages)
    assert not set_up.is_ready(checkout / ".venv", set_up.current(checkout))
    assert set_up.fault(checkout / ".venv", checkout) is None
    (checkout / ".venv" / "ready").write_text(before)


def note(venv: Path, **changes: object) -> None:
    """Change what stands in an environment's note."""
    (venv / "ready").write_text(json.dumps({**json.loads(noted(venv.parent)), **changes}))


def without_note(venv: Path) -> None:
    (venv / "ready").write_text("")


def without_python(venv: Path) -> None:
    """As where the Python is gone of which it was made."""
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3")


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda venv: None, "another folder"),
        (without_note, "another folder"),
        (lambda venv: note(venv, python="3 11 linux s390x"), "another machine"),
        (without_python, "does not run here"),
        (lambda venv: (venv / "bin" / "pip").unlink(), "no pip"),
        (lambda venv: [shutil.rmtree(path) for path in venv.glob("lib/*/site-packages/pip")], "no pip"),
        (lambda venv: (venv / "ready").write_text(set_up.UNFINISHED), "cut short"),
    ],
)
def test_what_pip_cannot_mend_is_made_anew(copy: Path, harm, why: str) -> None:
    harm(copy / ".venv")
    assert not set_up.is_ready(copy / ".venv", set_up.current(copy))
    assert why in set_up.fault(copy / ".venv", copy)


def test_a_failed_pip_changes_nothing(checkout: Path) -> None:
    before, requirements = noted(checkout), (checkout / "requirements.txt").read_text()
    (checkout / "requirements.txt").write_text("./nowhere\n")
    with pytest.raises(NotMendedError, match="for the reason above"):
        set_up.set_up(checkout)
    assert noted(checkout) == before
    (checkout / "requirements.txt").write_text(requirements)


def full_folder(venv: Path) -> None:
    venv.mkdir()
    (venv / "diary").touch()


@pytest.mark.parametrize(
    ("put", "words"),
    [
        (lambda venv: venv.write_text("a file"), "is a file, .* move it away"),
        (full_folder, "not a virtual environment of Python: move it away"),
        (lambda venv: venv.symlink_to("/nowhere/at/all"), "link to /nowhere/at/all, which is not there: remove it"),
    ],
)
def test_what_is_somebody_s_stays_and_is_named(root: Path, put, words: str) -> None:
    put(root / ".venv")
    with pytest.raises(NotMendedError, match=words):
        set_up.set_up(root)
    assert os.path.lexists(root / ".venv")


def test_another_book_s_environment_is_not_changed_through_a_link(root: Path, checkout: Path) -> None:
    before = noted(checkout)
    (root / ".venv").symlink_to(checkout / ".venv")
    with pytest.raises(NotMendedError, match="made in another folder: remove the link"):
        set_up.set_up(root)
    assert noted(checkout) == before


def test_a_folder_with_a_colon_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotMendedError, match="for the : in its name: rename the folder"):
        set_up.set_up(small_checkout(tmp_path / "a:b"))


def test_a_folder_of_another_user_is_named() -> None:
    """Who runs the tests as root is another user here, as root may write anywhere."""
    script = "import sys; from pathlib import Path; from book.authoring import set_up; set_up.set_up(Path(sys.argv[1]))"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = small_checkout(Path(folder) / "book")
        root.chmod(0o555)
        process = subprocess.run(
            [sys.executable, "-c", script, root], cwd=set_up.ROOT, capture_output=True, text=True, check=False,
            user=65534 if os.geteuid() == 0 else None,
        )  # fmt: skip
        assert f"{root} cannot be written by you: run make as the user to whom it belongs" in process.stderr

"""book/authoring/interpreter.py"""

import subprocess
import sys

from book.authoring import interpreter


def test_old_python_is_named_with_what_is_needed():
    assert interpreter.complaint("/usr/bin/python3", (3, 10), True, for_all=True) == (
        "/usr/bin/python3 is Python 3.10; the book needs 3.11 or newer"
    )


def test_python_without_venv_says_what_to_install():
    assert "python3-venv" in interpreter.complaint("/usr/bin/python3", (3, 11), False, for_all=True)


def test_python_in_a_closed_home_is_refused(tmp_path):
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python3").touch()
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 1:
            break
    else:
        home.chmod(0o700)
    python = str(home / "bin" / "python3")
    assert "which other users cannot enter" in interpreter.complaint(python, (3, 11), True, for_all=True)


def test_a_user_s_own_python_in_a_closed_home_is_fine(tmp_path):
    tmp_path.chmod(0o750)
    assert interpreter.complaint(str(tmp_path / "python3"), (3, 11), True, for_all=False) is None


def test_too_new_a_python_is_named_with_what_is_needed():
    """The requirements are wheels alone, and there are none for it."""
    assert interpreter.complaint("/usr/bin/python3", (3, 15), True, for_all=False) == (
        "/usr/bin/python3 is Python 3.15; the book's packages go up to 3.14"
    )


def test_good_python_has_nothing_against_it():
    assert interpreter.complaint("/bin/sh", (3, 11), True, for_all=True) is None


def test_command_line_says_why():
    """It is run by a Python that has no ensurepip, as Debian's is without the package python3-venv."""
    script = (
        "import runpy, sys\n"
        "sys.modules['ensurepip'] = None\n"
        f"runpy.run_path({interpreter.__file__!r}, run_name='__main__')\n"
    )
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert process.returncode == 1
    assert process.stderr.startswith("No usable Python: ") and "python3-venv" in process.stderr

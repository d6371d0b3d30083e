"""A place for servers that every user can enter, as PostgreSQL's own user must where the tests run as root."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mysite.watching import started_with, wait_until

TEST_MARK = "MYSITE_ENGINES_TEST"


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory for temporary files; in the end it is empty, and no process that the test has started is left."""
    tmp_path_factory.getbasetemp()  # pytest's own directory stands elsewhere
    directory = Path(tempfile.mkdtemp(prefix="open-to-all-"))
    directory.chmod(0o711)
    monkeypatch.setenv("TMPDIR", str(directory))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv(TEST_MARK, str(directory))
    for variable in ("MYSITE_ENGINES", "MYSITE_POSTGRESQL_URL"):
        monkeypatch.delenv(variable, raising=False)
    yield directory
    wait_until(lambda: started_with(TEST_MARK, str(directory)) == [])
    left = sorted(directory.iterdir())
    shutil.rmtree(directory)
    assert left == []

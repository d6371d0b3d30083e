"""A place for servers that every user can enter, as PostgreSQL's own user must where the tests run as root."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mysite.watching import TEST_MARK, started_in, wait_until


@contextmanager
def directory_for_all() -> Iterator[Path]:
    """A directory for temporary files; in the end it is empty, and no process that was started meanwhile is left."""
    directory = Path(tempfile.mkdtemp(prefix="open-to-all-"))
    directory.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        patch.setattr(tempfile, "tempdir", None)
        patch.setenv(TEST_MARK, str(directory))
        yield directory
        wait_until(lambda: started_in(directory) == [])
    files = sorted(directory.iterdir())
    shutil.rmtree(directory)
    assert files == []


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory for all, for one test, in which no variable names the reader's own engines."""
    tmp_path_factory.getbasetemp()  # pytest's own directory stands elsewhere
    for variable in ("MYSITE_ENGINES", "MYSITE_POSTGRESQL_URL"):
        monkeypatch.delenv(variable, raising=False)
    with directory_for_all() as directory:
        yield directory

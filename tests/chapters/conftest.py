"""What the tests of the chapters share."""

import nbformat
import pytest

from book.authoring.environment import notebooks
from mysite import topology


def pytest_generate_tests(metafunc):
    """A test that takes `notebook_path` runs once for each notebook, one that takes `chapter_path` for each chapter."""
    for name, paths in {"notebook_path": notebooks(), "chapter_path": notebooks()[1:]}.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths, ids=[path.stem for path in paths])


@pytest.fixture
def notebook(request):
    """The notebook of the test's path."""
    name = "notebook_path" if "notebook_path" in request.fixturenames else "chapter_path"
    return nbformat.read(request.getfixturevalue(name), as_version=4)


@pytest.fixture(scope="module")
def site():
    """One server, as the chapter starts it."""
    with topology.one_server() as running:
        yield running

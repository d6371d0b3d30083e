"""What the tests of the chapters share."""

import nbformat
import pytest

from book.authoring.environment import notebooks


def pytest_generate_tests(metafunc):
    """Run a test of a `notebook_path` once for each notebook, and one of a `chapter_path` once for each chapter."""
    for name, paths in {"notebook_path": notebooks(), "chapter_path": notebooks()[1:]}.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths, ids=[path.stem for path in paths])


@pytest.fixture
def notebook(request):
    """The notebook of the test's path."""
    name = "notebook_path" if "notebook_path" in request.fixturenames else "chapter_path"
    return nbformat.read(request.getfixturevalue(name), as_version=4)

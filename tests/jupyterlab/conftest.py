"""One JupyterLab for the tests of a file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.jupyterlab.live import JupyterLab, Notebook, jupyterlab, notebook_window


@pytest.fixture(scope="module")
def lab() -> Iterator[JupyterLab]:
    """A JupyterLab that shows a copy of the book; when it has ended, nothing that it started may be left."""
    with jupyterlab() as running:
        yield running


@pytest.fixture
def open_notebook(lab: JupyterLab, browser: Browser) -> Iterator[Callable[..., Notebook]]:
    """open_notebook(path, ...) opens a notebook of the book; at the end its kernel ends, and no script has failed."""
    with ExitStack() as windows:
        notebooks: list[Notebook] = []

        def open_one(path: str, **context: Any) -> Notebook:
            notebooks.append(windows.enter_context(notebook_window(lab, browser, path, **context)))
            return notebooks[-1]

        yield open_one
        assert [error for notebook in notebooks for error in notebook.errors] == []

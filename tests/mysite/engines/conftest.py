"""Every test of an engine has a directory for temporary files that PostgreSQL's user can enter."""

import pytest

from mysite.engines import postgresql
from tests.mysite.open_to_all import temporary

__all__ = ["temporary"]


@pytest.fixture(autouse=True)
def no_variables_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test has set in the environment is no way to the server of the next one."""
    monkeypatch.setattr(postgresql, "_variables", {})

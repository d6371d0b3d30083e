"""Every test of an engine has a directory for temporary files that PostgreSQL's user can enter."""

import pytest

from mysite.engines import postgresql
from tests.mysite.open_to_all import temporary

__all__ = ["temporary"]


@pytest.fixture(autouse=True)
def no_variables_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what a test before has set in the environment: it is no way to the server of this one."""
    monkeypatch.setattr(postgresql, "_variables", {})

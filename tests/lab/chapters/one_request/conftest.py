"""What the tests of the chapter share: a running site."""

import pytest

from mysite import topology


@pytest.fixture(scope="module")
def site():
    """One server, as the chapter starts it."""
    with topology.one_server() as site:
        yield site

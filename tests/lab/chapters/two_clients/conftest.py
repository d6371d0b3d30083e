"""What the tests of the chapter share: running sites."""

from collections.abc import Iterator

import pytest

from mysite import topology
from mysite.topology import OneServer


@pytest.fixture(scope="module")
def site() -> Iterator[OneServer]:
    """One server, as the chapter starts it."""
    with topology.one_server() as site:
        yield site


@pytest.fixture(scope="module")
def uncached_site() -> Iterator[OneServer]:
    """One server that makes each page anew."""
    with topology.one_server(cache_seconds=0) as site:
        yield site

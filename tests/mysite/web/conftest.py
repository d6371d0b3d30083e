"""A loaded store for the tests of the pages, and the running site."""

from collections.abc import Iterator

import pytest
import sqlalchemy

from mysite import topology
from mysite.stores import relational


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlalchemy.Engine]:
    """The whole data set in a database file."""
    engine = relational.open_store(tmp_path_factory.mktemp("store") / relational.FILE)
    relational.load(engine, topology.data_directory())
    yield engine
    engine.dispose()


@pytest.fixture(scope="package")
def site() -> Iterator[topology.OneServer]:
    """The site with its page cache, which all modules share: each asks for addresses of its own."""
    with topology.one_server() as running:
        yield running

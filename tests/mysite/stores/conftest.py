"""The whole data set in SQLite, which the tests read."""

from collections.abc import Iterator

import pytest
import sqlalchemy

from mysite.stores import relational
from mysite.topology import data_directory


@pytest.fixture(scope="package")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlalchemy.Engine]:
    """The data set in a database file."""
    engine = relational.open_store(tmp_path_factory.mktemp("store") / relational.FILE)
    relational.load(engine, data_directory())
    yield engine
    engine.dispose()

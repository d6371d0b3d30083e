"""How an answer came about, in the words of the field Server-Timing (W3C, Server Timing).

    cache;desc=hit
    cache;desc=miss, store;desc="3 statements";dur=0000.420, app;dur=0001.900

`dur` is in milliseconds, app's with the store's in it. It is always written with the same number of digits, so
that an answer has as many bytes on every run.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy

HIT = "cache;desc=hit"
MISS = "cache;desc=miss"


@dataclass
class Statements:
    """The number of statements that an engine was given so far."""

    count: int = 0


def count_statements(engine: sqlalchemy.Engine) -> Statements:
    """Count the statements that the engine is given from now on."""
    statements = Statements()

    def count(*arguments: Any) -> None:
        statements.count += 1

    sqlalchemy.event.listen(engine, "before_cursor_execute", count)
    return statements


def metrics(statements: int, store_s: float, app_s: float) -> str:
    """The metrics of a page that was made: statements of the store, its seconds, the application's seconds."""
    noun = "statement" if statements == 1 else "statements"
    return f'store;desc="{statements} {noun}";dur={milliseconds(store_s)}, app;dur={milliseconds(app_s)}'


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds with four digits before the point and three after it."""
    return f"{seconds * 1000:08.3f}"

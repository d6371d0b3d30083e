"""A room with some servers and some places to wait, entered one by one: who finds all taken is turned away."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Full(Exception):
    """All servers are busy and all places to wait are taken."""


class Room:
    """At most `servers` are served at once, in order of arrival, and at most `places` wait for them.

    inside  how many are in the room now, waiting or served. ValueError for no server, or fewer than no places
    """

    def __init__(self, servers: int, places: float = math.inf) -> None:
        if servers < 1 or places < 0:
            raise ValueError(f"A room has 1 server or more, and 0 places or more, not {servers} and {places}.")
        self.inside = 0
        self._most = servers + places
        # it wakes who waits in the order in which they came
        self._free = asyncio.Semaphore(servers)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Wait for a server, and keep it for as long as the block lasts. Full, at once, where no place is left."""
        if self.inside >= self._most:
            raise Full
        self.inside += 1
        try:
            async with self._free:
                yield
        finally:
            self.inside -= 1

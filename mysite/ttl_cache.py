"""A cache whose entries live for a time (TTL): names in the stub resolver, pages in the web application."""

import math
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from mysite.clock import Clock


class TTLCache:
    """At most `capacity` entries; the least recently used leaves first.

    `get` returns an entry put at time t with a TTL of T seconds while the clock reads less than t + T, and no
    longer: at t + T it is gone, and `get` is a miss. `hits` and `misses` count the calls of `get`.
    One thread uses it at a time.
    """

    def __init__(self, clock: Clock, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}: a cache needs room for at least 1 entry")
        self._clock = clock
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable) -> Any:
        """The value, now the most recently used, or None on a miss (None itself is never stored)."""
        value, ends = self._entries.pop(key, (None, -math.inf))
        if self._clock.now() >= ends:
            self.misses += 1
            return None
        self._entries[key] = value, ends
        self.hits += 1
        return value

    def put(self, key: Hashable, value: Any, ttl_s: float) -> None:
        """Keep the value for `ttl_s` seconds in place of any older one; 0 seconds keeps nothing.

        ValueError if `ttl_s` is negative or not finite, or the value is None.
        """
        if not (math.isfinite(ttl_s) and ttl_s >= 0):
            raise ValueError(f"ttl_s is {ttl_s!r}: give a finite number of seconds, 0 to keep nothing")
        if value is None:
            raise ValueError(f"None cannot be kept for {key!r}: get() could not tell it from a miss")
        self._entries.pop(key, None)
        if ttl_s == 0:
            return
        if len(self._entries) == self._capacity:
            self._entries.popitem(last=False)
        self._entries[key] = (value, self._clock.now() + ttl_s)

    def clear(self) -> None:
        """Forget every entry; the counts of hits and misses stay."""
        self._entries.clear()

    def remaining_s(self, key: Hashable) -> float:
        """Seconds until the entry ends, 0.0 if there is none. Neither a hit nor a miss, and no use."""
        _, ends = self._entries.get(key, (None, -math.inf))
        return max(0.0, ends - self._clock.now())

    def __len__(self) -> int:
        """The number of entries, among them expired ones that nobody has asked for since."""
        return len(self._entries)

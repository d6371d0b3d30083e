import math

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mysite.clock import MovableClock
from mysite.ttl_cache import TTLCache

KEYS = st.sampled_from("abcde")
# whole seconds, so that the very moment at which an entry ends is often met
SECONDS = st.integers(0, 6)
CAPACITY = 3


class AgainstAModel(RuleBasedStateMachine):
    """The cache beside a list of (key, value, put at, TTL), least recently used first."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = MovableClock()
        self.cache = TTLCache(self.clock, CAPACITY)
        self.model: list[tuple[str, int, float, int]] = []
        self.hits = self.misses = self.puts = 0

    def without(self, key: str) -> list[tuple[str, int, float, int]]:
        return [entry for entry in self.model if entry[0] != key]

    @rule(key=KEYS, ttl_s=SECONDS)
    def put(self, key: str, ttl_s: int) -> None:
        self.puts += 1
        self.cache.put(key, self.puts, ttl_s)
        self.model = self.without(key)
        if ttl_s:
            self.model = [*self.model, (key, self.puts, self.clock.now(), ttl_s)][-CAPACITY:]

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        entry = next((entry for entry in self.model if entry[0] == key), None)
        self.model = self.without(key)
        if entry and self.clock.now() < entry[2] + entry[3]:
            assert self.cache.get(key) == entry[1]
            self.model.append(entry)
            self.hits += 1
        else:
            assert self.cache.get(key) is None
            self.misses += 1

    @rule(key=KEYS)
    def remaining(self, key: str) -> None:
        remaining = [put + ttl_s - self.clock.now() for other, _, put, ttl_s in self.model if other == key]
        assert self.cache.remaining_s(key) == max([0.0, *remaining])

    @rule(seconds=SECONDS)
    def move(self, seconds: int) -> None:
        self.clock.move(seconds)

    @invariant()
    def counts_and_length(self) -> None:
        assert (self.cache.hits, self.cache.misses) == (self.hits, self.misses)
        assert len(self.cache) == len(self.model)


TestAgainstAModel = AgainstAModel.TestCase


def test_an_entry_is_given_until_its_ttl_ends_and_not_at_that_moment() -> None:
    clock = MovableClock(start=1000)
    cache = TTLCache(clock, 1)
    cache.put("api", "127.0.0.1", 300)
    clock.move(299.5)
    assert cache.get("api") == "127.0.0.1"
    assert cache.remaining_s("api") == 0.5
    clock.move(0.5)
    assert cache.remaining_s("api") == 0.0
    assert cache.get("api") is None
    assert (cache.hits, cache.misses, len(cache)) == (1, 1, 0)


def test_the_least_recently_used_leaves_first() -> None:
    cache = TTLCache(MovableClock(), 2)
    cache.put("a", 1, 10)
    cache.put("b", 2, 10)
    assert cache.get("a") == 1
    cache.put("c", 3, 10)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]


def test_a_value_that_is_false_is_a_hit() -> None:
    cache = TTLCache(MovableClock(), 1)
    cache.put("a", 0, 1)
    assert cache.get("a") == 0
    assert cache.hits == 1


@pytest.mark.parametrize("ttl_s", [-1, math.nan, math.inf, -math.inf])
def test_a_ttl_is_finite_and_not_negative(ttl_s: float) -> None:
    cache = TTLCache(MovableClock(), 1)
    cache.put("a", 1, 1)
    with pytest.raises(ValueError, match=f"^ttl_s is {ttl_s!r}: give a finite number of seconds, 0 to keep nothing$"):
        cache.put("a", 2, ttl_s)
    assert cache.get("a") == 1


def test_none_is_not_stored() -> None:
    cache = TTLCache(MovableClock(), 1)
    with pytest.raises(ValueError, match=r"^None cannot be kept for 'a': get\(\) could not tell it from a miss$"):
        cache.put("a", None, 1)


@pytest.mark.parametrize("capacity", [0, -1])
def test_a_cache_has_room_for_an_entry(capacity: int) -> None:
    with pytest.raises(ValueError, match=f"^capacity is {capacity}: a cache needs room for at least 1 entry$"):
        TTLCache(MovableClock(), capacity)

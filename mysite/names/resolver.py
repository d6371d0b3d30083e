"""A stub resolver: asks one name server over UDP, and keeps what it answers until the TTL ends."""

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from mysite.clock import Clock, SystemClock
from mysite.ttl_cache import TTLCache

KINDS = ("A", "AAAA")


@dataclass(frozen=True)
class Answer:
    """The result of one call of `resolve`.

    `addresses` is empty where the name exists and has no address of the kind. `ttl_s` is the TTL as the server
    gave it, `remaining_s` how much of it is left. `question` and `reply` are the messages as they were on the
    wire, empty when the answer came from the cache. `seconds` is how long the call took.
    """

    name: str
    addresses: tuple[str, ...]
    ttl_s: int
    remaining_s: float
    from_cache: bool
    question: bytes = field(repr=False)
    reply: bytes = field(repr=False)
    seconds: float = field(repr=False)


class ResolverError(Exception):
    """The name server could not be asked, or refused."""


class NameNotFound(ResolverError):
    """There is no such name (NXDOMAIN). `answer` has the messages, and no address."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"there is no name {answer.name}")
        self.answer = answer


@dataclass(frozen=True)
class _Entry:
    """A reply in the cache: whether the name exists, its addresses, and their TTL."""

    exists: bool
    addresses: tuple[str, ...]
    ttl_s: int


class StubResolver:
    """Asks the name server at `server`, a literal address and a port, and nobody else.

    It keeps `capacity` names, absent ones too (for the minimum of the zone's SOA record, RFC 2308). Each of
    `attempts` waits `timeout_s` seconds. `ids` gives the messages' ids, 0 to 65535; without it they are random,
    so that who cannot see the question has to guess id and port to forge the reply (RFC 5452).
    """

    def __init__(
        self,
        server: tuple[str, int],
        clock: Clock | None = None,
        ids: Iterator[int] | None = None,
        timeout_s: float = 1.0,
        attempts: int = 2,
        capacity: int = 100,
    ) -> None:
        try:
            ipaddress.ip_address(server[0])
        except ValueError:
            raise ValueError(f"{server[0]!r} is not an address: give the name server's as 127.0.0.1") from None
        self._server = server
        self._ids = ids
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._cache = TTLCache(clock or SystemClock(), capacity)

    @property
    def hits(self) -> int:
        return self._cache.hits

    @property
    def misses(self) -> int:
        return self._cache.misses

    def resolve(self, name: str, kind: str = "A") -> Answer:
        """The addresses of a name: IPv4 (A) or IPv6 (AAAA).

        NameNotFound if there is no such name, ResolverError if the server does not answer or refuses,
        ValueError if the name cannot be one.
        """
        begin_s = time.perf_counter()
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is not a kind of address: ask for A or AAAA")
        try:
            absolute = dns.name.from_text(name)
        except dns.exception.DNSException as error:
            raise ValueError(f"{name!r} is not a name: {error}") from error
        key = (absolute.canonicalize(), kind)
        entry: _Entry | None = self._cache.get(key)
        from_cache = entry is not None
        question = reply = b""
        if entry is None:
            entry, question, reply = self._ask(absolute, kind)
            self._cache.put(key, entry, entry.ttl_s)
        answer = Answer(
            name=name,
            addresses=entry.addresses,
            ttl_s=entry.ttl_s,
            remaining_s=self._cache.remaining_s(key) if from_cache else float(entry.ttl_s),
            from_cache=from_cache,
            question=question,
            reply=reply,
            seconds=time.perf_counter() - begin_s,
        )
        if not entry.exists:
            raise NameNotFound(answer)
        return answer

    def _ask(self, name: dns.name.Name, kind: str) -> tuple[_Entry, bytes, bytes]:
        query = dns.message.make_query(name, kind, id=None if self._ids is None else next(self._ids))
        reply = self._exchange(query)
        rcode = reply.rcode()
        if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            meaning, question = dns.rcode.to_text(rcode), name.to_text(omit_final_dot=True)
            why = f"it does not answer for {question}" if rcode == dns.rcode.REFUSED else f"it was asked for {question}"
            raise ResolverError(f"the name server answers {meaning}: {why}")
        try:
            result = reply.resolve_chaining()
        except dns.exception.DNSException as error:  # aliases in a circle, an answer to "no such name"
            raise ResolverError(f"the name server's reply to {name} {kind} contradicts itself: {error}") from error
        addresses = tuple(record.to_text() for record in result.answer or ())
        assert query.wire is not None and reply.wire is not None
        return _Entry(rcode == dns.rcode.NOERROR, addresses, result.minimum_ttl), query.wire, reply.wire

    def _exchange(self, query: dns.message.QueryMessage) -> dns.message.QueryMessage:
        """Send a query over UDP, again if nothing comes, over TCP if the reply says that it was cut; return the reply.

        Replies with another id or question, or from elsewhere, are passed over: anyone may send them.
        """
        address, port = self._server
        for _ in range(self._attempts):
            try:
                reply, _ = dns.query.udp_with_fallback(
                    query, address, self._timeout_s, port, ignore_unexpected=True, ignore_errors=True
                )
            except dns.exception.Timeout:
                continue
            except (OSError, EOFError, dns.exception.DNSException) as error:
                raise ResolverError(f"no answer from the name server at {address}: {error!r}") from error
            assert isinstance(reply, dns.message.QueryMessage)
            return reply
        raise ResolverError(
            f"no answer from the name server at {address} in {self._attempts} times {self._timeout_s:g} s:"
            " is it running?"
        )


def questions_answered(server: tuple[str, int]) -> int:
    """The number of questions that the name server of mysite.com at (address, port) has answered, as it counts them.

    dns.exception.Timeout if it does not reply within five seconds.
    """
    address, port = server
    query = dns.message.make_query("questions.mysite.com", "TXT", "CH")
    reply = dns.query.udp(query, address, timeout=5, port=port)
    return int(reply.answer[0][0].strings[0])

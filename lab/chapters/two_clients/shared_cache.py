"""A shared HTTP cache, as a provider or a company runs one between its people and the sites they read.

It stands in front of the site, and answers from its store while what is stored is fresh. Source: RFC 9111, sections
3 and 3.5 (what may be stored), 4.1 (Vary), 4.2 (freshness), 5.2.2 (Cache-Control), and RFC 9110, section 12.5.5
(Vary). Seen 2026-11-24: the sentences on Vary and on Authorization, as implementations quote them.

Smaller than a real one: GET alone, only answers with status 200 and a lifetime written in them, no revalidation (what
is stale is asked for anew), no limit of size, and a request's own Cache-Control is passed over, as Expires and Age
are. It is stricter than the RFC in two things: an answer to a request with Authorization is never stored, even if
it says public, and neither is one that says no-cache, which might be stored and then asked about each time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpcore

from lab.instruments.counting import CountingBackend
from lab.instruments.visit import TIMEOUT_S, Site
from mysite.clock import Clock

OK = 200
NEVER_STORED = {"no-store", "no-cache", "private"}
LIFETIMES = ("s-maxage", "max-age")  # the first one is for shared caches, and wins

_DIRECTIVE = re.compile(r"\s*([^\s=,]+)\s*(?:=\s*\"?([^\",]*)\"?)?\s*")


@dataclass(frozen=True)
class Answer:
    """What a client of the cache got. `age_s` is how long the cache has had it, 0 where it came from the site."""

    status: int
    media_type: str
    body: bytes = field(repr=False)
    from_cache: bool
    age_s: float

    @property
    def body_bytes(self) -> int:
        """How long the body is."""
        return len(self.body)


@dataclass(frozen=True)
class StoredAnswer:
    """An answer in the store.

    at_s            when it came, seconds on the cache's clock
    lifetime_s      how long it is fresh
    fields_of_vary  what its request had in the fields that Vary names; None for one that it did not have
    """

    answer: Answer
    at_s: float
    lifetime_s: int
    fields_of_vary: Mapping[str, str | None]


class SharedCache:
    """The cache in front of a running site, on a clock that a chapter may move.

    `without_vary` takes the field Vary away from what the site sends, as from a site that forgot it. `hits` and
    `misses` count the answers from the store and from the site. As a context manager it closes its connection.
    """

    def __init__(self, site: Site, clock: Clock, without_vary: bool = False, host: str = "api.mysite.com") -> None:
        self._url = f"http://{host}:{site.port}"
        self._clock = clock
        self._without_vary = without_vary
        self._pool = httpcore.ConnectionPool(network_backend=CountingBackend(site.resolver()), max_connections=1)
        self._store: dict[str, list[StoredAnswer]] = {}
        self.hits = 0
        self.misses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection to the site; what is stored is forgotten."""
        self._pool.close()
        self._store.clear()

    def get(self, path: str, accept: str | None = None, fields: Mapping[str, str] | None = None) -> Answer:
        """Answer a client's GET, from the store or from the site.

        `accept` is the client's field Accept, None where it sends none; `fields` are others that it sends, such as
        {"Authorization": "Bearer ..."}. httpcore's errors pass through.
        """
        request = {name.lower(): value for name, value in (fields or {}).items()}
        if accept is not None:
            request["accept"] = accept
        now = self._clock.now()
        for entry in self._store.get(path, []):
            age_s = now - entry.at_s
            if age_s < entry.lifetime_s and agree(entry.fields_of_vary, request):
                self.hits += 1
                return Answer(OK, entry.answer.media_type, entry.answer.body, from_cache=True, age_s=age_s)
        self.misses += 1
        return self._fetch(path, request, now)

    def _fetch(self, path: str, request: Mapping[str, str], now: float) -> Answer:
        """Ask the site, and store what may be stored, in place of what the same request had stored before."""
        fields = list(request.items())
        response = self._pool.request(
            "GET", self._url + path, headers=fields, extensions={"timeout": {"read": TIMEOUT_S}}
        )
        media_type = ", ".join(values(response.headers, "content-type")).partition(";")[0].strip()
        answer = Answer(response.status, media_type, response.content, from_cache=False, age_s=0.0)
        lifetime_s = shared_lifetime_s(", ".join(values(response.headers, "cache-control")))
        vary = [] if self._without_vary else selecting_fields(", ".join(values(response.headers, "vary")))
        if response.status == OK and lifetime_s and "authorization" not in request and "*" not in vary:
            others = [entry for entry in self._store.get(path, []) if not agree(entry.fields_of_vary, request)]
            fields_of_vary = {name: request.get(name) for name in vary}
            self._store[path] = [*others, StoredAnswer(answer, now, lifetime_s, fields_of_vary)]
        return answer


def shared_lifetime_s(cache_control: str) -> int:
    """Return for how many seconds a shared cache may answer with what has that Cache-Control.

    0 where it may not store it, and where no lifetime is written that can be read.
    """
    parts = filter(None, (_DIRECTIVE.fullmatch(part) for part in cache_control.split(",")))
    directives = {part[1].lower(): part[2] or "" for part in parts}
    if NEVER_STORED & directives.keys():
        return 0
    lifetimes = [directives[name] for name in LIFETIMES if name in directives]
    return int(lifetimes[0]) if lifetimes and re.fullmatch(r"[0-9]+", lifetimes[0]) else 0


def selecting_fields(vary: str) -> list[str]:
    """Return the request fields that a field Vary names, in small letters."""
    return [name.strip().lower() for name in vary.split(",") if name.strip()]


def agree(fields_of_vary: Mapping[str, str | None], request: Mapping[str, str]) -> bool:
    """Whether a request has these fields with these values; None stands for a field that it must not have."""
    return all(_plain(request.get(name)) == _plain(value) for name, value in fields_of_vary.items())


def _plain(value: str | None) -> str | None:
    """A field without the white space that means nothing: RFC 9111, section 4.1."""
    return None if value is None else ",".join(" ".join(part.split()) for part in value.split(","))


def values(headers: list[tuple[bytes, bytes]], name: str) -> list[str]:
    """Return all values of a field of an answer, in order; `name` in small letters."""
    return [value.decode("latin-1") for field_name, value in headers if field_name.lower() == name.encode()]

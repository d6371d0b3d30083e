"""The server: real requests over HTTP, whose work is to hold one of its servers for a time that was drawn before.

    python -m lab.service --servers 4 [--places 8] [--mean-ms 20] [--variability 1] [--seed 1] [--port 0]

    GET  /jobs/17   wait for a server, and hold it as long as draw 17 says; 503 with Retry-After where all is taken
    GET  /hold      wait for a server, and hold it until
    POST /release   comes
    GET  /inside    how many are inside now, waiting or served
    GET  /records   what was done so far: see Records

Holding a server is sleeping, so it needs no processor, and a machine with one core can play a server with any
number. The times that were really held are recorded, and are what a replay is fed with. All moments are
microseconds of the system's monotonic clock, which every process on the machine shares.

It prints one line of JSON when it listens, {"port": ..., "process_id": ...}, and ends at SIGTERM or SIGINT.
"""

import argparse
import asyncio
import math
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

import numpy
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lab.models.traces import service_times
from lab.service.room import Full, Room
from mysite.web.server import ReadyServer, bind

RETRY_AFTER_S = 1  # the field takes whole seconds (RFC 9110, section 10.2.3)
DRAWS = 20_000
BETWEEN_SAMPLES_S = 0.01
TRIALS, TRIAL_S = 30, 0.005
MICRO = 1_000_000


@dataclass
class Records:
    """What the server wrote down. Moments in microseconds.

    work     of each request that was served: its draw, when it came, was begun and was done
    refused  of each that was turned away: its draw, and when it came
    samples  how many were inside at moments that have nothing to do with requests: (moment, number)
    """

    work: list[tuple[int, int, int, int]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)


def now_us() -> int:
    """The moment, in microseconds of the clock that all processes share."""
    return time.monotonic_ns() // 1000


def application(servers: int, places: float, mean_us: float, variability: float, seed: int) -> Starlette:
    """The application. Draw n is the n-th service time of the seeded trace, counted round after `DRAWS`."""
    drawn_us = service_times(mean_us, variability, DRAWS, seed)
    room, records, released = Room(servers, places), Records(), asyncio.Event()
    late_us = 0.0

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        nonlocal late_us
        late_us = await usual_lateness_us()
        sampling = asyncio.create_task(sample(room, records, seed))
        yield
        sampling.cancel()

    async def work(request: Request) -> Response:
        number, came = request.path_params["number"], now_us()
        try:
            async with room.served():
                begun = now_us()
                await asyncio.sleep(max(0.0, drawn_us[number % DRAWS] - late_us) / MICRO)
                done = now_us()
        except Full:
            records.refused.append((number, came))
            return turned_away()
        records.work.append((number, came, begun, done))
        return JSONResponse({"done": number})

    async def hold(request: Request) -> Response:
        try:
            async with room.served():
                await released.wait()
        except Full:
            return turned_away()
        return JSONResponse({"released": True})

    async def release(request: Request) -> Response:
        released.set()
        return JSONResponse({})

    async def inside(request: Request) -> Response:
        return JSONResponse({"inside": room.inside})

    async def recorded(request: Request) -> Response:
        return JSONResponse(asdict(records))

    return Starlette(
        routes=[
            Route("/jobs/{number:int}", work), Route("/hold", hold), Route("/release", release, methods=["POST"]),
            Route("/inside", inside), Route("/records", recorded),
        ],
        lifespan=alive,
    )  # fmt: skip


def turned_away() -> Response:
    """What is said to who finds all taken."""
    said = {"title": "Service Unavailable", "status": 503, "detail": "All servers are busy and all places are taken."}
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return JSONResponse(said, 503, headers, media_type="application/problem+json")


async def usual_lateness_us() -> float:
    """By how much a sleep usually lasts longer than was asked for, in microseconds."""
    late = []
    for _ in range(TRIALS):
        before = now_us()
        await asyncio.sleep(TRIAL_S)
        late.append(now_us() - before - TRIAL_S * MICRO)
    return statistics.median(late)


async def sample(room: Room, records: Records, seed: int) -> None:
    """Look into the room at random moments: gaps without a memory see each state as long as it lasts."""
    chance = numpy.random.default_rng(seed)
    while True:
        await asyncio.sleep(float(chance.exponential(BETWEEN_SAMPLES_S)))
        records.samples.append((now_us(), room.inside))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    known = argparse.ArgumentParser(prog="python -m lab.service", description=(__doc__ or "").partition("\n")[0])
    known.add_argument("--servers", type=int, required=True, help="how many requests are worked on at once")
    known.add_argument("--places", type=int, help="how many more may wait: as many as come, if not told")
    known.add_argument("--mean-ms", type=float, default=20, help="mean service time")
    known.add_argument("--variability", type=float, default=1, help="variance / mean squared of the service times")
    known.add_argument("--seed", type=int, default=1)
    known.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    return known


def main() -> None:
    """Run until a signal comes."""
    told = parser().parse_args()
    places = math.inf if told.places is None else told.places
    try:
        app = application(told.servers, places, told.mean_ms * 1000, told.variability, told.seed)
        listening = bind(told.port)
    except (ValueError, OSError, OverflowError) as error:
        raise SystemExit(f"the service cannot start: {error}") from None
    # connections stay open as long as clients like; at the end nobody is waited for
    config = uvicorn.Config(
        app, http="h11", ws="none", log_level="error", timeout_keep_alive=3600, timeout_graceful_shutdown=1
    )
    ReadyServer(config).run([listening])

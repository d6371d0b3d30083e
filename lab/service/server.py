"""The server: real requests over HTTP, whose work is to hold one of its servers for a time drawn before.

    python -m lab.service --servers 4 [--places 8] [--mean-ms 20] [--variability 1] [--seed 1] [--port 0]
                          [--boxes 1] [--then-mean-ms MS | --then-port N]

    GET  /jobs/17   wait for a server, and hold it as long as draw 17 says; 503 with Retry-After where all is taken
    GET  /hold      wait for a server, and hold it until
    POST /release   comes
    GET  /inside    how many are inside now, waiting or served
    GET  /records   the work so far: see Records

Holding a server is sleeping, so it needs no processor, and a machine with one core can play a server with any
number. It records the times for which a server was really held, and a replay takes them. All moments are
microseconds of the system's monotonic clock, which every process on the machine shares.

With several boxes each has so many servers and a queue of its own, and a request goes to a box drawn before. With
--then-mean-ms a job has a second piece of work, done in the same box after the first; with --then-port it asks the
service at that port for the second piece, and holds no server meanwhile.

It prints one line of JSON when it listens, {"port": ..., "process_id": ...}, and ends at SIGTERM or SIGINT.
"""

import argparse
import asyncio
import math
import statistics
import time
from collections.abc import AsyncIterator, Sequence
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
from mysite.load_generator import Connections
from mysite.web.listening import ReadyServer, bind

RETRY_AFTER_S = 1  # the field takes whole seconds (RFC 9110, section 10.2.3)
DRAWS = 20_000
BOXES = 2  # the stream of draws that choose a box, beside those of arrivals and service times
BETWEEN_SAMPLES_S = 0.01
TRIALS, TRIAL_S = 30, 0.005
MICRO = 1_000_000


@dataclass
class Records:
    """The server's notes. Moments in microseconds of the clock that all processes share.

    work     of each request that was served: its number, and its arrival, start and end
    then     of each second piece of work the same
    refused  of each request that was turned away: its number and its arrival
    samples  how many were inside at moments that have nothing to do with requests: (moment, count)
    """

    work: list[tuple[int, int, int, int]] = field(default_factory=list)
    then: list[tuple[int, int, int, int]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)


def now_us() -> int:
    """Return the moment, in microseconds of the clock that all processes share."""
    return time.monotonic_ns() // 1000


@dataclass(frozen=True)
class Work:
    """The work of a service, and its boxes.

    servers, places  of each of the `boxes`
    mean_us          mean service time; the times have that `variability` and are drawn from `seed`
    then_mean_us     mean time of the second piece of work, done in the same box; None: there is none
    then_port        port of the service that does the second piece; None: no other service does
    """

    servers: int
    places: float
    mean_us: float
    variability: float
    seed: int
    boxes: int = 1
    then_mean_us: float | None = None
    then_port: int | None = None


def application(work: Work) -> Starlette:
    """Return the application. Request n has the n-th service time of the seeded trace, counted round after `DRAWS`."""
    rooms = [Room(work.servers, work.places) for _ in range(work.boxes)]
    times_us = service_times(work.mean_us, work.variability, DRAWS, work.seed)
    then_us = service_times(work.then_mean_us, work.variability, DRAWS, work.seed + 1) if work.then_mean_us else []
    box_of = numpy.random.default_rng([work.seed, BOXES]).integers(work.boxes, size=DRAWS).tolist()
    others = Connections(work.then_port) if work.then_port else None
    records, released = Records(), asyncio.Event()
    late_us = 0.0

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        nonlocal late_us
        late_us = await usual_lateness_us()
        sampling = asyncio.create_task(sample(rooms, records, work.seed))
        yield
        sampling.cancel()

    async def serve(number: int, seeded_us: list[int], notes: list[tuple[int, int, int, int]]) -> None:
        arrival = now_us()
        async with rooms[box_of[number % DRAWS]].served():
            start = now_us()
            await asyncio.sleep(max(0.0, seeded_us[number % DRAWS] - late_us) / MICRO)
            notes.append((number, arrival, start, now_us()))

    async def job(request: Request) -> Response:
        number, arrival = request.path_params["number"], now_us()
        try:
            await serve(number, times_us, records.work)
            if then_us:
                await serve(number, then_us, records.then)
        except Full:
            records.refused.append((number, arrival))
            return turned_away()
        if others and (await others.get(f"/jobs/{number}")).status != 200:
            return turned_away()
        return JSONResponse({"done": number})

    async def hold(request: Request) -> Response:
        try:
            async with rooms[0].served():
                await released.wait()
        except Full:
            return turned_away()
        return JSONResponse({"released": True})

    async def release(request: Request) -> Response:
        released.set()
        return JSONResponse({})

    async def inside(request: Request) -> Response:
        return JSONResponse({"inside": sum(room.inside for room in rooms)})

    async def notes(request: Request) -> Response:
        return JSONResponse(asdict(records))

    return Starlette(
        routes=[
            Route("/jobs/{number:int}", job), Route("/hold", hold), Route("/release", release, methods=["POST"]),
            Route("/inside", inside), Route("/records", notes),
        ],
        lifespan=alive,
    )  # fmt: skip


def turned_away() -> Response:
    """Return the response to a client that finds all servers and places taken: 503 with Retry-After."""
    detail = "All servers are busy and all places are taken."
    problem = {"title": "Service Unavailable", "status": 503, "detail": detail}
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return JSONResponse(problem, 503, headers, media_type="application/problem+json")


async def usual_lateness_us() -> float:
    """Return by how much a sleep usually lasts longer than it should: the median, in microseconds."""
    late = []
    for _ in range(TRIALS):
        before = now_us()
        await asyncio.sleep(TRIAL_S)
        late.append(now_us() - before - TRIAL_S * MICRO)
    return statistics.median(late)


async def sample(rooms: Sequence[Room], records: Records, seed: int) -> None:
    """Look into all rooms at random moments: gaps without a memory see each state as long as it lasts."""
    chance = numpy.random.default_rng(seed)
    while True:
        await asyncio.sleep(float(chance.exponential(BETWEEN_SAMPLES_S)))
        records.samples.append((now_us(), sum(room.inside for room in rooms)))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    options = argparse.ArgumentParser(
        prog="python -m lab.service",
        description="A web server whose work is to hold one of its servers for a time drawn before.",
    )
    options.add_argument("--servers", type=int, required=True, help="how many requests are worked on at once")
    options.add_argument("--places", type=int, help="how many more may wait: as many as come, without it")
    options.add_argument("--mean-ms", type=float, default=20, help="mean service time")
    options.add_argument("--variability", type=float, default=1, help="variance / mean squared of the service times")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--boxes", type=int, default=1, help="each with so many servers and a queue of its own")
    options.add_argument("--then-mean-ms", type=float, help="mean time of a second piece of work in the same box")
    options.add_argument("--then-port", type=int, help="of the service that is asked for the second piece of work")
    options.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    return options


def main() -> None:
    """Run until a signal comes."""
    options = parser().parse_args()
    work = Work(
        options.servers,
        math.inf if options.places is None else options.places,
        options.mean_ms * 1000,
        options.variability,
        options.seed,
        options.boxes,
        options.then_mean_ms * 1000 if options.then_mean_ms else None,
        options.then_port,
    )
    try:
        app = application(work)
        listening = bind(options.port)
    except (ValueError, OSError, OverflowError) as error:
        raise SystemExit(f"the service cannot start: {error}") from None
    # connections stay open as long as clients like; at the end nobody is waited for
    config = uvicorn.Config(
        app, http="h11", ws="none", log_level="error", timeout_keep_alive=3600, timeout_graceful_shutdown=0
    )
    ReadyServer(config).run([listening])

"""make bench: speeds that the book claims, measured and written to data/runs/bench/ with this machine's card.

    python -m book.authoring.bench [NAME ...]
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from book.authoring import browser
from book.authoring.environment import ROOT, notebooks
from lab.chapters.tiers import emulated_boxes
from lab.chapters.when_full import waiting
from lab.chapters.when_full.queue_replay_model import replay
from lab.instruments import runs
from lab.instruments.runs import Payload, Run
from lab.models import traces
from mysite import topology

SITE = ROOT / "_build" / "html"
KEY_PRESSES = 200
CUSTOMERS = 1_000_000
OVERLAYS = 5
DEMANDS_MS, OVERLAY_USERS = ((30, 10), (20, 20), (10, 30)), (1, 4, 16)
# Times what a page does in its own scripts: within an event handler, and within a frame that it asked for
WATCH = """
window.scriptMilliseconds = 0;
const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = callback => frame(moment => {
  const start = performance.now(); callback(moment); window.scriptMilliseconds += performance.now() - start;
});
window.press = (input, value) => new Promise(resolve => {
  window.scriptMilliseconds = 0;
  const start = performance.now();
  input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));
  window.scriptMilliseconds += performance.now() - start;
  frame(() => frame(() => resolve(window.scriptMilliseconds)));
});
"""
PRESS = """
async ([index, presses]) => {
  const input = document.querySelectorAll('input[type=range]')[index], most = +input.max, times = [];
  for (let n = 0; n < presses; n++) times.push(await window.press(input, n % (most + 1)));
  return times;
}
"""


@dataclass(frozen=True)
class ExplorerHandler(Payload, run="bench/explorer_handler"):
    """The series alone: milliseconds of each move, by page and slider."""


@dataclass(frozen=True)
class OneServer(Payload, run="bench/one_server"):
    """The series alone: seconds of each start and of each stop."""


@dataclass(frozen=True)
class QueueReplay(Payload, run="bench/queue_replay"):
    """The series alone: customers a second of each replay."""


@dataclass(frozen=True)
class WaitingOverlay(Payload, run="bench/waiting_overlay"):
    """The points that were dropped, since the load generator was the bottleneck: each in words."""

    dropped: tuple[str, ...]


@dataclass(frozen=True)
class TiersOverlay(Payload, run="bench/tiers_overlay"):
    """The points that were dropped, since the load generator was the bottleneck: each in words."""

    dropped: tuple[str, ...]


Overlay = TypeVar("Overlay", WaitingOverlay, TiersOverlay)


def explorer_handler() -> Run[ExplorerHandler]:
    """Measure the milliseconds of script for one move of each slider of the built pages."""
    series = {}
    with browser.chromium() as chromium:
        for notebook in notebooks():
            page = notebook.relative_to(ROOT).with_suffix(".html").as_posix()
            tab = chromium.new_page()
            tab.add_init_script(WATCH)
            tab.goto((SITE / page).as_uri())
            tab.wait_for_selector("input[type=range]")
            for index in range(tab.locator("input[type=range]").count()):
                series[f"{page} slider {index + 1}"] = tab.evaluate(PRESS, [index, KEY_PRESSES])
            tab.close()
    return Run(
        what=f"script time of one move of a slider, {KEY_PRESSES} moves each, headless Chromium; the limit is 8 ms",
        units=dict.fromkeys(series, "ms"),
        series=series,
        payload=ExplorerHandler(),
        made_by="make bench",
    )


def one_server() -> Run[OneServer]:
    """Measure the seconds to start and to stop the site on one server."""
    series: dict[str, list[float]] = {"start": [], "stop": []}
    for _ in range(10):
        start = time.perf_counter()
        site = topology.one_server()
        ready = time.perf_counter()
        site.stop()
        series["start"].append(ready - start)
        series["stop"].append(time.perf_counter() - ready)
    return Run(
        what="starting the web server and the name server until both answer, and stopping them, ten times",
        units={"start": "s", "stop": "s"},
        series=series,
        payload=OneServer(),
        made_by="make bench",
    )


def queue_replay() -> Run[QueueReplay]:
    """Measure the customers a second that the exact replay of a queue gets through; a million is asked for."""
    arrivals, services = traces.arrivals_at_random(180, CUSTOMERS, 1), traces.service_times(20_000, 1, CUSTOMERS, 2)
    speeds = []
    for _ in range(5):
        start = time.perf_counter()
        replay(arrivals, services, servers=4)
        speeds.append(CUSTOMERS / (time.perf_counter() - start))
    return Run(
        what=f"exact replay of {CUSTOMERS:,} customers before 4 servers; a million a second is asked for",
        units={"customers": "/s"},
        series={"customers": speeds},
        payload=QueueReplay(),
        made_by="make bench",
    )


def waiting_overlay() -> Run[WaitingOverlay]:
    """Measure the waiting before a server five times, and by how many per cent of the measured mean the replay is off.

    Series: the errors at each load. A load at which the generator was the bottleneck is dropped, and listed; else as
    `overlay`.
    """
    series: dict[str, list[float]] = {load_series(load): [] for load in waiting.LOADS}
    dropped = []
    for number in range(OVERLAYS):
        run = waiting.waiting()
        for replayed in waiting.replays(run):
            series[load_series(replayed.load)].append(100 * replayed.error)
        dropped += [
            f"run {number + 1}, load {point.load}: the generator used {point.generator:.2f} of a core and was"
            f" {point.late_us} µs late"
            for point in run.payload.points
            if point.was_bottleneck
        ]
    what = (
        "by how much of the measured mean response time the replay is off, five runs of at least"
        f" {waiting.REQUESTS:,} requests and {waiting.SECONDS} s at each load; 12 % is the limit up to 0.8"
    )
    return overlay(what, series, WaitingOverlay(tuple(dropped)))


def load_series(load: float) -> str:
    """Return the name of the series of one load."""
    return f"load {load}"


def tiers_overlay() -> Run[TiersOverlay]:
    """Measure emulated boxes five times, and by how many per cent of the measured answers mean value analysis is off.

    Series: the errors of each way to place the boxes, for three pairs of demands. A point at which the generator was
    the bottleneck is dropped, and listed; else as `overlay`.
    """
    settings = [
        (web_ms, data_ms, kind)
        for web_ms, data_ms in DEMANDS_MS
        for kind in emulated_boxes.BOXES
        if (web_ms, data_ms) == DEMANDS_MS[0] or kind == emulated_boxes.TWO
    ]
    series: dict[str, list[float]] = {boxes_series(*setting): [] for setting in settings}
    dropped = []
    for number in range(OVERLAYS):
        for web_ms, data_ms, kind in settings:
            for users in OVERLAY_USERS:
                point = emulated_boxes.point(kind, users, emulated_boxes.SECONDS, web_ms, data_ms, seed=number)
                name = boxes_series(web_ms, data_ms, kind)
                if point.was_bottleneck:
                    dropped.append(f"run {number + 1}, {name}, {users} users: {point.late_us} µs late")
                else:
                    series[name].append(100 * abs(point.model / point.answered - 1))
    what = (
        "by how much of the measured answers a second mean value analysis is off, five runs of"
        f" {emulated_boxes.SECONDS} s at {', '.join(map(str, OVERLAY_USERS))} users; 10 % is the limit"
    )
    return overlay(what, series, TiersOverlay(tuple(dropped)))


def boxes_series(web_ms: float, data_ms: float, kind: str) -> str:
    """Return the name of the series of one way to place the boxes, for one pair of demands."""
    return f"web {web_ms}, data {data_ms} ms, {kind}"


def overlay(what: str, series: dict[str, list[float]], payload: Overlay) -> Run[Overlay]:
    """Return a run of a model's errors in %. SystemExit where more than one point in five was dropped."""
    points = sum(len(errors) for errors in series.values()) + len(payload.dropped)
    if len(payload.dropped) * 5 > points:
        reasons = "\n".join(payload.dropped)
        raise SystemExit(f"More than one in five was dropped, so nothing is recorded:\n{reasons}")
    return Run(what, dict.fromkeys(series, "%"), series, payload, made_by="make bench")


BENCHES: dict[str, Callable[[], Run[Any]]] = {
    "explorer_handler": explorer_handler, "one_server": one_server, "queue_replay": queue_replay,
    "waiting_overlay": waiting_overlay, "tiers_overlay": tiers_overlay,
}  # fmt: skip


def main() -> None:
    """The command line: the named benches, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.bench",
        description="Measure the speeds that the book claims, and write them to data/runs/bench/.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    names = parser.parse_args().names or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    for name in names:
        run = BENCHES[name]()
        print(f"{name}: {runs.save(run)}")
        for series, values in run.series.items():
            ordered = sorted(values)
            middle, worst = ordered[len(ordered) // 2], ordered[-1]
            print(f"  {series}: median {middle:.3g} {run.units[series]}, most {worst:.3g} {run.units[series]}")


if __name__ == "__main__":
    main()

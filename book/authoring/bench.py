"""make bench: speeds that the book claims, measured and written to data/runs/bench-*.json with this machine's card.

    python -m book.authoring.bench [NAME ...]
"""

import argparse
import time

from book.authoring import browser
from book.authoring.environment import ROOT, notebooks
from lab.chapters.tiers import emulated_boxes
from lab.chapters.when_full import full_server
from lab.chapters.when_full.queue_replay_model import replay
from lab.chapters.when_full.replayed_model import replayed
from lab.instruments import runs
from lab.instruments.runs import Run
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
  const begun = performance.now(); callback(moment); window.scriptMilliseconds += performance.now() - begun;
});
window.pressed = (input, value) => new Promise(done => {
  window.scriptMilliseconds = 0;
  const begun = performance.now();
  input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));
  window.scriptMilliseconds += performance.now() - begun;
  frame(() => frame(() => done(window.scriptMilliseconds)));
});
"""
PRESS = """
async ([index, presses]) => {
  const input = document.querySelectorAll('input[type=range]')[index], most = +input.max, times = [];
  for (let n = 0; n < presses; n++) times.push(await window.pressed(input, n % (most + 1)));
  return times;
}
"""


def explorer_handler() -> Run:
    """Milliseconds of script for one move of each slider of the built pages."""
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
        name="bench-explorer-handler",
        what=f"script time of one move of a slider, {KEY_PRESSES} moves each, headless Chromium; the limit is 8 ms",
        units=dict.fromkeys(series, "ms"),
        series=series,
        made_by="make bench",
    )


def one_server() -> Run:
    """Seconds to start and to stop the site of chapter 01."""
    series: dict[str, list[float]] = {"start": [], "stop": []}
    for _ in range(10):
        begun = time.perf_counter()
        site = topology.one_server()
        started = time.perf_counter()
        site.stop()
        series["start"].append(started - begun)
        series["stop"].append(time.perf_counter() - started)
    return Run(
        name="bench-one-server",
        what="starting the web server and the name server until both answer, and stopping them, ten times",
        units={"start": "s", "stop": "s"},
        series=series,
        made_by="make bench",
    )


def queue_replay() -> Run:
    """Customers a second that the exact replay of a queue gets through; a million is asked for."""
    arrivals, services = traces.arrivals_at_random(180, CUSTOMERS, 1), traces.service_times(20_000, 1, CUSTOMERS, 2)
    speeds = []
    for _ in range(5):
        begun = time.perf_counter()
        replay(arrivals, services, servers=4)
        speeds.append(CUSTOMERS / (time.perf_counter() - begun))
    return Run(
        name="bench-queue-replay",
        what=f"exact replay of {CUSTOMERS:,} customers before 4 servers; a million a second is asked for",
        units={"customers": "/s"},
        series={"customers": speeds},
        made_by="make bench",
    )


def waiting_overlay() -> Run:
    """Five runs of chapter 03's load: by how many per cent of the measured mean the replay is off at each load.

    A load at which the generator was the bottleneck is dropped, and listed; else as `overlay`.
    """
    series: dict[str, list[float]] = {f"load {load}": [] for load in full_server.LOADS}
    dropped = []
    for number in range(OVERLAYS):
        run = full_server.waiting()
        for point in replayed(run.series, run.detail):
            series[f"load {point.load}"].append(100 * point.error)
        dropped += [
            f"run {number + 1}, load {each['load']}: the generator used {each['generator']:.2f} of a core and was"
            f" {each['late_us']} µs late"
            for each in run.detail["points"]
            if each["was_bottleneck"]
        ]
    return overlay(
        "waiting",
        "by how much of the measured mean response time the replay is off, five runs of at least"
        f" {full_server.REQUESTS:,} requests and {full_server.SECONDS} s at each load; 12 % is the limit up to 0.8",
        series,
        dropped,
    )


def tiers_overlay() -> Run:
    """Five runs of chapter 05's boxes: by how many per cent of the measured answers mean value analysis is off.

    Each way to place the boxes, for three pairs of demands. A point at which the generator was the bottleneck is
    dropped, and listed; else as `overlay`.
    """
    asked = [(*pair, kind) for pair in DEMANDS_MS for kind in emulated_boxes.BOXES if pair == DEMANDS_MS[0] or kind == emulated_boxes.TWO]
    series: dict[str, list[float]] = {f"web {web}, data {data} ms, {kind}": [] for web, data, kind in asked}
    dropped = []
    for number in range(OVERLAYS):
        for web, data, kind in asked:
            for users in OVERLAY_USERS:
                found = emulated_boxes.point(kind, users, emulated_boxes.SECONDS, web, data, seed=number)
                where = f"web {web}, data {data} ms, {kind}"
                if found["was_bottleneck"]:
                    dropped.append(f"run {number + 1}, {where}, {users} users: {found['late_us']} µs late")
                else:
                    series[where].append(100 * abs(found["model"] / found["answered"] - 1))
    return overlay(
        "tiers",
        "by how much of the measured answers a second mean value analysis is off, five runs of"
        f" {emulated_boxes.SECONDS} s at {', '.join(map(str, OVERLAY_USERS))} users; 10 % is the limit",
        series,
        dropped,
    )


def overlay(model: str, what: str, series: dict[str, list[float]], dropped: list[str]) -> Run:
    """A model's errors in %, each point of each run. SystemExit where more than one point in five was dropped."""
    kept = sum(len(errors) for errors in series.values())
    if len(dropped) * 5 > kept + len(dropped):
        raise SystemExit("More than one in five was dropped, so nothing is recorded:\n" + "\n".join(dropped))
    return Run(
        name=f"bench-{model}-overlay",
        what=what,
        units=dict.fromkeys(series, "%"),
        series=series,
        made_by="make bench",
        detail={"dropped": dropped},
    )


BENCHES = {
    "explorer-handler": explorer_handler, "one-server": one_server, "queue-replay": queue_replay,
    "waiting-overlay": waiting_overlay, "tiers-overlay": tiers_overlay,
}  # fmt: skip


def main() -> None:
    """The command line: the named benches, or all."""
    parser = argparse.ArgumentParser(prog="python -m book.authoring.bench", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    for name in parser.parse_args().names or BENCHES:
        run = BENCHES[name]()
        print(f"{name}: {runs.save(run)}")
        for series, values in run.series.items():
            ordered = sorted(values)
            middle, worst = ordered[len(ordered) // 2], ordered[-1]
            print(f"  {series}: median {middle:.3g} {run.units[series]}, most {worst:.3g} {run.units[series]}")


if __name__ == "__main__":
    main()

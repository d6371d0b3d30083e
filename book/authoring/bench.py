"""make bench: speeds that the book claims, measured and written to data/runs/bench-*.json with this machine's card.

    python -m book.authoring.bench [NAME ...]
"""

import argparse
import time

from book.authoring import browser
from book.authoring.environment import ROOT, notebooks
from lab import runs
from lab.runs import Run
from mysite import topology

SITE = ROOT / "_build" / "html"
KEY_PRESSES = 200
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
    with browser.opened() as chromium:
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


BENCHES = {"explorer-handler": explorer_handler, "one-server": one_server}


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

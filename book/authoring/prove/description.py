"""The site is as its OpenAPI document says: schemathesis asks for what the document allows, and for what it does not.

    python -m book.authoring.prove description [--count 100]

It makes `count` requests of each operation that leaves something to choose, and follows the links from one operation
to the next. All of its checks are on: statuses, media types, schemas and fields of the header as described, whatever
fits is taken, whatever does not fit is refused, and no session is passed over. What it draws comes from the commit.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from book.authoring.environment import ROOT
from mysite import topology

PHASES = ("examples", "coverage", "fuzzing", "stateful")
LOG = "written_to_standard_error"
ACCEPTS = ("application/json", "text/html")
# These are forms alone: who asks for JSON gets 406, and rightly
CONFIGURATION = """
hooks = "book.authoring.prove.description_hooks"
seed = {seed}
continue-on-failure = true
headers = {{ Accept = "{accept}" }}
[generation]
database = "none"
max-examples = {count}
[checks]
enabled = true
[[operations]]
include-path = ["/join", "/write"]
headers = {{ Accept = "text/html" }}
"""


def tested(
    document: str, url: str, accept: str, count: int, seed: int, phases: Sequence[str] = PHASES
) -> dict[str, Any]:
    """What schemathesis finds at the site at `url`, which an OpenAPI document (an address or a path) describes.

    complaints   what it finds wrong, a line each
    answers      for each operation how often it was answered with which status
    RuntimeError if it could not do its work.
    """
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-description-") as name:
        directory = Path(name)
        configuration = directory / "schemathesis.toml"
        configuration.write_text(CONFIGURATION.format(seed=seed, accept=accept, count=count), "utf-8")
        summary, events = directory / "summary.json", directory / "events.ndjson"
        command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
        command += ["--config-file", str(configuration), "run", document, "--url", url, "--no-color"]
        command += ["--checks", "all", "--phases", ",".join(phases), "--report", "json,ndjson"]
        command += ["--report-json-path", str(summary), "--report-ndjson-path", str(events)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "HOME": name}
        run = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
        if not summary.exists():
            raise RuntimeError(f"schemathesis did not come to an end:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
        found = json.loads(summary.read_text("utf-8"))
        answers = answered(events)
    cases = found["test_cases"]
    return {
        "operations": found["operations"]["tested"],
        "phases": {phase: found["phases"].get(phase, {}).get("status") for phase in phases},
        "cases": cases["generated"],
        "cases_with_failures": cases["with_failures"],
        "failures": cases["unique_failures"],
        "errors": cases["errored"] + found["operations"]["errored"] + len(found["errors"]),
        "complaints": complaints(found, run.returncode),
        "answers": answers,
    }


def complaints(found: dict[str, Any], exit_code: int) -> list[str]:
    """What was found wrong, a line each; none only where schemathesis is content as a whole."""
    lines = [f"{json.dumps(each, ensure_ascii=False)[:600]}" for each in (*found["failures"], *found["errors"])]
    if found["operations"]["tested"] != found["operations"]["total"]:
        lines.append(f"only {found['operations']['tested']} of {found['operations']['total']} operations were tested")
    if exit_code and not lines:
        lines.append(f"schemathesis ended with exit code {exit_code}")
    return lines


def answered(events: Path) -> dict[str, dict[str, int]]:
    """How often each operation was answered with which status; other methods at its address stand apart."""
    counts: dict[str, Counter[str]] = {}
    for line in events.read_text("utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for name, interaction in recorder.get("interactions", {}).items():
            case = recorder["cases"][name]["value"]
            response = interaction["response"]
            status = str(response["status_code"]) if response else "no answer"
            counts.setdefault(f"{case['method']} {case['path']}", Counter())[status] += 1
    return {operation: dict(sorted(of_one.items())) for operation, of_one in sorted(counts.items())}


def prove(count: int, seed: str) -> dict[str, Any]:
    """`count` examples an operation, once for JSON and once for HTML, each at a site of its own."""
    begun = time.monotonic()
    runs = {}
    for accept in ACCEPTS:
        with topology.one_server() as site:
            url = site.url("", host=site.address)
            runs[accept] = tested(f"{url}/openapi.json", url, accept, count, int(seed[:7], 16))
            runs[accept][LOG] = (site.web.directory / "server.log").read_text()[-2000:]
        short = {key: value for key, value in runs[accept].items() if key != "answers"}
        print(accept, json.dumps(short, ensure_ascii=False), flush=True)
    failed = [f"{accept}: {each}" for accept, run in runs.items() for each in run["complaints"]]
    failed += [f"{accept}: the server wrote to standard error" for accept, run in runs.items() if run[LOG]]
    return {
        "what": "schemathesis at the running site, with all its checks, the examples, its coverage of each schema's"
        " limits, requests drawn with the commit's hash as seed, and the links from one operation to the next",
        "seed": seed,
        "examples_an_operation": count,
        "runs": runs,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "failed": failed,
    }

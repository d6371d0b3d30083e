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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from book.authoring.environment import ROOT
from mysite import topology

PHASES = ("examples", "coverage", "fuzzing", "stateful")
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


@dataclass(frozen=True)
class Report:
    """What schemathesis says of a site. The numbers are counts.

    operations           that it tested
    phases               the outcome of each, "success" where all is well; None for one that it left out
    cases                requests that it generated
    cases_with_failures  those of them whose response was not as described
    failures             the different things that were wrong with them
    errors               what kept it from testing
    complaints           what was wrong, a line each
    answers              how often each operation was answered with which status
    """

    operations: int
    phases: dict[str, str | None]
    cases: int
    cases_with_failures: int
    failures: int
    errors: int
    complaints: list[str]
    answers: dict[str, dict[str, int]]


def run_schemathesis(
    document: str, url: str, accept: str, count: int, seed: int, phases: Sequence[str] = PHASES
) -> Report:
    """Let schemathesis test the site at `url` against an OpenAPI document.

    document  its address or path
    accept    the media type that the requests ask for
    count     requests drawn for each operation
    phases    some of PHASES

    RuntimeError, with what schemathesis printed, where it could not do its work.
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
        result = json.loads(summary.read_text("utf-8"))
        answers = answers_by_operation(events)
    cases = result["test_cases"]
    return Report(
        operations=result["operations"]["tested"],
        phases={phase: result["phases"].get(phase, {}).get("status") for phase in phases},
        cases=cases["generated"],
        cases_with_failures=cases["with_failures"],
        failures=cases["unique_failures"],
        errors=cases["errored"] + result["operations"]["errored"] + len(result["errors"]),
        complaints=complaints(result, run.returncode),
        answers=answers,
    )


def complaints(result: dict[str, Any], exit_code: int) -> list[str]:
    """Return what is wrong, a line each; none only where schemathesis is content as a whole.

    result  its summary, as it writes it
    """
    problems = (*result["failures"], *result["errors"])
    lines = [json.dumps(problem, ensure_ascii=False)[:600] for problem in problems]
    operations = result["operations"]
    if operations["tested"] != operations["total"]:
        lines.append(f"only {operations['tested']} of {operations['total']} operations were tested")
    if exit_code and not lines:
        lines.append(f"schemathesis ended with exit code {exit_code}")
    return lines


def answers_by_operation(events: Path) -> dict[str, dict[str, int]]:
    """Count how often each operation was answered with which status; other methods at its address stand apart.

    events  the file of schemathesis's events, a line of JSON each
    """
    counts: dict[str, Counter[str]] = {}
    for line in events.read_text("utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for name, interaction in recorder.get("interactions", {}).items():
            case = recorder["cases"][name]["value"]
            response = interaction["response"]
            status = str(response["status_code"]) if response else "no answer"
            counts.setdefault(f"{case['method']} {case['path']}", Counter())[status] += 1
    return {operation: dict(sorted(statuses.items())) for operation, statuses in sorted(counts.items())}


def prove(count: int, seed: str) -> dict[str, Any]:
    """Test a new site with `count` examples an operation, for each of ACCEPTS; the result as it is committed."""
    start = time.monotonic()
    runs, failed = {}, []
    for accept in ACCEPTS:
        with topology.one_server() as site:
            url = site.url("", host=site.address)
            report = run_schemathesis(f"{url}/openapi.json", url, accept, count, int(seed[:7], 16))
            log = (site.web.directory / "server.log").read_text()[-2000:]
        runs[accept] = {**asdict(report), "written_to_standard_error": log}
        short = {key: value for key, value in runs[accept].items() if key != "answers"}
        print(accept, json.dumps(short, ensure_ascii=False), flush=True)
        failed += [f"{accept}: {complaint}" for complaint in report.complaints]
        failed += [f"{accept}: the server wrote to standard error"] if log else []
    return {
        "what": "schemathesis at the running site, with all its checks, the examples, its coverage of each schema's"
        " limits, requests drawn with the commit's hash as seed, and the links from one operation to the next",
        "seed": seed,
        "examples_an_operation": count,
        "runs": runs,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "failed": failed,
    }

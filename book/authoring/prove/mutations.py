"""Draw mutants, run the tests that guard each, and list the survivors.

    python -m book.authoring.prove mutations [--count 102] [--workers 2]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from book.authoring.environment import ROOT
from book.authoring.prove.mutants import Mutant, drawn

# A mutant that hangs is noticed too: the longest part of the tests takes a fraction of this.
LONGEST_S = 1800
# What a copy needs and git does not hold
LINKED = (".venv", "_build")


def guards(root: Path, path: str) -> list[list[str]]:
    """The parts of `make test` that guard a file, the nearest first: a part is what one pytest run is given.

    A module's own tests, then the notebooks that use it, then all tests of its package. A notebook is guarded by
    itself and by the tests of the chapters, data by the data's tests.
    """
    package = path.split("/")[0]
    if path.endswith(".ipynb"):
        return [[path], ["tests/chapters"]]
    mirrored = Path("tests") / Path(path).parent / f"test_{Path(path).stem}.py"
    near = [mirrored.as_posix()] if (root / mirrored).exists() else []
    around = [f"tests/{Path(path).parent.as_posix()}"] if (root / "tests" / Path(path).parent).is_dir() else []
    notebooks = ["index.ipynb", "chapters"]
    if package == "data":
        return [["tests/data"], notebooks, ["tests/lab", "tests/mysite"]]
    return [part for part in (near, around, notebooks, [f"tests/{package}"], ["tests/chapters"]) if part]


def copied(root: Path, into: Path) -> None:
    """A copy of what git holds, with the environment and the built site linked."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, into / name)
    for name in LINKED:
        (into / name).symlink_to(root / name)


def noticed_by(copy: Path, parts: list[list[str]]) -> str | None:
    """The first part that turns red, or None. The copy's packages come before the installed ones."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    for part in parts:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *part]
        try:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            return f"{' '.join(part)} (ran longer than {LONGEST_S} s)"
        if done.returncode not in (0, 5):  # 5: no test in this part
            return " ".join(part)
    return None


def judged(mutant: Mutant, copies: SimpleQueue) -> dict:
    """One mutant in one copy: applied, tested, taken back."""
    copy = copies.get()
    file = copy / mutant.path
    original = file.read_text("utf-8")
    try:
        file.write_text(mutant.applied(original), "utf-8")
        by = noticed_by(copy, guards(copy, mutant.path))
    finally:
        file.write_text(original, "utf-8")
        copies.put(copy)
    place = f"{mutant.path}:{mutant.line}"
    verdict = "noticed" if by else "SURVIVED"
    print(f"{verdict:8} {mutant.kind:14} {place}  {mutant.before!r} -> {mutant.after!r}", flush=True)
    return {"kind": mutant.kind, "place": place, "before": mutant.before, "after": mutant.after, "noticed_by": by}


def prove(count: int, workers: int, seed: str) -> dict:
    """Draw and judge; the result as it is committed."""
    started = time.monotonic()
    mutants = drawn(ROOT, seed, count)
    copies: SimpleQueue = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-mutants-") as folder:
        for number in range(workers):
            copy = Path(folder) / str(number)
            copied(ROOT, copy)
            copies.put(copy)
        with ThreadPoolExecutor(workers) as pool:
            results = list(pool.map(lambda mutant: judged(mutant, copies), mutants))
    survivors = [result for result in results if result["noticed_by"] is None]
    return {
        "what": "mutants drawn with the commit's hash as seed; each must turn a test red",
        "seed": seed,
        "drawn": dict(Counter(result["kind"] for result in results)),
        "noticed": len(results) - len(survivors),
        "survivors": survivors,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "mutants": results,
    }

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
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from book.authoring.environment import ROOT
from book.authoring.prove.mutants import Mutant, draw

# A mutant that hangs is noticed too: the longest part of the tests takes a fraction of this.
LONGEST_S = 1800
# What a copy needs and git does not hold
LINKED = (".venv", "_build")


def guards(root: Path, path: str) -> list[list[str]]:
    """Return the parts of `make test` that guard a file, the nearest first: a part is the paths for one run of pytest.

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


def copy_checkout(root: Path, into: Path) -> None:
    """Copy the checkout but for what git ignores, new files too, and link the environment and the built site."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if not (root / name).exists():  # deleted, and not yet so for git
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, into / name)
    for name in LINKED:
        (into / name).symlink_to(root / name)


def first_red_part(copy: Path, parts: list[list[str]]) -> str | None:
    """Return the first part that turns red, or None. The copy's packages come before the installed ones."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    for part in parts:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *part]
        try:
            process = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            return f"{' '.join(part)} (ran longer than {LONGEST_S} s)"
        if process.returncode not in (0, 5):  # 5: no test in this part
            return " ".join(part)
    return None


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    place       path:line
    noticed_by  the paths that the pytest run had which turned red; None where the mutant survived
    """

    kind: str
    place: str
    before: str
    after: str
    noticed_by: str | None


def judge(mutant: Mutant, copies: SimpleQueue[Path]) -> Verdict:
    """Make the change in a free copy, run the tests that guard it, and undo it."""
    copy = copies.get()
    file = copy / mutant.path
    original = file.read_text("utf-8")
    try:
        file.write_text(mutant.change(original), "utf-8")
        noticed_by = first_red_part(copy, guards(copy, mutant.path))
    finally:
        file.write_text(original, "utf-8")
        copies.put(copy)
    place = f"{mutant.path}:{mutant.line}"
    word = "noticed" if noticed_by else "SURVIVED"
    print(f"{word:8} {mutant.kind:14} {place}  {mutant.before!r} -> {mutant.after!r}", flush=True)
    return Verdict(mutant.kind, place, mutant.before, mutant.after, noticed_by)


def prove(count: int, workers: int, seed: str) -> dict:
    """Draw `count` mutants and judge them; return the result as it is committed."""
    start = time.monotonic()
    mutants = draw(ROOT, seed, count)
    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="scale-from-zero-mutants-") as folder:
        for number in range(workers):
            copy = Path(folder) / str(number)
            copy_checkout(ROOT, copy)
            copies.put(copy)
        with ThreadPoolExecutor(workers) as pool:
            verdicts = list(pool.map(lambda mutant: judge(mutant, copies), mutants))
    survivors = [asdict(verdict) for verdict in verdicts if verdict.noticed_by is None]
    return {
        "what": "mutants drawn with the commit's hash as seed; each must turn a test red",
        "seed": seed,
        "drawn": dict(Counter(verdict.kind for verdict in verdicts)),
        "noticed": len(verdicts) - len(survivors),
        "survivors": survivors,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "mutants": [asdict(verdict) for verdict in verdicts],
    }

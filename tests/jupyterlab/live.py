"""A real JupyterLab on a copy of the book, and a notebook that is open in it, as a reader has them."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Locator, Page

from book.authoring.environment import FOLDERS, ROOT
from tests.mysite.watching import environment_in, started_in, wait_until

START_S, RUN_S, END_S = 60, 300, 30
TOKEN = "of-this-test"
# What the application of JupyterLab's own window gives
NOTEBOOK = "jupyterapp.shell.currentWidget"
IS_OPEN = f"(path) => window.jupyterapp && {NOTEBOOK}?.context?.path === path"
# Names each cell's element after the cell, and waits for the kernel
OPENED = f"""async () => {{
  await {NOTEBOOK}.revealed;
  await {NOTEBOOK}.sessionContext.ready;
  for (const cell of {NOTEBOOK}.content.widgets) {{
    Object.assign(cell.node.dataset, {{ id: cell.model.id, path: {NOTEBOOK}.context.path }});
  }}
}}"""
ASK = f"""async (expression) => {{
  const kernel = {NOTEBOOK}.sessionContext.session.kernel;
  const {{ content }} = await kernel.requestExecute({{ code: "", user_expressions: {{ answer: expression }} }}).done;
  return content.user_expressions.answer;
}}"""
TELL = f"""async (code) => {{
  const {{ content }} = await {NOTEBOOK}.sessionContext.session.kernel.requestExecute({{ code }}).done;
  return content.status === "ok" ? null : `${{content.ename}}: ${{content.evalue}}`;
}}"""
RUN_CELL = f"""async (id) => {{
  const notebook = {NOTEBOOK}.content;
  notebook.activeCellIndex = notebook.widgets.findIndex((cell) => cell.model.id === id);
  await jupyterapp.commands.execute("notebook:run-cell");
}}"""
ADD_CELL = f"""([id, source]) => {{
  {NOTEBOOK}.content.model.sharedModel.addCell({{ cell_type: "code", id, source, metadata: {{}} }});
  Object.assign({NOTEBOOK}.content.widgets.at(-1).node.dataset, {{ id, path: {NOTEBOOK}.context.path }});
}}"""


@dataclass
class JupyterLab:
    """A running server. `folder` holds all that it writes, `book` the copy of the book that it shows."""

    address: str
    folder: Path

    @property
    def book(self) -> Path:
        """The root of what JupyterLab shows."""
        return self.folder / "book"

    @property
    def mark(self) -> Path:
        """By which all processes that it started are known: `tests.mysite.watching.started_in`."""
        return self.folder / "temporary"

    def set(self, plugin: str, **settings: Any) -> None:
        """Set what a reader sets in JupyterLab's own settings, for pages that are opened after it."""
        extension, _, name = plugin.partition(":")
        path = self.folder / "settings" / extension / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), "utf-8")


def copy_of_the_book(target: Path) -> None:
    """Copy what a reader of JupyterLab reads: the cover, the chapters, and the pages around them."""
    for folder in ("chapters", "book"):
        pattern = "*.ipynb" if folder == "chapters" else "*.md"
        (target / folder).mkdir(parents=True)
        for file in (ROOT / folder).glob(pattern):
            shutil.copy(file, target / folder)
    shutil.copy(ROOT / "index.ipynb", target)


def environment(folder: Path) -> dict[str, str]:
    """A reader's environment: the checkout is importable, and all that Jupyter writes lies in the folder."""
    inherited = environment_in(folder / "temporary")
    clean = {name: value for name, value in inherited.items() if not name.startswith("JUPYTER") and name != "LAB_RUN"}
    own = {name: str(folder / directory) for name, directory in FOLDERS.items()}
    own |= {f"JUPYTERLAB_{name.upper()}_DIR": str(folder / name) for name in ("settings", "workspaces")}
    return clean | own | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def answers(address: str) -> bool:
    """Whether the server answers a request that has its token."""
    try:
        with urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def jupyterlab() -> Iterator[JupyterLab]:
    """Run JupyterLab on 127.0.0.1 within this context; at its end nothing that it started is left.

    AssertionError, with what it wrote, where it does not start, and where a process or a temporary file outlives it.
    """
    folder = Path(tempfile.mkdtemp(prefix="live-jupyterlab-"))
    folder.chmod(0o711)  # a database's own user enters it, where the tests run as root
    running = JupyterLab("", folder)
    copy_of_the_book(running.book)
    running.mark.mkdir()
    running.set("@jupyterlab/apputils-extension:notification", fetchNews="false", checkForUpdates=False)
    trusted = [str(path) for path in running.book.rglob("*.ipynb")]
    subprocess.run([sys.executable, "-m", "jupyter", "trust", *trusted], env=environment(folder), check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running.address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.root_dir={running.book}",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]  # fmt: skip
    log = folder / "log"
    with log.open("w") as written:
        server = subprocess.Popen(command, env=environment(folder), stdout=written, stderr=written,
                                  start_new_session=True)  # fmt: skip
    try:
        deadline = time.monotonic() + START_S
        while not answers(running.address):
            assert server.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield running
    finally:
        left = end(server, running)
        left += [str(path) for path in running.mark.iterdir()]
        shutil.rmtree(folder)
    assert left == [], "JupyterLab has ended"


def end(server: subprocess.Popen[bytes], running: JupyterLab) -> list[str]:
    """End the server as the system ends it, and whatever it has left; return the commands of what was left."""
    server.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(END_S)
    with contextlib.suppress(AssertionError):
        wait_until(lambda: not started_in(running.mark), END_S)
    left = [psutil.Process(process_id) for process_id in started_in(running.mark)]
    commands = []
    for process in left:
        with contextlib.suppress(psutil.Error):
            commands.append(" ".join(process.cmdline()))
            process.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    return commands


@dataclass
class Notebook:
    """A notebook that is open in JupyterLab, with a kernel of its own."""

    page: Page
    errors: list[str]
    path: str

    def cell(self, cell_id: str) -> Locator:
        """The element of a cell."""
        return self.page.locator(f".jp-Cell[data-id='{cell_id}'][data-path='{self.path}']")

    def add(self, cell_id: str, source: str) -> Locator:
        """Add a cell at the end, run it, and return its element."""
        self.page.evaluate(ADD_CELL, [cell_id, source])
        return self.run(cell_id)

    def run(self, cell_id: str) -> Locator:
        """Run one cell and return its element."""
        self.page.evaluate(RUN_CELL, cell_id)
        self.cell(cell_id).scroll_into_view_if_needed()
        return self.cell(cell_id)

    def run_all(self) -> None:
        """*Run All Cells* of JupyterLab's menu, until the last one is done."""
        self.page.evaluate("""() => {
          window.ended = false;
          jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { window.ended = true; });
        }""")
        self.page.wait_for_function("window.ended", timeout=RUN_S * 1000)

    def cells(self) -> list[dict[str, Any]]:
        """The cells as they would be saved."""
        cells: list[dict[str, Any]] = self.page.evaluate(f"{NOTEBOOK}.content.model.toJSON().cells")
        return cells

    def faults(self) -> list[str]:
        """The errors in outputs, each with its cell's id."""
        return [
            f"{cell['id']}: {output['ename']}: {output['evalue']}"
            for cell in self.cells() for output in cell.get("outputs", []) if output["output_type"] == "error"
        ]  # fmt: skip

    def ask(self, expression: str) -> str:
        """The value of an expression in the kernel, as text."""
        answer = self.page.evaluate(ASK, expression)
        assert answer["status"] == "ok", answer
        return str(answer["data"]["text/plain"])

    def tell(self, code: str) -> None:
        """Run code in the kernel, outside any cell."""
        fault = self.page.evaluate(TELL, code)
        assert fault is None, fault

    @staticmethod
    def widget(name: str) -> str:
        """An expression for the explorer of that name."""
        return f"__import__('lab.widgets.stable_widget').widgets.stable_widget.open_widgets['explorer/{name}']"

    def setting_of(self, name: str) -> str:
        """The setting of the explorer of that name, as the kernel has it."""
        return self.ask(f"{self.widget(name)}.value")

    def restart(self) -> None:
        """Start the kernel anew, as *Restart Kernel* does."""
        self.page.evaluate(f"{NOTEBOOK}.sessionContext.restartKernel()")

    def end_kernel(self) -> None:
        """Shut the kernel down."""
        self.page.evaluate(f"{NOTEBOOK}.sessionContext.shutdown()")

    def open_beside(self, path: str) -> "Notebook":
        """Open another notebook in the same window; it is the current one from then on."""
        self.page.evaluate("async (path) => { await jupyterapp.commands.execute('docmanager:open', { path }); }", path)
        self.page.wait_for_function(IS_OPEN, arg=path)
        self.page.evaluate(OPENED)
        return Notebook(self.page, self.errors, path)


@contextlib.contextmanager
def notebook_window(lab: JupyterLab, browser: Browser, path: str, **context: Any) -> Iterator[Notebook]:
    """Open a notebook by its path in the book, within this context; its kernel ends with it."""
    window = browser.new_context(**{"viewport": {"width": 1280, "height": 1000}, "reduced_motion": "reduce"} | context)
    page, errors = window.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(f"{lab.address}/lab/tree/{path}?token={TOKEN}&reset")
        page.wait_for_function(IS_OPEN, arg=path, timeout=START_S * 1000)
        page.evaluate(OPENED)
        # the bar of files takes a quarter of the window
        page.evaluate("jupyterapp.shell.collapseLeft()")
        notebook = Notebook(page, errors, path)
        yield notebook
        notebook.end_kernel()
    finally:
        window.close()

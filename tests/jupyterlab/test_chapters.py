"""Chapters in a real JupyterLab: *Run All* brings no error and every widget, and a cell that runs again replaces."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from book.authoring.environment import ROOT, chapter
from lab.widgets.explorer import FOLDER
from tests.jupyterlab.live import Notebook
from tests.mysite.watching import started_in, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.jupyterlab]
STYLES = (ROOT / "tests" / "jupyterlab" / "styles.js").read_text("utf-8")
SHEETS = "".join((FOLDER / name).read_text("utf-8") for name in ("explorer.css", "exercises.css"))
WIDGETS = ".explorer, .exercise-box"
# JupyterLab draws no cell that is out of sight
DRAW_ALL = ".jp-Cell { content-visibility: visible !important; }"


def path_of(topic: str) -> str:
    """A chapter's path within the book."""
    return chapter(topic).relative_to(ROOT).as_posix()


def widgets_of(notebook: Notebook) -> int:
    """How many of the outputs are widgets."""
    view = "application/vnd.jupyter.widget-view+json"
    return sum(view in output.get("data", {}) for cell in notebook.cells() for output in cell.get("outputs", []))


@pytest.mark.parametrize("topic", ["one_request", "when_full", "tiers"])
def test_run_all_brings_no_error_and_every_widget(lab, open_notebook, topic):
    notebook = open_notebook(path_of(topic))
    notebook.run_all()
    assert notebook.faults() == []
    notebook.page.add_style_tag(content=DRAW_ALL)
    widgets = notebook.page.locator(WIDGETS)
    wait_until(lambda: widgets.count() == widgets_of(notebook))
    assert widgets_of(notebook) > 4

    field = notebook.page.locator(".prediction input").first
    field.fill("40")
    field.press("Enter")
    notebook.page.get_by_text("Committed: 40").wait_for()
    field.blur()
    assert notebook.page.evaluate(f"({STYLES})", SHEETS) == [], "what JupyterLab's own sheets change"

    for inputs in ("input[type=range]", "button"):  # JupyterLab has an outline of its own for buttons
        control = notebook.page.locator(f".explorer {inputs}:visible, .exercise-box {inputs}:visible").first
        notebook.page.keyboard.press("Shift")
        control.focus()
        assert control.evaluate("(control) => getComputedStyle(control).outlineWidth") == "3px"

    before = set(started_in(lab.mark))
    notebook.end_kernel()
    wait_until(lambda: len(started_in(lab.mark)) == 1, 30)  # the server's own
    assert len(before) > 1


@pytest.mark.parametrize("times", [2, 4])
def test_a_cell_that_runs_again_replaces_its_explorer(open_notebook, times):
    notebook = open_notebook(path_of("one_request"))
    notebook.run("imports")
    cell = notebook.cell("explorer")
    for _ in range(times):
        notebook.run("explorer")
    cell.locator(".explorer").wait_for()
    assert cell.locator(".explorer").count() == notebook.page.locator(".explorer").count() == 1
    cell.get_by_role("slider", name="Time to live").press("End")
    wait_until(lambda: "'ttl_s': 86400" in notebook.setting_of("hit-ratio"))
    assert notebook.faults() == []


def test_a_cell_that_runs_again_replaces_its_servers(lab, open_notebook):
    """Four times the cell that starts two tiers: as many processes as after the first time, and all run."""
    notebook = open_notebook(path_of("tiers"))
    for cell in ("imports", "two-tiers"):
        notebook.run(cell)
    processes = len(started_in(lab.mark))
    process_ids = {notebook.ask("site.webs[0].pid")}
    for _ in range(3):
        notebook.run("two-tiers")
        process_ids.add(notebook.ask("site.webs[0].pid"))
        wait_until(lambda: len(started_in(lab.mark)) == processes, 30)
    assert len(process_ids) == 4 and processes > 8
    assert notebook.ask("{server.running() for server in site.servers().values()}") == "{True}"
    assert notebook.faults() == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_letters_stand_out_in_both_themes(lab, open_notebook, theme):
    """At least 4.5 to 1, as axe reckons it, in all that the widgets show."""
    lab.set("@jupyterlab/apputils-extension:themes", theme=f"JupyterLab {theme}")
    notebook = open_notebook(path_of("one_request"), color_scheme=theme.lower())
    assert notebook.page.evaluate("document.body.dataset.jpThemeLight") == str(theme == "Light").lower()
    notebook.page.add_style_tag(content=DRAW_ALL)
    for cell in ("imports", "predict-question", "compare-question", "quiz-questions", "exercise-ttl", "exercise-name",
                 "open-exercise", "explorer"):  # fmt: skip
        notebook.run(cell)
    notebook.cell("explorer").locator(".explorer").wait_for()
    whole, options = ".explorer, .exercise-box, .verdict", {"runOnly": ["color-contrast"]}
    violations = Axe().run(notebook.page, context=whole, options=options).response["violations"]
    assert [node["html"] for fault in violations for node in fault["nodes"]] == []

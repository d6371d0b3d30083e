"""Explorers and predictions in a real JupyterLab with a kernel: what moves there arrives here, and the other way."""

import pytest
from playwright.sync_api import Locator, expect

from book.authoring.environment import ROOT, chapter
from tests.jupyterlab.live import Notebook
from tests.mysite.watching import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.jupyterlab]
FIRST = chapter("one_request").relative_to(ROOT).as_posix()
# Measures for as long as a file is there: a test decides when the answer comes
MEASURE = """
from pathlib import Path
from time import sleep
from lab.chapters.one_request.hit_ratio_explorer import hit_ratio_explorer

def measure(ttl_s, per_hour, arrivals):
    while Path({busy!r}).exists():
        sleep(0.05)
    return 0.25

hit_ratio_explorer(measure)
"""
# Two of one kind, as a reader makes them who wants to compare
TWO = """
from IPython.display import display
from lab.drawing.book_figure import Drawing
from lab.widgets.explorer import Control, Explorer, Output

def mine(name):
    controls = [Control("size", "Size", (1, 2, 3), 1), Control("kind", "Kind", ("a", "b"), "a", words=("ay", "bee"))]
    drawings = {layout: Drawing('<svg viewBox="0 0 9 9"/>', 9, 9) for layout in ("wide", "tall")}
    return Explorer(name, name, lambda size, kind: {"n": size}, controls, [Output("n", "n")], drawings)

display(mine("one"), mine("other"))
"""

PREDICT = "from lab.widgets.prediction import compare, predict\npredict('length', 'How long is it?', 'bytes')"
COMPARE = "compare('length', 32, 'bytes')"


@pytest.fixture
def first(open_notebook) -> Notebook:
    """The first chapter, of which nothing was run."""
    return open_notebook(FIRST)


@pytest.fixture
def busy(tmp_path):
    """As long as this file is there, a measurement goes on."""
    return tmp_path / "busy"


@pytest.fixture
def measuring(first, busy) -> Locator:
    """The cell of an explorer that measures 0.25."""
    cell = first.add("measuring", MEASURE.format(busy=str(busy)))
    expect(cell.get_by_role("button", name="Measure again")).to_be_visible()
    return cell


def test_a_slider_moves_the_value_and_the_value_the_slider(first, measuring):
    slider = measuring.get_by_role("slider", name="Time to live")
    slider.press("End")
    wait_until(lambda: "'ttl_s': 86400" in first.setting_of("hit-ratio"))
    first.tell(f"{first.widget('hit-ratio')}.value = {{'ttl_s': 60, 'per_hour': 12, 'arrivals': 'even'}}")
    expect(slider).to_have_attribute("aria-valuetext", "60 s")
    expect(measuring.get_by_role("radio", name="evenly")).to_be_checked()
    measuring.get_by_role("radio", name="ten at once").check()
    wait_until(lambda: "'arrivals': 'bursts'" in first.setting_of("hit-ratio"))
    assert "'ttl_s': 60" in first.setting_of("hit-ratio")


def test_a_measurement_stands_where_it_was_made_while_the_slider_moves(first, measuring, busy):
    sentence, slider = measuring.locator(".explorer-measured"), measuring.get_by_role("slider", name="Time to live")
    here = "Time to live 300 s, Requests an hour 12, They arrive at random"
    button = measuring.get_by_role("button", name="Measure again")
    busy.touch()
    button.click()
    expect(sentence).to_have_text("Measuring …")
    slider.press("End")
    busy.unlink()
    expect(sentence).to_have_text(f"Measured at {here}: 0.25")
    # the kernel was busy: where the slider stood when it was free again is what is measured next
    button.click()
    expect(sentence).to_have_text("Measured: 0.25")
    slider.press("ArrowLeft")
    expect(sentence).to_have_text(f"Measured at {here.replace('300 s', '86,400 s')}: 0.25")


def test_a_question_that_waits_is_answered_for_the_setting_that_was_asked_for(first, measuring, busy):
    """What a slider sets is held back while the kernel works; the setting goes with the question."""
    sentence, slider = measuring.locator(".explorer-measured"), measuring.get_by_role("slider", name="Time to live")
    busy.touch()
    first.page.evaluate("(code) => { jupyterapp.shell.currentWidget.sessionContext.session.kernel"
                        ".requestExecute({ code }); }", "measure(1, 1, 'even')")  # fmt: skip
    for key in ("Home", "End"):
        slider.press(key)
    measuring.get_by_role("button", name="Measure again").click()
    expect(sentence).to_have_text("Measuring …")
    busy.unlink()
    expect(sentence).to_have_text("Measured: 0.25")
    expect(slider).to_have_attribute("aria-valuetext", "86,400 s")


def test_a_kernel_that_is_busy_or_started_anew_is_said_to_be_so(first, measuring, busy):
    sentence, button = measuring.locator(".explorer-measured"), measuring.get_by_role("button", name="Measure again")
    button.click()
    expect(sentence).to_have_text("Measured: 0.25")
    busy.touch()
    button.click()
    expect(sentence).to_contain_text("No answer yet.", timeout=10_000)
    expect(button).to_be_enabled()
    first.restart()
    expect(sentence).to_have_text("The kernel was started anew, or has ended. Run this cell again, then measure.")
    busy.unlink()
    first.run("measuring")
    expect(sentence).to_have_text("")
    expect(button).to_be_enabled()
    button.click()
    expect(sentence).to_have_text("Measured: 0.25")
    assert measuring.locator(".explorer").count() == 1


def test_two_explorers_of_one_kind_do_not_move_each_other(first):
    cell = first.add("two", TWO)
    expect(cell.locator(".explorer")).to_have_count(2)
    one, other = cell.get_by_role("group", name="one", exact=True), cell.get_by_role("group", name="other", exact=True)
    one.get_by_role("radio", name="bee").check()
    other.get_by_role("slider", name="Size").press("End")
    expect(one.get_by_role("radio", name="bee")).to_be_checked()
    wait_until(lambda: first.setting_of("other") == "{'size': 3, 'kind': 'a'}")
    assert first.setting_of("one") == "{'size': 1, 'kind': 'b'}"
    other.get_by_text("bee").click()
    wait_until(lambda: first.setting_of("other") == "{'size': 3, 'kind': 'b'}")
    one.get_by_text("ay").click()
    wait_until(lambda: first.setting_of("one") == "{'size': 1, 'kind': 'a'}")
    expect(other.get_by_role("radio", name="bee")).to_be_checked()
    ids = cell.evaluate("() => [...document.querySelectorAll('.explorer [id]')].map((element) => element.id)")
    assert ids and len(ids) == len(set(ids))


@pytest.fixture
def guessing():
    """guessing(notebook) adds a prediction and its comparison; it returns the field and what the comparison says."""

    def add(notebook: Notebook) -> tuple[Locator, Locator]:
        prediction, comparison = notebook.add("guess", PREDICT), notebook.add("compare", COMPARE)
        return prediction.get_by_role("textbox", name="How long is it?"), comparison.locator(".prediction-distance")

    return add


def test_enter_commits_a_prediction(first, guessing):
    field, distance = guessing(first)
    expect(distance).to_have_text("No guess yet: make one above.")
    distance.get_by_role("link").click()
    expect(field).to_be_focused()
    first.page.keyboard.type("many")
    first.page.keyboard.press("Enter")
    hint = first.cell("guess").get_by_role("status")
    expect(hint).to_have_text("Write one number in figures, such as 40 or 2.5.")
    field.fill("40")
    first.page.keyboard.press("Enter")
    expect(distance).to_have_text("Your guess is 8 bytes too high.")
    wait_until(lambda: first.ask("__import__('lab').widgets.prediction.guesses") == "{'length': 40.0}")


def test_two_notebooks_in_one_window_share_no_guess(lab, first, guessing):
    """A reader who keeps a copy of a chapter beside it."""
    (lab.book / "copy.ipynb").write_bytes((lab.book / FIRST).read_bytes())
    field, distance = guessing(first)
    field.fill("40")
    field.press("Enter")
    expect(distance).to_have_text("Your guess is 8 bytes too high.")
    beside = first.open_beside("copy.ipynb")
    _, other_distance = guessing(beside)
    expect(other_distance).to_have_text("No guess yet: make one above.")
    beside.end_kernel()

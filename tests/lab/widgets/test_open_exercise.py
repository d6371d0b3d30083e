"""Open exercises: written first, compared then; kept in the browser, also where a page is loaded again."""

import copy

import pytest

from lab.widgets.open_exercise import CHAPTERS, OpenExercise, OpenExerciseError, check, open_exercise
from lab.widgets.stable_widget import in_lines
from tests.lab.widgets.conftest import faults

TOPICS = sorted(path.parent.name for path in CHAPTERS.glob("*/open_exercise.yml"))
POINTS = ["You measure.", "You count.", "You say what breaks."]
SMALL = {"label": "Your plan", "points": POINTS, "model_answer": "I measure."}


def test_text_reads_well_where_no_script_runs():
    text = repr(OpenExercise("small", SMALL))
    assert text.splitlines()[0].startswith("open exercise small, not answered yet: Your plan (checksum ")
    assert text.splitlines()[1:] == [
        "Write down yours first. A good answer has these points:",
        "  - You measure.", "  - You count.", "  - You say what breaks.", "One good answer: I measure.",
    ]  # fmt: skip
    assert max(map(len, in_lines(text).splitlines())) <= 80


@pytest.mark.parametrize("topic", TOPICS)
def test_a_chapters_points_and_model_answer_are_short(topic):
    spec = open_exercise(topic).spec
    assert all(point.endswith(".") and len(point) <= 170 for point in spec["points"])
    assert 50 <= len(spec["model_answer"].split()) <= 180


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda c: c.pop("label"), "An open exercise has label, points, model_answer and nothing else."),
        (lambda c: c.update(hint="x"), "An open exercise has label, points, model_answer and nothing else."),
        (lambda c: c.update(label=""), "The label of an open exercise cannot be ''."),
        (lambda c: c.update(points="x"), "The points of an open exercise cannot be 'x'."),
        (lambda c: c["points"].pop(), "It has 2 points: give it 3 to 6 that differ."),
        (lambda c: c["points"].append("You count."), "It has 4 points: give it 3 to 6 that differ."),
        (lambda c: c["points"].append(4), "Each point is a text: put it in quotes."),
    ],
)
def test_a_file_that_cannot_be_shown_is_refused(spoil, message):
    content = copy.deepcopy(SMALL)
    check(content)
    spoil(content)
    with pytest.raises(OpenExerciseError) as refusal:
        check(content)
    assert str(refusal.value) == message


def test_an_open_exercise_that_is_not_there():
    with pytest.raises(OpenExerciseError, match=r"'cover' has no open exercise\. These have: measuring, one_request"):
        open_exercise("cover")


@pytest.mark.browser
def test_write_compare_tick_and_come_back(show):
    page = show(OpenExercise("small", SMALL))
    box, text = page.locator(".open-exercise"), page.get_by_role("textbox", name="Your plan")
    assert not page.get_by_text("You measure.").is_visible(), "nothing is given away before the reader has written"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert box.get_by_role("status").first.inner_text().startswith("Write down yours first")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert faults(page) == []
    page.keyboard.type("I measure first.\nThen I count.")
    page.get_by_role("button", name="Compare with a good answer").click()
    assert page.evaluate("document.activeElement.className") == "open-heading"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_text("You say what breaks.").click()
    assert page.locator(".open-score").inner_text() == "2 of 3 points."
    page.get_by_text("One good answer").click()
    assert page.get_by_text("I measure.", exact=True).is_visible()
    assert faults(page) == []
    targets = page.locator(".open-point, button:visible, summary")
    assert min(targets.evaluate_all("(all) => all.map((target) => target.offsetHeight)")) >= 24
    page.reload()
    page.wait_for_selector(".open-exercise")
    assert text.input_value() == "I measure first.\nThen I count."
    ticks = page.get_by_role("checkbox").evaluate_all("(all) => all.map((box) => box.checked)")
    assert ticks == [True, False, True]
    page.get_by_role("button", name="Start again").click()
    assert (text.input_value(), page.get_by_role("checkbox").count()) == ("", 0)
    page.reload()
    page.wait_for_selector(".open-exercise")
    assert text.input_value() == ""


@pytest.mark.browser
@pytest.mark.parametrize("prevented", [False, True])
def test_a_line_is_broken_once_also_where_jupyterlab_takes_the_break(show, prevented):
    """JupyterLab 4.6 prevents beforeinput of a line break in every field of a notebook."""
    page = show(OpenExercise("small", SMALL))
    page.evaluate("""(prevented) => document.addEventListener("beforeinput", (event) => {
      if (prevented && event.inputType === "insertLineBreak") event.preventDefault(); }, true)""", prevented)
    text = page.get_by_role("textbox", name="Your plan")
    text.fill("onetwo")
    text.press("Home")
    for _ in range(3):
        text.press("ArrowRight")
    text.press("Enter")
    page.wait_for_function("document.querySelector('textarea').value === 'one\\ntwo'")
    assert text.input_value() == "one\ntwo"
    page.reload()
    page.wait_for_selector(".open-exercise")
    assert text.input_value() == "one\ntwo"


@pytest.mark.browser
def test_it_works_where_storing_is_forbidden(show):
    page = show(OpenExercise("small", SMALL))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.reload()
    page.wait_for_selector(".open-exercise")
    page.get_by_role("textbox", name="Your plan").fill("I measure.")
    page.get_by_role("button", name="Compare with a good answer").click()
    page.get_by_role("checkbox", name="You count.").check()
    assert page.locator(".open-score").inner_text() == "1 of 3 points."

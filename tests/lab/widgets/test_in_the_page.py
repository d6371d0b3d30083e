"""All that a chapter shows of exercises, stored as a notebook stores it and shown by the book's own loader."""

from pathlib import Path

import pytest

from lab.chapters.one_request import exercises
from lab.widgets.prediction import compare, predict
from lab.widgets.quiz import quiz
from tests.lab.widgets.conftest import as_json, faults

LOADER = Path(__file__).resolve().parents[3] / "book" / "site" / "theme" / "static" / "widgets.js"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def stored(*widgets):
    """What stands in the built page for these widgets."""
    states = {widget.model_id: {"model_module": "anywidget", "state": widget.get_state()} for widget in widgets}
    views = "".join(
        f'<div class="cell_output"><script type="{VIEW}">{as_json({"model_id": widget.model_id})}</script></div>'
        for widget in widgets
    )
    return (
        f"<section aria-label=Cells>{views}</section>"
        f'<script type="{STATE}">{as_json({"state": states})}</script><script>{LOADER.read_text("utf-8")}</script>'
    )


@pytest.mark.browser
def test_widgets_of_a_chapter(show):
    widgets = (
        predict("length", "How long is it?", "bytes"),
        predict("width", "How wide is it?", "bytes"),
        compare("length", 32, "bytes", "All of them."),
        compare("width", 3, "bytes"),
        quiz("one_request"),
    )
    page = show(*widgets, body=stored(*widgets))
    page.get_by_label("How wide is it?").fill("6")
    page.keyboard.press("Enter")
    page.get_by_label("The address is needed to open").check()
    page.get_by_role("button", name="Check: question 1").click()
    distances = page.locator(".prediction-distance").all_inner_texts()
    assert distances == ["No guess yet: make one above.", "Your guess is 2 times what was measured."]
    assert page.locator(".quiz-score").inner_text() == "1 of 1 right. 4 to go."
    assert faults(page) == []


@pytest.mark.browser
def test_verdicts(show):
    verdicts = [exercises.ttl(answer) for answer in (..., 480, 540)]
    page = show(body=f"<section aria-label=Cells>{''.join(verdict._repr_html_() for verdict in verdicts)}</section>")
    assert [text.partition(":")[0] for text in page.get_by_role("status").all_inner_texts()] == [
        "○ Not answered yet",
        "✗ Not yet",
        "✓ Right",
    ]
    assert faults(page) == []

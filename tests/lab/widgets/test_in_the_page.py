"""All that a chapter shows of exercises, stored as a notebook stores it and shown by the book's own loader."""

import pytest

from lab.chapters.one_request import exercises
from lab.widgets.answer import answer_to
from lab.widgets.open_exercise import open_exercise
from lab.widgets.prediction import compare, predict
from lab.widgets.quiz import quiz
from tests.book import widget_page
from tests.lab.widgets.conftest import faults


@pytest.mark.browser
def test_widgets_of_a_chapter(show):
    widgets = (
        predict("length", "How long is it?", "bytes"),
        predict("width", "How wide is it?", "bytes"),
        compare("length", 32, "bytes", "All of them."),
        compare("width", 3, "bytes"),
        quiz("one_request"),
        answer_to("one_request", "ttl"),
        open_exercise("one_request"),
    )
    states = {widget.model_id: widget.get_state() for widget in widgets}
    views = f"<section aria-label=Cells>{widget_page.views(*states)}</section>"
    page = show(*widgets, body=views + widget_page.loaded_from(states))
    page.get_by_label("How wide is it?").fill("6")
    page.keyboard.press("Enter")
    page.get_by_label("The address is needed to open").check()
    page.get_by_role("button", name="Check: question 1").click()
    distances = page.locator(".prediction-distance").all_inner_texts()
    assert distances == ["No guess yet: make one above.", "Your guess is 2 times what was measured."]
    page.get_by_role("textbox", name="The time to live").fill("9 min")
    page.keyboard.press("Enter")
    assert page.locator(".answer-verdict").inner_text().startswith("✓ Right: ")
    assert page.locator(".quiz-score").inner_text() == "1 of 1 right. 4 to go."
    assert faults(page) == []


@pytest.mark.browser
def test_verdicts(show):
    verdicts = [exercises.name_bytes(answer) for answer in (..., 480, exercises.encoded)]
    page = show(body=f"<section aria-label=Cells>{''.join(verdict._repr_html_() for verdict in verdicts)}</section>")
    assert [text.partition(":")[0] for text in page.get_by_role("status").all_inner_texts()] == [
        "○ Not answered yet",
        "✗ Not yet",
        "✓ Right",
    ]
    assert faults(page) == []

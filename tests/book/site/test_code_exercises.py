"""Where a page says how code is run, and which addresses it names before and after the book is published."""

import pytest

from book.site.code_exercises import with_ways_to_run
from lab.widgets import checking

UNSOLVED = checking.UNANSWERED._repr_html_().removesuffix(checking.IN_JUPYTERLAB)


@pytest.mark.parametrize(
    ("clone", "binder", "sentence"),
    [
        ("", "", 'Code runs in the notebook: <a href="../how.html#run">how to run it</a>.'),
        (
            "https://a.example/b.git", "https://binder.example/?a&b",
            'Code runs in the notebook: <a href="../how.html#run">how to run it</a>, the book is at <code>https://a.example/b.git'
            '</code>, or <a href="https://binder.example/?a&amp;b">run this chapter in Binder</a>.',
        ),
    ],
)  # fmt: skip
def test_an_unsolved_exercise_says_where_code_runs(clone, binder, sentence):
    page = with_ways_to_run(f"<p>before</p>{UNSOLVED}<p>after</p>", "../how.html#run", clone, binder)
    assert page.endswith(f"</strong> {sentence}</div><p>after</p>")
    assert checking.UNANSWERED.message not in page


def test_nothing_else_is_touched():
    text = checking.right(checking.UNANSWERED.message + " was the task")._repr_html_() + checking.UNANSWERED.message
    assert with_ways_to_run(text, "x", "", "") == text

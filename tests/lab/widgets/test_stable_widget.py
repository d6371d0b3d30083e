"""What is stored of a widget: the same ids on every run, its whole text, one widget for one identity."""

import hashlib
from pathlib import Path

import lab.widgets
from lab.drawing.colours import TOKENS
from lab.widgets import stable_widget
from lab.widgets.stable_widget import StableWidget, checksum

FOLDER = Path(lab.widgets.__file__).parent


class Loud(StableWidget):
    _esm = FOLDER / "quiz.js"
    _css = FOLDER / "exercises.css"

    def __repr__(self):
        return "\n".join([*["loud"] * 100, "  - " + "very loud " * 20])


def test_ids_follow_from_the_identity():
    widget = Loud("a/b")
    digest = hashlib.sha256(b"a/b").hexdigest()
    assert (widget.model_id, widget.layout.model_id) == (digest[:32], digest[32:])
    assert Loud("a/c").model_id != widget.model_id


def test_whole_text_is_printed():
    """ipywidgets cuts it at 110 characters, anywidget does not: nbval compares all of it."""
    data, _ = Loud("a/b")._repr_mimebundle_()
    assert data["text/plain"].split() == repr(Loud("a/c")).split()
    *short, first, second, third = data["text/plain"].splitlines()
    # JupyterLab would break a longer line within a word
    assert short == ["loud"] * 100 and max(map(len, (first, second, third))) <= 80
    assert first.startswith("  - very") and second.startswith("    ") and third.startswith("    ")
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == stable_widget.open_widgets["a/b"].model_id


def test_second_widget_replaces_the_first():
    first = Loud("a/b")
    layout = first.layout
    second = Loud("a/b")
    assert first.comm is None and layout.comm is None
    assert stable_widget.open_widgets["a/b"] is second
    # the first one's end, whenever it comes, must not end the second
    first.__del__()
    assert second.comm is not None and second.layout.comm is not None


def test_checksum_changes_with_whatever_is_shown():
    state = {"spec": {"a": 1, "b": [1, 2]}, "table": "[1]", "value": {"a": 1}, "answers": [None], "guess": None}
    whole = checksum(state)
    assert len(whole) == 8
    assert checksum({**state, "spec": {"b": [1, 2], "a": 1}, "_esm": "x", "layout": "y"}) == whole
    changed = {"spec": {"a": 1, "b": [2, 1]}, "table": "[2]", "value": {"a": 2}, "answers": [0], "guess": 1.0}
    assert len({whole, *(checksum({**state, name: other}) for name, other in changed.items())}) == 6


def test_a_notebook_gets_the_dark_colours_besides_the_sheet():
    """A page has them itself, and gets the file alone."""
    sheet = (FOLDER / "exercises.css").read_text("utf-8")
    assert Loud.files == {"_esm": (FOLDER / "quiz.js",), "_css": (FOLDER / "exercises.css",)}
    state = Loud("a/b").get_state()
    assert state["_esm"] == (FOLDER / "quiz.js").read_text("utf-8")
    assert state["_css"].startswith(sheet)
    rest = state["_css"].removeprefix(sheet)
    assert rest.startswith("[data-jp-theme-light=false] :is(.explorer,.exercise-box){color-scheme:dark;")
    assert all(f"--{token}:{dark}" in rest for token, (_, dark, _) in TOKENS.items())

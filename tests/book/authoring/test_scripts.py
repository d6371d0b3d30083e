"""book/authoring/scripts.py: a changed script reaches the stored notebooks with no kernel, and no output notices."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book.authoring import refresh, scripts
from book.authoring.environment import notebooks
from lab.chapters.one_request.hit_ratio_explorer import hit_ratio_explorer
from lab.widgets import stable_widget
from lab.widgets.answer import answer_to
from lab.widgets.open_exercise import open_exercise
from lab.widgets.prediction import Prediction, compare
from lab.widgets.quiz import Quiz
from lab.widgets.stable_widget import StableWidget, UnknownWidget

QUESTION = {
    "text": "One?",
    "options": [{"text": word, "right": word == "one", "reason": "It is."} for word in ("one", "two", "three")],
}
WIDGETS = {
    "explorer": hit_ratio_explorer,
    "quiz": lambda: Quiz("small", {"title": "Small", "questions": [QUESTION]}),
    "prediction": lambda: Prediction("bytes", "How many?", "bytes"),
    "answer": lambda: answer_to("one_request", "ttl"),
    "open exercise": lambda: open_exercise("one_request"),
    "comparison": lambda: compare("bytes", 32, "bytes", "The header."),
}


@pytest.fixture(autouse=True)
def nothing_open():
    """Each test begins as a notebook does, with no widget open."""
    yield
    for widget in stable_widget.open_widgets.values():
        widget.close()
    stable_widget.open_widgets.clear()


@pytest.fixture
def widget():
    return WIDGETS["prediction"]()


def notebook_with(widget: StableWidget, folder):
    """A notebook that stores this widget as it is shown; its path."""
    bundle, _ = widget._repr_mimebundle_()
    cell = new_code_cell("show()", id="show", execution_count=1)
    cell.outputs = [new_output("execute_result", bundle, execution_count=1)]
    models = {
        model.model_id: {"model_module": model._model_module, "model_name": model._model_name, "state": state}
        for model, state in ((widget, dict(widget.get_state())), (widget.layout, dict(widget.layout.get_state())))
    }
    models[widget.model_id]["state"]["layout"] = f"IPY_MODEL_{widget.layout.model_id}"
    content = {"version_major": 2, "version_minor": 0, "state": models}
    path = folder / "one.ipynb"
    notebook = new_notebook(cells=[cell], metadata={"widgets": {scripts.WIDGET_STATE: content}})
    path.write_text(nbformat.writes(notebook) + "\n", "utf-8")
    return path


def state_of(path, widget):
    """What a notebook stores of a widget."""
    content = nbformat.read(path, as_version=4)
    return content.metadata["widgets"][scripts.WIDGET_STATE]["state"][widget.model_id]["state"]


def make_stale(path, widget, **changes):
    """Give the stored widget other scripts, or other names."""
    content = nbformat.read(path, as_version=4)
    content.metadata["widgets"][scripts.WIDGET_STATE]["state"][widget.model_id]["state"].update(changes)
    path.write_text(nbformat.writes(content) + "\n", "utf-8")


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_of_today_stays_byte_for_byte_as_it_is(notebook, tmp_path):
    """So a refreshed notebook and a renewed one are written alike."""
    copy = tmp_path / notebook.name
    copy.write_bytes(notebook.read_bytes())
    assert not scripts.renew_stored(copy)
    assert copy.read_bytes() == notebook.read_bytes()


def test_stale_script_and_sheet_are_renewed_and_nothing_else(tmp_path, widget):
    path = notebook_with(widget, tmp_path)
    today = path.read_bytes()
    make_stale(path, widget, _esm="export default {}", _css=".old {}")
    assert path.read_bytes() != today
    assert scripts.main([str(path)]) == 0
    assert path.read_bytes() == today


def test_check_writes_nothing_and_says_so_by_its_exit_code(tmp_path, widget):
    path = notebook_with(widget, tmp_path)
    assert scripts.main(["--check", str(path)]) == 0
    make_stale(path, widget, _esm="export default {}")
    before = path.read_bytes()
    assert scripts.main(["--check", str(path)]) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["lab.nowhere.Prediction", f"{Prediction.__module__}.Guess", "pathlib.Path", "Prediction", ""]
)
def test_unknown_widget_is_named_and_left_as_it_is(tmp_path, widget, capsys, name):
    path = notebook_with(widget, tmp_path)
    make_stale(path, widget, _anywidget_id=name, _esm="export default {}")
    before = path.read_bytes()
    with pytest.raises(UnknownWidget, match=widget.model_id):
        scripts.renew_stored(path)
    assert scripts.main([str(path)]) == 1
    complaint = capsys.readouterr().err
    assert "one.ipynb" in complaint and repr(name) in complaint and "make refresh" in complaint
    assert path.read_bytes() == before


def test_fault_of_a_module_is_not_taken_for_an_unknown_widget(tmp_path, widget, monkeypatch):
    """A module that is there and cannot be read is to say why itself."""
    (tmp_path / "broken_widgets.py").write_text("1 / 0", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ZeroDivisionError):
        stable_widget.class_of({"_anywidget_id": "broken_widgets.Prediction"})


@pytest.mark.parametrize("name", WIDGETS)
def test_changed_script_changes_no_compared_output(name, monkeypatch):
    """What a cell prints and the view that it shows know neither script nor sheet: nbval compares both."""
    before = WIDGETS[name]()
    output, kind = before._repr_mimebundle_(), stable_widget.class_of(before.get_state())
    assert isinstance(before, kind)
    for part in stable_widget.SOURCES:
        monkeypatch.setattr(kind, part, f"/* another {part} */")
    after = WIDGETS[name]()
    assert [after.get_state()[part] for part in stable_widget.SOURCES] == ["/* another _esm */", "/* another _css */"]
    assert after._repr_mimebundle_() == output


def test_refresh_renews_scripts_before_it_executes(tmp_path, widget, monkeypatch):
    """A cell that fails ends it, and the scripts are today's nevertheless."""
    path = notebook_with(widget, tmp_path)
    make_stale(path, widget, _esm="export default {}")
    monkeypatch.setattr("sys.argv", ["refresh", str(path)])
    assert refresh.main() == 1
    assert state_of(path, widget)["_esm"] == widget.get_state()["_esm"]

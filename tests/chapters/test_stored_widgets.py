"""What nbval does not compare: the widgets that a notebook stores are the ones that its printed text speaks of."""

from lab.widgets.stable_widget import CONTENT, SOURCES, checksum, class_of, text_of

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def states(notebook):
    """Stored widget models by id."""
    return notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def views(notebook):
    """(cell, model id, printed text) of every stored view."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data:
                yield cell, data[VIEW]["model_id"], data["text/plain"]


def test_every_view_has_its_state(notebook_path, notebook):
    models = [model for _, model, _ in views(notebook)]
    assert models and set(models) <= set(states(notebook))


def test_no_stock_widget_stands_in_an_output(notebook_path, notebook):
    models = {model for _, model, _ in views(notebook)}
    others = {state["model_module"] for model, state in states(notebook).items() if model in models} - {"anywidget"}
    assert others == set()


def test_scripts_and_sheets_are_those_of_the_lab(notebook_path, notebook):
    """Each widget's own files, to the letter. Red? `make scripts` renews them, and executes nothing."""
    for model, widget in states(notebook).items():
        state = widget["state"]
        if widget["model_module"] != "anywidget":
            continue
        today = {part: text_of(*files) for part, files in class_of(state).files.items()}
        stale = [part for part in SOURCES if state.get(part) != today.get(part)]
        assert stale == [], f"{notebook_path.name}, {model}, {state['_anywidget_id']}: run make scripts"


def test_stored_state_is_what_the_printed_checksum_speaks_of(notebook_path, notebook):
    """nbval compares the printed text with today's widget; so the state that the page shows is today's too."""
    for _, model, printed in views(notebook):
        state = states(notebook)[model]["state"]
        assert set(CONTENT) & set(state), model
        assert f"checksum {checksum(state)}" in " ".join(printed.split())

"""A module becomes a script for all pages, and a page keeps of its widgets what they show and hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from book.site import widgets
from lab.chapters.one_request.hit_ratio_explorer import hit_ratio_explorer
from lab.widgets import stable_widget
from lab.widgets.answer import answer_to
from lab.widgets.prediction import Prediction, compare
from lab.widgets.stable_widget import UnknownWidget

MODULE = "const answer = 41;\nfunction render() { return answer + 1; }\nexport default { render };\n"


@pytest.fixture
def states() -> dict[str, dict]:
    """Stored states of three widgets, two of which have the same script."""
    widgets_of_a_page = [
        hit_ratio_explorer(), Prediction("a", "How many?", "bytes"), compare("a", 2, "bytes", "</script><!--"),
    ]  # fmt: skip
    stored = json.loads(json.dumps({widget.model_id: widget.get_state() for widget in widgets_of_a_page}))
    yield stored
    for widget in widgets_of_a_page:
        widget.close()
    stable_widget.open_widgets.clear()


@pytest.mark.browser
def test_a_module_becomes_a_script_whose_names_are_its_own(browser: Browser) -> None:
    """Two that have the same names inside do not meet; a page that loads both has each under its own."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, module in (("one", MODULE), ("two", MODULE.replace("41", "1"))):
        page.add_script_tag(content=widgets.classic(module, name))
    registered = page.evaluate("[...bookWidgets].map(([name, widget]) => [name, widget.render()])")
    outside = page.evaluate("typeof answer")
    page.close()
    assert (registered, outside, faults) == ([["one", 42], ["two", 2]], "undefined", [])


@pytest.mark.parametrize("fault, word", [
    ('import { make } from "./make.js";\n' + MODULE, "imports"),
    (MODULE.replace("const answer = 41", 'const answer = await import("./answer.js")'), "imports"),
    (MODULE.replace("41", "import.meta.url"), "imports"),
    (MODULE + "export const other = 1;\n", "one expression"),
    (MODULE + "export { answer };\n", "one expression"),
    (MODULE.replace("export default { render }", "export { render as default }"), "one expression"),
    ("export default function render() {}\n", "one expression"),
    ("export default class Widget {}\n", "one expression"),
    ("const answer = 41;\n", "one expression"),
])
def test_a_module_that_cannot_become_one_is_refused(fault: str, word: str) -> None:
    with pytest.raises(widgets.ScriptError, match=rf"small\.js.*{word}"):
        widgets.classic(fault, "small")


def test_every_script_of_the_lab_can_become_one_or_is_shared_under_the_name_of_its_file() -> None:
    texts = {file: file.read_text("utf8") for file in widgets.every_source() if file.suffix == ".js"}
    shared = {file for file, text in texts.items() if widgets.SHARED.match(text)}
    assert len(texts) > len(shared) > 0
    for file, text in texts.items():
        registered = f"const {file.stem} = (() => {{" if file in shared else f'.set("{file.stem}", exported.widget)'
        assert registered in widgets.brought(text, file)


def test_what_is_shared_comes_before_the_scripts_that_need_it() -> None:
    widget = answer_to("one_request", "ttl")
    names = [file.name for file in widgets.files({"a": widget.get_state()})]
    assert names == ["elements.js", "numbers.js", "answer.js", "exercises.css"]
    widget.close()


def test_scripts_and_sheets_are_named_once(states: dict[str, dict]) -> None:
    names = [file.name for file in widgets.files(states)]
    assert names == ["elements.js", "numbers.js", "exercises.css", "explorer.css", "explorer.js", "prediction.js"]
    assert set(widgets.files(states)) <= set(widgets.every_source())


def test_a_page_keeps_what_is_shown_and_no_script(states: dict[str, dict]) -> None:
    text = widgets.page_state(states)
    assert "</script" not in text and "<!--" not in text, "it stands in a script element"
    content = json.loads(text)["state"]
    assert sorted(content) == sorted(states)
    for model, widget in content.items():
        assert widget["state"] == {name: states[model][name] for name in stable_widget.CONTENT if name in states[model]}
    assert sorted(widget["script"] for widget in content.values()) == ["explorer", "prediction", "prediction"]


def test_only_widgets_that_are_seen_are_kept(states: dict[str, dict]) -> None:
    stored = {model: {"model_module": "anywidget", "state": state} for model, state in states.items()}
    stored["stock"] = {"model_module": "@jupyter-widgets/controls", "state": {}}
    first, *_ = states
    texts = [json.dumps({"state": stored})]
    assert widgets.states_of_views(texts, [first, "stock", "missing"]) == {first: states[first]}
    assert widgets.states_of_views([], [first]) == {}


def test_a_widget_that_is_not_known_is_named(states: dict[str, dict]) -> None:
    with pytest.raises(UnknownWidget, match=r"lab\.nowhere\.Explorer"):
        widgets.files({"a": {"_anywidget_id": "lab.nowhere.Explorer"}})


def test_what_is_brought_is_the_sheet_and_the_classic_script(states: dict[str, dict], tmp_path: Path) -> None:
    for file in widgets.files(states):
        widgets.bring(file, tmp_path)
        brought, source = (tmp_path / "widgets" / file.name).read_text("utf8"), file.read_text("utf8")
        assert brought == widgets.brought(source, file)

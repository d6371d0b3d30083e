"""Widgets on a page of their own, opened from a file, with the book's colours and no kernel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lab.drawing import colours
from lab.widgets import prediction, stable_widget
from tests.axe import violations

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# Like the book's own loader: a widget gets its stored state, with no kernel behind it.
LOADER = """
class Model {
  static = true;
  listeners = {};
  constructor(state) { this.state = state; }
  get(key) { return this.state[key]; }
  set(key, value) { this.state[key] = value; (this.listeners["change:" + key] ?? []).forEach(listener => listener()); }
  on(name, listener) { (this.listeners[name] ??= []).push(listener); }
  off(name, listener) { this.listeners[name] = this.listeners[name].filter(other => other !== listener); }
  save_changes() {}
}
Math.random = () => 1 - Number.EPSILON; // the options of a quiz stand as in its file
window.models = [];
window.cleanups = [];
window.scripts = [];
(async () => {
  for (const state of JSON.parse(document.getElementById("states").textContent)) {
    const style = document.createElement("style");
    style.textContent = state._css;
    document.head.append(style);
    const script = await import(URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" })));
    const el = document.createElement("div");
    el.style.margin = "24px 0";
    document.querySelector("main").append(el);
    models.push(new Model(state));
    scripts.push(script.default);
    cleanups.push(script.default.render({ model: models.at(-1), el }));
  }
})();
"""


@pytest.fixture(autouse=True)
def nothing_open() -> Iterator[None]:
    """Each test begins as a notebook does: no widget open, nothing guessed."""
    yield
    for widget in stable_widget.open_widgets.values():
        widget.close()
    stable_widget.open_widgets.clear()
    prediction.guesses.clear()


def as_json(value: Any) -> str:
    """Return JSON that may stand in a script element."""
    return json.dumps(value, default=str).replace("<", "\\u003c")


def bare(*widgets: Any) -> str:
    """Return the widgets' states and the loader above, which lets a test reach their models."""
    states = as_json([widget.get_state() for widget in widgets])
    return f"<script type=application/json id=states>{states}</script><script>{LOADER}</script>"


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """show(widget, ...) opens a page with these widgets; after the test its console has to be empty."""
    contexts, messages = [], []

    def open_page(*widgets: Any, body: str = "") -> Page:
        path = tmp_path / "page.html"
        path.write_text(
            f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>Widgets</title><style>{colours.css_variables()}body{{margin:0 20px;background:var(--paper);"
            f"color:var(--ink)}}</style><main><h1>Widgets</h1></main>{body or bare(*widgets)}</html>",
            "utf-8",
        )
        contexts.append(browser.new_context(viewport=DESKTOP))
        page = contexts[-1].new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto(path.as_uri())
        all_shown = "count => document.querySelectorAll('.exercise-box, .explorer').length === count"
        page.wait_for_function(all_shown, arg=len(widgets))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert messages == []


def faults(page: Page) -> list[str]:
    """Return axe's violations at 1280 pixels in light and at 390 in dark, and whether anything scrolls sideways.

    No colour depends on the width, and nothing else on the mode: so each width and each mode is looked at once.
    """
    complaints = []
    for size, mode in ((DESKTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=mode)
        complaints += [f"{size['width']} {mode}: {fault}" for fault in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            complaints.append(f"{size['width']}: scrolls sideways")
    return complaints

"""The loader of the built page serves any anywidget, and real explorers: here in a page of their own, from a folder."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lab.chapters.one_request.hit_ratio_explorer import hit_ratio_explorer
from tests.book import widget_page

COUNTER = """
export default async () => ({
  initialize({ model }) { model.set("started", model.get("started") + 1); },
  render({ model, el }) {
    const button = document.createElement("button");
    const show = () => { button.textContent = `${model.get("count")} of ${model.get("started")} ${model.static}`; };
    const changed = () => { el.dataset.changed = model.get("count"); };
    button.addEventListener("click", () => {
      model.set("count", model.get("count") + 1);
      model.save_changes();
      model.send({});
    });
    button.addEventListener("keydown", () => model.off("change:count"));
    model.on("change:count", show);
    model.on("change", changed);
    show();
    el.append(button);
  },
});
"""


def write(folder: Path, views: list[str], loaded: str) -> str:
    """A page with views of these models, and what they need; its address."""
    page = folder / "page.html"
    page.write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Page</title>'
        f"<main>{widget_page.views(*views)}</main>{loaded}</html>",
        "utf-8",
    )
    return page.as_uri()


def counting(**others: str) -> str:
    """The counter above, under the id "a", and others: by id the module that exports what is shown."""
    state = {"count": 0, "started": 0}
    modules = {"a": COUNTER, **others}
    content = json.dumps({"state": {name: {"script": name, "state": state} for name in modules}})
    return widget_page.loaded(content, modules)


@pytest.fixture
def page(browser: Browser):
    """A page whose console stays silent."""
    messages = []
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    yield tab
    tab.close()
    assert messages == []


def test_two_views_share_one_model(page: Page, tmp_path: Path):
    page.goto(write(tmp_path, ["a", "a"], counting()))
    buttons = page.get_by_role("button")
    expect(buttons).to_have_text(["0 of 1 true", "0 of 1 true"])
    buttons.first.click()
    expect(buttons).to_have_text(["1 of 1 true", "1 of 1 true"])
    assert page.locator(".widget[data-changed='1']").count() == 2
    buttons.first.press("Shift")
    buttons.first.click()
    assert page.locator(".widget[data-changed='2']").count() == 2
    expect(buttons).to_have_text(["1 of 1 true", "1 of 1 true"])


def test_what_cannot_start_says_so_in_its_place(page: Page, tmp_path: Path):
    broken = "export default { render() { throw Error('no') } };"
    page.goto(write(tmp_path, ["missing", "broken", "a"], counting(broken=broken)))
    expect(page.get_by_role("button")).to_have_text("0 of 1 true")
    assert page.locator(".place").all_inner_texts() == [
        "This part of the page could not start: the page has no script for it. It works in the notebook.",
        "This part of the page could not start: no. It works in the notebook.",
        "0 of 1 true",
    ]


def test_script_that_did_not_come_stops_no_other(browser: Browser, tmp_path: Path):
    """It may be lost on the way, or raise as it is read."""
    page = browser.new_page()
    page.goto(write(tmp_path, ["lost", "a"], counting(lost="throw new Error('unreadable');\nexport default {};")))
    expect(page.get_by_role("button")).to_have_text("0 of 1 true")
    assert "the page has no script for it" in page.locator(".place").first.inner_text()
    page.close()


def test_explorer_follows_a_value_set_from_outside(page: Page, tmp_path: Path):
    explorer = hit_ratio_explorer()
    page.goto(write(tmp_path, ["e", "e"], widget_page.loaded_from({"e": explorer.get_state()})))
    explorer.close()
    first, second = page.locator(".explorer").first, page.locator(".explorer").last
    first.get_by_role("slider", name="Time to live").press("End")
    first.get_by_role("radio", name="evenly").check()
    expect(second.get_by_role("slider", name="Time to live")).to_have_attribute("aria-valuetext", "86,400 s")
    expect(second.get_by_role("radio", name="evenly")).to_be_checked()
    assert second.locator("dd").all_inner_texts() == first.locator("dd").all_inner_texts()
    paths = [box.locator(".moving path").first.get_attribute("d") for box in (first, second)]
    assert paths[0] == paths[1]


def test_slider_alone_says_its_value(page: Page, tmp_path: Path):
    """An output element is a live region by itself: a listener would hear each step twice."""
    explorer = hit_ratio_explorer()
    page.goto(write(tmp_path, ["e"], widget_page.loaded_from({"e": explorer.get_state()})))
    explorer.close()
    expect(page.locator("output")).to_have_count(2)
    assert page.locator("output[aria-live=off]").count() == 2


def test_labels_stand_on_one_line_in_jupyterlab(page: Page, tmp_path: Path):
    """JupyterLab floats every dt, a fifth of its list wide."""
    explorer = hit_ratio_explorer()
    page.goto(write(tmp_path, ["e"], widget_page.loaded_from({"e": explorer.get_state()})))
    explorer.close()
    page.evaluate("""() => document.head.prepend(Object.assign(document.createElement("style"), {
      textContent: "main dt { float: left; width: 20%; }" }))""")
    expect(page.locator("dt")).to_have_count(4)
    heights = page.evaluate("[...document.querySelectorAll('dt')].map((label) => label.offsetHeight)")
    assert max(heights) < 2 * 15 * 1.45, "two lines of 15 pixels"


MEASURING = """
async ([source, state]) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const listeners = [], sent = [];
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const stop = widget.render({ el, model: {
    get: (key) => state[key], set() {}, save_changes() {}, send: (message) => sent.push(message),
    on: (event, listener) => { if (event === "msg:custom") listeners.push(listener); },
    off: (event, listener) => { if (event === "msg:custom") listeners.splice(listeners.indexOf(listener), 1); },
  } });
  window.explorer = { answer: (message) => listeners.forEach((listener) => listener(message)), listeners, sent, stop };
}
"""


def test_measure_again_comes_when_a_kernel_answers(page: Page, tmp_path: Path):
    explorer = hit_ratio_explorer(measure=lambda **setting: 0.25)
    state = {name: explorer.get_state()[name] for name in ("_esm", "_css", "spec", "table", "value")}
    page.goto(write(tmp_path, [], ""))
    page.evaluate(MEASURING, [state["_esm"], state])
    page.add_style_tag(content=state["_css"])
    button = page.get_by_role("button", name="Measure again")
    assert button.count() == 0
    assert page.evaluate("explorer.sent") == [{"ask": "kernel"}]
    explorer.send = lambda message: page.evaluate("(message) => explorer.answer(message)", message)
    explorer._receive(explorer, {"ask": "kernel"}, [])
    expect(button).to_be_enabled()
    button.click()
    expect(button).to_be_disabled()
    assert page.evaluate("explorer.sent")[1:] == [{"ask": "measure"}]
    explorer._receive(explorer, {"ask": "measure"}, [])
    explorer.close()
    expect(page.locator(".explorer-measured")).to_have_text("Measured: 0.25")
    expect(button).to_be_enabled()
    own = page.locator(".moving circle").last
    expect(own).to_have_attribute("visibility", "visible")
    page.evaluate("explorer.stop()")
    assert page.evaluate("explorer.listeners.length") == 0


def test_an_answer_to_another_question_is_not_taken_up(page: Page, tmp_path: Path):
    """The book was built anew, and its question with it."""
    show = """export default { render({ model, el }) {
      const button = Object.assign(document.createElement("button"), { textContent: model.get("guess") });
      button.addEventListener("click", () => { model.set("guess", 7); model.save_changes(); });
      el.append(button);
    } };"""
    for question, expected in (("one", "0"), ("one", "7"), ("two", "0")):
        state = {"a": {"script": "question", "state": {"spec": {"question": question}, "guess": 0}}}
        page.goto(write(tmp_path, ["a"], widget_page.loaded(json.dumps({"state": state}), {"question": show})))
        expect(page.get_by_role("button")).to_have_text(expected)
        page.get_by_role("button").click()
        page.wait_for_function("sessionStorage.length > 0")

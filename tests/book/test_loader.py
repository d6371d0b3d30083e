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


def test_two_explorers_share_neither_ids_nor_radio_buttons(page: Page, tmp_path: Path):
    """Neither two of one kind, nor where a script is loaded once a widget, as JupyterLab does."""
    explorer = hit_ratio_explorer()
    state = with_script(explorer)
    explorer.close()
    page.goto(write(tmp_path, [], ""))
    for _ in range(2):
        page.evaluate(MEASURING, [state["_esm"], state])
    first, second = page.locator(".explorer").first, page.locator(".explorer").last
    first.get_by_role("radio", name="evenly").check()
    second.get_by_role("radio", name="ten at once").check()
    expect(first.get_by_role("radio", name="evenly")).to_be_checked()
    second.get_by_text("at random").click()  # the label's own button, not the first explorer's
    expect(first.get_by_role("radio", name="evenly")).to_be_checked()
    expect(second.get_by_role("radio", name="at random")).to_be_checked()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    for box in (first, second):
        clips = box.evaluate("(box) => [...box.querySelectorAll('[clip-path]')].map(e => e.getAttribute('clip-path'))")
        assert all(box.locator(clip.removeprefix("url(").removesuffix(")")).count() == 1 for clip in clips)


# A widget as JupyterLab shows it: its script loaded for it alone, and a kernel that a test answers for
MEASURING = """
async ([source, state]) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const listeners = [], sent = [];
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const of = (event) => listeners.filter((listener) => listener.event === event);
  const stop = widget.render({ el, model: {
    get: (key) => state[key], set() {}, save_changes() {},
    send: (message) => { if (window.explorer?.ended) throw new Error("disposed"); sent.push(message); },
    on: (event, call) => { listeners.push({ event, call }); },
    off: (event, call) => { listeners.splice(listeners.findIndex((l) => l.event === event && l.call === call), 1); },
  } });
  const trigger = (event, ...rest) => of(event).forEach(({ call }) => call(...rest));
  window.explorer = { answer: (message) => trigger("msg:custom", message), trigger, listeners, sent, stop };
}
"""


def with_script(explorer) -> dict:
    """An explorer's state with its script and sheet."""
    return {name: explorer.get_state()[name] for name in ("_esm", "_css", "spec", "table", "value")}


@pytest.fixture
def measuring(page: Page, tmp_path: Path):
    """(page, explorer, its button): an explorer that measures 0.25, on a page with a kernel that has answered."""
    explorer = hit_ratio_explorer(measure=lambda **setting: 0.25)
    state = with_script(explorer)
    page.goto(write(tmp_path, [], ""))
    page.clock.install()
    page.evaluate(MEASURING, [state["_esm"], state])
    page.add_style_tag(content=state["_css"])
    button = page.get_by_role("button", name="Measure again")
    assert button.count() == 0
    assert page.evaluate("explorer.sent") == [{"ask": "kernel"}]
    explorer.send = lambda message: page.evaluate("(message) => explorer.answer(message)", message)
    explorer._receive(explorer, {"ask": "kernel"}, [])
    expect(button).to_be_enabled()
    yield page, explorer, button
    explorer.close()


def answer_last(page: Page, explorer) -> None:
    """Let the kernel answer the page's last question."""
    explorer._receive(explorer, page.evaluate("explorer.sent.at(-1)"), [])


def own_mark(page: Page) -> tuple[str, str]:
    """Whether the reader's own mark is visible, and where it stands."""
    own = page.locator(".moving circle").last
    return own.get_attribute("visibility"), own.get_attribute("cx")


START = {"ttl_s": 300, "per_hour": 12, "arrivals": "poisson"}
AT_START = "Time to live 300 s, Requests an hour 12, They arrive at random"


def test_measure_again_comes_when_a_kernel_answers(measuring):
    page, explorer, button = measuring
    button.click()
    expect(button).to_be_disabled()
    assert page.evaluate("explorer.sent")[1:] == [{"ask": "measure", "setting": START}]
    answer_last(page, explorer)
    expect(page.locator(".explorer-measured")).to_have_text("Measured: 0.25")
    expect(button).to_be_enabled()
    expect(page.locator(".moving circle").last).to_have_attribute("visibility", "visible")
    page.evaluate("explorer.stop()")
    assert page.evaluate("explorer.listeners.length") == 0


def test_a_measurement_stands_at_the_setting_that_it_was_made_for(measuring):
    """Also where the slider moves before the answer comes, and after it."""
    page, explorer, button = measuring
    sentence, slider = page.locator(".explorer-measured"), page.get_by_role("slider", name="Time to live")
    at_start = page.locator(".moving circle").first.get_attribute("cx")
    button.click()
    slider.press("End")
    answer_last(page, explorer)
    expect(sentence).to_have_text(f"Measured at {AT_START}: 0.25")
    assert own_mark(page) == ("visible", at_start)
    assert page.locator(".moving circle").first.get_attribute("cx") != at_start
    page.get_by_role("radio", name="evenly").check()  # another curve, on which it does not belong
    page.clock.run_for(100)
    assert own_mark(page)[0] == "hidden"
    expect(sentence).to_have_text(f"Measured at {AT_START}: 0.25")
    page.get_by_role("radio", name="at random").check()
    for _ in range(60):
        if slider.get_attribute("aria-valuetext") == "300 s":
            break
        slider.press("ArrowLeft")
        page.clock.run_for(50)
    expect(sentence).to_have_text("Measured: 0.25")
    assert own_mark(page) == ("visible", at_start)


def test_a_kernel_that_is_started_anew_leaves_no_button_that_waits(measuring):
    page, explorer, button = measuring
    sentence = page.locator(".explorer-measured")
    button.click()
    page.evaluate("explorer.trigger('comm_live_update')")
    expect(button).to_be_disabled()
    gone = "The kernel was started anew, or has ended. Run this cell again, then measure."
    expect(sentence).to_have_text(gone)
    page.clock.run_for(10_000)
    expect(sentence).to_have_text(gone)
    answer_last(page, explorer)  # it was a short break: the kernel is there after all
    expect(button).to_be_enabled()
    expect(sentence).to_have_text("")
    page.evaluate("explorer.ended = true")
    button.click()
    expect(sentence).to_have_text(gone)


def test_a_kernel_that_does_not_answer_is_not_waited_for_without_end(measuring):
    """Outside JupyterLab nobody tells the page that the kernel was started anew."""
    page, explorer, button = measuring
    button.click()
    expect(page.locator(".explorer-measured")).to_have_text("Measuring …")
    page.clock.run_for(6000)
    expect(page.locator(".explorer-measured")).to_have_text(
        "No answer yet. The kernel is busy; or it was started anew, then run this cell again."
    )
    expect(button).to_be_enabled()
    answer_last(page, explorer)  # it was busy
    expect(page.locator(".explorer-measured")).to_have_text("Measured: 0.25")


def test_an_answer_to_another_question_is_not_taken_up(page: Page, tmp_path: Path):
    """The book was built anew, and its question with it."""
    show = """export default { render({ model, el }) {
      const button = Object.assign(document.createElement("button"), { textContent: model.get("guess") });
      button.addEventListener("click", () => { model.set("guess", 7); model.save_changes(); });
      el.append(button);
    } };"""
    button = page.get_by_role("button")

    def address_of_page(question: str) -> str:
        state = {"a": {"script": "question", "state": {"spec": {"question": question}, "guess": 0}}}
        return write(tmp_path, ["a"], widget_page.loaded(json.dumps({"state": state}), {"question": show}))

    page.goto(address_of_page("one"))
    expect(button).to_have_text("0")
    for _ in range(3):  # a busy Chromium now and then loses what a page stores right before it is left
        button.click()
        page.goto(address_of_page("one"))
        if button.inner_text() == "7":
            break
    expect(button).to_have_text("7")
    page.goto(address_of_page("two"))
    expect(button).to_have_text("0")

"""The explorers, quizzes and predictions of the built pages, in a real browser, from the folder and with no kernel."""

import json
import math
import random
import statistics
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import nbformat
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from book.authoring.environment import ROOT, notebooks
from lab.instruments import runs

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PAGES = {path.relative_to(ROOT).with_suffix(".html").as_posix(): path for path in notebooks()}
# Counts the batches in which an explorer changes from a key press until two frames later
WATCH = """
([explorer, control]) => {
  const root = document.querySelectorAll('.explorer')[explorer];
  const seen = window.seen = { batches: 0, drawn: 0 };
  const watch = new MutationObserver((changes) => {
    seen.batches += 1;
    const element = ({ target }) => (target.closest ? target : target.parentElement);
    seen.drawn += changes.filter((change) => element(change).closest('.moving')).length;
  });
  watch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  const input = root.querySelectorAll('.explorer-range input')[control];
  input.focus();
  window.settled = new Promise((done) => input.addEventListener('keydown', () => {
    const frame = requestAnimationFrame;
    frame(() => frame(() => frame(() => { watch.disconnect(); done(seen); })));
  }, { once: true }));
}
"""


def explorers(notebook):
    """The stored explorers of a notebook, in the order of their cells."""
    content = nbformat.read(notebook, as_version=4)
    states = content.metadata["widgets"][STATE]["state"]
    for cell in content.cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(VIEW)
            if view and "table" in states[view["model_id"]]["state"]:
                yield states[view["model_id"]]["state"], output["data"]["text/plain"]


@pytest.fixture(params=sorted(PAGES))
def opened(request, site: Path, browser: Browser):
    """(page, its notebook); afterwards nothing may stand in the console."""
    said = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((site / request.param).as_uri())
    page.wait_for_selector(".explorer .moving")
    yield page, PAGES[request.param]
    page.close()
    assert said == []


def shown(page: Page, index: int) -> list[str]:
    """The numbers under an explorer."""
    return page.locator(".explorer").nth(index).locator("dd").all_inner_texts()


def as_shown(value, output) -> str:
    """A number of the table as the page writes it: three significant digits, a level two; more where they make a 1."""
    if value is None:
        return output["missing"]
    if output["percent"] and value >= 1:
        return "full"
    kept = 2 if output["percent"] else 3
    while value < 1 and float(f"{value:.{kept}g}") == 1:
        kept += 1
    exact = Decimal(repr(value)).scaleb(2 if output["percent"] else 0)
    digits = exact.adjusted() - (kept - 1)
    rounded = (exact.scaleb(-digits).quantize(Decimal(1), ROUND_HALF_UP)).scaleb(digits) if exact else exact
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}\u00a0%" if output["percent"] else f"{text} {output['unit']}".strip()


def is_choice(control) -> bool:
    """Whether a control is radio buttons: a few words. What else has words is a slider that says them."""
    return bool(control["words"]) and len(control["words"]) <= 4


def test_numbers_are_those_of_the_table_at_random_settings(opened):
    page, notebook = opened
    chance = random.Random(7)
    for index, (state, _) in enumerate(explorers(notebook)):
        table, controls = json.loads(state["table"]), state["spec"]["controls"]
        for _ in range(12):
            place = 0
            for control in controls:
                chosen = chance.randrange(len(control["values"]))
                place = place * len(control["values"]) + chosen
                box = page.locator(".explorer").nth(index)
                if is_choice(control):
                    box.get_by_role("radio", name=control["words"][chosen], exact=True).check()
                else:
                    box.get_by_role("slider", name=control["label"], exact=True).fill(str(chosen))
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            outputs = state["spec"]["outputs"]
            assert shown(page, index) == [as_shown(table[o["name"]][place], o) for o in outputs]


@pytest.mark.parametrize("width", [1280, 390])
def test_each_key_press_moves_the_drawing_in_one_batch(opened, width):
    page, notebook = opened
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(600)
    for index, (state, _) in enumerate(explorers(notebook)):
        ranges = [control for control in state["spec"]["controls"] if not is_choice(control)]
        for place, control in enumerate(ranges):
            for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
                page.wait_for_timeout(500)  # until the live region has spoken
                page.evaluate(WATCH, [index, place])
                page.keyboard.press(key)
                seen = page.evaluate("window.settled")
                assert seen["batches"] == 1, (control["name"], key, seen)
                assert seen["drawn"] > 0, (control["name"], key)


def test_radio_buttons_move_the_drawing(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "chapters/01-one-request.html").as_uri())
    page.wait_for_selector(".explorer .moving")
    curve = page.locator(".explorer .moving path").first
    before = curve.get_attribute("d")
    page.get_by_role("radio", name="evenly").check()
    changed = "(before) => document.querySelector('.explorer .moving path').getAttribute('d') !== before"
    page.wait_for_function(changed, arg=before)
    assert shown(page, 0)[2] == "not by this formula"
    page.close()


def test_play_moves_the_queue_on_until_it_is_stopped(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "chapters/03-when-full.html").as_uri())
    page.wait_for_selector(".explorer .moving .customer")
    box = page.locator(".explorer").first
    moment, button = box.get_by_role("slider", name="Moment"), box.locator(".explorer-play button")
    assert (moment.input_value(), button.inner_text()) == ("0", "Play")
    page.wait_for_timeout(500)
    assert moment.input_value() == "0", "nothing moves before the reader wants it"
    button.click()
    page.wait_for_function("document.querySelector('.explorer-range input').value > 2")
    assert button.inner_text() == "Pause"
    button.click()
    stopped = moment.input_value()
    page.wait_for_timeout(500)
    assert (moment.input_value(), button.inner_text()) == (stopped, "Play")
    button.click()
    moment.press("End")  # who takes hold of the slider stops it
    page.wait_for_timeout(400)
    assert (moment.input_value(), button.inner_text()) == (moment.get_attribute("max"), "Play")
    button.click()  # from the end it begins anew
    page.wait_for_function("document.querySelector('.explorer-range input').value < 50")
    page.close()


def test_customers_stand_where_the_table_says(site: Path, browser: Browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "chapters/03-when-full.html").as_uri())
    page.wait_for_selector(".explorer .moving .customer")
    (state, _), *_ = explorers(PAGES["chapters/03-when-full.html"])
    table, sizes = json.loads(state["table"]), [len(control["values"]) for control in state["spec"]["controls"]]
    moving = next(i for i in state["spec"]["drawings"]["wide"]["moving"] if i["kind"] == "customers")
    for place in (20, 60, 61, sizes[0] - 1):
        page.locator(".explorer").first.get_by_role("slider", name="Moment").fill(str(place))
        page.wait_for_timeout(400)
        drawn = page.evaluate("""[...document.querySelectorAll('.explorer .customer')].map((dot) => {
          const { e, f } = new DOMMatrix(getComputedStyle(dot).transform); return [e, f]; })""")
        said = table["customers"][place * sizes[1] + 1]  # a load of 80 %
        assert sorted(drawn) == sorted(moving["places"][where] for _, where in said)
    page.close()


def test_one_process_has_one_level_and_two_tiers_have_two(site: Path, browser: Browser):
    """A level that the table does not give is not drawn; that of the process stands behind all parts."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / "index.html").as_uri())
    levels = "[...document.querySelectorAll('.explorer svg text')].filter(text => text.textContent.endsWith('%')"
    levels += " && getComputedStyle(text).visibility === 'visible').map(text => !!text.closest('.behind'))"
    page.wait_for_selector(".explorer .moving")
    assert page.evaluate(levels) == [True]
    assert page.evaluate("document.querySelector('.explorer svg').firstElementChild.matches('.behind')")
    page.get_by_role("radio", name="two tiers").check()
    expect(page.locator(".explorer-sentence")).to_contain_text("The work is split")
    assert page.evaluate(levels) == [False, False]
    page.close()


def test_layout_follows_the_width(opened):
    page, _ = opened
    figure = page.locator(".explorer-figure").first
    assert figure.get_attribute("data-layout") == "wide"
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('.explorer-figure').dataset.layout === 'tall'")
    assert figure.locator("svg").count() == 1
    sizes = figure.evaluate("""(figure) => {
      const svg = figure.querySelector('svg'), scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    }""")
    assert min(sizes) >= 11.9


@pytest.mark.parametrize("width", [1280, 390])
def test_room_left_for_a_widget_is_about_what_it_takes(opened, width):
    """So nothing below it jumps when it is drawn: within three lines of text."""
    page, notebook = opened
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(100)
    rooms = page.evaluate("""[...document.querySelectorAll('.widget-room')].map((room) => [
      parseFloat(getComputedStyle(room).minHeight), room.querySelector('.widget').offsetHeight])""")
    views = [output for cell in nbformat.read(notebook, 4).cells for output in cell.get("outputs", [])
             if VIEW in output.get("data", {})]
    assert len(rooms) == len(views)
    assert [(left, taken) for left, taken in rooms if abs(left - taken) > 60] == []


def test_measure_again_is_not_there_without_a_kernel(opened):
    page, _ = opened
    assert page.locator(".explorer-measure").count() == 0


def test_hit_ratio_that_is_short_of_one_is_not_shown_as_one(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "chapters/01-one-request.html").as_uri())
    for name in ("Time to live", "Requests an hour"):
        page.get_by_role("slider", name=name).press("End")
    page.wait_for_function("document.querySelector('.explorer dd').textContent === '0.9999'")
    page.close()


def test_full_server_says_so_in_words(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector(".explorer .moving")
    page.get_by_role("slider", name="Users").press("End")
    expect(page.locator(".explorer .behind text")).to_have_text("full")
    assert "The one server is full" in page.locator(".explorer-sentence").inner_text()
    measured = statistics.median(runs.load("05-demands").series["one server"])
    assert shown(page, 0) == ["100,000", "full", "longer and longer", str(math.ceil(100_000 * measured))]
    page.get_by_role("slider", name="Users").press("Home")
    page.wait_for_function("document.querySelector('.explorer .behind').textContent.includes('%')")
    words = page.locator(".explorer :is(.behind, .moving) text:visible").all_text_contents()
    share = shown(page, 0)[1]
    assert set(words) == {"1 per dot", "one server, one process", share}, "the same digits in the vessel and below it"
    assert "It has room" in page.locator(".explorer-sentence").inner_text()
    page.close()


def test_guess_is_compared_further_down(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "chapters/01-one-request.html").as_uri())
    page.wait_for_selector(".prediction")
    assert "No guess yet: make one above." in page.locator(".comparison").first.inner_text()
    page.get_by_role("link", name="make one above").first.click()
    page.keyboard.press("Tab")  # from where the link led to
    assert page.evaluate("document.activeElement.closest('.prediction') !== null")
    field = page.locator(".prediction input").first
    field.fill("64")
    field.press("Enter")
    said = page.locator(".comparison").first
    page.wait_for_function("!document.querySelector('.comparison').innerText.includes('No guess yet')")
    assert "64" in said.inner_text() and "32" in said.inner_text()
    page.close()


def test_quiz_tells_right_from_wrong(site: Path, browser: Browser):
    page = browser.new_page()
    page.goto((site / "chapters/01-one-request.html").as_uri())
    page.wait_for_selector(".quiz fieldset")
    questions = page.locator(".quiz fieldset")
    assert questions.count() == 5
    question = questions.first
    assert question.locator(".quiz-reason:visible").count() == 0
    options = yaml.safe_load((ROOT / "lab/chapters/one_request/quiz.yml").read_text("utf-8"))["questions"][0]["options"]
    for place, option in enumerate(options):
        question.locator("input[type=radio]").nth(place).check()
        question.get_by_role("button").first.click()
        said = question.locator(".quiz-said").inner_text()
        assert said == ("Right." if option["right"] else "Not yet. Read the reason.")
        reasons = question.locator(".quiz-reason:visible").all_inner_texts()
        explained = options if option["right"] else [option]
        assert all(text.endswith(each["reason"]) for text, each in zip(reasons, explained, strict=True))
        question.get_by_role("button").first.click()  # try again, or reset
    page.close()


def test_answers_outlast_a_reload_but_not_the_tab(site: Path, browser: Browser):
    address = (site / "chapters/01-one-request.html").as_uri()
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator(".prediction input").first.fill("64")
    page.locator(".prediction input").first.press("Enter")
    page.locator(".quiz input").first.check()
    page.get_by_role("button", name="Check: question 1").click()
    page.reload()
    page.wait_for_selector(".quiz fieldset")
    assert "64 bytes" in page.locator(".comparison").first.inner_text()
    assert page.locator(".prediction input").first.input_value() == "64"
    assert page.locator(".quiz-score").inner_text() == "0 of 1 right. 4 to go."
    another = context.new_page()
    another.goto(address)
    another.wait_for_selector(".quiz fieldset")
    assert another.locator(".quiz-score").inner_text() == "5 questions."
    context.close()


def test_answers_are_taken_where_storing_is_forbidden(site: Path, browser: Browser):
    errors = []
    page = browser.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.goto((site / "chapters/01-one-request.html").as_uri())
    page.locator(".prediction input").first.fill("64")
    page.locator(".prediction input").first.press("Enter")
    page.wait_for_function("document.querySelector('.comparison').innerText.includes('64 bytes')")
    page.close()
    assert errors == []


def test_without_javascript_the_picture_stands_still(site: Path, browser: Browser):
    """And the page says what does not work."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    drawing = page.locator(".widget-room svg:visible")
    assert drawing.count() == 1 and drawing.get_attribute("viewBox").startswith("0 0 360")
    assert page.locator("noscript p").text_content() == "This part of the page needs JavaScript."
    assert page.locator("noscript p").bounding_box()["height"] > 0
    context.close()

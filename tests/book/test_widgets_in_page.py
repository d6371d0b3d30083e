"""The explorers, quizzes and predictions of the built pages, in a real browser, from the folder and with no kernel.

Each page is opened once, with a clock that stands still: a test lets pass what it waits for, and none waits itself.
"""

import json
import math
import random
import statistics
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page

from book.authoring.environment import ROOT, notebooks
from lab.instruments import runs
from lab.site.cpu_demands import BOTH, CpuDemands
from tests.book.opening import DESKTOP, DRAWN, PHONE, chapter_page, fit

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
COVER, FIRST, FULL = "index.html", chapter_page("one_request"), chapter_page("when_full")
# Milliseconds of the page's clock: some frames, and until the live region has spoken (SAID_AFTER in explorer.js)
FRAMES, SPOKEN, SECOND = 100, 500, 1000
PAGES = {path.relative_to(ROOT).with_suffix(".html").as_posix(): path for path in notebooks()}
# Counts the batches in which an explorer changes from a key press until two frames later
WATCH = """
([explorer, control]) => {
  const root = document.querySelectorAll('.explorer')[explorer];
  const counts = window.seen = { batches: 0, drawn: 0 };
  const watch = new MutationObserver((changes) => {
    counts.batches += 1;
    const element = ({ target }) => (target.closest ? target : target.parentElement);
    counts.drawn += changes.filter((change) => element(change).closest('.moving')).length;
  });
  watch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  const input = root.querySelectorAll('.explorer-range input')[control];
  input.focus();
  window.settled = new Promise((done) => input.addEventListener('keydown', () => {
    const frame = requestAnimationFrame;
    frame(() => frame(() => frame(() => { watch.disconnect(); done(counts); })));
  }, { once: true }));
}
"""

# Sets the controls of an explorer: of each a slider, or its radio buttons, and the place of its new value
SET = """
([controls, setting]) => controls.forEach((inputs, number) => {
  if (inputs.length > 1) return inputs[setting[number]].click();
  inputs[0].value = setting[number];
  inputs[0].dispatchEvent(new Event('input', { bubbles: true }));
})
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


def quiz_of(notebook):
    """The stored quiz of a notebook."""
    states = nbformat.read(notebook, as_version=4).metadata["widgets"][STATE]["state"].values()
    return next(widget["state"]["spec"] for widget in states if "questions" in widget["state"].get("spec", {}))


@pytest.fixture(scope="module")
def pages(site: Path, browser: Browser):
    """Opens a page by its address, once for all tests; afterwards nothing may stand in a console.

    Its clock stands still, but for what `Page.clock.run_for` lets pass. A test sets the size and the settings it needs.
    """
    complaints: list[str] = []
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    context.clock.install(time=0)
    context.clock.pause_at(1)
    standing: dict[str, Page] = {}

    def page_at(address: str) -> Page:
        if address not in standing:
            page = standing[address] = context.new_page()
            page.on("console", lambda message: complaints.append(f"{address}: {message.text}"))
            page.on("pageerror", lambda error: complaints.append(f"{address}: {error}"))
            page.goto((site / address).as_uri())
            page.wait_for_function(DRAWN)
        standing[address].bring_to_front()  # another one gets few frames, and Playwright waits for frames to click
        return standing[address]

    yield page_at
    context.close()
    assert complaints == []


@pytest.fixture(params=sorted(PAGES))
def page_and_notebook(request, pages):
    """(page, its notebook)"""
    return pages(request.param), PAGES[request.param]


def numbers_of(page: Page, index: int) -> list[str]:
    """The numbers under an explorer."""
    return page.locator(".explorer").nth(index).locator("dd").all_text_contents()


def as_shown(value, output) -> str:
    """A number of the table as the page writes it: three significant digits, a level two; more where they make a 1."""
    if value is None:
        return output["missing"]
    if output["percent"] and value >= 1:
        return "full"
    precision = 2 if output["percent"] else 3
    while value < 1 and float(f"{value:.{precision}g}") == 1:
        precision += 1
    exact = Decimal(repr(value)).scaleb(2 if output["percent"] else 0)
    digits = exact.adjusted() - (precision - 1)
    rounded = (exact.scaleb(-digits).quantize(Decimal(1), ROUND_HALF_UP)).scaleb(digits) if exact else exact
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}\u00a0%" if output["percent"] else f"{text} {output['unit']}".strip()


def is_choice(control) -> bool:
    """Whether a control is radio buttons: a few words. What else has words is a slider that says them."""
    return bool(control["words"]) and len(control["words"]) <= 4


def inputs(box: Locator, control) -> list:
    """What a reader moves a control with, by its accessible name: a slider, or a radio button for each word."""
    if is_choice(control):
        elements = [box.get_by_role("radio", name=word, exact=True) for word in control["words"]]
    else:
        elements = [box.get_by_role("slider", name=control["label"], exact=True)]
    return [element.element_handle() for element in elements]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_room_left_for_a_widget_is_about_what_it_takes(page_and_notebook, size):
    """So nothing below it jumps when it is drawn: within three lines of text. First here, as the page was opened."""
    page, notebook = page_and_notebook
    fit(page, size)
    rooms = page.evaluate("""[...document.querySelectorAll('.widget-room')].map((room) => [
      parseFloat(getComputedStyle(room).minHeight), room.querySelector('.widget').offsetHeight])""")
    views = [output for cell in nbformat.read(notebook, 4).cells for output in cell.get("outputs", [])
             if VIEW in output.get("data", {})]
    assert len(rooms) == len(views)
    assert [(room, height) for room, height in rooms if abs(room - height) > 60] == []


def test_measure_again_is_not_there_without_a_kernel(page_and_notebook):
    page, _ = page_and_notebook
    assert page.locator(".explorer-measure").count() == 0


def test_layout_follows_the_width(page_and_notebook):
    page, _ = page_and_notebook
    fit(page, DESKTOP)
    figure = page.locator(".explorer-figure").first
    assert figure.get_attribute("data-layout") == "wide"
    fit(page, PHONE)
    assert figure.get_attribute("data-layout") == "tall"
    assert figure.locator("svg").count() == 1
    sizes = figure.evaluate("""(figure) => {
      const svg = figure.querySelector('svg'), scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    }""")
    assert min(sizes) >= 11.9


def test_numbers_are_those_of_the_table_at_random_settings(page_and_notebook):
    page, notebook = page_and_notebook
    chance = random.Random(7)
    for index, (state, _) in enumerate(explorers(notebook)):
        table, controls = json.loads(state["table"]), state["spec"]["controls"]
        box, outputs = page.locator(".explorer").nth(index), state["spec"]["outputs"]
        handles = [inputs(box, control) for control in controls]
        for _ in range(12):
            setting = [chance.randrange(len(control["values"])) for control in controls]
            place = 0
            for control, chosen in zip(controls, setting, strict=True):
                place = place * len(control["values"]) + chosen
            page.evaluate(SET, [handles, setting])
            page.clock.run_for(FRAMES)
            assert numbers_of(page, index) == [as_shown(table[o["name"]][place], o) for o in outputs]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_each_key_press_moves_the_drawing_in_one_batch(page_and_notebook, size):
    page, notebook = page_and_notebook
    fit(page, size)
    for index, (state, _) in enumerate(explorers(notebook)):
        controls = state["spec"]["controls"]
        handles = [inputs(page.locator(".explorer").nth(index), control) for control in controls]
        page.evaluate(SET, [handles, [control["values"].index(control["start"]) for control in controls]])
        ranges = [control for control in controls if not is_choice(control)]
        for place, control in enumerate(ranges):
            for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
                page.clock.run_for(SPOKEN)
                page.evaluate(WATCH, [index, place])
                page.keyboard.press(key)
                page.clock.run_for(FRAMES)
                batches = page.evaluate("window.settled")
                assert batches["batches"] == 1, (control["name"], key, batches)
                assert batches["drawn"] > 0, (control["name"], key)


def test_live_region_speaks_when_the_reader_rests(pages):
    """Not at each step: a listener hears where the slider was left."""
    page = pages(FIRST)
    live_region, slider = page.locator(".explorer-heard").first, page.get_by_role("slider", name="Time to live")
    slider.press("Home")
    page.clock.run_for(SPOKEN)
    before = live_region.text_content()
    for _ in range(3):
        slider.press("ArrowRight")
        page.clock.run_for(FRAMES)
        assert live_region.text_content() == before
    page.clock.run_for(SPOKEN)
    assert live_region.text_content().startswith(f"hit ratio {numbers_of(page, 0)[0]}, ")


def test_radio_buttons_move_the_drawing(pages):
    page = pages(FIRST)
    curve = page.locator(".explorer .moving path").first
    page.get_by_role("radio", name="at random").check()
    page.clock.run_for(FRAMES)
    before = curve.get_attribute("d")
    page.get_by_role("radio", name="evenly").check()
    page.clock.run_for(FRAMES)
    assert curve.get_attribute("d") != before
    assert numbers_of(page, 0)[2] == "not by this formula"


def test_hit_ratio_that_is_short_of_one_is_not_shown_as_one(pages):
    page = pages(FIRST)
    page.get_by_role("radio", name="at random").check()
    for name in ("Time to live", "Requests an hour"):
        page.get_by_role("slider", name=name).press("End")
    page.clock.run_for(FRAMES)
    assert numbers_of(page, 0)[0] == "0.9999"


def test_play_moves_the_queue_on_until_it_is_stopped(pages):
    page = pages(FULL)
    box = page.locator(".explorer").first
    moment, button = box.get_by_role("slider", name="Moment"), box.locator(".explorer-play button")
    moment.press("Home")
    page.clock.run_for(SECOND)
    assert (moment.input_value(), button.inner_text()) == ("0", "Play"), "nothing moves before the reader wants it"
    button.click()
    page.clock.run_for(SECOND)
    assert int(moment.input_value()) > 2
    assert button.inner_text() == "Pause"
    button.click()
    left_at = moment.input_value()
    page.clock.run_for(SECOND)
    assert (moment.input_value(), button.inner_text()) == (left_at, "Play")
    button.click()
    moment.press("End")  # who takes hold of the slider stops it
    page.clock.run_for(SECOND)
    assert (moment.input_value(), button.inner_text()) == (moment.get_attribute("max"), "Play")
    button.click()  # from the end it begins anew
    page.clock.run_for(SECOND)
    assert 2 < int(moment.input_value()) < 50
    button.click()


def test_customers_stand_where_the_table_says(pages):
    page = pages(FULL)
    fit(page, DESKTOP)
    (state, _), *_ = explorers(PAGES[FULL])
    table, controls = json.loads(state["table"]), state["spec"]["controls"]
    handles = [inputs(page.locator(".explorer").first, control) for control in controls]
    moving = next(i for i in state["spec"]["drawings"]["wide"]["moving"] if i["kind"] == "customers")
    sizes = [len(control["values"]) for control in controls]
    for place in (20, 60, 61, sizes[0] - 1):
        page.evaluate(SET, [handles, [place, 1]])  # a load of 80 %
        page.clock.run_for(FRAMES)
        positions = page.evaluate("""[...document.querySelectorAll('.explorer .customer')].map((dot) => {
          const { e, f } = new DOMMatrix(getComputedStyle(dot).transform); return [e, f]; })""")
        customers = table["customers"][place * sizes[1] + 1]
        assert sorted(positions) == sorted(moving["places"][where] for _, where in customers)


def test_one_process_has_one_level_and_two_tiers_have_two(pages):
    """A level that the table does not give is not drawn; that of the process stands behind all parts."""
    page = pages(COVER)
    fit(page, DESKTOP)
    levels = "[...document.querySelectorAll('.explorer svg text')].filter(text => text.textContent.endsWith('%')"
    levels += " && getComputedStyle(text).visibility === 'visible').map(text => !!text.closest('.behind'))"
    page.get_by_role("slider", name="Users").press("Home")
    page.get_by_role("radio", name="one server").check()
    page.clock.run_for(FRAMES)
    assert page.evaluate(levels) == [True]
    assert page.evaluate("document.querySelector('.explorer svg').firstElementChild.matches('.behind')")
    page.get_by_role("radio", name="two tiers").check()
    page.clock.run_for(FRAMES)
    assert "The work is split" in page.locator(".explorer-sentence").inner_text()
    assert page.evaluate(levels) == [False, False]


def test_full_server_says_so_in_words(pages):
    page = pages(COVER)
    fit(page, DESKTOP)
    page.get_by_role("radio", name="one server").check()
    page.get_by_role("slider", name="Users").press("End")
    page.clock.run_for(FRAMES)
    assert page.locator(".explorer .behind text").all_text_contents() == ["full"]
    assert "The one server is full" in page.locator(".explorer-sentence").inner_text()
    measured = statistics.median(runs.load(CpuDemands).series[BOTH])
    assert numbers_of(page, 0) == ["100,000", "full", "longer and longer", str(math.ceil(100_000 * measured))]
    page.get_by_role("slider", name="Users").press("Home")
    page.clock.run_for(FRAMES)
    words = page.locator(".explorer :is(.behind, .moving) text:visible").all_text_contents()
    share = numbers_of(page, 0)[1]
    assert set(words) == {"1 per dot", "one server, one process", share}, "the same digits in the vessel and below it"
    assert "It has room" in page.locator(".explorer-sentence").inner_text()


def test_guess_is_compared_further_down(pages):
    page = pages(FIRST)
    assert "No guess yet: make one above." in page.locator(".comparison").first.inner_text()
    page.get_by_role("link", name="make one above").first.click()
    page.keyboard.press("Tab")  # from where the link led to
    assert page.evaluate("document.activeElement.closest('.prediction') !== null")
    field = page.locator(".prediction input").first
    field.fill("64")
    field.press("Enter")
    comparison = page.locator(".comparison").first.inner_text()
    assert "No guess yet" not in comparison and "64" in comparison and "32" in comparison


def test_quiz_tells_right_from_wrong(pages):
    page = pages(FIRST)
    questions = page.locator(".quiz fieldset")
    assert questions.count() == 5
    question = questions.first
    assert question.locator(".quiz-reason:visible").count() == 0
    options = quiz_of(PAGES[FIRST])["questions"][0]["options"]
    for option in options:  # which stand in an order of their own
        question.get_by_label(option["text"], exact=True).check()
        question.get_by_role("button").first.click()
        verdict = question.locator(".quiz-said").inner_text()
        assert verdict == ("Right." if option["right"] else "Not yet. Read the reason.")
        reasons = question.locator(".quiz-reason:visible").all_inner_texts()
        explained = options if option["right"] else [option]
        assert len(reasons) == len(explained)
        assert all(any(text.endswith(answer["reason"]) for text in reasons) for answer in explained)
        question.get_by_role("button").first.click()  # try again, or reset


def test_a_number_is_judged_on_the_page(pages):
    page = pages(FIRST)
    field = page.get_by_role("textbox", name="The time to live")
    verdict = page.locator(".answer", has=field).get_by_role("status")
    for typed, words in (("480", "✗ Not yet: That is eight hits"), ("540 m", "? Once more: "), ("9 min", "✓ Right: ")):
        field.fill(typed)
        field.press("Enter")
        assert verdict.inner_text().startswith(words)


def test_code_exercises_say_how_code_is_run(pages):
    page = pages(FIRST)
    verdicts = page.locator(".verdict")
    assert verdicts.count() == 2
    for verdict in verdicts.all():
        assert "Code runs in the notebook" in verdict.inner_text() and "three dots" not in verdict.inner_text()
        assert verdict.get_by_role("link").get_attribute("href") == "../book/how-to-read.html#run"


def test_answers_outlast_a_reload_but_not_the_tab(site: Path, browser: Browser):
    address = (site / FIRST).as_uri()
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator(".prediction input").first.fill("64")
    page.locator(".prediction input").first.press("Enter")
    wrong = next(option["text"] for option in quiz_of(PAGES[FIRST])["questions"][0]["options"] if not option["right"])
    page.get_by_label(wrong, exact=True).check()
    page.get_by_role("button", name="Check: question 1").click()
    page.get_by_role("textbox", name="The time to live").fill("540")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Your plan for the move").fill("I lower the TTL.")
    page.reload()
    page.wait_for_selector(".quiz fieldset")
    assert "64 bytes" in page.locator(".comparison").first.inner_text()
    assert page.locator(".prediction input").first.input_value() == "64"
    assert page.get_by_label(wrong, exact=True).is_checked(), "wherever it stands now"
    assert page.locator(".quiz-score").inner_text() == "0 of 1 right. 4 to go."
    assert page.locator(".answer.is-right").count() == 1
    assert page.get_by_role("textbox", name="Your plan for the move").input_value() == "I lower the TTL."
    another = context.new_page()
    another.goto(address)
    another.wait_for_selector(".quiz fieldset")
    assert another.locator(".quiz-score").inner_text() == "5 questions."
    assert another.locator(".answer.is-right").count() == 0
    # who writes for a quarter of an hour finds it again
    assert another.get_by_role("textbox", name="Your plan for the move").input_value() == "I lower the TTL."
    context.close()


def test_answers_are_taken_where_storing_is_forbidden(site: Path, browser: Browser):
    errors = []
    page = browser.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.goto((site / FIRST).as_uri())
    page.locator(".prediction input").first.fill("64")
    page.locator(".prediction input").first.press("Enter")
    page.wait_for_function("document.querySelector('.comparison').innerText.includes('64 bytes')")
    page.close()
    assert errors == []


def test_without_javascript_the_picture_stands_still(site: Path, browser: Browser):
    """And the page says what does not work."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto((site / COVER).as_uri())
    drawing = page.locator(".widget-room svg:visible")
    assert drawing.count() == 1 and drawing.get_attribute("viewBox").startswith("0 0 360")
    assert page.locator("noscript p").text_content() == "This part of the page needs JavaScript."
    assert page.locator("noscript p").bounding_box()["height"] > 0
    context.close()

"""Predictions: committed once, compared further down, with a kernel and without."""

import pytest

from lab.widgets.prediction import FOLDER, Prediction, amount, compare, guesses, predict
from lab.widgets.stable_widget import text_of
from tests.lab.widgets.conftest import faults

QUESTION = "How long is it?"


def test_text():
    assert repr(predict("length", QUESTION, unit="bytes")) == (
        "predict length: How long is it? (bytes; checksum 21d265b5)"
    )
    assert repr(compare("length", measured=32, unit="bytes", note="All of them.")) == (
        "compare length: measured 32 bytes (checksum 15c64f11). All of them."
    )
    assert repr(compare("length", 1, "bytes")) == "compare length: measured 1 byte (checksum 6102e254)."


@pytest.mark.parametrize(
    "value, unit, text",
    [
        (0, "questions", "0 questions"),
        (1, "questions", "1 question"),
        (1, "s", "1 s"),
        (1, "MB", "1 MB"),
        (86_400, "s", "86,400 s"),
        (0.33335, "s", "0.3333 s"),
        (2.0, "bytes", "2.0 bytes"),
    ],
)
def test_amount(value, unit, text):
    assert amount(value, unit) == text


def test_spec_is_what_the_script_reads():
    assert predict("length", QUESTION, "bytes").spec == {
        "kind": "predict",
        "name": "length",
        "question": QUESTION,
        "unit": "bytes",
    }
    assert compare("length", 32, "bytes", "All.").spec == {
        "kind": "compare",
        "name": "length",
        "measured": 32,
        "unit": "bytes",
        "note": "All.",
        "how": "measured",
        "exact": 32,
        "step": 0,
    }
    rounded = compare("length", 100 / 3, "bytes", digits=0).spec
    assert (rounded["measured"], rounded["exact"], rounded["step"]) == (33, 100 / 3, 1)
    assert compare("length", 2.346, "s", digits=2).spec["measured"] == 2.35


@pytest.mark.parametrize("how", ["measured", "computed", "replayed"])
def test_it_says_how_the_number_was_found(how):
    comparison = compare("length", 32, "bytes", how=how)
    assert comparison.spec["how"] == how
    assert repr(comparison).startswith(f"compare length: {how} 32 bytes (checksum ")


@pytest.mark.parametrize("make", [lambda: predict("length", QUESTION, "s"), lambda: compare("length", 3, "s")])
def test_state_is_what_the_page_gets(make):
    widget = make()
    widget.guess = 4
    state = widget.get_state()
    assert (state["spec"], state["guess"]) == (widget.spec, 4)
    assert state["_esm"] == text_of(*(FOLDER / f"{name}.js" for name in ("elements", "numbers", "prediction")))
    assert state["_css"] == text_of(FOLDER / "exercises.css")


def test_comparison_finds_the_guess():
    prediction = predict("length", QUESTION, "bytes")
    before = compare("length", 32, "bytes")
    other = compare("width", 3, "bytes")
    assert (prediction.guess, before.guess) == (None, None)
    prediction.guess = 40
    assert (before.guess, other.guess) == (40.0, None)
    assert compare("length", 32, "bytes").guess == 40.0
    assert guesses == {"length": 40.0}


def test_cell_run_twice_keeps_the_commitment():
    predict("length", QUESTION, "bytes").guess = 40
    again = predict("length", QUESTION, "bytes")
    assert again.guess == 40.0


def test_a_guess_is_taken_back():
    prediction, comparison = predict("length", QUESTION, "bytes"), compare("length", 32, "bytes")
    prediction.guess = 40
    prediction.guess = None
    assert (comparison.guess, guesses) == (None, {})


def test_ids():
    """They follow from kind and name alone."""
    prediction, comparison = predict("length", QUESTION, "bytes").model_id, compare("length", 32, "bytes").model_id
    assert prediction == predict("length", "Another?", "s").model_id
    assert comparison == compare("length", 3, "s").model_id
    assert len({prediction, comparison, predict("width", QUESTION, "s").model_id}) == 3


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: predict("", QUESTION, "s"), "The name has to be a text, not ''."),
        (lambda: predict("length", " ", "s"), "The question has to be a text, not ' '."),
        (lambda: predict("length", QUESTION, 3), "The unit has to be a text, not 3."),
        (
            lambda: predict("length", QUESTION, options=["a"]),
            "A prediction has a unit, or 2 options or more that differ, not ['a'].",
        ),
        (lambda: predict("length", QUESTION, options=["a", " "]), "The option has to be a text, not ' '."),
        (lambda: compare("length", "c", options=["a", "b"]), "'c' is none of the options: a, b."),
        (lambda: compare(None, 3, "s"), "The name has to be a text, not None."),
        (lambda: compare("length", 3, ""), "The unit has to be a text, not ''."),
        (lambda: compare("length", "3", "s"), "What was measured has to be a finite number, not '3'."),
        (lambda: compare("length", True, "s"), "What was measured has to be a finite number, not True."),
        (lambda: compare("length", float("nan"), "s"), "What was measured has to be a finite number, not nan."),
        (lambda: compare("length", 3, "s", how="made"), "A number is measured, computed or replayed, not 'made'."),
    ],
)
def test_of_no_use(call, message):
    with pytest.raises(ValueError) as refusal:
        call()
    assert str(refusal.value) == message


def both(measured=32, unit="bytes"):
    """A prediction and its comparison."""
    return Prediction("length", QUESTION, unit), compare("length", measured, unit, "All of them.")


def commit(page, text):
    page.get_by_role("textbox", name=QUESTION).fill(text)
    page.get_by_role("button", name="Commit").click()


@pytest.mark.browser
def test_commit_and_compare(show):
    page = show(*both())
    comparison = page.locator(".comparison")
    assert comparison.locator("dt").all_inner_texts() == ["Measured"]
    assert comparison.locator(".prediction-distance").inner_text() == "No guess yet: make one above."
    assert faults(page) == []

    commit(page, "100")
    assert page.locator("form").get_by_role("status").inner_text() == "Committed: 100 bytes. You will see below."
    assert comparison.locator("dt").all_inner_texts() == ["Your guess", "Measured"]
    assert [text.strip() for text in comparison.locator("dd").all_inner_texts()] == ["100 bytes", "32 bytes"]
    assert comparison.locator(".prediction-distance").inner_text() == "Your guess is 3.1 times what was measured."
    assert comparison.locator(".comparison-note").inner_text() == "All of them."
    widths = [bar.bounding_box()["width"] for bar in comparison.locator(".comparison-bar").all()]
    assert widths[1] / widths[0] == pytest.approx(0.32, abs=0.01)
    assert page.evaluate("models[0].get('guess')") == 100
    assert faults(page) == []

    field = page.get_by_role("textbox", name=QUESTION)
    assert not field.is_editable()
    assert not page.get_by_role("button", name="Commit").is_visible()
    field.press("Enter")
    assert page.evaluate("models[0].get('guess')") == 100


@pytest.mark.browser
def test_by_keyboard_alone(show):
    page = show(*both())
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.type("32")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".prediction-distance").inner_text() == "You guessed it exactly."
    assert page.evaluate("document.activeElement.tagName") == "INPUT"


@pytest.mark.browser
def test_enter_commits_where_jupyterlab_takes_the_line_break(show):
    """JupyterLab 4.6 prevents beforeinput of a line break in every field of a notebook."""
    page = show(*both())
    page.evaluate("""document.addEventListener("beforeinput", (event) => {
      if (event.inputType === "insertLineBreak") event.preventDefault(); }, true)""")
    field = page.get_by_role("textbox", name=QUESTION)
    field.press("Enter")
    assert page.locator("form").get_by_role("status").inner_text() == "Write one number in figures, such as 40 or 2.5."
    field.fill("40")
    field.press("Enter")
    assert page.evaluate("models[0].get('guess')") == 40


@pytest.mark.browser
def test_notebooks_in_one_window_share_no_guess(show):
    """JupyterLab shows several: what is guessed in one says nothing in another, and a link leads to its own field."""
    page = show(*both())
    page.evaluate("""async () => {
      cleanups.forEach((cleanup) => cleanup());
      document.querySelector("main").replaceChildren();
      const script = new Blob([models[0].get("_esm")], { type: "text/javascript" });
      const { default: widget } = await import(URL.createObjectURL(script));
      for (const widget_manager of [{}, {}]) {
        for (const { state } of models) {
          const model = Object.assign(new models[0].constructor({ ...state }), { widget_manager });
          widget.render({ model, el: document.querySelector("main").appendChild(document.createElement("div")) });
        }
      }
    }""")
    page.locator(".prediction input").last.fill("30")
    page.locator(".prediction input").last.press("Enter")
    assert page.locator(".prediction-distance").all_inner_texts() == [
        "No guess yet: make one above.", "Your guess is 2 bytes too low.",
    ]  # fmt: skip
    page.get_by_role("link", name="make one above").click()
    assert page.evaluate("document.activeElement === document.querySelector('.prediction input')")


@pytest.mark.browser
def test_what_is_no_number_is_asked_back_in_words_that_name_the_fault(show):
    page = show(*both())
    field, status = page.get_by_role("textbox"), page.locator("form").get_by_role("status")
    shape, several = "Write one number in figures", "This is more than one number"
    for text, fault in {
        "": shape, "many": shape, "0x10": shape, "bytes": shape, "-3": "There is a minus sign", "3 or 4": several,
        "9" * 400: "too large", "12,34,567": "where the decimal point is", "25 ms": "“ms” is another unit",
    }.items():  # fmt: skip
        commit(page, text)
        assert fault in status.inner_text()
        assert field.get_attribute("aria-invalid") == "true"
        assert page.locator(".prediction-distance").inner_text() == "No guess yet: make one above."
    assert faults(page) == []
    commit(page, "4")
    assert field.get_attribute("aria-invalid") == "false"


@pytest.mark.browser
def test_numbers_as_readers_write_them(show):
    page = show(*both())
    for text, value in {
        "40": 40, " 2.5 ": 2.5, ".5": 0.5, "1,024": 1024, "1 024 000.5": 1024000.5, "30 bytes": 30, "30Bytes": 30,
        "1e3": 1000, "25,5": 25.5, "25.": 25, "+25": 25, "~32": 32, "1 byte": 1, "2 kB": 2000, "none": 0,
    }.items():  # fmt: skip
        commit(page, text)
        assert page.evaluate("models[0].get('guess')") == value
        page.get_by_role("button", name="Guess again").click()
    assert page.locator(".prediction-distance").inner_text() == "No guess yet: make one above."


@pytest.mark.browser
def test_a_guess_is_taken_back_on_the_page(show):
    page = show(*both())
    commit(page, "100")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name=QUESTION)
    assert (field.input_value(), field.is_editable()) == ("", True)
    assert page.evaluate("models.map((model) => model.get('guess'))") == [None, None]
    assert page.locator(".comparison dt").all_inner_texts() == ["Measured"]
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.type("32")
    page.keyboard.press("Enter")
    assert page.locator(".prediction-distance").inner_text() == "You guessed it exactly."


@pytest.mark.browser
def test_a_guess_that_is_more_exact_than_the_book_is_right(show):
    page = show(Prediction("length", QUESTION, "answers"), compare("length", 100 / 3, "answers", digits=0))
    for guess, sentence in [
        (33, "You guessed it exactly."), (33.33, "You guessed it: 33.3333 answers, rounded to 33."),
        (33.8, "You guessed it: 33.3333 answers, rounded to 33."), (34, "Your guess is 1 answer too high."),
        (32.8, "Your guess is 0.2 answers too low."),
    ]:  # fmt: skip
        page.evaluate("guess => models[0].set('guess', guess)", guess)
        assert page.locator(".prediction-distance").inner_text() == sentence


@pytest.mark.browser
def test_options_in_the_place_of_a_number(show):
    options = ["the web tier", "the data tier", "both at once"]
    prediction = predict("full", "Which is full first?", options=options)
    comparison = compare("full", options[1], options=options)
    assert repr(prediction).startswith("predict full: Which is full first? (the web tier; the data tier; both at once;")
    assert repr(comparison).startswith("compare full: measured the data tier (")
    page = show(prediction, comparison)
    assert page.locator(".comparison").inner_text().split("\n")[:2] == ["Measured", "the data tier"]
    page.get_by_role("button", name="Commit").click()
    assert page.locator("form").get_by_role("status").inner_text() == "Choose one first."
    assert faults(page) == []
    page.get_by_role("group", name="Which is full first?").get_by_role("radio", name="the web tier").check()
    page.get_by_role("button", name="Commit").click()
    assert page.locator("form").get_by_role("status").inner_text() == "Committed: the web tier. You will see below."
    assert page.locator(".prediction-distance").inner_text() == "You guessed another one."
    assert page.locator("dd").all_inner_texts() == ["the web tier", "the data tier"]
    assert page.get_by_role("radio").evaluate_all("(all) => all.every((radio) => radio.disabled)")
    assert faults(page) == []
    assert page.evaluate("document.activeElement.textContent") == "Guess again"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".prediction-distance").inner_text() == "You guessed it."


@pytest.mark.browser
def test_distances(show):
    page = show(*both(measured=200, unit="s"))
    for guess, sentence in [
        (200, "You guessed it exactly."),
        (100, "What was measured is 2 times your guess."),
        (101, "Your guess is 99 s too low."),
        (399, "Your guess is 199 s too high."),
        (400, "Your guess is 2 times what was measured."),
        (0, "Your guess is 200 s too low."),
        (24690, "Your guess is 123 times what was measured."),
    ]:
        page.evaluate("guess => models[0].set('guess', guess)", guess)
        assert page.locator(".prediction-distance").inner_text() == sentence


@pytest.mark.browser
@pytest.mark.parametrize("how, heading", [("computed", "Computed"), ("replayed", "Replayed")])
def test_what_was_not_measured_is_not_called_so(show, how, heading):
    page = show(Prediction("length", QUESTION, "s"), compare("length", 200, "s", how=how))
    commit(page, "100")
    assert page.locator("dt").all_inner_texts() == ["Your guess", heading]
    for guess, sentence in [
        (100, f"What was {how} is 2 times your guess."), (400, f"Your guess is 2 times what was {how}."),
        (101, "Your guess is 99 s too low."),
    ]:  # fmt: skip
        page.evaluate("guess => models[0].set('guess', guess)", guess)
        assert page.locator(".prediction-distance").inner_text() == sentence


@pytest.mark.browser
def test_nothing_was_measured(show):
    page = show(*both(measured=0, unit="questions"))
    commit(page, "1")
    assert page.locator(".prediction-distance").inner_text() == "Your guess is 1 question too high."
    assert [text.strip() for text in page.locator("dd").all_inner_texts()] == ["1 question", "0 questions"]


@pytest.mark.browser
def test_guess_that_a_kernel_knows(show):
    """Committed before the page was loaded again."""
    prediction, comparison = both()
    prediction.guess = 30
    page = show(comparison, prediction)
    assert page.locator(".prediction-distance").inner_text() == "Your guess is 2 bytes too low."
    assert not page.get_by_role("textbox").is_editable()
    page.evaluate("cleanups.forEach(cleanup => cleanup()); models[1].set('guess', 32)")
    assert page.locator(".prediction-distance").inner_text() == "Your guess is 2 bytes too low."


@pytest.mark.browser
def test_other_predictions_are_left_alone(show):
    page = show(*both(), Prediction("width", "How wide is it?", "m"), compare("width", 3, "m"))
    page.get_by_label("How wide is it?").fill("4")
    page.get_by_role("button", name="Commit").nth(1).click()
    distances = page.locator(".prediction-distance").all_inner_texts()
    assert distances == ["No guess yet: make one above.", "Your guess is 1 m too high."]
    assert faults(page) == []
    assert page.locator("input:not([data-lm-suppress-shortcuts=true])").count() == 0

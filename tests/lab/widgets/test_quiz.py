"""The quiz: its file, its Python, and its page."""

import copy
import re

import pytest

from lab.drawing import colours
from lab.widgets import quiz as quiz_module
from lab.widgets.quiz import CHAPTERS, Quiz, QuizError, check, quiz
from lab.widgets.stable_widget import text_of
from tests.lab.widgets.conftest import faults

RIGHT = [1, 2, 1, 2, 1]  # positions of the right options of the quiz on one request


def small():
    """A quiz of two questions."""
    return {
        "title": "Small",
        "questions": [
            {
                "text": f"Which is {number}?",
                "options": [
                    {"text": text, "right": text == number, "reason": f"It is {text}."}
                    for text in ("one", "two", "three")
                ],
            }
            for number in ("two", "three")
        ],
    }


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*/quiz.yml")), ids=lambda path: path.parent.name)
def test_a_chapters_quiz_has_five_questions_and_short_reasons(path):
    questions = quiz(path.parent.name).spec["questions"]
    assert len(questions) == 5
    for question in questions:
        for option in question["options"]:
            assert option["reason"].endswith(".") and len(option["reason"]) <= 190


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*/quiz.yml")), ids=lambda path: path.parent.name)
def test_the_right_option_is_not_known_by_its_length(path):
    """It is the longest in two questions of five at the most."""
    longest = 0
    for question in quiz(path.parent.name).spec["questions"]:
        right = next(len(option["text"]) for option in question["options"] if option["right"])
        longest += all(len(option["text"]) < right for option in question["options"] if not option["right"])
    assert longest <= 2


def test_unknown_quiz(monkeypatch, tmp_path):
    for topic in ("b", "a"):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / "quiz.yml").touch()
    monkeypatch.setattr(quiz_module, "CHAPTERS", tmp_path)
    with pytest.raises(QuizError, match=r"^No quiz is called 'c'. There are: a, b\.$"):
        quiz("c")


def without(mapping, key):
    del mapping[key]


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda c: without(c, "title"), "The quiz has to have title, questions and nothing else, not questions."),
        (lambda c: c.update(title=""), "The quiz: its title is empty."),
        (lambda c: c.update(questions=[]), "The quiz has no questions."),
        (lambda c: c.update(questions=3), "The quiz: its questions is 3, and has to be a list."),
        (
            lambda c: c["questions"].insert(0, "Why?"),
            "Question 1 has to have text, options and nothing else, not 'Why?'.",
        ),
        (
            lambda c: c["questions"][1].update(hint="x"),
            "Question 2 has to have text, options and nothing else, not text, options, hint.",
        ),
        (lambda c: c["questions"][1].update(text="Which is two?"), "The quiz has this text twice: Which is two?"),
        (
            lambda c: c["questions"][1].update(text="Which is NOT three?"),
            "Question 2 asks with NOT, which is easily overlooked: turn it round.",
        ),
        (lambda c: c["questions"][0]["options"].pop(), "Question 1 has 2 options: give it 3 or 4."),
        (
            lambda c: c["questions"][0]["options"].extend(
                {"text": text, "right": False, "reason": "No."} for text in ("four", "five")
            ),
            "Question 1 has 5 options: give it 3 or 4.",
        ),
        (
            lambda c: c["questions"][0]["options"][0].update(right=True),
            "Question 1 has 2 right options: mark exactly one.",
        ),
        (
            lambda c: c["questions"][0]["options"][1].update(right=False),
            "Question 1 has 0 right options: mark exactly one.",
        ),
        (
            lambda c: c["questions"][0]["options"][0].update(right=0),
            "Question 1, option 1: its right is 0, and has to be true or false.",
        ),
        (
            lambda c: c["questions"][0]["options"][0].update(text=1),
            "Question 1, option 1: its text is 1, and has to be a text: put it in quotes.",
        ),
        (lambda c: c["questions"][1]["options"][2].update(reason=" "), "Question 2, option 3: its reason is empty."),
        (
            lambda c: without(c["questions"][1]["options"][2], "reason"),
            "Question 2, option 3 has to have text, right, reason and nothing else, not text, right.",
        ),
        (lambda c: c["questions"][0]["options"][2].update(text="one"), "Question 1 has this text twice: one"),
        (
            lambda c: c["questions"][0]["options"][2].update(text="NOT one"),
            "Question 1 asks with NOT, which is easily overlooked: turn it round.",
        ),
    ],
)
def test_spoilt_quiz(spoil, message):
    content = small()
    check(content)
    spoil(content)
    with pytest.raises(QuizError) as refusal:
        Quiz("small", content)
    assert str(refusal.value) == message


def test_four_options_are_enough():
    content = small()
    content["questions"][0]["options"].append({"text": "four", "right": False, "reason": "No."})
    check(content)


def test_text():
    assert repr(Quiz("small", small())) == (
        "quiz small: Small (checksum dd286c37)\n"
        "1. Which is two?\n   - one\n   - two\n   - three\n"
        "2. Which is three?\n   - one\n   - two\n   - three"
    )


def test_checksum_covers_what_is_not_printed():
    texts = {repr(Quiz("small", small()))}
    for key, values in (("reason", ("It is won.", "It is too.")), ("right", (True, False))):
        content = copy.deepcopy(small())
        for option, value in zip(content["questions"][0]["options"], values, strict=False):
            option[key] = value
        texts.add(repr(Quiz("small", content)))
    assert len(texts) == 3
    assert len({text.partition(")")[2] for text in texts}) == 1


def test_score_counts_right_answers():
    questions = quiz("one_request")
    assert (questions.answers, questions.score()) == ([None] * 5, 0)
    questions.answers = RIGHT
    assert questions.score() == 5
    questions.answers = [0, 2, None, 2, 3]
    assert questions.score() == 2


def test_state_is_what_the_page_gets():
    questions = quiz("one_request")
    state = questions.get_state()
    assert (state["spec"], state["answers"]) == (questions.spec, [None] * 5)
    assert state["_esm"] == (quiz_module.FOLDER / "quiz.js").read_text("utf-8")
    assert state["_css"] == text_of(quiz_module.FOLDER / "exercises.css")


@pytest.mark.parametrize("name", ["exercises.css", "quiz.js", "prediction.js"])
def test_colours_are_the_books(name):
    """Each is a token, with its light colour for where no page sets one."""
    text = (quiz_module.FOLDER / name).read_text("utf-8")
    for token, fallback in re.findall(r"var\(--(\w+),\s*(#\w+)\)", text):
        assert fallback == colours.light(token)
    assert re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"var\([^)]*\)", "", text)) == []


def marks(question):
    """The verdict before each reason."""
    return [text.strip() for text in question.locator(".quiz-mark").all_inner_texts()]


@pytest.mark.browser
def test_right_wrong_and_again(show):
    page = show(quiz("one_request"))
    assert page.get_by_role("region", name="Quiz: One server, one request").count() == 1
    assert page.get_by_role("group", name="Question 1 A page names three files.").count() == 1
    score = page.locator(".quiz-score")
    assert score.inner_text() == "5 questions."
    first, second = page.get_by_role("group").nth(0), page.get_by_role("group").nth(1)

    page.get_by_role("button", name="Check: question 1").click()
    assert first.get_by_role("status").inner_text() == "Choose an option first."
    assert page.locator(".quiz-reason:visible").count() == 0

    first.get_by_label("The address is needed to open").check()
    page.get_by_role("button", name="Check: question 1").click()
    assert first.get_by_role("status").inner_text() == "Right."
    assert marks(first) == ["✗ Wrong.", "✓ Your choice, right.", "✗ Wrong.", "✗ Wrong."]
    assert first.get_by_role("button").all_inner_texts() == ["Reset"]
    assert score.inner_text() == "1 of 1 right. 4 to go."
    assert page.locator(".quiz-reason:visible").count() == 4

    second.get_by_role("radio").nth(0).check()
    page.get_by_role("button", name="Check: question 2").click()
    assert second.get_by_role("status").inner_text() == "Not yet. Read the reason."
    reasons = second.locator(".quiz-reason:visible")
    assert reasons.count() == 1 and reasons.inner_text().startswith("✗ Your choice, wrong.")
    assert "Nothing spreads." in reasons.inner_text()
    assert second.locator(".is-right").count() == 0, "the right answer is not given away"
    assert score.inner_text() == "1 of 2 right. 3 to go."
    assert second.get_by_role("radio").nth(1).is_disabled()
    assert page.evaluate("models[0].get('answers')") == [1, 0, None, None, None]
    assert faults(page) == []

    page.get_by_role("button", name="Show all reasons: question 2").click()
    assert marks(second) == ["✗ Your choice, wrong.", "✗ Wrong.", "✓ Right.", "✗ Wrong."]
    assert reasons.count() == 4 and second.locator(".is-right").count() == 1
    assert page.evaluate("document.activeElement.textContent") == "Try again"
    assert second.get_by_role("button").all_inner_texts() == ["Try again"]
    assert faults(page) == []

    page.get_by_role("button", name="Try again: question 2").click()
    assert reasons.count() == 0 and second.locator("[aria-describedby]").count() == 0
    assert second.get_by_role("status").inner_text() == ""
    assert second.locator("input:checked").count() == 0
    assert page.evaluate("document.activeElement.id").endswith("-2-1")
    assert score.inner_text() == "1 of 1 right. 4 to go."
    assert page.evaluate("models[0].get('answers')") == [1, None, None, None, None]


@pytest.mark.browser
def test_by_keyboard_alone(show):
    page = show(quiz("one_request"))
    for position in RIGHT:
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(position):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Reset"
    assert page.locator(".quiz-score").inner_text() == "5 of 5 right. All five answered."


@pytest.mark.browser
def test_double_click_takes_nothing_back(show):
    page = show(quiz("one_request"))
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Check: question 1").dblclick()
    assert page.locator(".quiz-score").inner_text() == "1 of 1 right. 4 to go."


@pytest.mark.browser
def test_a_kernel_and_a_second_view(show):
    """Answers that come from elsewhere are drawn; two views do not share their radio buttons."""
    page = show(quiz("one_request"), Quiz("small", small()))
    page.get_by_role("radio").nth(0).check()
    page.locator("section").nth(1).get_by_role("radio").nth(0).check()
    assert page.locator("input:checked").count() == 2
    page.evaluate("models[0].set('answers', [1, 2, 1, 2, 0])")
    assert page.locator(".quiz-score").first.inner_text() == "4 of 5 right. All five answered."
    page.evaluate("cleanups[0](); models[0].set('answers', [1, 2, 1, 2, 1])")
    assert page.locator(".quiz-score").first.inner_text() == "4 of 5 right. All five answered."


@pytest.mark.browser
def test_jupyterlab_leaves_the_keys_to_the_inputs(show):
    page = show(quiz("one_request"))
    assert page.locator("input:not([data-lm-suppress-shortcuts=true])").count() == 0
    assert page.locator("input").count() == 20


# Renders the quiz again and again, with chance from a seed; gives for each question how often each option stood where
ORDERS = """(renders) => {
  const questions = models[0].get("spec").questions;
  const counts = questions.map(({ options }) => options.map(() => options.map(() => 0)));
  let state = 1;
  Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let number = 0; number < renders; number++) {
    const el = document.createElement("div");
    scripts[0].render({ model: models[0], el })();
    el.querySelectorAll("fieldset").forEach((set, question) => {
      set.querySelectorAll(".quiz-option label").forEach((label, place) => {
        counts[question][questions[question].options.findIndex(({ text }) => text === label.textContent)][place]++;
      });
    });
  }
  return counts;
}"""


@pytest.mark.browser
def test_options_stand_in_another_order_at_each_visit(show):
    """Each option at each place as often as at any other, so that no place tells the right one."""
    page = show(quiz("one_request"))
    for question in page.evaluate(ORDERS, 400):
        for places in question:
            assert sum(places) == 400 and all(70 <= count <= 130 for count in places)


@pytest.mark.browser
def test_an_answer_is_the_same_wherever_its_option_stands(show):
    page = show(quiz("one_request"))
    page.evaluate("""() => {
      cleanups[0](); document.querySelector(".quiz").remove();
      Math.random = () => 0; // moves every option
      scripts[0].render({ model: models[0], el: document.querySelector("main") });
    }""")
    first = page.get_by_role("group").nth(0)
    options = quiz("one_request").spec["questions"][0]["options"]
    assert first.locator("label").all_inner_texts() == [options[place]["text"] for place in (1, 2, 3, 0)]
    first.get_by_label(options[RIGHT[0]]["text"]).check()
    page.get_by_role("button", name="Check: question 1").click()
    assert first.get_by_role("status").inner_text() == "Right."
    assert page.evaluate("models[0].get('answers')") == [RIGHT[0], None, None, None, None]
    page.get_by_role("button", name="Reset: question 1").click()
    assert page.evaluate("document.activeElement === document.querySelector('.quiz input')"), "the first in sight"

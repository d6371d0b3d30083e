"""lab/widgets/explorer.py: the table, the checks, the checksum, and measuring again."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from traitlets import TraitError

from lab.drawing.book_figure import Drawing
from lab.drawing.colours import TOKENS, light
from lab.widgets.explorer import FOLDER, Control, Explorer, Output, check_controls, shorten, table_of

DRAWINGS = {"wide": Drawing("<svg/>", 720, 10), "tall": Drawing("<svg/>", 360, 20)}
A = Control("a", "First", (1, 2, 3), 2, unit="s")
B = Control("b", "Second", ("x", "y"), "x", words=("ex", "why"))


def model(a, b):
    """Something that is different at every setting."""
    return {"sum": a + (10 if b == "y" else 0), "half": a / 2, "sentence": a - 1}


@pytest.fixture
def explorer():
    """A small explorer; closed afterwards, so that the next may have its name."""
    small = Explorer(
        "small", "A small one", model, [A, B], [Output("sum", "the sum", "m"), Output("half", "half", percent=True)],
        DRAWINGS, sentences=("one", "two", "three"), note="n", measure=lambda a, b: a * 100,
    )  # fmt: skip
    yield small
    small.close()


def test_table_has_the_last_control_running_fastest(explorer):
    assert json.loads(explorer.table) == {
        "sum": [1, 11, 2, 12, 3, 13],
        "half": [0.5, 0.5, 1.0, 1.0, 1.5, 1.5],
        "sentence": [0, 0, 1, 1, 2, 2],
    }


def test_lists_are_sent_as_they_are():
    assert table_of(lambda a: {"who": [[a, 1.23456]]}, [Control("a", "A", (1, 2), 1)]) == {
        "who": [[[1, 1.23456]], [[2, 1.23456]]],
    }  # fmt: skip


def test_what_is_played_is_a_control():
    arguments = {"model": model, "controls": [A, B], "outputs": [], "drawings": DRAWINGS}
    explorer = Explorer("played", "x", **arguments, played="a")
    assert explorer.spec["played"] == "a"
    explorer.close()
    with pytest.raises(ValueError, match="c is to be played, and is none of the controls"):
        Explorer("played", "x", **arguments, played="c")


def test_at_gives_the_row_of_a_setting_or_of_the_present_one(explorer):
    assert explorer.at() == {"sum": 2, "half": 1.0, "sentence": 1}
    assert explorer.at(b="y") == {"sum": 12, "half": 1.0, "sentence": 1}
    explorer.value = {"a": 3, "b": "y"}
    assert explorer.at()["sum"] == 13
    with pytest.raises(ValueError, match=r"First has no value 4, only \[1, 2, 3\]"):
        explorer.at(a=4)


def test_spec_is_what_the_browser_draws(explorer):
    assert explorer.spec["controls"][0] == {
        "name": "a", "label": "First", "values": [1, 2, 3], "start": 2, "unit": "s", "words": None,
    }  # fmt: skip
    assert explorer.spec["outputs"][1] == {
        "name": "half", "label": "half", "unit": "", "percent": True, "missing": "not by this formula",
    }  # fmt: skip
    assert explorer.spec["drawings"]["tall"] == {"svg": "<svg/>", "width": 360, "height": 20, "moving": []}
    assert (explorer.spec["title"], explorer.spec["note"]) == ("A small one", "n")
    assert explorer.spec["sentences"] == ["one", "two", "three"]
    assert explorer.spec["measure"] is True
    assert explorer.value == {"a": 2, "b": "x"}


def test_text_says_the_setting_what_it_gives_and_a_checksum(explorer):
    assert repr(explorer) == (
        "explorer small: A small one. First 2, Second x: the sum 2, half 1.0."
        f" 6 settings, checksum {explorer.checksum}"
    )


def test_ids_are_the_same_on_every_run_and_a_cell_can_run_twice(explorer):
    ids = explorer.model_id, explorer.layout.model_id
    again = Explorer("small", "A small one", model, [A, B], [], DRAWINGS)
    assert (again.model_id, again.layout.model_id) == ids
    assert again.spec["measure"] is False
    again.close()


@pytest.fixture
def answers_to(explorer, monkeypatch):
    """answers_to(message) returns what the explorer sends to the page when it gets this message."""
    answers = []
    monkeypatch.setattr(type(explorer), "send", lambda self, answer: answers.append(answer))

    def receive(message):
        answers.clear()
        explorer._receive(explorer, message, [])
        return answers

    return receive


@pytest.mark.parametrize(
    "message, answers",
    [
        ({"ask": "measure"}, [{"measured": 200.0, "setting": {"a": 2, "b": "x"}}]),
        ({"ask": "measure", "setting": {"a": 3, "b": "y"}}, [{"measured": 300.0, "setting": {"a": 3, "b": "y"}}]),
        (
            {"ask": "measure", "setting": {"a": 4, "b": "y"}},
            [{"error": "TraitError: a has no value 4, only [1, 2, 3]"}],
        ),
        ({"ask": "kernel"}, [{"kernel": True}]),
        ({"ask": "else"}, []),
        ({}, []),
    ],
)
def test_a_kernel_that_can_measure_says_so_and_at_which_setting_it_measured(answers_to, message, answers):
    assert answers_to(message) == answers


def test_a_failed_measurement_is_sent_to_the_page(explorer, answers_to):
    explorer._measure = lambda a, b: 1 / 0
    assert answers_to({"ask": "measure"}) == [{"error": "ZeroDivisionError: division by zero"}]


def interrupted(a, b):
    """What the reader stops."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "measure, error",
    [
        (interrupted, "The measurement was interrupted."),
        (lambda a, b: float("inf"), "The measurement gave no number, but inf."),
        (lambda a, b: None, "TypeError: float() argument must be a string or a real number, not 'NoneType'"),
    ],
)
def test_a_measurement_without_a_number_is_answered_too(explorer, answers_to, measure, error):
    explorer._measure = measure
    assert answers_to({"ask": "measure"}) == [{"error": error}]


@pytest.mark.parametrize("question", ["measure", "kernel"])
def test_without_a_measurement_the_question_is_passed_over(explorer, answers_to, question):
    explorer._measure = None
    assert answers_to({"ask": question}) == []


@pytest.mark.parametrize(
    "controls, complaint",
    [
        ([], "an explorer has 1 to 3 controls, not 0"),
        ([A] * 4, "an explorer has 1 to 3 controls, not 4"),
        ([Control("a", "A", range(50), 0), Control("b", "B", range(51), 0)], "2550 settings are too many"),
        ([Control("a", "A", (1, 2), 3)], "a starts at 3, which is none of its values"),
        ([Control("a", "A", (1, 2), 1, words=("one",))], "a has 2 values and 1 words"),
    ],
)
def test_what_does_not_fit_is_refused(controls, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_controls(controls)


def test_largest_grid_is_taken():
    check_controls([Control("a", "A", range(50), 0), Control("b", "B", range(50), 0)])


@given(st.floats(allow_nan=True, allow_infinity=True))
@example(1.7976e308)  # finite, and with four digits no more
@example(5e-324)  # the smallest of all has one digit, written as Python writes it
def test_numbers_keep_four_digits_and_what_is_not_finite_is_none(value):
    short = shorten(value)
    if short is None:
        assert not abs(value) < 1.7975e308
    else:
        assert short == pytest.approx(value, rel=5e-4)
        assert len(Decimal(repr(short)).normalize().as_tuple().digits) <= 4


def test_whole_numbers_and_none_are_kept():
    assert [shorten(value) for value in (123_456, None, True, 0)] == [123_456, None, True, 0]
    assert shorten(0.123456) == 0.1235


def test_share_that_is_short_of_one_stays_short_of_it():
    assert [shorten(value) for value in (0.99994, 0.99996, 0.9999999, 1.0, 1.00001)] == [0.9999, 0.9999, 0.9999, 1, 1]


def test_the_table_takes_one_call_of_the_model_a_setting():
    settings = []
    table_of(lambda a, b: settings.append((a, b)) or {"n": 0}, [A, B])
    assert settings == [(1, "x"), (1, "y"), (2, "x"), (2, "y"), (3, "x"), (3, "y")]


@pytest.mark.parametrize(
    "setting, complaint",
    [
        ({"a": 4, "b": "x"}, r"a has no value 4, only \[1, 2, 3\]"),
        ({"a": 1, "b": 1}, r"b has no value 1, only \['x', 'y'\]"),
        ({"a": 1}, "a setting names a, b, not a"),
        ({}, "a setting names a, b, not nothing"),
        ({"a": 1, "b": "x", "c": 0}, "a setting names a, b, not a, b, c"),
    ],
)
def test_setting_off_the_grid_is_refused(explorer, setting, complaint):
    with pytest.raises(TraitError, match=complaint):
        explorer.value = setting
    assert explorer.value == {"a": 2, "b": "x"}


def test_colours_of_script_and_sheet_are_the_books():
    """A notebook has no variables, so both carry the light colours a second time."""
    script = (FOLDER / "explorer.js").read_text("utf-8")
    written = dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', script))
    assert written == {token: light(token) for token in TOKENS}
    sheet = (FOLDER / "explorer.css").read_text("utf-8")
    fallbacks = re.findall(r"var\(--(\w+),(#[0-9a-f]{6})\)", sheet)
    assert fallbacks and all(light(token) == colour for token, colour in fallbacks)


def test_no_part_of_the_state_ends_the_script_that_carries_it(explorer):
    """The page stores the state in a script element, as it is."""
    assert "</script" not in json.dumps([explorer._esm, explorer._css, explorer.spec, explorer.table]).lower()

"""book/site/room.py, by hand; tests/book/test_widgets_in_page.py compares it with what a browser draws."""

from book.site.room import room

OPTION = {"text": "An option", "right": True, "reason": "It is."}


def test_explorer_takes_its_drawing_and_what_stands_beside_it() -> None:
    spec = {
        "drawings": {"wide": {"height": 300}, "tall": {"height": 600}},
        "controls": [{"words": None}, {"words": ["a", "b"]}], "outputs": [{"label": "a number"}] * 4,
        "sentences": [], "note": "",
    }  # fmt: skip
    plain = room(spec)
    assert plain == {"wide": 300 + 42 + 89 + 14 + 54, "tall": 600 + 34 + 154 + 14 + 54}
    with_text = room({**spec, "sentences": ["One.", "Two. " * 12], "note": "Where it comes from."})
    assert with_text["wide"] - plain["wide"] == round(12 + 26.1 + 10 + 21.8)
    assert with_text["tall"] - plain["tall"] == round(12 + 1.5 * 26.1 + 10 + 21.8)  # of one line and of two the middle


def test_many_words_make_a_slider_and_long_labels_more_rows() -> None:
    spec = {
        "drawings": {"wide": {"height": 300}, "tall": {"height": 600}},
        "controls": [{"words": ["a", "b", "c", "d", "e"]}], "outputs": [], "sentences": [], "note": "",
    }  # fmt: skip
    assert room(spec) == {"wide": 300 + 42 + 40 + 14, "tall": 600 + 34 + 70 + 14}
    labelled = room({**spec, "outputs": [{"label": "n" * 30}] * 3})
    assert labelled == {"wide": 396 + 54, "tall": 718 + 3 * 54}


def test_longer_text_takes_more_lines_and_a_phone_sooner() -> None:
    short = room({"kind": "predict", "question": "How many?"})
    longer = room({"kind": "predict", "question": "How many of them are there? " * 2})
    assert longer["wide"] == short["wide"] and 24 <= longer["tall"] - short["tall"] <= 25


def test_comparison_has_a_line_for_its_note_if_it_has_one() -> None:
    without, noted = (room({"kind": "compare", "note": note})["wide"] for note in ("", "All of it."))
    assert noted == without + 23


def test_quiz_grows_by_question_and_option() -> None:
    question = {"text": "Which?", "options": [OPTION] * 3}
    one, two, larger = (
        room({"questions": questions})["wide"]
        for questions in ([question], [question] * 2, [{**question, "options": [OPTION] * 4}])
    )
    assert two - one > 250 and 40 <= larger - one <= 43


def test_unknown_widget_gets_none() -> None:
    assert room({}) == {} and room({"kind": "else"}) == {}

"""How high a widget will be, about, from its stored spec: the page keeps that room free until its script has drawn it.

So what stands below does not jump, and a link that leads to it lands there. The numbers follow the widgets' sheets,
explorer.css and exercises.css; a test compares them with what a browser makes of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LARGE, SMALL = 24.3, 23.2  # pixels of a line of 18 and of 16 pixels, in the exercises' sheet
SENTENCE, NOTE = 26.1, 21.8  # and in the explorer's, of 18 and of 15
BUTTON, NUMBER = 42, 54
PLAY = BUTTON + 8
LETTER, GAP = 6.4, 40  # of a number's label, and between two numbers
FEW_WORDS = 4  # a control with more words than that is a slider that says them


@dataclass(frozen=True)
class Layout:
    """What differs between a wide page and a phone: pixels, and how many letters go into a line."""

    box: int
    """padding and border, above and below together"""
    slider: int
    choice: int
    """a control with words to choose from"""
    width: int
    """pixels in which the numbers of an explorer stand side by side"""
    large: int
    small: int
    sentence: int
    note: int
    term_above: bool
    """whether a comparison's term stands above its bar"""


LAYOUTS = {
    "wide": Layout(42, 40, 49, 720, large=80, small=88, sentence=90, note=108, term_above=False),
    "tall": Layout(34, 70, 84, 360, large=37, small=43, sentence=42, note=52, term_above=True),
}


def room(spec: Mapping[str, Any]) -> dict[str, int]:
    """Pixels by layout for a widget of this spec; nothing for a kind of widget that is not known."""
    if spec.get("drawings"):
        heights = {name: drawing["height"] for name, drawing in spec["drawings"].items()}
        return {name: heights[name] + round(_beside(spec, layout)) for name, layout in LAYOUTS.items()}
    if "questions" in spec:
        reckon = _quiz
    elif kind := KINDS.get(spec.get("kind", "")):
        reckon = kind
    else:
        return {}
    return {name: round(reckon(spec, layout)) for name, layout in LAYOUTS.items()}


def _lines(text: str, letters: int) -> int:
    return len(textwrap.wrap(text, letters))


def _beside(spec: Mapping[str, Any], layout: Layout) -> float:
    """Controls, numbers, sentence and note of an explorer."""
    are_choices = [control["words"] is not None and len(control["words"]) <= FEW_WORDS for control in spec["controls"]]
    controls = sum(layout.choice if is_choice else layout.slider for is_choice in are_choices)
    numbers = NUMBER * _rows([len(output["label"]) for output in spec["outputs"]], layout.width)
    heights = [_lines(sentence, layout.sentence) for sentence in spec["sentences"]] or [0]
    # one of the sentences stands there at first: the room is for one of middle length
    sentence, note = SENTENCE * (min(heights) + max(heights)) / 2, NOTE * _lines(spec["note"], layout.note)
    beside = controls + numbers + sentence + 12 * bool(sentence) + note + 10 * bool(note)
    return layout.box + 14 + beside + PLAY * (spec.get("played") is not None)


def _rows(letters: Iterable[int], width: int) -> int:
    """In how many rows the numbers stand, whose labels have so many letters."""
    rows, left = 0, 0.0
    for count in letters:
        needed = LETTER * count + GAP
        if needed > left:
            rows, left = rows + 1, float(width + GAP)
        left -= needed
    return rows


def _prediction(spec: Mapping[str, Any], layout: Layout) -> float:
    options = sum(16 + SMALL * _lines(option, layout.small) for option in spec.get("options", []))
    return layout.box + LARGE * _lines(spec["question"], layout.large) + options + BUTTON + 24 + SMALL


def _comparison(spec: Mapping[str, Any], layout: Layout) -> float:
    """Without a guess: one bar, a sentence and the note."""
    return layout.box + 60 + SMALL * (1 + layout.term_above + _lines(spec["note"], layout.small))


def _answer(spec: Mapping[str, Any], layout: Layout) -> float:
    """Before an answer, with the line of its verdict still empty."""
    return layout.box + LARGE * _lines(spec["label"], layout.large) + 12 + BUTTON + 10 + SMALL


def _open_exercise(spec: Mapping[str, Any], layout: Layout) -> float:
    """Before anything is compared: a field of six lines and a button."""
    return layout.box + LARGE * _lines(spec["label"], layout.large) + 24 + 6 * SMALL + 14 + BUTTON + 10 + SMALL


def _quiz(spec: Mapping[str, Any], layout: Layout) -> float:
    return layout.box + LARGE + sum(_question(question, layout) for question in spec["questions"])


def _question(question: Mapping[str, Any], layout: Layout) -> float:
    options: Iterable[str] = (option["text"] for option in question["options"])
    lines = LARGE * _lines(question["text"], layout.large)
    return 140 + lines + sum(18 + SMALL * _lines(text, layout.small) for text in options)


KINDS = {"predict": _prediction, "compare": _comparison, "answer": _answer, "open": _open_exercise}

"""A quiz in a notebook and in the built page: every option has its reason, the wrong ones too.

The questions of a chapter stand in quiz.yml in its folder of lab/chapters.
"""

from pathlib import Path
from typing import Any

import traitlets
import yaml

from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
CHAPTERS = FOLDER.parent / "chapters"
FEWEST_OPTIONS, MOST_OPTIONS = 3, 4


class QuizError(ValueError):
    """A quiz file that cannot be shown; the message says which question it is and what to do."""


class Quiz(StableWidget):
    """Questions with options to choose from.

    answers   for each question the position of the option that was checked (0 is the first), or None

    The positions are those in the file. Before the reader options stand in an order of their own at each visit.
    """

    _esm = FOLDER / "quiz.js"
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    answers = traitlets.List(traitlets.Int(allow_none=True)).tag(sync=True)

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        check(content)
        self.name = name
        super().__init__(f"quiz/{name}", spec=content, answers=[None] * len(content["questions"]))

    def score(self) -> int:
        """Return how many questions are answered right so far."""
        options = [question["options"] for question in self.spec["questions"]]
        return sum(answer is not None and options[at][answer]["right"] for at, answer in enumerate(self.answers))

    def __repr__(self) -> str:
        lines = [f"quiz {self.name}: {self.spec['title']} (checksum {self.checksum})"]
        for number, question in enumerate(self.spec["questions"], start=1):
            lines.append(f"{number}. {question['text']}")
            lines += [f"   - {option['text']}" for option in question["options"]]
        return "\n".join(lines)


def quiz(topic: str) -> Quiz:
    """Return the quiz of a chapter by the name of its folder, such as "one_request".

    QuizError when there is none, or when it is not well formed.
    """
    path = CHAPTERS / topic / "quiz.yml"
    if not path.is_file():
        topics = ", ".join(sorted(file.parent.name for file in CHAPTERS.glob("*/quiz.yml")))
        raise QuizError(f"No quiz is called {topic!r}. There are: {topics}.")
    return Quiz(topic, yaml.safe_load(path.read_text("utf-8")))


def check(content: Any) -> None:
    """Raise QuizError unless this is a quiz: a title, and questions with 3 or 4 options, one of them right."""
    _require_keys("The quiz", content, {"title": str, "questions": list})
    if not content["questions"]:
        raise QuizError("The quiz has no questions.")
    for number, question in enumerate(content["questions"], start=1):
        _check_question(f"Question {number}", question)
    _require_unique("The quiz", [question["text"] for question in content["questions"]])


def _check_question(where: str, question: Any) -> None:
    _require_keys(where, question, {"text": str, "options": list})
    options = question["options"]
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise QuizError(f"{where} has {len(options)} options: give it {FEWEST_OPTIONS} or {MOST_OPTIONS}.")
    for number, option in enumerate(options, start=1):
        _require_keys(f"{where}, option {number}", option, {"text": str, "right": bool, "reason": str})
    if (count := sum(option["right"] for option in options)) != 1:
        raise QuizError(f"{where} has {count} right options: mark exactly one.")
    _require_unique(where, [option["text"] for option in options])
    for text in (question["text"], *(option["text"] for option in options)):
        if "NOT" in text.split():
            raise QuizError(f"{where} asks with NOT, which is easily overlooked: turn it round.")


def _require_keys(where: str, mapping: Any, kinds: dict[str, type]) -> None:
    if not isinstance(mapping, dict) or set(mapping) != set(kinds):
        keys = ", ".join(map(str, mapping)) if isinstance(mapping, dict) else repr(mapping)
        raise QuizError(f"{where} has to have {', '.join(kinds)} and nothing else, not {keys}.")
    for key, kind in kinds.items():
        if not isinstance(mapping[key], kind):
            words = {str: "a text: put it in quotes", bool: "true or false", list: "a list"}[kind]
            raise QuizError(f"{where}: its {key} is {mapping[key]!r}, and has to be {words}.")
        if kind is str and not mapping[key].strip():
            raise QuizError(f"{where}: its {key} is empty.")


def _require_unique(where: str, texts: list[str]) -> None:
    for position, text in enumerate(texts):
        if text in texts[:position]:
            raise QuizError(f"{where} has this text twice: {text}")

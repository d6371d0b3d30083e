"""The checkers and quizzes of all chapters, as their tests need them."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import lab.chapters
from lab.widgets.checking import Verdict
from lab.widgets.quiz import Quiz

CHAPTERS = Path(lab.chapters.__file__).parent


def checkers_of(topic: str) -> dict[str, Callable[..., Verdict]]:
    """The checkers of a chapter by their names: the public functions of its exercises that return a Verdict."""
    module = import_module(f"lab.chapters.{topic}.exercises")
    return {
        name: function for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        and get_type_hints(function).get("return") is Verdict
    }  # fmt: skip


CHECKERS = {
    f"{path.parent.name}.{name}": checker
    for path in sorted(CHAPTERS.glob("*/exercises.py"))
    for name, checker in checkers_of(path.parent.name).items()
}


def answers_of(checker: Callable[..., Verdict]) -> int:
    """How many answers a checker takes: one, or two that are compared with each other."""
    return len(inspect.signature(checker).parameters)


def assert_right(verdict: Verdict, praise: str = "") -> None:
    """The answer is right, and the reader is told so with these words among others."""
    assert verdict.state == "right" and praise in verdict.message, verdict


def assert_wrong(verdict: Verdict, hint: str) -> None:
    """The answer is wrong, and the reader is told so in one line, with these words among others."""
    assert verdict.state == "wrong" and hint in verdict.message, verdict
    assert "\n" not in verdict.message


def right_options(quiz: Quiz) -> list[dict[str, Any]]:
    """The right option of each question: its text and its reason."""
    return [option for question in quiz.spec["questions"] for option in question["options"] if option["right"]]

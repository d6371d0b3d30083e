"""The field of an exercise whose answer is a number or a word, in a notebook and in the built page.

The rules of a chapter's answers stand in answers.yml in its folder of lab/chapters. The widget's script judges by them,
and nothing else does: so the page needs no kernel, and says the same.
"""

from pathlib import Path
from typing import Any

import traitlets
import yaml

from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
CHAPTERS = FOLDER.parent / "chapters"
FORMS = ("number", "text")
# What a rule may ask of an answer, and the type of what stands behind it
CONDITIONS: dict[str, type | tuple[type, ...]] = {
    "equals": (int, float, list), "above": (int, float), "below": (int, float), "fractional": bool, "converted": bool,
    "pattern": str, "weights": str, "unreadable": bool,
}  # fmt: skip
BESIDES: dict[str, type | tuple[type, ...]] = {"says": str, "right": bool, "within": (int, float), "examples": list}


class AnswersError(ValueError):
    """A file of answers that cannot be used; the message says which rule it is and what to do."""


class Answer(StableWidget):
    """A field for a number or a word, with a verdict below it. typed: the text that was checked last, or ""."""

    _esm = (FOLDER / "elements.js", FOLDER / "numbers.js", FOLDER / "answer.js")
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    typed = traitlets.Unicode().tag(sync=True)

    def __init__(self, topic: str, name: str, spec: dict[str, Any], typed: str) -> None:
        self.name = f"{topic}/{name}"
        super().__init__(f"answer/{self.name}", spec=spec, typed=typed)

    def __repr__(self) -> str:
        state = f"answered {self.typed!r}" if self.typed else "not answered yet"
        unit = f" ({self.spec['unit']})" if self.spec["unit"] else ""
        return f"answer {self.name}: {self.spec['label']}{unit}, {state} (checksum {self.checksum})"


def answer_to(topic: str, name: str, value: object = "") -> Answer:
    """Return the field for an answer of a chapter, by the name of its folder and the answer's own in answers.yml.

    A `value`, such as a number that a cell has computed, stands in the field and is judged at once.
    AnswersError when there is no such answer, or when the file is not well formed.
    """
    every = answers(topic)
    if name not in every:
        raise AnswersError(f"{topic} has no answer {name!r}. There are: {', '.join(every)}.")
    return Answer(topic, name, every[name], "" if value is ... else str(value))


def answers(topic: str) -> dict[str, dict[str, Any]]:
    """Return what the widgets of a chapter's answers show and judge by, by name; AnswersError as above."""
    return {
        name: {
            "kind": "answer", "form": "number", "unit": "", "words": "", "decimals": False, **content,
            "rules": [{key: part for key, part in rule.items() if key != "examples"} for rule in content["rules"]],
        }
        for name, content in stored_answers(topic).items()
    }  # fmt: skip


def stored_answers(topic: str) -> dict[str, dict[str, Any]]:
    """Return what answers.yml of a chapter says, with the examples of each rule; AnswersError as above."""
    path = CHAPTERS / topic / "answers.yml"
    if not path.is_file():
        topics = ", ".join(sorted(file.parent.name for file in CHAPTERS.glob("*/answers.yml")))
        raise AnswersError(f"{topic!r} has no answers. These have: {topics}.")
    contents = yaml.safe_load(path.read_text("utf-8"))
    for name, content in contents.items():
        check(name, content)
    return contents


def check(name: str, content: Any) -> None:
    """Raise AnswersError unless this is an answer: a label, and rules of which the last one fits whatever is left."""
    kinds = {"label": str, "form": str, "unit": str, "words": str, "decimals": bool, "rules": list}
    _require(f"The answer {name}", content, kinds, {"label", "rules"})
    if content.get("form", "number") not in FORMS:
        raise AnswersError(f"The answer {name}: its form is {content['form']!r}, and has to be {' or '.join(FORMS)}.")
    rules = content["rules"]
    for place, rule in enumerate(rules, start=1):
        where = f"The answer {name}, rule {place}"
        _require(where, rule, {**BESIDES, **CONDITIONS}, {"says"})
        if bool(set(rule) & set(CONDITIONS)) is (place == len(rules)):
            raise AnswersError(f"{where}: the last rule has no condition, and every other one has.")
        if rule.get("right") and "equals" in rule and "within" not in rule:
            raise AnswersError(f"{where}: within says how far off a right answer may be, as the task does.")
    if not any(rule.get("right") for rule in rules):
        raise AnswersError(f"The answer {name} has no rule that is right.")


def _require(where: str, mapping: Any, kinds: dict[str, Any], needed: set[str]) -> None:
    if not isinstance(mapping, dict) or not needed <= set(mapping) <= set(kinds):
        keys = ", ".join(map(str, mapping)) if isinstance(mapping, dict) else repr(mapping)
        raise AnswersError(f"{where} may have {', '.join(kinds)}, and needs {', '.join(sorted(needed))}: not {keys}.")
    for key, part in mapping.items():
        if not isinstance(part, kinds[key]) or (isinstance(part, bool) and kinds[key] is not bool):
            raise AnswersError(f"{where}: its {key} cannot be {part!r}.")

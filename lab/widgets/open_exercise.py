"""An exercise with no one right answer: a field to write in, the points that a good answer has, and a model answer.

A chapter's stands in open_exercise.yml in its folder of lab/chapters. What a reader writes stays in their browser.
"""

from pathlib import Path
from typing import Any

import traitlets
import yaml

from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
CHAPTERS = FOLDER.parent / "chapters"
FEWEST_POINTS, MOST_POINTS = 3, 6


class OpenExerciseError(ValueError):
    """A file that cannot be shown; the message says what to do."""


class OpenExercise(StableWidget):
    """A field to write in, and what to hold the answer against."""

    _esm = (FOLDER / "elements.js", FOLDER / "open_exercise.js")
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        self.name = name
        super().__init__(f"open/{name}", spec={"kind": "open", "name": name, **content})

    def __repr__(self) -> str:
        lines = [f"open exercise {self.name}, not answered yet: {self.spec['label']} (checksum {self.checksum})"]
        lines += ["Write down yours first. A good answer has these points:"]
        lines += [f"  - {point}" for point in self.spec["points"]]
        return "\n".join([*lines, f"One good answer: {self.spec['model_answer']}"])


def open_exercise(topic: str) -> OpenExercise:
    """Return the open exercise of a chapter by the name of its folder, such as "one_request".

    OpenExerciseError when there is none, or when it is not well formed.
    """
    path = CHAPTERS / topic / "open_exercise.yml"
    if not path.is_file():
        topics = ", ".join(sorted(file.parent.name for file in CHAPTERS.glob("*/open_exercise.yml")))
        raise OpenExerciseError(f"{topic!r} has no open exercise. These have: {topics}.")
    content = yaml.safe_load(path.read_text("utf-8"))
    check(content)
    return OpenExercise(topic, content)


def check(content: Any) -> None:
    """Raise OpenExerciseError unless this is a label, three to six points and a model answer, all texts."""
    kinds = {"label": str, "points": list, "model_answer": str}
    if not isinstance(content, dict) or set(content) != set(kinds):
        raise OpenExerciseError(f"An open exercise has {', '.join(kinds)} and nothing else.")
    for key, kind in kinds.items():
        if not isinstance(content[key], kind) or not content[key]:
            raise OpenExerciseError(f"The {key} of an open exercise cannot be {content[key]!r}.")
    points = content["points"]
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS or len(set(map(str, points))) != len(points):
        raise OpenExerciseError(f"It has {len(points)} points: give it {FEWEST_POINTS} to {MOST_POINTS} that differ.")
    if not all(isinstance(point, str) and point.strip() for point in points):
        raise OpenExerciseError("Each point is a text: put it in quotes.")

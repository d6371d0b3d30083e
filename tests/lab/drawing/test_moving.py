"""What an explorer moves, as its script reads it."""

import json
import re
from typing import get_args

from lab.drawing.moving import Curve, Dots, Level, Moving, MovingScale, as_spec
from lab.widgets.explorer import FOLDER


def test_a_part_is_sent_with_its_kind_and_without_what_is_not_set() -> None:
    assert as_spec(Dots("users", [(1, 2)], "ink", 2.4)) == {
        "kind": "dots", "output": "users", "positions": [(1, 2)], "colour": "ink", "radius": 2.4,
    }  # fmt: skip
    level = as_spec(Level("busy", 0, 0, 10, 20, "web", 0.9, "M 0 0", 0.14))
    assert "behind" not in level
    assert as_spec(Level("busy", 0, 0, 10, 20, "web", 0.9, "M 0 0", 0.14, behind=True)) == {**level, "behind": True}


def test_a_part_within_a_part_is_sent_as_json() -> None:
    scale = MovingScale((0, 100), (1, 10), "log")
    spec = json.loads(json.dumps(as_spec(Curve("mean", "load", scale, scale, "ink"))))
    assert spec["x"] == spec["y"] == {"pixels": [0, 100], "values": [1, 10], "scale": "log"}


def test_the_script_has_a_maker_for_each_kind() -> None:
    script = (FOLDER / "explorer.js").read_text("utf-8")
    methods = set(re.findall(r"(?m)^\s+(\w+)\(.*\) \{$", script))
    assert {part.kind for part in get_args(Moving)} <= methods

"""The same parts, outlined in one of several ways: an explorer says which, and nothing else in the picture moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx

from lab.views.arrangement import Frame
from lab.views.sheet import rectangle

CORNER = 12


@dataclass(frozen=True)
class Ways:
    """Ways to group the parts of a graph, each {part: group}; an explorer's `output` is 1 for the first, 2, 4, 8."""

    output: str
    groups: Sequence[Mapping[str, str]]


def regrouped(graph: networkx.DiGraph, groups: Mapping[str, str]) -> networkx.DiGraph:
    """The graph with its parts in these groups, and in no other."""
    changed = graph.copy()
    for node in changed:
        changed.nodes[node]["group"] = groups.get(node, "")
    return changed


def outline(frame: Frame) -> str:
    """A rectangle with round corners."""
    box = frame.box
    return rectangle(box.left, box.top, box.width, box.height, CORNER)


def moving_outlines(output: str, ways: Sequence[Sequence[Frame]]) -> list[dict[str, Any]]:
    """What an explorer shows of the frames, in the form that it reads: their outlines, and each title."""
    branches = [
        {"colour": "rule", "line": " ".join(outline(frame) for frame in frames), "width": 1.6, "filled": "", "tick": ""}
        for frames in ways
    ]
    titles = [(1 << place, frame.title) for place, frames in enumerate(ways) for frame in frames]
    return [{"kind": "path", "output": output, "branches": branches}] + [
        {
            "kind": "words", "output": output, "x": title.x, "size": title.size, "colour": title.colour,
            "words": {1 << place: [[title.y, title.words]] * (1 << place == shown) for place in range(len(ways))},
        }
        for shown, title in titles
    ]  # fmt: skip

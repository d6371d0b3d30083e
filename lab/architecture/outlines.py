"""The same parts, outlined in one of several ways: an explorer says which, and nothing else in the picture moves.

Where all parts of a group are one process there is one level, so the outline itself is the vessel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx

from lab.architecture.arrangement import Frame
from lab.architecture.silhouettes import Silhouette, moving_level
from lab.drawing.moving import Branch, Branches, Moving, Words
from lab.drawing.sheet import rectangle

CORNER = 12


@dataclass(frozen=True)
class Ways:
    """Ways to group the parts of a graph, each {part: group}; an explorer's `output` is 1 for the first, 2, 4, 8.

    `levels` maps a group that is a vessel itself to the output that is its level.
    """

    output: str
    groups: Sequence[Mapping[str, str]]
    levels: Mapping[str, str] = field(default_factory=dict)


def regroup(graph: networkx.DiGraph, groups: Mapping[str, str]) -> networkx.DiGraph:
    """Return a copy of the graph with its parts in these groups, {part: group}, and in no other."""
    copy = graph.copy()
    for node in copy:
        copy.nodes[node]["group"] = groups.get(node, "")
    return copy


def outline(frame: Frame) -> str:
    """Return the outline of a frame: a rectangle with round corners."""
    box = frame.box
    return rectangle(box.left, box.top, box.width, box.height, CORNER)


def moving_outlines(ways: Ways, frames_by_way: Sequence[Sequence[Frame]]) -> list[Moving]:
    """Return what an explorer shows of the frames of each way: levels, outlines and titles."""
    branches = [
        Branch(" ".join(outline(frame) for frame in frames), filled="", tick="", width=1.6, colour="rule")
        for frames in frames_by_way
    ]
    titles = [(1 << place, frame.title) for place, frames in enumerate(frames_by_way) for frame in frames]
    vessels = [
        replace(
            moving_level(Silhouette("ink", frame.box, outline(frame), frame.box), ways.levels[frame.title.words]),
            behind=True,
        )
        for frames in frames_by_way for frame in frames if frame.title.words in ways.levels
    ]  # fmt: skip
    names = [
        Words(
            ways.output, title.x, title.size, title.colour,
            {1 << place: [(title.y, title.words)] * (1 << place == way) for place in range(len(frames_by_way))},
        )
        for way, title in titles
    ]  # fmt: skip
    return [*vessels, Branches(ways.output, branches), *names]

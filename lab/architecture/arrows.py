"""Arrows between the parts of an architecture: where they leave, how they run, where their words stand.

Arrows run straight along the way and across it, with round corners, like the lines of an underground map. All is
reckoned in (along, across): along the way that work takes, to the right when wide and down when tall.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

import networkx

from lab.architecture.arrangement import CLIENTS, Arrangement, Frame, Label
from lab.architecture.sharing import outline_of
from lab.drawing.geometry import Box, Point, along
from lab.drawing.sheet import polygon
from lab.drawing.svg import rounded

Edge = tuple[str, str]
Sides = tuple[str, str]

_TIERS = {"name_server": "name", "data": "data", "cache": "cache", "web": "web"}
# Between two arrows at one side of a part; between an arrow's end and the part; of a corner.
_SPACING, _AWAY, _CORNER = 26, 5, 12
# Arrows that run across the way keep this far from the parts ahead, and from each other.
_LANE, _LANES = 22, 16
HEAD_LENGTH, HEAD_HALF = 9, 4
NUMBER_RADIUS = 9.5
# How far from a number's centre other arrows stay, and how far where they are crowded.
CLEAR_REACH, CROWDED_REACH = 11, 6
_CLEAR = 3
_GRID = 40


@dataclass(frozen=True)
class Arrow:
    """An edge as it is drawn: a token, and its corners from the first to the last, in pixels."""

    source: str
    target: str
    data: dict[str, Any]
    colour: str
    corners: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The outline of the line; it ends inside the head."""
        *before, (x, y) = self.corners
        dx, dy = _direction(before[-1], (x, y))
        return _rounded_line([*before, (x - dx * HEAD_LENGTH * 0.7, y - dy * HEAD_LENGTH * 0.7)])

    @property
    def head(self) -> str:
        """The outline of the filled head, its tip at the last corner."""
        x, y = self.corners[-1]
        dx, dy = _direction(*self.corners[-2:])
        back = (x - dx * HEAD_LENGTH, y - dy * HEAD_LENGTH)
        return polygon(
            (x, y), (back[0] - dy * HEAD_HALF, back[1] + dx * HEAD_HALF),
            (x - dx * HEAD_LENGTH * 0.7, y - dy * HEAD_LENGTH * 0.7),
            (back[0] + dy * HEAD_HALF, back[1] - dx * HEAD_HALF),
        )  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """The centre of an arrow's number, and the arrow's words if there is room for them beside it."""

    arrow: Arrow
    centre: Point
    label: Label | None


def _colour(graph: networkx.DiGraph, edge: Edge) -> str:
    """The colour of the tier at one end of the edge: names, data, caches or web, the first of them."""
    kinds = {graph.nodes[node]["kind"] for node in edge}
    return next((token for kind, token in _TIERS.items() if kind in kinds), "ink")


def in_time(graph: networkx.DiGraph) -> list[Edge]:
    """Return the edges by their step, those without one last."""
    return sorted(graph.edges, key=lambda edge: graph.edges[edge].get("step") or math.inf)


def route(graph: networkx.DiGraph, arrangement: Arrangement, layout: str) -> list[Arrow]:
    """Return every edge as an arrow, in the order of time; `layout` is "wide" or "tall"."""
    turned = layout == "tall"
    boxes = {node: _turned(cell.part.box, turned) for node, cell in arrangement.cells.items()}
    if turned:  # what leaves downwards leaves below the words that stand there
        for node, cell in arrangement.cells.items():
            if cell.kind != "name_server":
                boxes[node] = replace(boxes[node], right=cell.box.bottom)
    boxes |= {outline_of(frame.title.words): _turned(frame.box, turned) for frame in arrangement.frames}
    edges = in_time(graph)
    sides = {edge: _sides(graph, boxes, *edge) for edge in edges}
    ports = _ports(boxes, sides)
    lanes = _lanes(graph, boxes, sides, ports, arrangement, turned)
    arrows = []
    for edge in edges:
        start, end = ports[edge[0], edge], ports[edge[1], edge]
        corners = _corners(start, end, sides[edge], lanes.get(edge, 0.0))
        points = tuple((across, way) if turned else (way, across) for way, across in corners)
        arrows.append(Arrow(*edge, graph.edges[edge], _colour(graph, edge), points))
    return arrows


def clear_titles(frames: Sequence[Frame], arrows: Sequence[Arrow]) -> tuple[Frame, ...]:
    """Return the frames with their titles moved to the right of the arrows that would cross them."""
    points = [point for arrow in arrows for point in along(arrow.line)]
    moved = []
    for frame in frames:
        title = frame.title
        while crossing := [x for x, y in points if title.box.grown(_CLEAR).crossed_by([(x, y)])]:
            title = replace(title, x=max(crossing) + 2 * _CLEAR)
        moved.append(replace(frame, title=title))
    return tuple(moved)


def marks(
    arrows: Sequence[Arrow], arrangement: Arrangement, width: float, words: bool, reach: float = CLEAR_REACH
) -> list[Mark] | None:
    """Return a number on each arrow and, with `words`, its label beside it; None where one of them finds no room.

    Within `reach` of a number's centre there is no other arrow. `width` is that of the page; all in pixels.
    """
    lines = {id(arrow): along(arrow.line) for arrow in arrows}
    obstacles = [
        box for cell in arrangement.cells.values() for box in (cell.part.box, *(label.box for label in cell.labels))
    ]
    obstacles += [frame.title.box for frame in arrangement.frames]
    borders = _borders(arrangement.frames)
    page = Box(0, 0, width, arrangement.height)
    marks_so_far, labels_so_far = [], set()
    for arrow in arrows:
        numbered = arrow.data.get("step") is not None
        text = str(arrow.data.get("label") or "") if words else ""
        # Two clients that do the same at the same time say it once.
        text = "" if (arrow.data.get("step"), text) in labels_so_far else text
        if not numbered and not text:
            continue
        others = [point for other in arrows if other is not arrow for point in lines[id(other)]]
        for mark in _candidates(arrow, text, numbered):
            circle = _around(mark.centre, NUMBER_RADIUS)
            parts = [circle.grown(_CLEAR / 2)] * numbered
            clear = not (numbered and _around(mark.centre, reach).crossed_by(others))
            if mark.label:
                box = mark.label.box.grown(_CLEAR)
                clear = clear and page.holds(box) and not box.crossed_by([*others, *lines[id(arrow)]])
                clear = clear and not any(box.meets(border) for border in borders)
                parts.append(box)
            if clear and not any(box.meets(other) for box in parts for other in obstacles):
                marks_so_far.append(mark)
                obstacles += [circle] * numbered + ([mark.label.box] if mark.label else [])
                labels_so_far.add((arrow.data.get("step"), text))
                break
        else:
            return None
    return marks_so_far


def _direction(start: Point, end: Point) -> Point:
    """Unit vector of a line that runs along one axis."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = abs(dx) + abs(dy)
    return dx / length, dy / length


def _rounded_line(corners: Sequence[Point]) -> str:
    """The outline through the corners, each rounded as far as its neighbours allow."""
    parts = [f"M {corners[0][0]} {corners[0][1]}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        lengths = [abs(one[0] - corner[0]) + abs(one[1] - corner[1]) for one in (before, after)]
        radius = min(_CORNER, *(length / 2 for length in lengths))
        (ax, ay), (bx, by) = _direction(corner, before), _direction(corner, after)
        x, y = corner
        near = radius * 0.4477
        parts.append(
            f"L {x + ax * radius} {y + ay * radius} C {x + ax * near} {y + ay * near} "
            f"{x + bx * near} {y + by * near} {x + bx * radius} {y + by * radius}"
        )
    parts.append(f"L {corners[-1][0]} {corners[-1][1]}")
    return rounded(" ".join(parts))


def _turned(box: Box, turned: bool) -> Box:
    """The box in (along, across)."""
    return Box(box.top, box.left, box.bottom, box.right) if turned else box


def _sides(graph: networkx.DiGraph, boxes: dict[str, Box], source: str, target: str) -> Sides:
    """At which sides an edge leaves and arrives: ahead or back along the way, low or high across it."""
    one, other = boxes[source], boxes[target]
    kinds = [graph.nodes[node]["kind"] for node in (source, target)]
    for place, kind in enumerate(kinds):
        if kind == "name_server" and kinds[1 - place] in CLIENTS:
            client, names = (other, one) if place == 0 else (one, other)
            offset = client.centre[1] - names.centre[1]
            side = "back" if abs(offset) < names.height / 2 else "low" if offset < 0 else "high"
            return (side, "ahead") if place == 0 else ("ahead", side)
    if one.right < other.left:
        return "ahead", "back"
    if other.right < one.left:
        return "back", "ahead"
    return ("high", "low") if one.centre[1] < other.centre[1] else ("low", "high")


def _ports(boxes: dict[str, Box], sides: dict[Edge, Sides]) -> dict[tuple[str, Edge], Point]:
    """Where each edge touches each of its parts, in (along, across)."""
    ends: dict[tuple[str, str], list[tuple[Edge, str]]] = {}
    for edge, (leaves, arrives) in sides.items():
        ends.setdefault((edge[0], leaves), []).append((edge, edge[1]))
        ends.setdefault((edge[1], arrives), []).append((edge, edge[0]))
    ports = {}
    for (node, side), entries in ends.items():
        box = boxes[node]
        along_side = side in ("low", "high")
        keyed = sorted(
            ((*_order(box, boxes[other], side), place if side != "low" else -place), edge)
            for place, (edge, other) in enumerate(entries)
        )
        straight = [place for place, (key, _) in enumerate(keyed) if key[0] == 0 and not along_side]
        middle = sum(straight) / len(straight) if straight else (len(keyed) - 1) / 2
        for place, (_, edge) in enumerate(keyed):
            extent = box.width if along_side else box.height
            shift = (place - middle) * min(_SPACING, (extent - 8) / max(1, len(keyed) - 1))
            ports[node, edge] = {
                "ahead": (box.right + _AWAY, box.centre[1] + shift),
                "back": (box.left - _AWAY, box.centre[1] + shift),
                "low": (box.centre[0] + shift, box.top - _AWAY),
                "high": (box.centre[0] + shift, box.bottom + _AWAY),
            }[side]
    return ports


def _order(box: Box, other: Box, side: str) -> tuple[float, float, float]:
    """The key that sorts the ends at one side so that arrows that turn do not cross: the far turn outside the near."""
    offset = other.centre[1] - box.centre[1]
    sign = 0.0 if abs(offset) < 1 else offset / abs(offset)
    if side == "low":
        return 0.0, -other.centre[1], 0.0
    if side == "high":
        return 0.0, other.centre[1], 0.0
    return sign, -sign * abs(other.centre[0] - box.centre[0]), other.centre[1]


def _lanes(
    graph: networkx.DiGraph, boxes: dict[str, Box], sides: dict[Edge, Sides],
    ports: dict[tuple[str, Edge], Point], arrangement: Arrangement, turned: bool,
) -> dict[Edge, float]:  # fmt: skip
    """Where along the way each arrow that changes its place across it does so: one lane each where they overlap."""
    spans: dict[float, list[tuple[float, float]]] = {}
    lanes = {}
    turning = []
    for edge, leaves in sides.items():
        if set(leaves) == {"ahead", "back"}:
            behind, front = edge if leaves[0] == "ahead" else edge[::-1]
            across = (ports[behind, edge][1], ports[front, edge][1])
            turning.append((abs(across[0] - boxes[front].centre[1]), behind, front, across, edge))
    # what comes from farthest out turns last, so that the others stay within it
    for _, behind, front, across, edge in sorted(turning, key=lambda turn: -turn[0]):
        lane = _before(graph, boxes, arrangement, behind, front, turned) - _LANE
        span = (min(across) - _CORNER, max(across) + _CORNER)
        while any(span[0] < high and low < span[1] for low, high in spans.get(lane, [])):
            lane -= _LANES
        spans.setdefault(lane, []).append(span)
        lanes[edge] = lane
    return lanes


def _before(
    graph: networkx.DiGraph, boxes: dict[str, Box], arrangement: Arrangement, behind: str, front: str, turned: bool
) -> float:
    """Where the step of `front` begins along the way: its group's outline if `behind` stands outside of it."""
    step = next((step for step in arrangement.steps if front in step), (front,))
    edge = min(boxes[node].left for node in step)
    outlines = [_turned(frame.box, turned) for frame in arrangement.frames]
    around = [
        box.left for box in outlines
        if box.left < edge < box.right and not box.holds(boxes[behind])
    ]  # fmt: skip
    return min([edge, *around])


def _corners(start: Point, end: Point, sides: Sides, lane: float) -> list[Point]:
    """The corners of one arrow, in (along, across)."""
    if set(sides) == {"ahead", "back"}:
        if abs(start[1] - end[1]) < _CORNER:  # too little for two corners
            return [(start[0], end[1]), end]
        return [start, (lane, start[1]), (lane, end[1]), end]
    if set(sides) == {"low", "high"}:
        if abs(start[0] - end[0]) < 1:
            return [start, (start[0], end[1])]
        middle = (start[1] + end[1]) / 2
        return [start, (start[0], middle), (end[0], middle), end]
    corner = (end[0], start[1]) if sides[0] == "ahead" else (start[0], end[1])
    return [start, corner, end]


def _candidates(arrow: Arrow, text: str, numbered: bool) -> list[Mark]:
    """Where the number and the words could stand, the best first: in the middle of the longest straight part."""
    straights = sorted(
        zip(arrow.corners, arrow.corners[1:], strict=False), key=lambda ends: -math.dist(*ends)
    )  # fmt: skip
    candidates = []
    for start, end in straights:
        if math.dist(start, end) < 2 * NUMBER_RADIUS:
            continue
        for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
            x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            level = abs(start[1] - end[1]) < 1
            if level and math.dist(start, end) > 3 * _GRID:  # numbers of arrows side by side stand in a column
                x = round(x / _GRID) * _GRID
            off = NUMBER_RADIUS + 4 if numbered else 6
            places = [(x, y - off - 2, "middle"), (x, y + off + 10, "middle")]
            places = (
                [(x + off, y - 6, "start"), (x + off, y + 15, "start"), *places]
                if level
                else [(x + off, y + 4, "start"), (x - off, y + 4, "end")]
            )
            for place in places if text else [None]:
                label = Label(text, place[0], place[1], anchor=place[2], colour=arrow.colour) if place else None
                candidates.append(Mark(arrow, (x, y), label))
    return candidates


def _around(centre: Point, radius: float) -> Box:
    return Box(centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)


def _borders(frames: Sequence[Frame]) -> list[Box]:
    """The four lines of each frame, as thin boxes."""
    thin = []
    for left, top, right, bottom in (astuple(frame.box) for frame in frames):
        thin += [Box(x - 1, top, x + 1, bottom) for x in (left, right)]
        thin += [Box(left, y - 1, right, y + 1) for y in (top, bottom)]
    return thin

"""Where the parts of an architecture stand, derived from their roles.

Work flows along one axis: to the right when wide, down when tall. Clients stand first, name servers beside the way,
then the groups: in each the web tier before caches and databases. What shares a step of the way stands side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx

from lab.architecture.silhouettes import SILHOUETTES, Silhouette
from lab.drawing.geometry import Box, around, text_box
from lab.drawing.lettering import lines

CLIENTS = ("browser", "phone", "users")
NAME_SIZE, NOTE_SIZE = 14, 12
_NAME_LEADING, _NOTE_LEADING = 17, 15
MARGIN = 10
# A group's outline leaves this room around its parts, and more above them for its title.
_PADDING, _TITLE = 16, 34
# Sizes of the parts, the first that fits.
_SCALES = (1, 0.84)
# Between parts side by side, and at least between two steps of the way.
_APART, _STEP = 22, {"wide": 44, "tall": 62}


@dataclass(frozen=True)
class Label:
    """One line of text, as `Sheet.text` takes it."""

    words: str
    x: float
    y: float
    size: float = NOTE_SIZE
    bold: bool = False
    colour: str = "soft"
    anchor: str = "start"

    @property
    def box(self) -> Box:
        """The box that the line covers."""
        return text_box(self.x, self.y, self.words, self.size, self.anchor, self.bold)


@dataclass(frozen=True)
class Cell:
    """A part with its silhouette and the lines that name it."""

    node: str
    kind: str
    part: Silhouette
    labels: tuple[Label, ...]

    @property
    def box(self) -> Box:
        """The box around silhouette and labels."""
        return around([self.part.box, *(label.box for label in self.labels)])


@dataclass(frozen=True)
class Frame:
    """The outline of a group, with its title."""

    box: Box
    title: Label


@dataclass(frozen=True)
class Arrangement:
    """All cells by node, the groups' frames, and the height of the whole in pixels.

    `steps` are the nodes along the way, side by side in each step; clients first, name servers left out.
    """

    cells: Mapping[str, Cell]
    frames: tuple[Frame, ...]
    steps: tuple[tuple[str, ...], ...]
    height: float


def arrange(graph: networkx.DiGraph, layout: str, width: float) -> Arrangement:
    """Place every node of the graph. A node's `place`, {layout: (x, y)}, puts its silhouette's centre there.

    ValueError for more steps than the width can hold.
    """
    steps = _steps(graph)
    place = _wide if layout == "wide" else _tall
    cells = {cell.node: cell for cell in place(graph, steps, width)}
    for node, data in graph.nodes(data=True):
        if layout in data.get("place", {}):
            cells[node] = _cell(graph, node, data["place"][layout])
    frames = frames_of(graph, cells, layout, width)
    bottom = max(box.bottom for box in [*(cell.box for cell in cells.values()), *(frame.box for frame in frames)])
    return Arrangement(cells, frames, tuple(tuple(step) for step in steps), bottom + MARGIN)


def name_of(graph: networkx.DiGraph, node: str) -> str:
    """Return the name of the part: its label, or the node itself."""
    return str(graph.nodes[node].get("label") or node)


def group_of(graph: networkx.DiGraph, node: str) -> str:
    """Return the group that the part belongs to, '' for none."""
    return str(graph.nodes[node].get("group") or "")


def name_servers(graph: networkx.DiGraph) -> list[str]:
    """Return the nodes that are name servers."""
    return [node for node, data in graph.nodes(data=True) if data["kind"] == "name_server"]


def _steps(graph: networkx.DiGraph) -> list[list[str]]:
    """The nodes along the way: clients, then each group's web servers, then its stores; groups with web first."""
    kinds = {node: data["kind"] for node, data in graph.nodes(data=True)}
    servers = [node for node in graph if kinds[node] not in (*CLIENTS, "name_server")]
    rank = {node: int(kinds[node] != "web") for node in servers}
    order: dict[str, int] = {}
    for node in sorted(servers, key=rank.__getitem__):
        order.setdefault(group_of(graph, node), len(order))
    columns: dict[tuple[int, int], list[str]] = {}
    for node in servers:
        columns.setdefault((order[group_of(graph, node)], rank[node]), []).append(node)
    clients = [node for node in graph if kinds[node] in CLIENTS]
    return [step for step in (clients, *(columns[key] for key in sorted(columns))) if step]


def _gaps(graph: networkx.DiGraph, steps: list[list[str]], layout: str, aside: float) -> list[float]:
    """The least room before each step and, last, after all of them: arrows, groups' edges, name servers."""
    title = _TITLE - _PADDING if layout == "tall" else 0
    groups = ["", *(group_of(graph, step[0]) for step in steps), ""]
    gaps = []
    for place, (before, after) in enumerate(pairwise(groups)):
        edges = _PADDING * bool(before) + (_PADDING + title) * bool(after) if before != after else 0
        gaps.append(edges + (_STEP[layout] if 0 < place < len(steps) else 0) + (aside if place == 1 else 0))
    return gaps


def _wide(graph: networkx.DiGraph, steps: list[list[str]], width: float) -> list[Cell]:
    """Columns from left to right, each centred on one line; name servers between the clients and the rest."""
    names = [_cell(graph, node, side="left") for node in name_servers(graph)]
    gaps = _gaps(graph, steps, "wide", max((cell.box.width + _APART for cell in names), default=0))
    for scale in _SCALES:
        columns = [[_cell(graph, node, scale=scale) for node in step] for step in steps]
        widths = [max(cell.box.width for cell in column) for column in columns]
        free = width - 2 * MARGIN - sum(widths) - sum(gaps)
        if free >= 0:
            break
    else:
        raise ValueError(f"{len(steps)} steps side by side do not fit into {width} pixels: give nodes a `place`")
    # The way over the network is the longest: the first gap gets twice what the others get of the free room.
    for place in range(1, len(steps)):
        gaps[place] += free * (1 + (place == 1)) / len(steps)
    apart = [2 * _APART if names and not place else _APART for place in range(len(steps))]
    # from the first silhouette to the last: what is alone in its column then stands on the axis
    stacks = [
        sum(cell.box.height for cell in column[:-1]) + column[-1].part.box.height + gap * (len(column) - 1)
        for column, gap in zip(columns, apart, strict=True)
    ]
    has_groups = any(group_of(graph, step[0]) for step in steps)
    aloof = _names_aside(columns[0], "height")
    above = [stack / 2 + _TITLE * (has_groups and place > 0) for place, stack in enumerate(stacks)]
    axis = MARGIN + max([*above, *(aloof + cell.box.height / 2 for cell in names)])
    cells = []
    x = float(MARGIN)
    for column, across, before, stack, gap in zip(columns, widths, gaps, stacks, apart, strict=False):
        x += before
        y = axis - stack / 2
        for cell in column:
            cells.append(_cell(graph, cell.node, (x + across / 2, y - cell.box.top), scale))
            y += cell.box.height + gap
        x += across
    # before the first group, with a lane for arrows between
    edge = MARGIN + widths[0] + gaps[1] - _PADDING - _STEP["wide"] if names else 0
    return cells + [
        _cell(graph, cell.node, (edge - cell.part.box.width / 2, axis - aloof), side="left") for cell in names
    ]


def _tall(graph: networkx.DiGraph, steps: list[list[str]], width: float) -> list[Cell]:
    """Rows from top to bottom; the clients' labels stand above them, those of a part alone in its row beside it."""
    sides = ["above", *("right" if len(step) == 1 else "below" for step in steps[1:-1]), "below"]
    rows = [
        [_cell(graph, node, scale=0.84 if len(step) > 2 else 1, side=side) for node in step]
        for step, side in zip(steps, sides, strict=False)
    ]
    alone = len(steps[0]) == 1
    names = [_cell(graph, node, side="below" if alone else "above") for node in name_servers(graph)]
    lower = _STEP["tall"] if alone else _APART
    aside = max((cell.box.height + lower for cell in names), default=0) - _APART * bool(names) + _reply_lane(graph)
    cells = []
    y = float(MARGIN)
    for row, side, before in zip(rows, sides, _gaps(graph, steps, "tall", aside), strict=False):
        y += before
        rise = min(cell.box.top for cell in row)
        # clients stand far apart, so that the name server that they ask finds room between them
        first = row[0].box.width / 2 if names and row is rows[0] and not alone else (width / 2 - MARGIN) / len(row)
        last = row[-1].box.width / 2 if names and row is rows[0] and not alone else (width / 2 - MARGIN) / len(row)
        for place, cell in enumerate(row):
            share = place / (len(row) - 1) if len(row) > 1 else 0
            x = MARGIN + first + share * (width - 2 * MARGIN - first - last)
            scale = 0.84 if len(row) > 2 else 1
            cells.append(_cell(graph, cell.node, (x, y - rise), scale, side))
        y += max(cell.box.bottom for cell in row) - rise
    top = max(cell.box.bottom for cell in cells[: len(rows[0])]) + lower
    x = width / 2 - _names_aside(rows[0], "width")
    return cells + [
        _cell(graph, cell.node, (x, top - cell.box.top), side="below" if alone else "above") for cell in names
    ]


def _reply_lane(graph: networkx.DiGraph) -> float:
    """Room for the arrows that come back to the clients beside those that leave them."""
    kinds = graph.nodes(data="kind")
    return 18 * any(kinds[target] in CLIENTS for _, target, kind in graph.edges(data="kind") if kind == "reply")


def _names_aside(clients: list[Cell], extent: str) -> float:
    """The distance of name servers from the axis: between two clients, but beside the way of a single one."""
    return 0 if len(clients) > 1 else max(getattr(clients[0].part.box, extent) / 2, 40) + 50


def _cell(
    graph: networkx.DiGraph, node: str, centre: tuple[float, float] = (0, 0), scale: float = 1, side: str = "below"
) -> Cell:
    """A part with its silhouette around `centre`, its name and note on one `side` of it."""
    data = graph.nodes[node]
    part = SILHOUETTES[data["kind"]](*centre, scale)
    room = {"left": 102, "right": 92, "above": 116}.get(side, 116 if scale == 1 else 96)
    name = lines(name_of(graph, node), NAME_SIZE, room, bold=True)
    note = lines(str(data.get("note") or ""), NOTE_SIZE, room) if data.get("note") else []
    height = _NAME_LEADING * len(name) + _NOTE_LEADING * len(note)
    box = part.box
    x, anchor = {"left": (box.left - 10, "end"), "right": (box.right + 10, "start")}.get(side, (centre[0], "middle"))
    top = {"above": box.top - height - 5, "below": box.bottom + 5}.get(side, centre[1] - height / 2)
    labels = [
        Label(words, x, top + _NAME_LEADING * (row + 1) - 4, NAME_SIZE, True, "ink", anchor)
        for row, words in enumerate(name)
    ]
    top += _NAME_LEADING * len(name)
    labels += [
        Label(words, x, top + _NOTE_LEADING * (row + 1) - 4, anchor=anchor) for row, words in enumerate(note)
    ]
    return Cell(node, data["kind"], part, tuple(labels))


def frames_of(graph: networkx.DiGraph, cells: Mapping[str, Cell], layout: str, width: float) -> tuple[Frame, ...]:
    """Return one outline a group, around its cells; in the tall layout it is as wide as the page."""
    members: dict[str, list[Box]] = {}
    for node in graph:
        if group_of(graph, node):
            members.setdefault(group_of(graph, node), []).append(cells[node].box)
    frames = []
    for title, boxes in members.items():
        inner = around(boxes)
        left, right = inner.left - _PADDING, inner.right + _PADDING
        if layout == "tall":
            left, right = MARGIN, width - MARGIN
        box = Box(left, inner.top - _TITLE, right, inner.bottom + _PADDING)
        frames.append(Frame(box, Label(title, box.left + 14, box.top + 20, bold=True)))
    return tuple(frames)

"""Architectures drawn from a graph: who stands where, who asks whom, in the order of time.

A node has `kind` (browser, phone, users, name_server, web, cache or data), and may have `label`, `note`, `group` (where
it runs), `level` (its utilisation; above 0.9 it is shown as full), `users` (for the kind users: how many dots) and
`place` ({layout: (x, y)}, where its centre stands if not where its role puts it) and `note_output` (the output of an
explorer that is written in place of the note, with `note_unit` behind it; the note keeps the room). An edge has `kind`
(request, lookup, query or reply), and may have `label` and `step`, its place in the order of time. Edges of one node to
several of a group are drawn as one, to the group's outline, where they are `shared`: any one of the group takes it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx

from lab.architecture.arrangement import MARGIN, Arrangement, Cell, Label, arrange, frames_of, group_of, name_of
from lab.architecture.arrows import (
    CLEAR_REACH,
    CROWDED_REACH,
    NUMBER_RADIUS,
    Arrow,
    Mark,
    clear_titles,
    in_time,
    marks,
    route,
)
from lab.architecture.outlines import Ways, moving_outlines, outline, regroup
from lab.architecture.sharing import share_arrows
from lab.architecture.silhouettes import MOST_USERS, USER_RADIUS, moving_level, paint_silhouette, user_positions
from lab.drawing.book_figure import LAYOUTS, BookFigure, Drawing, draw
from lab.drawing.lettering import text_width
from lab.drawing.moving import Dots, MovingText
from lab.drawing.sheet import DOTTED, SMALLEST_TEXT, Sheet

EDGE_WORDS = {"request": "request", "lookup": "question", "query": "query", "reply": "answer"}
KIND_WORDS = {
    "browser": "a browser", "phone": "a phone", "users": "a crowd of users", "name_server": "a name server",
    "web": "a web server", "cache": "a cache", "data": "a database",
}  # fmt: skip
# Height of a line of the key, and where its words begin beside the number.
KEY_LEADING, KEY_INDENT = 25, 28


def architecture(graph: networkx.DiGraph, name: str, caption: str | None = None) -> BookFigure:
    """Return the graph as a figure, with `alt_text` of the graph. ValueError as `drawings`."""
    return BookFigure(name, alt_text(graph), drawings(graph, name), caption)


def drawings(
    graph: networkx.DiGraph, name: str, moving: Mapping[str, str] | None = None, ways: Ways | None = None
) -> dict[str, Drawing]:
    """Return the graph's drawing by layout. `moving` maps a node to the output of an explorer that drives it.

    A moving node is drawn empty, and its level (a crowd's dots) is listed in `Drawing.moving`. So are the outlines of
    the groups where there are several `ways` to group; the parts stand where the graph's own groups put them.
    ValueError for an unknown kind of node or edge, a level below 0, a moving node that the graph does not have, and
    where a layout has no room.
    """
    moving = moving or {}
    for node in moving:
        if node not in graph:
            raise ValueError(f"{node!r} cannot move: the graph has no such node, only {', '.join(graph)}")
    _refuse_unknown(graph)
    pictures = {layout: _Picture(graph, layout, width, ways) for layout, width in LAYOUTS.items()}

    def paint(sheet: Sheet, layout: str) -> None:
        pictures[layout].paint(sheet, moving)

    return draw(paint, name, {layout: picture.height for layout, picture in pictures.items()})


def alt_text(graph: networkx.DiGraph) -> str:
    """Return sentences on the parts and then on the edges, step by step. ValueError for what `drawings` refuses."""
    _refuse_unknown(graph)
    groups: dict[str, list[str]] = {}
    for node, data in graph.nodes(data=True):
        words = name_of(graph, node)
        details = [str(data["note"])] if data.get("note") else []
        if KIND_WORDS[data["kind"]].split()[-1] not in words:
            details.insert(0, KIND_WORDS[data["kind"]])
        if data.get("level") is not None:
            details.append(_level_in_words(data["level"]))
        groups.setdefault(group_of(graph, node), []).append(f"{words} ({', '.join(details)})" if details else words)
    sentences = [
        _sentence(f"in {title}: {_listed(members)}" if title else _listed(members)) for title, members in groups.items()
    ]
    shared = share_arrows(graph)
    return " ".join([*sentences, *(_step_in_words(shared, *edge) for edge in in_time(shared))])


def _refuse_unknown(graph: networkx.DiGraph) -> None:
    for node, data in graph.nodes(data=True):
        kind, level = data.get("kind"), data.get("level")
        if kind not in KIND_WORDS:
            kinds = ", ".join(KIND_WORDS)
            raise ValueError(f"{node!r} is of the kind {kind!r}, which is not drawn: use one of {kinds}")
        if level is not None and not level >= 0:
            raise ValueError(f"{node!r} has the level {level}: give its utilisation, 0 or more")
    for source, target, kind in graph.edges(data="kind"):
        if kind not in EDGE_WORDS:
            raise ValueError(
                f"the edge from {source!r} to {target!r} is of the kind {kind!r}: use one of {', '.join(EDGE_WORDS)}"
            )


class _Picture:
    """One layout of the graph, placed and routed, ready to be painted."""

    def __init__(self, graph: networkx.DiGraph, layout: str, width: int, ways: Ways | None = None) -> None:
        self.graph = graph
        arrangement, shared = arrange(graph, layout, width), share_arrows(graph)
        self.arrows = route(shared, arrangement, layout)
        groupings = [regroup(graph, groups) for groups in ways.groups] if ways else [graph]
        frames_by_way = [
            clear_titles(frames_of(grouping, arrangement.cells, layout, width), self.arrows) for grouping in groupings
        ]
        all_frames = tuple(frame for frames in frames_by_way for frame in frames)
        self.arrangement: Arrangement = replace(arrangement, frames=all_frames)
        self.moving_frames = moving_outlines(ways, frames_by_way) if ways else []
        beside = marks(self.arrows, self.arrangement, width, words=True)
        # else the words go to the key; arrows that are very close may run under the edge of a number
        numbers = beside
        for reach in (CLEAR_REACH, CROWDED_REACH):
            if numbers is None:
                numbers = marks(self.arrows, self.arrangement, width, words=False, reach=reach)
        if numbers is None:
            raise ValueError(f"the numbers of the {layout} layout find no room: give nodes a `place`")
        self.marks: list[Mark] = numbers
        self.key = [] if beside is not None else _entries(shared, self.arrows)
        self.key_columns, self.key_rows = _key_shape(self.key, width)
        self.height = math.ceil(self.arrangement.height + (self.key_rows * KEY_LEADING + 10) * bool(self.key))

    def paint(self, sheet: Sheet, moving: Mapping[str, str]) -> None:
        """Paint frames, arrows, parts, numbers, words and the key, in this order."""
        sheet.moving.extend(self.moving_frames)
        for frame in () if self.moving_frames else self.arrangement.frames:
            sheet.shape(outline(frame), fill="paper", line="rule")
            _paint_label(sheet, frame.title)
        for arrow in self.arrows:
            _paint_arrow(sheet, arrow)
        for node, cell in self.arrangement.cells.items():
            self.paint_cell(sheet, cell, moving.get(node))
        for mark in self.marks:
            step = mark.arrow.data.get("step")
            if step is not None:
                _paint_number(sheet, mark.centre, step, mark.arrow.colour)
            if mark.label:
                _paint_label(sheet, mark.label)
        self.paint_key(sheet)

    def paint_cell(self, sheet: Sheet, cell: Cell, output: str | None) -> None:
        """Paint a part with its level or dots; those that `output` drives are listed as moving."""
        data = self.graph.nodes[cell.node]
        for label in cell.labels:
            if data.get("note_output") and not label.bold:
                sheet.moving.append(_moving_label(label, data["note_output"], data["note_unit"]))
            else:
                _paint_label(sheet, label)
        if cell.kind == "users":
            count = MOST_USERS if output else min(data.get("users", MOST_USERS), MOST_USERS)
            positions = user_positions(cell.part.tank, count)
            if output:
                sheet.moving.append(Dots(output, positions, "ink", USER_RADIUS))
                return
            sheet.dots(positions, USER_RADIUS, "ink")
            return
        paint_silhouette(sheet, cell.part, None if output else data.get("level"), idle=output is None)
        if output:
            sheet.moving.append(moving_level(cell.part, output))

    def paint_key(self, sheet: Sheet) -> None:
        """Paint the words of each number, column by column."""
        for place, entry in enumerate(self.key):
            column, row = divmod(place, self.key_rows)
            x = MARGIN + column * (sheet.width - MARGIN) / self.key_columns
            y = self.arrangement.height + row * KEY_LEADING + KEY_LEADING / 2
            if entry.step is not None:
                _paint_number(sheet, (x + NUMBER_RADIUS, y), entry.step, entry.colour)
            sheet.text(x + KEY_INDENT, y + 4.3, entry.words, colour="soft")


@dataclass(frozen=True)
class _Entry:
    """One line of the key: a number, its words, and the colour of the arrows that carry it."""

    step: int | None
    words: str
    colour: str


def _entries(graph: networkx.DiGraph, arrows: Sequence[Arrow]) -> list[_Entry]:
    """The lines of the key: the labels of the arrows, each once."""
    entries: dict[tuple[Any, str], _Entry] = {}
    for arrow in arrows:
        step, label = arrow.data.get("step"), str(arrow.data.get("label") or "")
        if step is None and not label:
            continue
        words = label or f"{name_of(graph, arrow.source)} → {name_of(graph, arrow.target)}"
        entries.setdefault((step, words), _Entry(step, words, arrow.colour))
    return list(entries.values())


def _key_shape(entries: Sequence[_Entry], width: int) -> tuple[int, int]:
    """Columns and rows of the key: as few rows as the longest line allows."""
    if not entries:
        return 1, 0
    longest = max(text_width(entry.words, SMALLEST_TEXT) for entry in entries) + KEY_INDENT + MARGIN
    rows = math.ceil(len(entries) / max(1, int((width - MARGIN) / longest)))
    return math.ceil(len(entries) / rows), rows


def _paint_label(sheet: Sheet, label: Label) -> None:
    sheet.text(
        label.x, label.y, label.words, size=label.size, bold=label.bold, colour=label.colour, anchor=label.anchor
    )


def _moving_label(label: Label, output: str, unit: str) -> MovingText:
    """A line of text that an explorer writes."""
    return MovingText(output, label.x, label.y, label.anchor, label.size, 400, label.colour, unit)


def _paint_arrow(sheet: Sheet, arrow: Arrow) -> None:
    """Paint an arrow: look-ups and their answers are dotted, a reply has an open head."""
    kind, colour = arrow.data["kind"], arrow.colour
    dotted = kind == "lookup" or (kind == "reply" and colour == "name")
    sheet.shape(arrow.line, line=colour, width=2 if dotted else 1.6, dashes=DOTTED if dotted else None)
    sheet.shape(arrow.head, fill="panel" if kind == "reply" else colour, line=colour, width=1)


def _paint_number(sheet: Sheet, centre: tuple[float, float], number: int, colour: str) -> None:
    sheet.dots([centre], NUMBER_RADIUS, colour)
    sheet.dots([centre], NUMBER_RADIUS - 1.3, "panel")
    sheet.text(centre[0], centre[1] + 4.3, str(number), bold=True, colour=colour, anchor="middle")


def _listed(words: Sequence[str]) -> str:
    """The words as a list in a sentence: 'a', 'a and b', 'a, b and c'."""
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])


def _level_in_words(level: float) -> str:
    """The utilisation for the ear: '72 % full', 'full: 140 % is asked of it'."""
    share = f"{level:.0%}".replace("%", " %")
    return f"full: {share} is asked of it" if level >= 1 else f"{share} full"


def _step_in_words(graph: networkx.DiGraph, source: str, target: str) -> str:
    """The sentence of an edge: 'Step 3: request from web browser to web application: GET /.'"""
    data = graph.edges[source, target]
    answers = data["kind"] == "lookup" and graph.nodes[source]["kind"] == "name_server"
    what = EDGE_WORDS["reply" if answers else data["kind"]]
    words = f"{what} from {name_of(graph, source)} to {name_of(graph, target)}"
    if data.get("step") is not None:
        words = f"step {data['step']}: {words}"
    return _sentence(f"{words}: {data['label']}" if data.get("label") else words)


def _sentence(words: str) -> str:
    """The words with a capital and a full stop, unless they end in a mark already."""
    return words[0].upper() + words[1:] + "." * (words[-1] not in ".?!")

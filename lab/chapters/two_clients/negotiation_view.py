"""The choice of a representation as a tree: questions, branches, and at the leaves what is answered.

An explorer lets its reader walk it: a branch that is walked is thicker, its arrows are filled, and the leaf that is
reached carries a mark.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lab.drawing.book_figure import Drawing, draw
from lab.drawing.geometry import Box, Point
from lab.drawing.lettering import text_width
from lab.drawing.moving import Branch, Branches, MovingText, Words
from lab.drawing.sheet import SMALLEST_TEXT, Sheet, ellipse, polygon, rectangle, segment
from lab.drawing.svg import rounded

# branch: from which question to which question or leaf. The nth branch is bit n of what an explorer walks.
FLOW: Mapping[str, tuple[str, str]] = {
    "unread": ("readable", "above"),
    "read": ("readable", "html"),
    "html named": ("html", "json"),
    "html by type": ("html", "json"),
    "html by any": ("html", "json"),
    "html not named": ("html", "json"),
    "no json": ("json", "above"),
    "json named": ("json", "above"),
    "json by type": ("json", "above"),
    "json by any": ("json", "above"),
    "json not named": ("json", "above"),
    "welcome": ("above", "more"),
    "unwelcome": ("above", "406"),
    "html more": ("more", "200 html"),
    "same": ("more", "200 html"),
    "json more": ("more", "200 json"),
}
ROOT = "readable"
QUESTIONS = {
    "readable": ("Is there an Accept field", "that can be read?"),
    "html": ("Which range names HTML", "most precisely?"),
    "json": ("Which range names JSON", "most precisely?"),
    "above": ("Is the greater weight", "above 0?"),
    "more": ("Which weighs more?",),
}
LEAVES = {
    "200 html": ("200", "text/html"),
    "200 json": ("200", "application/json"),
    "406": ("406", "Not Acceptable"),
}
# what is written on a branch; a line each
CHIPS = {
    "html named": ("text/html",), "html by type": ("text/*",), "html by any": ("*/*",), "html not named": ("none",),
    "json named": ("application/json",), "json by type": ("application/*",), "json by any": ("*/*",),
    "json not named": ("none",),
    "html more": ("HTML",), "same": ("the same:", "HTML is first"), "json more": ("JSON",),
}  # fmt: skip
# weights that move on the drawing: the question beside which they stand
WEIGHTS = ("html", "json")

FIELD_SIZE = {"wide": 13, "tall": 12}
LEADING = 16
ARROW, HALF_ARROW = 8, 5
CORNER = 6
THICK, THIN = 3.4, 1.2
MARK_RADIUS = 9


@dataclass(frozen=True)
class _Measures:
    """What differs between the layouts, in pixels."""

    margin: float
    field_lines: int
    chip_gap: float
    chip_padding: float
    step: float
    middle: float
    more_middle: float
    leaf_middles: dict[str, float]  # of those that do not stand below the chip that leads to them
    sides: tuple[float, float]


_MEASURES = {
    "wide": _Measures(60, 2, 30, 14, 20, 360, 290, {"406": 600}, (90, 630)),
    "tall": _Measures(8, 4, 8, 6, 20, 180, 135, {"200 json": 171, "406": 293}, (9, 351)),
}


@dataclass
class _Branch:
    """The lines of a branch, each with an arrow at its lower end, what it frames, and where a leaf has its mark."""

    lines: list[list[Point]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    mark: Point | None = None


class _Tree:
    """Where everything stands in one layout."""

    def __init__(self, layout: str, width: int) -> None:
        self.layout, self.measures = layout, _MEASURES[layout]
        measures = self.measures
        self.boxes: dict[str, Box] = {}
        self.branches = {name: _Branch() for name in FLOW}
        self.field = Box(measures.margin, 10, width - measures.margin, 22 + LEADING * measures.field_lines)
        y = self.field.bottom + measures.step
        y = self._question("readable", measures.middle, y) + measures.step + 4
        y = self._question("html", measures.middle, y)
        y = self._fan("html", measures.middle, y)
        y = self._question("json", measures.middle, y)
        y = self._fan("json", measures.middle, y)
        y = self._question("above", measures.middle, y) + measures.step + 4
        y = self._question("more", measures.more_middle, y)
        self.height = round(self._leaves(self._fan("more", measures.more_middle, y)))
        self._short_ways()
        self._frames()

    def _question(self, name: str, middle: float, top: float) -> float:
        """Place a question, and return where it ends. On a wide sheet it has one line."""
        width = max(text_width(line, SMALLEST_TEXT, bold=True) for line in self.question(name)) + 24
        box = Box(middle - width / 2, top, middle + width / 2, top + 12 + LEADING * len(self.question(name)))
        self.boxes[name] = box
        return box.bottom

    def question(self, name: str) -> tuple[str, ...]:
        """Return the lines of a question."""
        return (" ".join(QUESTIONS[name]),) if self.layout == "wide" else QUESTIONS[name]

    def _fan(self, name: str, middle: float, top: float) -> float:
        """Place the branches of a question side by side, with their chips; return where the next question may begin."""
        measures = self.measures
        names = [branch for branch, (start, _) in FLOW.items() if start == name and branch in CHIPS]
        padding, gap = 2 * measures.chip_padding, measures.chip_gap
        widths = [
            max(text_width(line, SMALLEST_TEXT, bold=True) for line in CHIPS[branch]) + padding for branch in names
        ]
        height = 10 + LEADING * max(len(CHIPS[branch]) for branch in names)
        x, bus = middle - (sum(widths) + gap * (len(names) - 1)) / 2, top + measures.step / 2
        chips_top = bus + measures.step
        for branch, width in zip(names, widths, strict=True):
            chip = Box(x, chips_top, x + width, chips_top + height)
            self.boxes[branch] = chip
            self.branches[branch].lines.append([(middle, top), (middle, bus), (chip.centre[0], bus), _top(chip)])
            x += width + gap
        below = chips_top + height
        end = below + measures.step * 1.5
        if name != "more":
            for branch in names:
                chip = self.boxes[branch]
                foot = (chip.centre[0], chip.bottom)
                bus = below + measures.step / 2
                self.branches[branch].lines.append([foot, (foot[0], bus), (middle, bus), (middle, end)])
        return end

    def _leaves(self, top: float) -> float:
        """Place the leaves, lead the last branches to them, and return the sheet's height."""
        below = {"200 html": "html more", "200 json": "json more"}
        for name, lines in LEAVES.items():
            middle = self.measures.leaf_middles.get(name) or self.boxes[below[name]].centre[0]
            width = max(text_width(line, SMALLEST_TEXT, bold=True) for line in lines) + 2 * self.measures.chip_padding
            self.boxes[name] = Box(middle - width / 2, top, middle + width / 2, top + 12 + LEADING * 2)
        bus = top - self.measures.step
        for branch in ("html more", "same", "json more"):
            chip, leaf = self.boxes[branch], self.boxes[FLOW[branch][1]]
            foot = (chip.centre[0], chip.bottom)
            self.branches[branch].lines.append([foot, (foot[0], bus), (leaf.centre[0], bus), _top(leaf)])
        for branch in ("unwelcome", "html more", "same", "json more"):
            leaf = self.boxes[FLOW[branch][1]]
            self.branches[branch].mark = (leaf.right - 4, leaf.bottom)
        return self.boxes["406"].bottom + MARK_RADIUS + 8

    def _short_ways(self) -> None:
        """Lay the branches past the questions that do not arise: yes straight down, no to the side."""
        boxes, (left, right) = self.boxes, self.measures.sides
        readable, json, above, more = (boxes[name] for name in ("readable", "json", "above", "more"))
        joined = above.top - self.measures.step
        self.branches["read"].lines.append([_bottom(readable), _top(boxes["html"])])
        self.branches["unread"].lines.append(
            [(readable.left, readable.centre[1]), (left, readable.centre[1]), (left, joined),
             (above.centre[0], joined), _top(above)]
        )  # fmt: skip
        self.branches["no json"].lines.append(
            [(json.right, json.centre[1]), (right, json.centre[1]), (right, joined), (above.centre[0], joined),
             _top(above)]
        )  # fmt: skip
        self.branches["welcome"].lines.append([(more.centre[0], above.bottom), _top(more)])
        refused = boxes["406"]
        self.branches["unwelcome"].lines.append(
            [(above.right, above.centre[1]), (refused.centre[0], above.centre[1]), _top(refused)]
        )

    def _frames(self) -> None:
        """A branch frames its chip and where it leads; the first ones frame the root too."""
        for name, branch in self.branches.items():
            start, end = FLOW[name]
            boxes = [*([start] if start == ROOT else []), *([name] if name in CHIPS else []), end]
            branch.frames = [self.outline(box) for box in boxes]

    def outline(self, name: str) -> str:
        """Return a box's outline: a question has square corners, a chip round ones, a leaf in between."""
        box = self.boxes[name]
        radius = 8 if name in LEAVES else 13 if name in CHIPS else 3
        return rectangle(box.left, box.top, box.width, box.height, radius)

    def labels(self) -> list[tuple[float, float, str, str]]:
        """Return the words beside the short ways: right or left end, baseline, words, anchor."""
        boxes, (left, right) = self.boxes, self.measures.sides
        readable, html, json, above = (boxes[name] for name in ("readable", "html", "json", "above"))
        beside_ways = [
            (left + 8, readable.centre[1] - 6, "no:", "start"),
            (left + 8, readable.centre[1] + 16, "all weigh 1", "start"),
            (html.centre[0] + 9, html.top - 9, "yes", "start"),
            (right - 8, json.centre[1] - 6, "no JSON", "end"),
            (right - 8, json.centre[1] + 16, "there", "end"),
            (above.right + 9, above.centre[1] - 6, "no", "start"),
            (boxes["more"].centre[0] + 9, boxes["more"].top - 9, "yes", "start"),
        ]
        return beside_ways + [(left + 10, boxes[name].centre[1] - 3, "weight", "start") for name in WEIGHTS]


def explorer_drawings(
    name: str, fields: Sequence[str], walk: str, field: str, weights: Mapping[str, str]
) -> dict[str, Drawing]:
    """Return the tree in every layout, with the branches that move.

    `fields` are the words of the Accept fields that there are. `walk`, `field` and `weights` (of html, of json) name
    an explorer's outputs: the walked branches as bits in the order of FLOW, the place of the field among `fields`,
    and the weights.
    """
    trees = {layout: _Tree(layout, width) for layout, width in (("wide", 720), ("tall", 360))}

    def paint(sheet: Sheet, layout: str) -> None:
        tree = trees[layout]
        paint_tree(sheet, tree)
        sheet.moving.append(Branches(walk, [moving_branch(tree, name) for name in FLOW]))
        x, room = tree.field.left + 70, tree.field.width - 80
        lines = [field_lines(words, tree, x, room) for words in fields]
        sheet.moving.append(Words(field, x, FIELD_SIZE[layout], "ink", lines))
        for question, output in weights.items():
            x, y = tree.measures.sides[0] + 10, tree.boxes[question].centre[1] + 13
            sheet.moving.append(MovingText(output, x, y, "start", size=14, weight=600, colour="ink"))

    return draw(paint, name, {layout: tree.height for layout, tree in trees.items()})


def paint_tree(sheet: Sheet, tree: _Tree) -> None:
    """Paint the tree as nobody has walked it: thin lines, open arrows."""
    box = tree.field
    sheet.shape(rectangle(box.left, box.top, box.width, box.height, 3), fill="paper", line="rule")
    sheet.text(box.left + 10, box.centre[1] + 4, "Accept:", bold=True)
    root = tree.boxes[ROOT]
    paint_way(sheet, [(root.centre[0], box.bottom), _top(root)])
    for branch in tree.branches.values():
        for line in branch.lines:
            paint_way(sheet, line)
    for name, node in tree.boxes.items():
        colour = "soft" if name in CHIPS else "full" if name == "406" else "web" if name in LEAVES else "ink"
        sheet.shape(tree.outline(name), fill="panel", line=colour, width=THIN)
        lines = CHIPS.get(name) or LEAVES.get(name) or tree.question(name)
        first = node.centre[1] + 4 - LEADING * (len(lines) - 1) / 2
        for place, words in enumerate(lines):
            bold = name in QUESTIONS or (name in LEAVES and not place)
            ink = colour if name in LEAVES else "ink"
            sheet.text(node.centre[0], first + LEADING * place, words, bold=bold, colour=ink, anchor="middle")
    for x, y, words, anchor in tree.labels():
        sheet.text(x, y, words, colour="soft", anchor=anchor)


def paint_way(sheet: Sheet, line: Sequence[Point]) -> None:
    """Paint a line that nobody walks, with an open arrow."""
    sheet.shape(bent(shortened(line)), line="soft", width=THIN)
    sheet.shape(arrowhead(line), fill="panel", line="soft", width=1)


def moving_branch(tree: _Tree, name: str) -> Branch:
    """Return how a branch looks that is walked: its lines and frames, what is filled, and the stroke of its mark."""
    branch = tree.branches[name]
    filled = [arrowhead(line) for line in branch.lines]
    tick = ""
    if branch.mark:
        x, y = branch.mark
        filled.append(ellipse(x, y, MARK_RADIUS))
        cross = f"{segment((x - 3.5, y - 3.5), (x + 3.5, y + 3.5))} {segment((x - 3.5, y + 3.5), (x + 3.5, y - 3.5))}"
        tick = cross if name == "unwelcome" else segment((x - 4, y), (x - 1, y + 3.5), (x + 4.5, y - 4))
    lines = [bent(shortened(line)) for line in branch.lines]
    colour = "full" if name == "unwelcome" else "web"
    return Branch(" ".join([*lines, *branch.frames]), " ".join(filled), tick, THICK, colour)


def field_lines(words: str, tree: _Tree, x: float, room: float) -> list[tuple[float, str]]:
    """Return a field broken after its commas into lines that fit into `room` pixels, each behind its baseline."""
    size = FIELD_SIZE[tree.layout]
    lines: list[str] = []
    for piece in re.findall(r"[^,]+,?\s*|,\s*", words):
        if lines and text_width((lines[-1] + piece).rstrip(), size) <= room:
            lines[-1] += piece
        else:
            lines.append(piece)
    first = tree.field.centre[1] + 4 - LEADING * (len(lines) - 1) / 2
    return [(first + LEADING * place, line.rstrip()) for place, line in enumerate(lines)]


def bent(points: Sequence[Point]) -> str:
    """Return an outline of level and upright lines from point to point, round at corners, else straight."""
    path = [points[0], *(now for before, now in pairwise(points) if before != now)]
    parts = [f"M {path[0][0]} {path[0][1]}"]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        start, end = towards(corner, before), towards(corner, after)
        parts.append(f"L {start[0]} {start[1]} C {corner[0]} {corner[1]} {corner[0]} {corner[1]} {end[0]} {end[1]}")
    return rounded(" ".join([*parts, f"L {path[-1][0]} {path[-1][1]}"]))


def towards(corner: Point, other: Point) -> Point:
    """Return the point where a round corner begins: some pixels from it towards another, at most halfway."""
    length = max(abs(other[0] - corner[0]), abs(other[1] - corner[1]))
    share = min(CORNER / length, 0.5) if length else 0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def shortened(line: Sequence[Point]) -> list[Point]:
    """Return the line without its lower end, where the arrow stands."""
    (x, y) = line[-1]
    return [*line[:-1], (x, y - ARROW)]


def arrowhead(line: Sequence[Point]) -> str:
    """Return the outline of the arrow at the lower end of a line."""
    x, y = line[-1]
    return polygon((x, y), (x - HALF_ARROW, y - ARROW), (x + HALF_ARROW, y - ARROW))


def _top(box: Box) -> Point:
    return box.centre[0], box.top


def _bottom(box: Box) -> Point:
    return box.centre[0], box.bottom

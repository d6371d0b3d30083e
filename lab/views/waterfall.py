"""The waterfall of a page visit: one row a resource, time to the right, each step a bar of its kind."""

from collections.abc import Sequence
from typing import Protocol

from lab.views.colours import TINT
from lab.views.drawing import BookFigure
from lab.views.drawing import figure as book_figure
from lab.views.geometry import Box
from lab.views.lettering import text_width
from lab.views.scale import Scale, paint_axes
from lab.views.sheet import Sheet, rectangle

# kind of step: (its colour, whether the bar is only tinted, its word in the key)
KINDS = {
    "name": ("name", False, "name looked up"),
    "connect": ("soft", False, "connection made"),
    "send": ("web", False, "request sent"),
    "wait": ("web", True, "waiting for the server"),
    "receive": ("data", False, "answer received"),
}
ROW = {"wide": 34, "tall": 52}  # pixels from row to row; the tall layout has the label above the bar
BAR = 16
OWN_BAR = 7
LEFT = {"wide": 168, "tall": 16}
RIGHT, TOP = 24, 16
BOTTOM = {"wide": 92, "tall": 128}  # room for the axis and the key
LEAST_BAR = 1.5  # pixels: a step too short to be seen is still there
TICK_STEPS_MS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = {"wide": 8, "tall": 5}


class Step(Protocol):
    """What the view needs to know of a step of a visit."""

    kind: str
    resource: str
    start_s: float
    end_s: float
    note: str


class Visit(Protocol):
    """What the view needs to know of a visit."""

    host: str
    steps: Sequence[Step]


def rows_of(visit: Visit) -> list[tuple[str, list[Step]]]:
    """The steps by row, in the order of time: the look-up, the connection, then each resource."""
    rows: dict[str, list[Step]] = {}
    for step in visit.steps:
        titles = {"name": "look up the name", "connect": "connect"}
        rows.setdefault(titles.get(step.kind, step.resource), []).append(step)
    return list(rows.items())


def figure(visits: Sequence[Visit], name: str) -> BookFigure:
    """The first visit, which is the recorded run, as bars; a second one, the reader's own, as thin bars beneath.

    ValueError for none, for more than two, or for two with other rows.
    """
    if len(visits) not in (1, 2):
        raise ValueError(f"a waterfall shows the recorded visit and at the most one more, not {len(visits)}")
    rows = [rows_of(visit) for visit in visits]
    if [title for title, _ in rows[0]] != [title for title, _ in rows[-1]]:
        raise ValueError("the two visits did not ask for the same, so they cannot share their rows: make record")
    last_ms = max(step.end_s for visit in visits for step in visit.steps) * 1000

    def paint(sheet: Sheet, layout: str) -> None:
        box = Box(LEFT[layout], TOP, sheet.width - RIGHT, sheet.height - BOTTOM[layout])
        ticks = ticks_ms(last_ms, MOST_TICKS[layout])
        across = Scale((0, ticks[-1]), (box.left, box.right))
        down = Scale((0, 1), (box.bottom, box.top))
        words = {tick: f"{tick:g}" for tick in ticks}
        paint_axes(sheet, box, across, down, words, {}, "milliseconds since the name was typed", "")
        for place, (title, steps) in enumerate(rows[0]):
            middle = box.top + ROW[layout] * (place + 0.5) + (8 if layout == "tall" else 0)
            paint_row(sheet, box, across, middle, title, steps)
            if len(rows) == 2:
                paint_own(sheet, across, middle + BAR / 2 + 2, rows[1][place][1])
        paint_key(sheet, own=len(rows) == 2)

    height = {layout: TOP + ROW[layout] * len(rows[0]) + BOTTOM[layout] for layout in ROW}
    return book_figure(paint, name, described(visits[0]), height)


def paint_row(sheet: Sheet, box: Box, across: Scale, middle: float, title: str, steps: Sequence[Step]) -> None:
    """A row's title, its bars, and behind the last bar what the server said of the request."""
    if sheet.layout == "wide":
        sheet.text(box.left - 12, middle + 4, title, anchor="end", size=13)
    else:
        sheet.text(box.left, middle - BAR / 2 - 5, title, size=13)
    for step in steps:
        start, end = across.at(step.start_s * 1000), across.at(step.end_s * 1000)
        colour, tinted, _ = KINDS[step.kind]
        bar = rectangle(start, middle - BAR / 2, max(end - start, LEAST_BAR), BAR)
        sheet.shape(bar, fill=colour, strength=2 * TINT if tinted else 1)
    notes = ", ".join(step.note for step in steps if step.note)
    end = across.at(steps[-1].end_s * 1000) + 8
    if end + text_width(notes, 12) > sheet.width - 4:
        sheet.text(across.at(steps[0].start_s * 1000) - 8, middle + 4, notes, colour="soft", anchor="end")
    else:
        sheet.text(end, middle + 4, notes, colour="soft")


def paint_own(sheet: Sheet, across: Scale, top: float, steps: Sequence[Step]) -> None:
    """The reader's own run: one thin bar from the row's first step to its last."""
    start, end = across.at(steps[0].start_s * 1000), across.at(steps[-1].end_s * 1000)
    sheet.shape(rectangle(start, top, max(end - start, LEAST_BAR), OWN_BAR), fill="web")


def paint_key(sheet: Sheet, own: bool) -> None:
    """What the bars are, below the axis, as many in a line as fit."""
    entries = [*KINDS.values(), *([("web", False, "your own run")] if own else [])]
    x, y = 16.0, sheet.height - BOTTOM[sheet.layout] + 62.0
    for colour, tinted, words in entries:
        width = 18 + text_width(words, 12) + 16
        if x + width > sheet.width - 8:
            x, y = 16.0, y + 18
        sheet.shape(rectangle(x, y - 9, 12, 10), fill=colour, strength=2 * TINT if tinted else 1)
        sheet.text(x + 18, y, words, colour="soft")
        x += width


def ticks_ms(last_ms: float, most: int) -> list[float]:
    """Round ticks from 0 to the first one that is not below `last_ms`, at the most `most` steps."""
    step = next((each for each in TICK_STEPS_MS if last_ms <= each * most), TICK_STEPS_MS[-1])
    count = int(-(-last_ms // step))
    return [step * place for place in range(count + 1)]


def described(visit: Visit) -> str:
    """The figure in words: the order of the steps, how many there are, and which took the largest share."""
    rows = rows_of(visit)
    total = visit.steps[-1].end_s
    shares: dict[str, float] = {}
    for step in visit.steps:
        shares[step.kind] = shares.get(step.kind, 0) + (step.end_s - step.start_s)
    longest = max(shares, key=lambda kind: shares[kind])
    resources = [title for title, _ in rows if title.startswith("/")]
    return (
        f"Waterfall of one visit of {visit.host}, {len(visit.steps)} steps one after the other: the name is looked up,"
        f" a connection is made, then {len(resources)} requests on that connection: {', '.join(resources)}. Of the"
        f" whole time {shares[longest] / total:.0%} was “{KINDS[longest][2]}”."
    )

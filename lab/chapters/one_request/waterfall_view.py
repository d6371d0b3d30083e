"""The waterfall of a page visit: one row a resource, time to the right, each step a bar of its kind."""

from collections.abc import Sequence

from lab.drawing.book_figure import LAYOUTS, BookFigure
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.colours import TINT
from lab.drawing.geometry import Box, text_box
from lab.drawing.lettering import text_width
from lab.drawing.scales import Scale, paint_axes, ticks_up_to
from lab.drawing.sheet import DOTTED, SMALLEST_TEXT, Sheet, rectangle, segment
from lab.instruments.visit import Step, Visit

# kind of step: the token of its colour, and its word in the key
KINDS = {
    "name": ("name", "name looked up"),
    "connect": ("soft", "connection made"),
    "send": ("web", "request sent"),
    "wait": ("web", "waiting for the server"),
    "receive": ("web", "answer received"),
}
ROW = {"wide": 34, "tall": 52}  # pixels from row to row; the tall layout has the label above the bar
BAR = 14
OWN_BAR = 4
LEFT = {"wide": 150, "tall": 16}
RIGHT, TOP = 24, 16
KEY_LINE = 22
LEAST_BAR = 2  # pixels: a step too short to be seen is still there
MOST_TICKS = {"wide": 8, "tall": 5}


def rows_of(visit: Visit) -> list[tuple[str, list[Step]]]:
    """Return the rows' titles and steps, in the order of time: the look-up, the connection, then each resource."""
    rows: dict[str, list[Step]] = {}
    for step in visit.steps:
        titles = {"name": "look up the name", "connect": "connect"}
        rows.setdefault(titles.get(step.kind, step.resource), []).append(step)
    return list(rows.items())


def figure(visits: Sequence[Visit], name: str, caption: str | None = None) -> BookFigure:
    """Draw the first visit, the recorded run's, as bars; a second one, the reader's own, as thin bars beneath.

    The times stand bare: `caption` is to say on which machine they were measured.
    ValueError for none, for more than two, or for two with other rows.
    """
    if len(visits) not in (1, 2):
        raise ValueError(f"a waterfall shows the recorded visit and at the most one more, not {len(visits)}")
    rows = [rows_of(visit) for visit in visits]
    if [title for title, _ in rows[0]] != [title for title, _ in rows[-1]]:
        raise ValueError("the two visits did not ask for the same, so they cannot share their rows: make record")
    last_ms = max(step.end_s for visit in visits for step in visit.steps) * 1000
    keys = {layout: key(width, own=len(visits) == 2) for layout, width in LAYOUTS.items()}

    def paint(sheet: Sheet, layout: str) -> None:
        box = Box(LEFT[layout], TOP, sheet.width - RIGHT, TOP + ROW[layout] * len(rows[0]))
        ticks = ticks_up_to(last_ms, MOST_TICKS[layout])
        across = Scale((0, ticks[-1]), (box.left, box.right))
        words = {tick: f"{tick:g}" for tick in ticks}
        for tick in ticks[1:]:
            x = across.at(tick)
            sheet.shape(segment((x, box.top), (x, box.bottom)), line="rule", width=1)
        paint_axes(sheet, box, across, across, words, {}, "milliseconds since the name was typed", "")
        for place, (title, steps) in enumerate(rows[0]):
            middle = box.top + ROW[layout] * (place + 0.5) + (8 if layout == "tall" else 0)
            paint_row(sheet, box, across, middle, title, steps)
            if len(rows) == 2:
                paint_own(sheet, across, middle + BAR / 2 + 3, rows[1][place][1])
        for kind, x, line in keys[layout]:
            y = box.bottom + 68 + KEY_LINE * line
            paint_bar(sheet, kind, x, x + 20, y - 4.5)
            sheet.text(x + 27, y, word(kind), colour="soft")

    height = {
        layout: TOP + ROW[layout] * len(rows[0]) + 84 + KEY_LINE * keys[layout][-1][2] for layout in LAYOUTS
    }
    return book_figure(paint, name, alt_text(visits[0]), height, caption)


def paint_row(sheet: Sheet, box: Box, across: Scale, middle: float, title: str, steps: Sequence[Step]) -> None:
    """Paint a row: its title, its bars, how long they took together, and what the other side said.

    `middle` is the row's height on the sheet in pixels, `across` takes milliseconds.
    """
    for step in steps:
        start, end = across.at(step.start_s * 1000), across.at(step.end_s * 1000)
        paint_bar(sheet, step.kind, start, max(end, start + LEAST_BAR), middle)
    milliseconds = sum(step.end_s - step.start_s for step in steps) * 1000
    duration = f"{round(milliseconds, 2):g} ms"
    words = ", ".join([duration, *(step.note for step in steps if step.note)])
    if sheet.layout == "tall":
        above = middle - BAR / 2 - 5
        if text_width(title, 13) + text_width(words, SMALLEST_TEXT) + 12 > box.width:
            words = duration
        paint_on_panel(sheet, box.left, above, title, size=13, colour="ink")
        paint_on_panel(sheet, box.right, above, words, anchor="end")
        return
    sheet.text(box.left - 12, middle + 4, title, anchor="end", size=13)
    start = across.at(steps[0].start_s * 1000) - 8
    end = max(across.at(steps[-1].end_s * 1000), across.at(steps[-1].start_s * 1000) + LEAST_BAR) + 8
    room = text_width(words, SMALLEST_TEXT) + 4
    if end + room <= sheet.width:
        paint_on_panel(sheet, end, middle + 4, words)
    elif start - room >= box.left:
        paint_on_panel(sheet, start, middle + 4, words, anchor="end")
    else:
        paint_on_panel(sheet, box.right, middle - BAR / 2 - 5, words, anchor="end")


def paint_bar(sheet: Sheet, kind: str, start: float, end: float, middle: float) -> None:
    """Paint a step's bar from `start` to `end`, in pixels.

    Looking up is dotted, connecting a thin bar; sending is full, waiting empty, receiving striped.
    """
    if kind == "own":
        sheet.shape(rectangle(start, middle - OWN_BAR / 2, end - start, OWN_BAR), fill="web")
        return
    colour = KINDS[kind][0]
    outline = rectangle(start, middle - BAR / 2, end - start, BAR)
    if kind == "name":
        sheet.shape(outline, fill=colour, strength=TINT)
        dots = segment((start + 3, middle), (max(end, start + 4), middle))
        sheet.shape(dots, line=colour, width=3.5, dashes=DOTTED, within=outline)
    elif kind == "connect":
        sheet.shape(rectangle(start, middle - 2.5, end - start, 5), fill=colour)
    elif kind == "send":
        sheet.shape(outline, fill=colour)
    elif kind == "wait":
        sheet.shape(outline, fill="panel")
        sheet.shape(outline, line=colour, width=2.4, within=outline)
    else:
        sheet.shape(outline, fill=colour, strength=TINT)
        sheet.shape(segment((start, middle), (end, middle)), line=colour, width=BAR, dashes=(2, 2))


def paint_own(sheet: Sheet, across: Scale, middle: float, steps: Sequence[Step]) -> None:
    """Paint the reader's own run: one thin bar from the row's first step to its last."""
    start, end = across.at(steps[0].start_s * 1000), across.at(steps[-1].end_s * 1000)
    paint_bar(sheet, "own", start, max(end, start + LEAST_BAR), middle)


def paint_on_panel(
    sheet: Sheet, x: float, y: float, words: str, size: float = SMALLEST_TEXT, colour: str = "soft",
    anchor: str = "start",
) -> None:  # fmt: skip
    """Paint text on a strip of panel, so that no line of the time axis runs through it."""
    strip = text_box(x, y, words, size, anchor).grown(1)
    sheet.shape(rectangle(strip.left, strip.top, strip.width, strip.height), fill="panel")
    sheet.text(x, y, words, size=size, colour=colour, anchor=anchor)


def key(width: float, own: bool) -> list[tuple[str, float, int]]:
    """Return what the key below the axis holds: kinds of bars, each with its left edge (pixels) and its line.

    A line holds as many as fit into `width` pixels; `own` adds the reader's own run.
    """
    entries, x, line = [], 12.0, 0
    for kind in [*KINDS, *(["own"] if own else [])]:
        needed = 27 + text_width(word(kind), SMALLEST_TEXT)
        if x + needed > width - 6:
            x, line = 12.0, line + 1
        entries.append((kind, x, line))
        x += needed + 10
    return entries


def word(kind: str) -> str:
    """Return what the key calls a kind of bar."""
    return "your own run" if kind == "own" else KINDS[kind][1]


def alt_text(visit: Visit) -> str:
    """Return the figure in words: the order of the steps, how many there are, and which took the largest share."""
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
        f" whole time {shares[longest] / total * 100:.0f} % was “{KINDS[longest][1]}”."
    )

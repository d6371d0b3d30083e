"""A phone whose screen is drawn from JSON; on a wide sheet each line says which field it comes from."""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.chapters.two_clients.phone_model import MOST_POSTS, Line, initials, screen
from lab.drawing.book_figure import BookFigure
from lab.drawing.book_figure import figure as book_figure
from lab.drawing.lettering import text_width
from lab.drawing.sheet import DOTTED, SMALLEST_TEXT, Sheet, rectangle, segment

WIDTH, EDGE = 300, 18  # pixels: the phone, and from its outline to its text
CORNER, ABOVE, BELOW = 30, 46, 34
MARGIN = 10
PICTURE = 46
FIELDS_FROM = 96  # pixels from the phone to the names of fields
LEAST_HEIGHT = 420
BRAND = "mysite"
MORE = "…"


@dataclass(frozen=True)
class Style:
    """How a line of a role is set: text size, distance of baselines, room above it, and how many lines at the most."""

    size: float
    leading: float
    above: float
    most: int
    bold: bool = False
    colour: str = "ink"


STYLES = {
    "title": Style(19, 23, 8, 2, bold=True),
    "handle": Style(13, 17, 1, 1, colour="soft"),
    "counts": Style(13, 17, 16, 2),
    "author": Style(14, 18, 4, 1, bold=True),
    "when": Style(12, 16, 2, 1, colour="soft"),
    "text": Style(14, 19, 3, 4),
    "likes": Style(12, 16, 3, 1, colour="soft"),
}
BETWEEN_POSTS = 22


@dataclass(frozen=True)
class _Block:
    """A line of the screen, broken to its width and placed, in pixels.

    lines       what stands on each of its lines
    x           their left edge, from the phone's own
    y           the baseline of the first, from the sheet's top
    rule_above  where a rule stands above it, from the sheet's top; None for no rule
    """

    line: Line
    lines: list[str]
    x: float
    y: float
    rule_above: float | None

    @property
    def style(self) -> Style:
        return STYLES[self.line.role]


def phone(state: Mapping[str, Any], name: str, caption: str | None = None, most_posts: int = MOST_POSTS) -> BookFigure:
    """Draw the screen of a phone that got `state`, the JSON of GET /users/ID or GET /, as phone_model reads it."""
    lines = screen(state, most_posts)
    blocks, bottom = arrange(lines)
    phone_height = max(LEAST_HEIGHT, math.ceil(bottom + BELOW))

    def paint(sheet: Sheet, layout: str) -> None:
        left = (sheet.width - WIDTH) / 2 if layout == "tall" else 100
        paint_case(sheet, left, phone_height)
        if lines[0].role == "title" and lines[0].field:
            paint_picture(sheet, left + EDGE, MARGIN + ABOVE + 10, initials(lines[0].words))
        for block in blocks:
            paint_block(sheet, left, block)
            if layout == "wide" and block.line.field:
                paint_field(sheet, left, block)

    return book_figure(paint, name, alt_text(lines), phone_height + 2 * MARGIN, caption)


def arrange(lines: list[Line]) -> tuple[list[_Block], float]:
    """Return each line broken and placed, and where the last one ends, in pixels from the sheet's top."""
    blocks: list[_Block] = []
    y: float = MARGIN + ABOVE
    beside = EDGE + PICTURE + 12 if lines[0].field else EDGE
    for place, line in enumerate(lines):
        style = STYLES[line.role]
        x = beside if line.role in ("title", "handle") else EDGE
        words = wrapped(line.words, style.size, WIDTH - x - EDGE, style.most, style.bold)
        rule = None
        if line.role in ("author", "when") and lines[place - 1].role != "author":
            rule = y + BETWEEN_POSTS / 2 + 4
            y += BETWEEN_POSTS
        if line.role == "counts":  # they stand below the picture
            y = max(y, MARGIN + ABOVE + 10 + PICTURE - 4)
        y += style.above + style.leading
        blocks.append(_Block(line, words, x, y, rule))
        y += style.leading * (len(words) - 1)
    return blocks, y


def wrapped(words: str, size: float, width: float, most: int, bold: bool = False) -> list[str]:
    """Return the text in at most `most` lines of that width (pixels), cut and with an ellipsis where it does not fit.

    It is broken at spaces, and a word that is longer than a line within; a letter keeps the marks on it.
    """
    rest = words
    lines: list[str] = []
    while rest and len(lines) < most:
        count = characters_that_fit(rest, size, width, bold)
        if count < len(rest):
            space = rest.rfind(" ", 0, count + 1)
            count = space if space > 0 else count
        lines.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
    if rest:
        last = lines[-1]
        while last and text_width(last + MORE, size, bold) > width:
            last = last[:-1].rstrip()
        lines[-1] = last + MORE
    return lines or [""]


def characters_that_fit(words: str, size: float, width: float, bold: bool) -> int:
    """Return how many characters fit on a line, at least one; no mark is parted from its letter."""
    count = len(words)
    if text_width(words, size, bold) > width:
        low, count = 0, len(words)
        while count - low > 1:
            middle = (low + count) // 2
            low, count = (middle, count) if text_width(words[:middle], size, bold) <= width else (low, middle)
        count = low
        while count > 1 and unicodedata.category(words[count])[0] == "M":
            count -= 1
    return max(count, 1)


def paint_case(sheet: Sheet, left: float, height: float) -> None:
    """Paint the phone: upright, round corners, a speaker above and a grip below, and the application's name."""
    middle, bottom = left + WIDTH / 2, MARGIN + height
    sheet.shape(rectangle(left, MARGIN, WIDTH, height, CORNER), fill="panel", line="ink", width=2)
    sheet.shape(segment((middle - 18, MARGIN + 11), (middle + 18, MARGIN + 11)), line="ink", width=3)
    sheet.shape(segment((middle - 40, bottom - 12), (middle + 40, bottom - 12)), line="ink", width=3)
    x, y = left + EDGE, MARGIN + 20
    vessel = rectangle(x, y, 16, 16, 3)
    sheet.shape(rectangle(x, y + 8, 16, 8), fill="web", within=vessel)
    sheet.shape(vessel, line="web", width=1.8)
    sheet.text(x + 23, y + 13, BRAND, size=14, bold=True)
    rule = MARGIN + ABOVE - 1
    sheet.shape(segment((left + 1, rule), (left + WIDTH - 1, rule)), line="rule", width=1)


def paint_picture(sheet: Sheet, x: float, y: float, letters: str) -> None:
    """Paint the square with a user's initials, as the site's pages have it."""
    sheet.shape(rectangle(x, y, PICTURE, PICTURE, 9), fill="paper", line="rule", width=2)
    if letters:
        sheet.text(x + PICTURE / 2, y + PICTURE / 2 + 6, letters, size=16, bold=True, colour="soft", anchor="middle")


def paint_block(sheet: Sheet, left: float, block: _Block) -> None:
    """Paint a line of the screen; above a post a rule."""
    style = block.style
    if block.rule_above is not None:
        y = block.rule_above
        sheet.shape(segment((left + EDGE, y), (left + WIDTH - EDGE, y)), line="rule", width=1)
    for place, words in enumerate(block.lines):
        if words:
            y = block.y + style.leading * place
            sheet.text(left + block.x, y, words, size=style.size, bold=style.bold, colour=style.colour)


def paint_field(sheet: Sheet, left: float, block: _Block) -> None:
    """Paint the name of the field beside the phone, and a dotted line to its text."""
    end = left + block.x + text_width(block.lines[0], block.style.size, block.style.bold) + 8
    x, y = left + WIDTH + FIELDS_FROM, block.y - 4
    sheet.shape(segment((end, y), (x - 6, y)), line="soft", width=1.4, dashes=DOTTED)
    sheet.text(x, block.y, block.line.field, size=SMALLEST_TEXT, colour="data")


def alt_text(lines: list[Line]) -> str:
    """Return the screen in words, line by line."""
    posts: list[list[str]] = []
    head = [line.words for line in lines if not line.field.startswith("posts[")]
    for line in lines:
        if line.field.startswith("posts["):
            if line.role == "author" or (line.role == "when" and (not posts or len(posts[-1]) >= 3)):
                posts.append([])
            posts[-1].append(line.words)
    sentences = [f"{', '.join(before)}: “{text}”, {likes}" for *before, text, likes in posts]
    return f"The screen of a phone, drawn from JSON: {'; '.join(head)}. " + (
        f"Latest posts: {'. '.join(sentences)}." if sentences else "No posts."
    )

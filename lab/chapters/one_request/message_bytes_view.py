"""A DNS message byte by byte: every field outlined where it stands, numbered, and explained below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lab.drawing.book_figure import LAYOUTS, BookFigure, draw
from lab.drawing.colours import TINT
from lab.drawing.lettering import lines
from lab.drawing.sheet import SMALLEST_TEXT, Sheet, rectangle
from lab.drawing.table import Table

# section of a message: the token of its colour
SECTIONS = {"header": "soft", "question": "name", "answer": "web", "authority": "data", "additional": "cache"}
PER_ROW = {"wide": 16, "tall": 8}
_COLUMNS = {"wide": 2, "tall": 1}
_MARGIN, _OFFSET, _ROW, _LEADING = 10, 32, 58, 16
_HEX_SIZE = 14


class Field(Protocol):
    """What is drawn of a field, as `mysite.names.message.fields` gives it."""

    @property
    def section(self) -> str:
        """One of SECTIONS."""

    @property
    def name(self) -> str:
        """The field's name."""

    @property
    def start(self) -> int:
        """Position of its first byte, counted from 0."""

    @property
    def data(self) -> bytes:
        """Its bytes."""

    @property
    def meaning(self) -> str:
        """What they say."""


def message_bytes(name: str, fields: Sequence[Field], caption: str | None = None) -> BookFigure:
    """Draw a message. ValueError unless the fields follow each other from byte 0 without a gap."""
    place = 0
    for field in fields:
        if field.start != place or not field.data:
            raise ValueError(f"the field {field.name!r} starts at byte {field.start}; the next byte is {place}")
        place += len(field.data)
    pictures = {layout: _Key(fields, layout, width) for layout, width in LAYOUTS.items()}

    def paint(sheet: Sheet, layout: str) -> None:
        _paint_grid(sheet, fields, PER_ROW[layout])
        pictures[layout].paint(sheet, _grid_height(place, layout))

    heights = {layout: round(_grid_height(place, layout) + key.height) for layout, key in pictures.items()}
    return BookFigure(name, alt_text(fields), draw(paint, name, heights), caption)


def message_table(fields: Sequence[Field]) -> Table:
    """Return the same fields as a table: first byte, section, field, bytes in hexadecimal, meaning."""
    rows = [(field.start, field.section, field.name, field.data.hex(" "), field.meaning) for field in fields]
    return Table(("byte", "section", "field", "bytes", "meaning"), rows)


def alt_text(fields: Sequence[Field]) -> str:
    """Return the picture in words: how many bytes and fields, and the fields by section with what they say."""
    sentences = [f"A message of {sum(len(field.data) for field in fields)} bytes in {len(fields)} fields."]
    for section in dict.fromkeys(field.section for field in fields):
        meanings = "; ".join(f"{field.name}: {field.meaning}" for field in fields if field.section == section)
        sentences.append(f"Section {section}: {meanings}.")
    return " ".join(sentences)


def _grid_height(count: int, layout: str) -> float:
    return _MARGIN + _ROW * math.ceil(count / PER_ROW[layout]) + 8


def _paint_grid(sheet: Sheet, fields: Sequence[Field], per_row: int) -> None:
    """Paint the bytes in rows: the position of the first at the left, each field's number in its first byte."""
    across = (sheet.width - 2 * _MARGIN - _OFFSET) / per_row
    left = _MARGIN + _OFFSET
    for row in range(math.ceil(sum(len(field.data) for field in fields) / per_row)):
        sheet.text(left - 8, _MARGIN + _ROW * row + 35, str(row * per_row), colour="soft", anchor="end")
    outlines: dict[str, list[str]] = {}
    for field in fields:
        for row, column, count in _stretches(field, per_row):
            x, y = left + column * across + 1.5, _MARGIN + _ROW * row + 1.5
            outline = rectangle(x, y, count * across - 3, _ROW - 5, 5)
            outlines.setdefault(SECTIONS[field.section], []).append(outline)
    for colour, rectangles in outlines.items():
        sheet.shape(" ".join(rectangles), fill=colour, strength=TINT)
        sheet.shape(" ".join(rectangles), line=colour, width=1.2)
    for number, field in enumerate(fields, start=1):
        row, column = divmod(field.start, per_row)
        place = left + column * across + 6, _MARGIN + _ROW * row + 15
        sheet.text(*place, str(number), bold=True, colour=SECTIONS[field.section])
        for position, byte in enumerate(field.data, start=field.start):
            row, column = divmod(position, per_row)
            centre, y = left + (column + 0.5) * across, _MARGIN + _ROW * row
            sheet.text(centre, y + 34, f"{byte:02x}", size=_HEX_SIZE, anchor="middle")
            if position > field.start and 33 <= byte <= 126 and _is_label(field):
                sheet.text(centre, y + 48, chr(byte), colour="soft", anchor="middle")


def _is_label(field: Field) -> bool:
    """Whether the field is a length and so many letters of a name; a pointer begins with two bits set."""
    return field.name.endswith("NAME") and field.data[0] < 64


def _stretches(field: Field, per_row: int) -> list[tuple[int, int, int]]:
    """Return the field's bytes row by row: row, first column, how many."""
    stretches, place, end = [], field.start, field.start + len(field.data)
    while place < end:
        row, column = divmod(place, per_row)
        stretches.append((row, column, min(end - place, per_row - column)))
        place += stretches[-1][2]
    return stretches


@dataclass(frozen=True)
class _Entry:
    """A line or more of the key: a number (0 for a section's title), the colour, the lines."""

    number: int
    colour: str
    words: tuple[str, ...]

    @property
    def height(self) -> float:
        """Pixels from this entry to the next."""
        return _LEADING * len(self.words) + 6


class _Key:
    """What every number means, section by section, in one column or more."""

    def __init__(self, fields: Sequence[Field], layout: str, width: int) -> None:
        columns = _COLUMNS[layout]
        self.across = (width - 2 * _MARGIN + 20) / columns
        entries = []
        section = ""
        for number, field in enumerate(fields, start=1):
            if field.section != section:
                section = field.section
                entries.append(_Entry(0, SECTIONS[section], (section,)))
            room = self.across - 20 - _OFFSET
            words = tuple(lines(f"{field.name}: {field.meaning}", SMALLEST_TEXT, room))
            entries.append(_Entry(number, SECTIONS[section], words))
        self.columns = _balanced(entries, columns)
        self.height = max(sum(entry.height for entry in column) for column in self.columns) + _MARGIN

    def paint(self, sheet: Sheet, top: float) -> None:
        """Paint the entries column by column from `top` down, in pixels."""
        for place, column in enumerate(self.columns):
            x, y = _MARGIN + place * self.across, top
            for entry in column:
                if entry.number:
                    sheet.text(x + 20, y + 14, str(entry.number), bold=True, colour=entry.colour, anchor="end")
                for row, words in enumerate(entry.words):
                    indent = _OFFSET if entry.number else 0
                    title = not entry.number
                    sheet.text(
                        x + indent, y + 14 + row * _LEADING, words, bold=title,
                        colour=entry.colour if title else "ink",
                    )  # fmt: skip
                y += entry.height


def _balanced(entries: Sequence[_Entry], columns: int) -> list[list[_Entry]]:
    """Return the entries in order, in at most `columns` of about one height; none ends in a section's title."""
    goal = sum(entry.height for entry in entries) / columns
    balanced: list[list[_Entry]] = [[]]
    height = 0.0
    for entry in entries:
        if len(balanced) < columns and height + entry.height / 2 > goal and balanced[-1][-1].number:
            balanced.append([])
            height = 0.0
        balanced[-1].append(entry)
        height += entry.height
    return balanced

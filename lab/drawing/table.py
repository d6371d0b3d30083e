"""Small tables as a cell's output: HTML for the page, aligned text for everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows under named columns; the first cell of a row names the row.

    Numbers stand to the right, whole numbers with a comma for thousands, others as Python writes them, or with as many
    digits behind the point as `digits` says of their column; give text for another form. None is a dash. `units` maps
    a column to its unit. ValueError for a row of another length than `columns`, and for a unit or digits of no column.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str | None = None
    units: Mapping[str, str] | None = None
    digits: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        """ValueError as the class says."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"the row {tuple(row)!r} has {len(row)} cells, the table {len(self.columns)} columns")
        for what, by_column in (("a unit is", self.units), ("digits are", self.digits)):
            if unknown := set(by_column or {}) - set(self.columns):
                raise ValueError(f"{what} given for {', '.join(sorted(unknown))}, which is no column")

    def _rows(self) -> list[list[tuple[str, bool]]]:
        """Return for each cell of each row its words, and whether it is a number."""
        digits = [(self.digits or {}).get(column) for column in self.columns]
        return [
            [(_words(value, places), _is_number(value)) for value, places in zip(row, digits, strict=True)]
            for row in self.rows
        ]

    def _headings(self) -> list[str]:
        units = self.units or {}
        return [f"{column} ({units[column]})" if column in units else column for column in self.columns]

    def _numeric(self) -> list[bool]:
        """Whether a column holds numbers alone, or dashes beside them; all of it then stands to the right."""
        columns = ([row[place] for row in self.rows if row[place] is not None] for place in range(len(self.columns)))
        return [bool(values) and all(map(_is_number, values)) for values in columns]

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        sides = ("right" if numeric else "left" for numeric in self._numeric())
        heads = "".join(
            f'<th scope="col" style="text-align:{side}">{escape(heading)}</th>'
            for side, heading in zip(sides, self._headings(), strict=True)
        )
        cells = (
            "".join(
                _cell(place, words, number or right)
                for place, ((words, number), right) in enumerate(zip(row, self._numeric(), strict=True))
            )
            for row in self._rows()
        )
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return (
            '<table class="book-table" style="font-variant-numeric:tabular-nums lining-nums">'
            f"{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        cells = [self._headings(), *([words for words, _ in row] for row in self._rows())]
        widths = [max(len(row[place]) for row in cells) for place in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, self._numeric(), strict=True)
            ).rstrip()
            for row in cells
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.caption, *lines] if self.caption else lines)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _words(value: Any, places: int | None) -> str:
    if value is None:
        return "–"
    if places is not None and _is_number(value):
        return f"{value:,.{places}f}"
    return f"{value:,}" if _is_number(value) and isinstance(value, int) else str(value)


def _cell(place: int, words: str, right: bool) -> str:
    side = "right" if right else "left"
    tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
    return f'<{tag}{scope} style="text-align:{side}">{escape(words)}</{tag}>'

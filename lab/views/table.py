"""Small tables as a cell's output: HTML for the page, aligned text for everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows under named columns; the first cell of a row names the row.

    Numbers stand to the right, whole numbers with a comma for thousands, others as Python writes them; give text for
    another form. None is a dash. `units` maps a column to its unit. ValueError for a row of another length than
    `columns`, and for a unit of no column.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str | None = None
    units: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"the row {tuple(row)!r} has {len(row)} cells, the table {len(self.columns)} columns")
        if unknown := set(self.units or {}) - set(self.columns):
            raise ValueError(f"a unit is given for {', '.join(sorted(unknown))}, which is no column")

    def _headings(self) -> list[str]:
        units = self.units or {}
        return [f"{column} ({units[column]})" if column in units else column for column in self.columns]

    def _repr_html_(self) -> str:
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self._headings())
        cells = ("".join(_cell(place, value) for place, value in enumerate(row)) for row in self.rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return (
            '<table class="book-table" style="font-variant-numeric:tabular-nums lining-nums">'
            f"{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def __repr__(self) -> str:
        cells = [self._headings(), *([_words(value) for value in row] for row in self.rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(self.columns))]
        numeric = [all(_is_number(row[place]) for row in self.rows) for place in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            ).rstrip()
            for row in cells
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.caption, *lines] if self.caption else lines)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _words(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if _is_number(value) and isinstance(value, int) else str(value)


def _cell(place: int, value: Any) -> str:
    side = "right" if _is_number(value) else "left"
    tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
    return f'<{tag}{scope} style="text-align:{side}">{escape(_words(value))}</{tag}>'

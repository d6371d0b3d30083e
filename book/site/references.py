"""How a source is named: a standard by its number, as everybody calls it, another by authors and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import Node, field, sentence

STYLE = "book"


def label(entry: Entry) -> str:
    """``RFC 1034``, ``Jung et al., 2003``, ``Amazon Web Services, 2026``."""
    if entry.fields.get("type") == "RFC":
        return f"RFC {entry.fields['number']}"
    names = [" ".join(map(str, person.rich_last_names)) for person in entry.persons["author"]]
    authors = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return f"{authors}, {entry.fields['year']}"


class Labels(BaseLabelStyle):
    """The labels of a list; those that would be the same have a letter after the year, by the order of their titles."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """One label an entry: ``Last, 2001``, or ``Last, 2001a`` and ``Last, 2001b``."""
        names = [label(entry) for entry in sorted_entries]
        letters = {name: iter(ascii_lowercase) for name, count in Counter(names).items() if count > 1}
        for name in names:
            yield name + next(letters[name]) if name in letters else name


class Sources(Style):
    """Titles stand as references.bib has them: HTTP stays HTTP."""

    default_sorting_style = "author_year_title"
    default_label_style = Labels

    def format_title(self, e: Entry, which_field: str, as_sentence: bool = True) -> Node:
        """The title, with a full stop."""
        title = field(which_field)
        return sentence[title] if as_sentence else title


def labels(entries: Iterable[Entry]) -> dict[str, str]:
    """The labels that the list of these sources prints, by key."""
    in_order = Sources().sort(entries)
    return {entry.key: name for entry, name in zip(in_order, Labels().format_labels(in_order), strict=True)}


def register() -> None:
    """Make the style known under its name, by which _config.yml asks for it."""
    register_plugin("pybtex.style.formatting", STYLE, Sources)

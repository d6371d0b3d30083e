"""book/site/references.py: how sources are named."""

from pybtex.database import parse_file, parse_string

from book.authoring.environment import ROOT
from book.site.references import Labels, Sources, label

TWO = """
@book{a, author = {Ada Last and Bo Other}, title = {HTTP and the rest}, year = 2001}
@book{b, author = {Ada Last and Bo Other}, title = {The rest}, year = 2001}
"""


def test_labels_of_the_books_sources() -> None:
    entries = parse_file(ROOT / "book" / "references.bib", "bibtex").entries
    assert {key: label(entries[key]) for key in ("rfc1034", "rfc1035", "jung2003", "route53pricing")} == {
        "rfc1034": "RFC 1034", "rfc1035": "RFC 1035", "jung2003": "Jung et al., 2003",
        "route53pricing": "Amazon Web Services, 2026",
    }  # fmt: skip
    assert len(set(Labels().format_labels(entries.values()))) == len(entries)


def test_two_sources_that_would_be_called_the_same_have_a_letter() -> None:
    entries = parse_string(TWO, "bibtex").entries
    assert label(entries["a"]) == "Last and Other, 2001"
    assert list(Labels().format_labels(entries.values())) == ["Last and Other, 2001a", "Last and Other, 2001b"]
    assert list(Labels().format_labels([entries["b"]])) == ["Last and Other, 2001"]


def test_title_keeps_its_capitals() -> None:
    entry = parse_string(TWO, "bibtex").entries["a"]
    written = Sources().format_title(entry, "title").format_data({"entry": entry})
    assert str(written) == "HTTP and the rest."

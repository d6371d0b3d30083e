"""Titles of links to words and sources."""

import pytest

from book.authoring import titles
from book.authoring.environment import ROOT
from book.site import built

WORDS = {"term-zone": "What one owner has."}
SOURCES = {"rfc1034": ("RFC 1034", 'Names: the "facts", 1987')}


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("[zones](../book/glossary.md#term-zone)", '[zones](../book/glossary.md#term-zone "What one owner has.")'),
        ('[z](book/glossary.md#term-zone "old \\" one")', '[z](book/glossary.md#term-zone "What one owner has.")'),
        ("[[x](../book/references.md#rfc1034)]",
         '[[RFC 1034](../book/references.md#rfc1034 "Names: the \\"facts\\", 1987")]'),
        # what is not there, and what is neither, stays
        ("[x](../book/glossary.md#term-nothing)", "[x](../book/glossary.md#term-nothing)"),
        ("[[x](../book/references.md#nobody)]", "[[x](../book/references.md#nobody)]"),
        ("[x](../book/how-to-read.md)", "[x](../book/how-to-read.md)"),
    ],
)
def test_titled(text, titled):
    assert titles.titled(text, WORDS, SOURCES) == titled
    assert titles.titled(titled, WORDS, SOURCES) == titled


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("A part. Another.", "A part."), ("It is 1.5 long: so it is.", "It is 1.5 long: so it is."),
     ("No stop", "No stop"), ("Time to live: for how long. The owner chooses.", "Time to live: for how long.")],
)
def test_first_sentence(text, sentence):
    assert titles.first_sentence(text) == sentence


def test_labels_are_those_of_the_built_page(site):
    """The page of references prints each label before its source."""
    html = (site / "book" / "references.html").read_text("utf-8")
    for label, _ in titles.sources(ROOT / "book" / "references.bib").values():
        assert label in html


def test_every_word_has_the_anchor_of_the_built_page(site):
    anchors = built.read((site / "book" / "glossary.html").resolve()).ids
    assert set(titles.meanings(ROOT / "book" / "glossary.md")) <= set(anchors)

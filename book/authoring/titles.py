"""The titles of links in a notebook: what a word means, which source it is, for who points at the link in JupyterLab.

In a notebook, terms and citations are plain links (book/site/plain_forms.py). Their titles are the first sentence of
the glossary's entry, and the source's title and year; a citation's label is the one that the built page prints.
"""

import re
from pathlib import Path

from pybtex.database import parse_file

from book.site import glossary, references
from book.site.plain_forms import GLOSSARY, REFERENCES, TITLE

TERM_LINK = re.compile(rf"(\]{GLOSSARY})([\w-]+){TITLE}\)")
SOURCE_LINK = re.compile(rf"\[[^][]+(\]{REFERENCES})([\w-]+){TITLE}\)")
SENTENCE = re.compile(r".*?[.:](?= [A-Z]|$)")
MARKUP = re.compile(r"[{}]")


def first_sentence(text: str) -> str:
    """The first sentence of a text of one line."""
    sentence = SENTENCE.match(text)
    return sentence[0] if sentence else text


def quoted(title: str) -> str:
    """A title as it stands in a link."""
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'


def meanings(path: Path) -> dict[str, str]:
    """The first sentence of each entry of the glossary, by its anchor."""
    return {glossary.anchor(term): first_sentence(text) for term, text in glossary.entries(path).items()}


def sources(path: Path) -> dict[str, tuple[str, str]]:
    """Label and title of each source, by its key."""
    entries = parse_file(str(path)).entries
    labels = references.labels(entries.values())
    return {key: (labels[key], MARKUP.sub("", f"{entry.fields['title']}, {entry.fields['year']}"))
            for key, entry in entries.items()}


def titled(text: str, words: dict[str, str], cited: dict[str, tuple[str, str]]) -> str:
    """Text whose links to words and sources have the titles of today.

    A link to what is not there stays as it is: the build says so.
    """

    def word(link: re.Match[str]) -> str:
        return f"{link[1]}{link[2]} {quoted(words[link[2]])})" if link[2] in words else link[0]

    def source(link: re.Match[str]) -> str:
        if link[2] not in cited:
            return link[0]
        label, title = cited[link[2]]
        return f"[{label}{link[1]}{link[2]} {quoted(title)})"

    return SOURCE_LINK.sub(source, TERM_LINK.sub(word, text))

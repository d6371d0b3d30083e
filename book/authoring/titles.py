"""make titles: what a link to a word or a source says to who points at it, and the names of sources.

    python -m book.authoring.titles [--check] [NOTEBOOK ...]

In a notebook, terms and citations are plain links (book/site/plain_forms.py). Their titles are the first sentence of
the glossary's entry, and the source's title and year; a citation's label is the one that the built page prints. With
--check nothing is written, and the exit code is 1 where something would have been.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from pybtex.database import parse_file

from book.authoring import environment
from book.authoring.environment import ROOT
from book.site import glossary, references

TITLE = r'(?: "(?:[^"\\]|\\.)*")?'
TERM_LINK = re.compile(rf"(\]\((?:\.\./)?(?:book/)?glossary\.md#)([\w-]+){TITLE}\)")
SOURCE_LINK = re.compile(rf"\[[^][]+(\]\((?:\.\./)?(?:book/)?references\.md#)([\w-]+){TITLE}\)")
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


def renew(path: Path, *, check: bool = False) -> bool:
    """Renew the titles of one notebook; True where its text changed (with `check`: would have)."""
    before = path.read_text("utf-8")
    notebook = nbformat.reads(before, as_version=4)
    words, cited = meanings(ROOT / "book" / "glossary.md"), sources(ROOT / "book" / "references.bib")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = titled(cell.source, words, cited)
    after = nbformat.writes(notebook).rstrip("\n") + "\n"
    if after != before and not check:
        path.write_text(after, "utf-8")
    return after != before


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m book.authoring.titles", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something would change")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    changed = [path.name for path in options.notebooks or environment.notebooks() if renew(path, check=options.check)]
    print(f"titles of links: {', '.join(changed) or 'unchanged'}")
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())

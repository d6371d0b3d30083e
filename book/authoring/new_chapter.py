"""make chapter NAME=NN-slug: start a chapter from the template, and put it into the table of contents.

    python -m book.authoring.new_chapter NN-slug ["Its title"]
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat

from book.authoring.environment import ROOT
from book.site.contents import CHAPTERS

TEMPLATE = Path(__file__).with_name("template.ipynb")
CHAPTER = "- file: chapters/"
NAME = re.compile(r"(\d\d)-[a-z0-9]+(-[a-z0-9]+)*")


def filled(title: str, slug: str) -> nbformat.NotebookNode:
    """The template's notebook with the title and the slug in their places."""
    text = TEMPLATE.read_text("utf-8").replace("TITLE", title.replace('"', '\\"')).replace("SLUG", slug)
    return nbformat.reads(text, as_version=4)


def listed(contents: str, name: str) -> str:
    """The text of _toc.yml with the chapter in its place by number."""
    lines = contents.splitlines(keepends=True)
    present = [number for number, text in enumerate(lines) if CHAPTER in text]
    if not present:
        raise ValueError(f"_toc.yml has no line with {CHAPTER!r} to put the chapter beside")
    line = f"{lines[present[0]].split(CHAPTER)[0]}{CHAPTER}{name}\n"
    before = [number for number in present if lines[number] < line]
    lines.insert(before[-1] + 1 if before else present[0], line)
    return "".join(lines)


def start(root: Path, name: str, title: str) -> Path:
    """Write the notebook and the entry; ValueError for a bad name or one that is taken. Nothing is overwritten."""
    match = NAME.fullmatch(name)
    if not match:
        raise ValueError(f"{name!r} is no chapter's name: two digits, then small letters, as in 02-two-clients")
    if not title.strip():
        raise ValueError("the chapter needs a title: give one, or list it in book/site/contents.py")
    taken = sorted((root / "chapters").glob(f"{match[1]}-*.ipynb"))
    if taken:
        raise ValueError(f"chapter {match[1]} is there already: {taken[0].name}")
    contents = root / "_toc.yml"
    entry = listed(contents.read_text("utf-8"), name)
    path = root / "chapters" / f"{name}.ipynb"
    nbformat.write(filled(title, name), path)
    contents.write_text(entry, "utf-8")
    return path


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m book.authoring.new_chapter", description=__doc__.split("\n")[0])
    parser.add_argument("name", help="for example 02-two-clients")
    parser.add_argument("title", nargs="?", help="unless book/site/contents.py has one")
    arguments = parser.parse_args()
    try:
        path = start(ROOT, arguments.name, arguments.title or CHAPTERS.get(arguments.name, ""))
    except ValueError as error:
        parser.error(str(error))
    print(f"{path.relative_to(ROOT)} is there. Write it, then: make refresh book test. CONTRIBUTING.md is the guide.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""make chapter NAME=NN-slug [TITLE="Its title"]: start a chapter: notebook, folders of lab and tests, line of _toc.yml.

    python -m book.authoring.new_chapter NN-slug ["Its title"]

All begins as a copy of book/authoring/chapter/, a small chapter that is whole: it builds and passes every test. Replace
it part by part.
"""

import argparse
import json
import keyword
import re
import sys
from pathlib import Path

from book.authoring.environment import ROOT
from book.site.contents import CHAPTERS

TEMPLATE = Path(__file__).with_name("chapter")
NOTEBOOK = TEMPLATE / "notebook.ipynb"
CHAPTER = "- file: chapters/"
NAME = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)")


def filled(text: str, title: str, slug: str) -> str:
    """A text of the template with the chapter's title, slug and topic in their places, as in a JSON or YAML string."""
    topic = slug.replace("-", "_")
    words = {"TITLE": json.dumps(title, ensure_ascii=False)[1:-1], "SLUG": slug, "TOPIC": topic}
    return re.sub("|".join(words), lambda word: words[word[0]], text)


def files(root: Path, name: str, title: str) -> dict[Path, str]:
    """What a new chapter consists of besides its line in _toc.yml: paths below `root`, and their texts."""
    slug = name.partition("-")[2]
    topic = slug.replace("-", "_")
    folders = {"lab": root / "lab" / "chapters" / topic, "tests": root / "tests" / "lab" / "chapters" / topic}
    texts = {root / "chapters" / f"{name}.ipynb": filled(NOTEBOOK.read_text("utf-8"), title, slug)}
    for part, folder in folders.items():
        for path in sorted((TEMPLATE / part).iterdir()):
            if path.is_file():
                texts[folder / path.name] = filled(path.read_text("utf-8"), title, slug)
    return texts


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


def start(root: Path, name: str, title: str) -> list[Path]:
    """Write the chapter's files and its entry, and return the files that are new.

    ValueError for a bad name, for a number that is taken, and where a file is there already: nothing is overwritten.
    The notebook and its line in _toc.yml come last, so that a start that was cut short can be seen and made again.
    """
    match = NAME.fullmatch(name)
    if not match:
        raise ValueError(f"{name!r} is no chapter's name: two digits, then small letters, as in 02-two-clients")
    if not (topic := match[2].replace("-", "_")).isidentifier() or keyword.iskeyword(topic):
        raise ValueError(f"{topic!r} cannot name a folder of Python: choose another slug, such as two-phases")
    if not title.strip():
        raise ValueError(f"the chapter needs a title: make chapter NAME={name} TITLE='...', or book/site/contents.py")
    rivals = [path.name for pattern in (f"{match[1]}-*", f"*-{match[2]}")
              for path in sorted((root / "chapters").glob(f"{pattern}.ipynb"))]  # fmt: skip
    if rivals:
        raise ValueError(f"chapter {name} is there already: {rivals[0]}")
    contents = root / "_toc.yml"
    entry = listed(contents.read_text("utf-8"), name)
    new = files(root, name, title)
    if present := [path.relative_to(root).as_posix() for path in new if path.exists()]:
        raise ValueError(f"there is already {', '.join(present)}: remove it, or move what it holds, and start again")
    written: list[Path] = []
    try:
        for path, text in reversed(new.items()):
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_text(text, "utf-8")
        contents.write_text(entry, "utf-8")
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return list(new)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.new_chapter",
        description="Start a chapter: notebook, folder of lab/chapters, tests, line of the table of contents.",
    )
    parser.add_argument("name", help="for example 02-two-clients")
    parser.add_argument("title", nargs="?", help="unless book/site/contents.py has one")
    arguments = parser.parse_args()
    try:
        new = start(ROOT, arguments.name, arguments.title or CHAPTERS.get(arguments.name, ""))
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print("\n".join(f"new: {path.relative_to(ROOT)}" for path in new))
    print("Execute it: make refresh. Then make book test. CONTRIBUTING.md says what to write where.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

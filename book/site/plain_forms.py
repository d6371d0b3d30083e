"""What a notebook writes so that it reads well anywhere, and what the page makes of it.

JupyterLab knows nothing of MyST's roles and directives, so notebooks do without. For the page alone this makes, line
for line:

- a link to the glossary, ``[records](../book/glossary.md#term-record "...")``, a term;
- links to the sources in brackets, ``[[RFC 1034](../book/references.md#rfc1034 "...")]``, a citation;
- a block quote that begins with a title in bold, ``> **Exercise 1: ...**``, the box of an exercise;
- ``<details class="solution"><summary>...</summary>``, with an empty line behind it, a box that is folded;
- of a cell that is tagged ``in-jupyter``, which says how to run the notebook, nothing.

The title of a link is for who points at it in JupyterLab; ``python -m book.authoring.in_jupyter`` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sphinx.application import Sphinx

from book.site import glossary

TITLE = r'(?: "(?:[^"\\]|\\.)*")?'
# From the cover and from a chapter
GLOSSARY, REFERENCES = (rf"\((?:\.\./)?(?:book/)?{page}\.md#" for page in ("glossary", "references"))
TERM = re.compile(rf"\[(?P<label>[^][]+)\]{GLOSSARY}term-(?P<anchor>[\w-]+){TITLE}\)")
SOURCE = rf"\[[^][]+\]{REFERENCES}([\w-]+){TITLE}\)"
CITATION = re.compile(rf"\[{SOURCE}(?:; {SOURCE})*\]")
BOX = re.compile(r"> \*\*(?P<title>.+)\*\*")
FOLD = re.compile(r'<details(?: class="(?P<kind>[\w-]+)")?><summary>(?P<title>.+)</summary>')
FENCE = re.compile(r"\s*(```|~~~)")
BOX_KIND = "exercise"
IN_JUPYTER = "in-jupyter"


def roles(text: str, terms: Mapping[str, str]) -> str:
    """Text with roles in place of links to the glossary and the references; ``terms`` is the glossary's, by anchor."""

    def term(link: re.Match[str]) -> str:
        # an anchor that the glossary does not have stays, so that Sphinx says which
        name = terms.get(f"term-{link['anchor']}", link["anchor"])
        return f"{{term}}`{link['label']}`" if link["label"] == name else f"{{term}}`{link['label']} <{name}>`"

    def citation(links: re.Match[str]) -> str:
        return f"{{cite}}`{','.join(re.findall(SOURCE, links[0]))}`"

    return TERM.sub(term, CITATION.sub(citation, text))


def myst(text: str, terms: Mapping[str, str]) -> str:
    """The MyST of a cell's plain Markdown, line for line; what stands in a code fence stays as it is."""
    return "\n".join(directives(text.split("\n"), terms))


def directives(lines: list[str], terms: Mapping[str, str]) -> Iterator[str]:
    """Lines with directives in place of titled block quotes and folds, and with roles in place of links."""
    fence, boxed = "", False
    before = ""
    for line in lines:
        if boxed and not line.startswith(">"):
            boxed = False
            yield ":::"
            if line:
                yield line
            before = line
            continue
        mark = FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        if fence or mark:
            yield line.removeprefix("> ") if boxed else line
        elif not boxed and (box := BOX.fullmatch(line)):
            boxed = True
            yield f":::{{admonition}} {box['title']}"
        elif boxed and BOX.fullmatch(before):
            yield f":class: {BOX_KIND}"
        elif fold := FOLD.fullmatch(line):
            yield f":::{{admonition}} {fold['title']}"
        elif behind := FOLD.fullmatch(before):
            yield f":class: dropdown {behind['kind'] or ''}".rstrip()
        elif line == "</details>":
            yield ":::"
        else:
            yield roles(line.removeprefix(">").removeprefix(" ") if boxed else line, terms)
        before = line
    if boxed:
        yield ":::"


def dress(app: Sphinx, page: str, source: list[str]) -> None:
    """Give MyST-NB the notebook with its text in MyST."""
    if not app.env.doc2path(page).endswith(".ipynb"):
        return
    terms = glossary.terms(Path(app.srcdir) / "book" / "glossary.md")
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if IN_JUPYTER in cell["metadata"].get("tags", []):
            cell["source"] = ""
        elif cell["cell_type"] == "markdown":
            cell["source"] = myst("".join(cell["source"]), terms)
    source[0] = json.dumps(notebook)


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.connect("source-read", dress)

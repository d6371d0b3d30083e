"""Every code cell of a notebook is an anchor of its page, under the id that the notebook gives it.

So ``[the cell](../chapters/NN-one-request.ipynb#ask-the-server)`` is a link that MyST checks. The table of claims leads
to the very cell, and a cell that shows a claim leads to its row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)
CLAIMS = "book/claims"
CELL_ADDRESS = re.compile(r"(chapters/[\w-]+)\.ipynb#([\w-]+)")


def code_cells(document: nodes.document) -> Iterator[nodes.container]:
    """The containers in which MyST-NB puts code cells, in the order of the page."""
    for container in document.findall(nodes.container):
        if container.get("nb_element") == "cell_code":
            yield container


def claims_of(cell: nodes.container) -> list[str]:
    """The ids of the claims that a cell is tagged with: ``claim-S5`` gives ``S5``."""
    tags = cell["cell_metadata"].get("tags", [])
    return [tag.removeprefix("claim-") for tag in tags if tag.startswith("claim-")]


class AnchorCells(SphinxTransform):
    """Give each code cell its id, and tell MyST, which checks the links to it."""

    # before MyST resolves the links within a page (879)
    default_priority = 870

    def apply(self, **kwargs: Any) -> None:
        """Run on one page."""
        source = Path(self.env.doc2path(self.env.docname))
        if source.suffix != ".ipynb":
            return
        notebook = json.loads(source.read_text("utf8"))
        for cell in code_cells(self.document):
            name = notebook["cells"][cell["cell_index"]].get("id")
            if name is None:
                logger.warning("code cell %d has no id: save the notebook as nbformat 4.5", cell["cell_index"] + 1,
                               location=cell, type="cells")
            elif name in self.document.ids:
                logger.warning("the cell id %r is also the anchor of a heading of this page: rename the cell", name,
                               location=cell, type="cells")
            else:
                cell["ids"].append(name)
                self.document.ids[name] = cell
                self.document.myst_slugs[name] = (0, name, name)
        self.env.metadata[self.env.docname]["myst_slugs"] = self.document.myst_slugs


def anchor_claims(app: Sphinx, document: nodes.document) -> None:
    """Make each row of the table of claims an anchor: ``claim-S5``."""
    if app.env.docname != CLAIMS:
        return
    anchors = app.env.metadata[CLAIMS]["claims"] = []
    for row in document.findall(nodes.row):
        if isinstance(row.parent, nodes.tbody):
            anchors.append(f"claim-{row[0].astext()}")
            row["ids"].append(anchors[-1])


def lead_to_claims(app: Sphinx, document: nodes.document, page: str) -> None:
    """Put a small link to the claim's row before each cell that shows one."""
    known = app.env.metadata[CLAIMS].get("claims", []) if CLAIMS in app.env.found_docs else []
    for cell in code_cells(document):
        claims = [claim for claim in claims_of(cell) if f"claim-{claim}" in known]
        if claims:
            address = app.builder.get_relative_uri(page, CLAIMS)
            mark = nodes.paragraph("", "", classes=["claim"])
            for claim in claims:
                mark += nodes.reference("", f"Claim {claim}", internal=True, refuri=f"{address}#claim-{claim}")
            cell.insert(0, mark)


def lead_to_cells(app: Sphinx, document: nodes.document, page: str) -> None:
    """In the table of claims, make a link of each address of a cell, as ``chapters/NN-one-request.ipynb#whole-way``."""
    if page != CLAIMS:
        return
    for text in list(document.findall(nodes.Text)):
        parts: list[nodes.Node] = []
        end = 0
        for match in CELL_ADDRESS.finditer(text):
            if match[1] in app.env.found_docs:
                address = f"{app.builder.get_relative_uri(page, match[1])}#{match[2]}"
                link = nodes.reference("", match[0], internal=True, refuri=address)
                parts += [nodes.Text(text[end : match.start()]), link]
                end = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def setup(app: Sphinx) -> None:
    """Connect to the reading and the resolving of pages."""
    app.add_transform(AnchorCells)
    app.connect("doctree-read", anchor_claims)
    app.connect("doctree-resolved", lead_to_claims)
    app.connect("doctree-resolved", lead_to_cells)

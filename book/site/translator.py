"""How the book's elements become HTML where Sphinx's own would be folded by a script, overflow, or be hard to hear."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from docutils.nodes import Element
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

# Letters of inline code: what is longer may break, as a phone's line is hardly longer
LONGEST_UNBROKEN = 24


def _folded(node: Element | None) -> bool:
    return isinstance(node, nodes.Admonition) and "dropdown" in node["classes"]


class BookTranslator(HTML5Translator):
    """Sphinx's HTML writer with folded boxes, tables that scroll, and links to headings."""

    def visit_admonition(self, node: Element, name: str = "") -> None:
        """A box with ``:class: dropdown`` is a ``<details>``: it folds without a script."""
        if not _folded(node):
            super().visit_admonition(node, name)
            return
        state = {"open": "open"} if "open" in node["classes"] else {}
        self.body.append(self.starttag(node, "details", CLASS=f"admonition {name}".strip(), **state))

    def depart_admonition(self, node: Element | None = None) -> None:
        self.body.append("</details>\n" if _folded(node) else "</div>\n")

    def visit_title(self, node: nodes.title) -> None:
        if _folded(node.parent):
            self.body.append("<summary>")
            self.context.append("</summary>\n")
            return
        super().visit_title(node)

    def depart_title(self, node: nodes.title) -> None:
        """A heading is followed, not filled, by the link to it: the heading's own name stays what it says."""
        super().depart_title(node)
        if isinstance(node.parent, nodes.section) and self.section_level > 1:
            target, name = node.parent["ids"][0], escape(f"Link to “{node.astext()}”")
            self.body.append(f'<a class="headerlink" href="#{target}" aria-label="{name}"></a>\n')

    def visit_literal(self, node: Element) -> None:
        """Short code stays in one line."""
        if len(node.astext()) <= LONGEST_UNBROKEN:
            node["classes"].append("short")
        super().visit_literal(node)

    def visit_Text(self, node: nodes.Text) -> None:
        """An address that is shown breaks behind its slashes, and nowhere else."""
        super().visit_Text(node)
        if isinstance(node.parent, nodes.reference) and node.astext() == node.parent.get("refuri"):
            self.body[-1] = re.sub(r"(?<=[^/])/(?=[^/])", "/<wbr>", self.body[-1])

    def visit_table(self, node: Element) -> None:
        self.body.append('<div class="table-scroll">')
        super().visit_table(node)

    def depart_table(self, node: Element) -> None:
        super().depart_table(node)
        self.body.append("</div>\n")

    def visit_citation(self, node: Element) -> None:
        """docutils' role doc-biblioentry is deprecated: a plain item of the list says the same."""
        super().visit_citation(node)
        self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def visit_hidden_cell(translator: HTML5Translator, node: Any) -> None:
    """A cell tagged hide-input, hide-output or hide-cell; MyST-NB's own summary has a name unlike its text."""
    translator.body.append(f'<details class="fold"><summary>{escape(node["prompt_show"])}</summary>\n')


def depart_hidden_cell(translator: HTML5Translator, node: Any) -> None:
    """Close what visit_hidden_cell opened."""
    translator.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Use this writer for HTML."""
    app.set_translator("html", BookTranslator)
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_hidden_cell))

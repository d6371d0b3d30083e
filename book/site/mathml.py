"""Formulas become MathML while the book is built, so that no page needs a script to show them.

docutils does the work; what it does not know is a warning with the place where it stands.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
OPENING, CLOSING = re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")
# HTML's names for characters, those apart that XML has too
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)\w+;")
PUNCTUATION = re.compile(r"[.,;:?!)]+")
LETTER = re.compile(r"<mi>(\w)</mi>")
# a bracket of \left and \right, of a matrix or of cases: docutils leaves it to the browser that these grow
GROWING = re.compile(r'<mo((?: (?!stretchy)\w+="[^"]*")*)>([()\[\]{}|‖⌈⌉⌊⌋⟨⟩])</mo>')


def mathml(tex: str, block: bool) -> str:
    """One formula as a ``<math>`` element that carries its TeX as ``alttext``, its one-letter names marked as such.

    Brackets that grow are marked too, as the sheet takes them from a face that has them in every height.

    Raises ValueError for braces that do not match, and for what docutils does not know.
    """
    if len(OPENING.findall(tex)) != len(CLOSING.findall(tex)):
        raise ValueError("its braces do not match")
    try:
        element = ENTITY.sub(lambda entity: unescape(entity[0]), tex2mathml(tex, as_block=block))
        ElementTree.fromstring(element)
    # docutils fails on TeX that it does not know in as many ways as there are: all mean the same
    except Exception as problem:
        raise ValueError(str(problem).rstrip(".") or type(problem).__name__) from problem
    element = LETTER.sub(r'<mi class="letter">\1</mi>', element)
    element = GROWING.sub(r'<mo\1 stretchy="true">\2</mo>', element)
    return element.replace("<math ", f'<math alttext="{escape(tex.strip())}" ', 1)


def _formula(node: nodes.math | nodes.math_block) -> str:
    tex = node.astext()
    try:
        return mathml(tex, block=isinstance(node, nodes.math_block))
    except ValueError as problem:
        logger.warning(
            "this formula cannot be set: %s. Write it with commands that docutils' tex2mathml knows. The formula: %s",
            problem, tex, location=node, type="mathml",
        )
        return f"<code>{escape(tex)}</code>"


def keep_marks(app: Sphinx, document: nodes.document, page: str) -> None:
    """Put each formula in a sentence into one unbroken piece with the punctuation behind it."""
    for formula in list(document.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        mark = PUNCTUATION.match(after.astext()) if isinstance(after, nodes.Text) else None
        if mark:
            after.parent.replace(after, nodes.Text(after.astext()[mark.end():]))
            piece = nodes.inline("", "", classes=["together"])
            formula.replace_self(piece)
            piece += [formula, nodes.Text(mark[0])]


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a sentence."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math"))
    translator.body.append(_formula(node) + "</span>")
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number where it has a label."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(_formula(node))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer; ``html_math_renderer: mathml`` in _config.yml chooses it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("doctree-resolved", keep_marks)

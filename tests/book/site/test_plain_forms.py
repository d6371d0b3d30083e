"""What the page makes of a notebook's plain Markdown."""

import pytest

from book.site import glossary, plain_forms

TERMS = {"term-zone": "zone", "term-name-server": "name server"}
WORDS = "../book/glossary.md"
LIST = "../book/references.md"


@pytest.mark.parametrize(
    ("plain", "myst"),
    [
        (f"a [zone]({WORDS}#term-zone), two [zones]({WORDS}#term-zone \"The \\\"part\\\".\")",
         "a {term}`zone`, two {term}`zones <zone>`"),
        ("[name server](book/glossary.md#term-name-server)", "{term}`name server`"),
        (f"[x]({WORDS}#term-nothing)", "{term}`x <nothing>`"),
        (f"said so [[A, 2001]({LIST}#a \"T\")].", "said so {cite}`a`."),
        (f"[[A]({LIST}#a); [B]({LIST}#b)]", "{cite}`a,b`"),
        (f"[the list]({LIST}), [glossary]({WORDS}), [x](one.ipynb#cell)",
         f"[the list]({LIST}), [glossary]({WORDS}), [x](one.ipynb#cell)"),
        ("> **Exercise 1: count**\n>\n> One.\n>\n> Two.\n\nBehind.",
         ":::{admonition} Exercise 1: count\n:class: exercise\nOne.\n\nTwo.\n:::\nBehind."),
        ("> **Exercise 1: count**\n>\n> One.", ":::{admonition} Exercise 1: count\n:class: exercise\nOne.\n:::"),
        ("> **Bold** begins a quotation.\n>\n> It goes on.", "> **Bold** begins a quotation.\n>\n> It goes on."),
        ('<details class="solution"><summary>Solution</summary>\n\nThus.\n\n</details>',
         ":::{admonition} Solution\n:class: dropdown solution\nThus.\n\n:::"),
        ("<details><summary>How</summary>\n\nSo.\n\n</details>", ":::{admonition} How\n:class: dropdown\nSo.\n\n:::"),
        (f"```\n# [x]({WORDS}#term-zone)\n</details>\n```", f"```\n# [x]({WORDS}#term-zone)\n</details>\n```"),
        (f"> **Exercise 2: see**\n>\n> ```\n> </details>\n> ```\n> A [zone]({WORDS}#term-zone).",
         ":::{admonition} Exercise 2: see\n:class: exercise\n```\n</details>\n```\nA {term}`zone`.\n:::"),
    ],
)
def test_myst(plain, myst):
    assert plain_forms.myst(plain, TERMS) == myst


def test_lines_keep_their_numbers():
    """A warning of the build names the line of the notebook's cell."""
    plain = "> **Exercise 1: a**\n>\n> One.\n\nA\nzone\n\n<details><summary>S</summary>\n\nx\n\n</details>"
    lines, dressed = plain.split("\n"), plain_forms.myst(plain, TERMS).split("\n")
    assert [lines.index("A"), lines.index("x")] == [dressed.index("A"), dressed.index("x")]


def test_the_glossary_as_its_file_has_it(tmp_path):
    path = tmp_path / "glossary.md"
    path.write_text("```{glossary}\nN + 1 problem\n    Asking *twice*, of a {term}`zones <zone>`.\n    More, `x`.\n\n"
                    "zone\n    A part.\n```\n\nNo entry:\n    it stands behind.\n", "utf-8")
    assert glossary.entries(path) == {"N + 1 problem": "Asking twice, of a zones. More, x.", "zone": "A part."}
    assert glossary.terms(path) == {"term-N-1-problem": "N + 1 problem", "term-zone": "zone"}

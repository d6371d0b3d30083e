"""Formulas as MathML."""

from xml.etree import ElementTree

import pytest

from book.site.mathml import mathml

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
FORMULAS = [
    r"h = \frac{\lambda T}{1 + \lambda T}", r"\rho = N \cdot r \cdot s", r"20/21 \approx 95\,\%", r"x < y \le z",
    r"\sum_{i=1}^{n} x_i", r"\sqrt{2}", r"\left(1 - \mathrm{e}^{-\lambda T}\right)", r"\max(a, b)", r"\{a, b\}",
]


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("block", [False, True])
def test_is_xml_and_says_its_tex(tex: str, block: bool) -> None:
    element = ElementTree.fromstring(mathml(f" {tex}\n", block))
    assert element.tag == f"{NAMESPACE}math"
    assert element.get("alttext") == tex
    assert element.get("display") == ("block" if block else None)


def test_rows_are_lined_up() -> None:
    element = ElementTree.fromstring(mathml(r"a &= b \\ &= c", block=True))
    assert [len(row) for row in element.iter(f"{NAMESPACE}mtr")] == [2, 2]


def test_single_letters_are_marked_and_words_are_not() -> None:
    element = ElementTree.fromstring(mathml(r"\lambda T + \log x", block=False))
    names = {name.text: name.get("class") for name in element.iter(f"{NAMESPACE}mi")}
    assert names == {"λ": "letter", "T": "letter", "log": None, "x": "letter"}


@pytest.mark.parametrize(
    "tex, grow",
    [
        (r"\left(\frac{N}{D}, 1\right)", {"(": "true", ",": None, ")": "true"}),
        (r"f(x) + |y|", {"(": "false", ")": "false", "|": "false", "+": None}),
        (r"\left[\frac{1}{2}\right.", {"[": "true"}),
        (r"\left\lceil \frac{a}{b} \right\rceil", {"⌈": "true", "⌉": "true"}),
        (r"\begin{cases}a & b \\ c & d\end{cases}", {"{": "true"}),
    ],
)
def test_brackets_that_grow_are_marked(tex: str, grow: dict[str, str | None]) -> None:
    element = ElementTree.fromstring(mathml(tex, block=True))
    assert {sign.text: sign.get("stretchy") for sign in element.iter(f"{NAMESPACE}mo")} == grow


@pytest.mark.parametrize("tex", [r"\foo", r"\frac{1", r"\begin{nothing}x\end{nothing}", r"a &= b", r"x}"])
def test_what_cannot_be_set_is_an_error(tex: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        mathml(tex, block=False)

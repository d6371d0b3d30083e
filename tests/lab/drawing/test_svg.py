"""What is left of matplotlib's SVG."""

import pytest

from lab.drawing.svg import INHERITED, compact, rounded

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def compacted(inside: str) -> str:
    return compact(f"{HEAD}{inside}</svg>", "a-wide")


def test_numbers_are_short() -> None:
    assert rounded("1.50 -0.001 12.346 7.0 -2.004 1e-5 3") == "1.5 0 12.35 7 -2 0 3"
    assert rounded("M 719.996 -45.678L") == "M 720 -45.68L"


def test_groups_metadata_and_style_go_and_attributes_are_plain() -> None:
    inside = (
        '<metadata>m</metadata><defs><style>*{}</style></defs><!-- c --><g id="x"><g>'
        '<path id="p" d="M 0 0.001 \nL 10.006 2.5 \nz" style="fill: #2456b8; stroke: #1c2330; stroke-width: 2.40"/>'
        "</g></g>"
    )
    assert compacted(inside) == (
        '<path d="M0 0L10.01 2.5z" fill="var(--web,#2456b8)" stroke="var(--ink,#1c2330)" stroke-linecap="butt" '
        'stroke-width="2.4"/>'
    )


def test_what_the_drawing_says_is_not_said_again() -> None:
    assert INHERITED == {"fill": "none", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round"}
    line = '<path d="M 0 0 L 1 1" style="fill: none; stroke: #596274; stroke-width: 1.6; stroke-linecap: round; {}"/>'
    assert compacted(line.format("stroke-linejoin: miter")) == '<path d="M0 0L1 1" stroke="var(--soft,#596274)"/>'
    assert compacted(line.format("opacity: 0.14; stroke-dashoffset: 0; stroke-dasharray: 0,5.000")) == (
        '<path d="M0 0L1 1" opacity="0.14" stroke="var(--soft,#596274)" stroke-dasharray="0,5"/>'
    )


def test_what_svg_takes_by_itself_is_said() -> None:
    """matplotlib leaves out a width of 1 and butt ends, which are not what a drawing inherits."""
    assert compacted('<path d="M 0 0 L 1 1" style="fill: none; stroke: #596274"/>') == (
        '<path d="M0 0L1 1" stroke="var(--soft,#596274)" stroke-linecap="butt" stroke-width="1"/>'
    )


def test_what_paints_nothing_is_left_out() -> None:
    assert compacted('<path d="M 0 0" style="fill: none"/>') == ""


def test_text_keeps_size_weight_anchor_and_place_but_no_typeface() -> None:
    text = (
        "<text style=\"font-size: 12px; font-weight: {}; font-family: 'DejaVu Sans'; text-anchor: {}; fill: #1c2330\" "
        'x="1.234" y="5" transform="rotate({} 1.234 5)">a &lt;b&gt; &amp;</text>'
    )
    assert compacted(text.format(700, "middle", "-0")) == (
        '<text fill="var(--ink,#1c2330)" font-size="12" font-weight="600" text-anchor="middle" x="1.23" y="5">'
        "a &lt;b&gt; &amp;</text>"
    )
    assert compacted(text.format("bold", "start", "-90")) == (
        '<text fill="var(--ink,#1c2330)" font-size="12" font-weight="600" transform="rotate(-90 1.23 5)" x="1.23" '
        'y="5">a &lt;b&gt; &amp;</text>'
    )


def test_only_ids_in_use_stay_and_have_the_prefix() -> None:
    path = '<path d="M 0 0 z" style="fill: #2456b8" clip-path="url(#{})"/>'
    clip = '<clipPath id="{}"><path d="M 0 0.00 z"/></clipPath>'
    inside = path.format("zz") + path.format("aa") + clip.format("aa") + clip.format("zz") + clip.format("un")
    assert compacted(inside) == (
        '<path clip-path="url(#a-wide-1)" d="M0 0z" fill="var(--web,#2456b8)"/>'
        '<path clip-path="url(#a-wide-2)" d="M0 0z" fill="var(--web,#2456b8)"/>'
        '<clipPath id="a-wide-2"><path d="M0 0z"/></clipPath><clipPath id="a-wide-1"><path d="M0 0z"/></clipPath>'
    )


@pytest.mark.parametrize("path", ['<path d="M 0 0"/>', '<path d="M 0 0" style="fill: none; stroke: #000000"/>'])
def test_no_hard_black(path: str) -> None:
    with pytest.raises(ValueError, match=r"the colour #000000 is no token of lab\.drawing\.colours: name one of paper"):
        compacted(path)


def test_other_elements_are_refused() -> None:
    with pytest.raises(ValueError, match="a figure cannot hold <image>"):
        compacted('<image href="x"/>')

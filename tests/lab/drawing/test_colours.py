"""The palette: every token's contrast in both modes, and the sheet made of it."""

import re

import pytest

from lab.drawing.colours import TINT, TOKENS, contrast, css_variables, light, luminance, variable

# the least contrast of each token on paper and on panel, light and dark
LEAST = {
    "ink": (15.0, 14.0), "soft": (5.8, 7.5), "rule": (1.4, 1.4), "web": (6.4, 8.2), "data": (6.3, 9.2),
    "cache": (5.4, 9.2), "name": (6.7, 8.2), "full": (6.2, 7.5),
}  # fmt: skip


def test_the_palette_is_the_book_s() -> None:
    assert {token: colours[:2] for token, colours in TOKENS.items()} == {
        "paper": ("#fbf9f4", "#11151c"), "panel": ("#fffdf8", "#171c25"), "ink": ("#1c2330", "#e6e9ef"),
        "soft": ("#596274", "#a3acbc"), "rule": ("#ddd7ca", "#2c3442"), "web": ("#2456b8", "#8db4ff"),
        "data": ("#00695c", "#5fd0bf"), "cache": ("#96590a", "#f0b35a"), "name": ("#6d3fb0", "#c4a3ff"),
        "full": ("#b3261e", "#ff8a80"),
    }  # fmt: skip
    assert all(len(meaning) > 5 for _, _, meaning in TOKENS.values())


def test_every_light_colour_is_one_token_s_alone() -> None:
    lights = [colours[0] for colours in TOKENS.values()]
    assert len(set(lights)) == len(lights)


@pytest.mark.parametrize("token", LEAST)
@pytest.mark.parametrize("mode", [0, 1])
def test_contrast_on_paper_and_panel(token: str, mode: int) -> None:
    least = min(contrast(TOKENS[token][mode], TOKENS[ground][mode]) for ground in ("paper", "panel"))
    assert round(least, 1) == LEAST[token][mode]


@pytest.mark.parametrize("token", ["ink", "web", "data", "cache", "name", "full", "soft"])
@pytest.mark.parametrize("mode", [0, 1])
def test_words_on_their_own_tint_are_legible(token: str, mode: int) -> None:
    """A share stands on the content of its vessel: WCAG asks for 4.5."""
    colour, panel = TOKENS[token][mode], TOKENS["panel"][mode]
    mixed = "#" + "".join(
        f"{round(int(colour[at : at + 2], 16) * TINT + int(panel[at : at + 2], 16) * (1 - TINT)):02x}"
        for at in (1, 3, 5)
    )
    assert contrast(colour, mixed) >= 4.5
    assert contrast(mixed, panel) > 1.15, "a vessel's content must be seen"


def test_contrast_is_that_of_wcag() -> None:
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#0a0a0a") == pytest.approx(10 / 255 / 12.92)
    assert luminance("#808080") == pytest.approx(0.2158605)
    pure = [luminance(colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    assert pure == pytest.approx([0.2126, 0.7152, 0.0722])
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1


def test_a_variable_falls_back_to_the_light_colour() -> None:
    assert variable("web") == "var(--web,#2456b8)"
    assert light("ink") == "#1c2330"
    with pytest.raises(KeyError, match="no colour is called 'blue'; the tokens are paper, panel, ink"):
        variable("blue")


def test_the_sheet_sets_every_token_in_each_mode() -> None:
    rules = re.findall(r"(?m)^(.*?)\{([^{}]*)\}+$", css_variables())
    day, night = (
        f"color-scheme:{scheme};" + ";".join(f"--{token}:{colours[mode]}" for token, colours in TOKENS.items())
        for mode, scheme in enumerate(("light", "dark"))
    )
    assert rules == [
        (":root", day),
        (":root[data-mode=dark]", night),
        ("@media (prefers-color-scheme:dark){:root:not([data-mode=light])", night),
    ]
    assert css_variables().count("{") == css_variables().count("}") == 4

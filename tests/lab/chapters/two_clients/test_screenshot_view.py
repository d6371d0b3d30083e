"""A screenshot as a cell's output: one picture inside the HTML, and in words what it shows."""

import base64
from html.parser import HTMLParser

import pytest

from lab.chapters.two_clients.page_in_a_browser import load
from lab.chapters.two_clients.screenshot_view import (
    SHOWN_WIDTH,
    alt_text,
    caption,
    phrases,
    screenshot_figure,
    within,
)
from tests.lab.chapters.two_clients.screenshots import PNG, TEXTS, page_of, screenshot_of


class Elements(HTMLParser):
    """The elements of a page in order, each with its attributes."""

    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def elements(figure):
    parser = Elements()
    parser.feed(figure._repr_html_())
    return parser.elements


def test_words():
    assert alt_text(page_of()) == (
        "Screenshot of /users/4 in a browser. At the top: mysite; About. Below: Ann <b>\"&'. On the left: Posts; One."
        " On the right: Profile."
    )


@pytest.mark.parametrize(
    "letters, boxes", [((), ""), (("日", "本"), " Boxes stand for letters that the machine had no typeface for (CJK).")]
)
def test_caption(letters, boxes):
    assert caption(page_of(without_typeface=letters)) == (
        "/users/4 in Chromium 1.2, in a window 860 pixels wide, shown at 720; on a narrow screen it scrolls"
        f" sideways.{boxes}"
    )


def test_texts_of_a_part_are_those_of_an_element_and_of_no_class():
    assert [text for _, text in within(TEXTS, "header")] == ["mysite", "About"]
    assert [text for _, text in within(TEXTS, "footer")] == ["end"]
    assert within(TEXTS, "nothing") == []


def test_what_stands_within_an_element_is_one_with_its_text():
    texts = [["p", "here since"], ["p > time", "7 January"], ["p", "Other."], ["pre", "x"], ["a.monogram", "AB"]]
    assert phrases(texts) == ["here since 7 January", "Other", "x"]


def test_html():
    figure = screenshot_figure(screenshot_of(), "page")
    (outer, whole), (group, room), (image, picture), (below, _) = elements(figure)
    assert (outer, group, image, below) == ("figure", "div", "img", "figcaption")
    assert (whole["class"], whole["id"]) == ("book-figure", "figure-page")
    assert (room["tabindex"], room["style"]) == ("0", "overflow-x:auto"), "the keyboard reaches what scrolls"
    assert base64.b64decode(picture["src"].removeprefix("data:image/png;base64,")) == PNG
    assert picture["alt"] == figure.alt == alt_text(page_of())
    assert (picture["width"], picture["height"]) == (str(SHOWN_WIDTH), str(1072 // 2))


def test_text_changes_with_the_picture():
    figure = screenshot_figure(screenshot_of(), "page")
    assert repr(figure).startswith("screenshot page: Screenshot of /users/4") and "Chromium 1.2" in repr(figure)
    assert repr(figure) == repr(screenshot_figure(screenshot_of(), "page"))
    assert repr(figure) != repr(screenshot_figure(screenshot_of(b"other"), "page"))


def test_the_recorded_one():
    screenshot = load()
    figure = screenshot_figure(screenshot, "page")
    assert "Faraway Spruce" in figure.alt and "Latest posts" in figure.alt and "Might know" in figure.alt
    assert screenshot.run.payload.browser in figure.caption
    assert len(figure._repr_html_()) < 90_000

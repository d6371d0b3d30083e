"""A screenshot as a cell's output: one picture inside the HTML, and in words what it shows."""

import base64
from html.parser import HTMLParser

import pytest

from lab.chapters.two_clients.screenshot_view import SHOWN_WIDTH, among, captioned, described, joined, screenshot
from lab.instruments import screenshots
from tests.lab.test_screenshots import PNG, example

DETAIL = {
    "path": "/users/4",
    "browser": "Chromium 1.2",
    "window": [860, 640],
    "texts": [
        ["header > a.brand", "mysite"],
        ["header > nav > a", "About"],
        ["main > div.who > h1", "Ann <b>\"&'"],
        ["main > div.columns > section > h2", "Posts"],
        ["main > div.columns > section > p.header", "One."],
        ["main > div.columns > aside > h2", "Profile"],
        ["main > div.columns > aside > p", "not said"],
        ["footer > p", "end"],
    ],
    "without_typeface": [],
}


class Found(HTMLParser):
    """Elements with their attributes."""

    def __init__(self):
        super().__init__()
        self.elements = []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def elements(figure):
    found = Found()
    found.feed(figure._repr_html_())
    return found.elements


def test_words():
    assert described(DETAIL) == (
        "Screenshot of /users/4 in a browser. At the top: mysite; About. Below: Ann <b>\"&'. On the left: Posts; One."
        " On the right: Profile."
    )


@pytest.mark.parametrize(
    "letters, boxes", [([], ""), (["日", "本"], " Boxes stand for letters that the machine had no typeface for (CJK).")]
)
def test_caption(letters, boxes):
    said = captioned({**DETAIL, "without_typeface": letters})
    assert said == (
        "/users/4 in Chromium 1.2, in a window 860 pixels wide, shown at 720; on a narrow screen it scrolls"
        f" sideways.{boxes}"
    )


def test_texts_of_a_part_are_those_of_an_element_and_of_no_class():
    assert [text for _, text in among(DETAIL["texts"], "header")] == ["mysite", "About"]
    assert [text for _, text in among(DETAIL["texts"], "footer")] == ["end"]
    assert among(DETAIL["texts"], "nothing") == []


def test_what_stands_within_an_element_is_one_with_its_text():
    texts = [["p", "here since"], ["p > time", "7 January"], ["p", "Other."], ["pre", "x"], ["a.monogram", "AB"]]
    assert joined(texts) == ["here since 7 January", "Other", "x"]


def test_html():
    figure = screenshot(example(**DETAIL), "page")
    (outer, whole), (group, room), (image, picture), (caption, _) = elements(figure)
    assert (outer, group, image, caption) == ("figure", "div", "img", "figcaption")
    assert (whole["class"], whole["id"]) == ("book-figure", "figure-page")
    assert (room["tabindex"], room["style"]) == ("0", "overflow-x:auto"), "the keyboard reaches what scrolls"
    assert base64.b64decode(picture["src"].removeprefix("data:image/png;base64,")) == PNG
    assert picture["alt"] == figure.alt == described(DETAIL)
    assert (picture["width"], picture["height"]) == (str(SHOWN_WIDTH), str(1072 // 2))


def test_text_changes_with_the_picture():
    figure = screenshot(example(**DETAIL), "page")
    assert repr(figure).startswith("screenshot page: Screenshot of /users/4") and "Chromium 1.2" in repr(figure)
    assert repr(figure) == repr(screenshot(example(**DETAIL), "page"))
    assert repr(figure) != repr(screenshot(example(b"other", **DETAIL), "page"))


def test_the_recorded_one():
    taken = screenshots.load("02-page-in-a-browser")
    figure = screenshot(taken, "page")
    assert "Faraway Spruce" in figure.alt and "Latest posts" in figure.alt and "Might know" in figure.alt
    assert taken.run.detail["browser"] in figure.caption
    assert len(figure._repr_html_()) < 90_000

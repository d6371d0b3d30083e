"""A phone's screen: every line on it, nothing beside it, whatever a user has typed."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.chapters.two_clients.phone_model import screen
from lab.chapters.two_clients.phone_view import EDGE, MORE, STYLES, WIDTH, alt_text, arrange, phone, wrapped
from lab.drawing.lettering import text_width
from tests.lab.chapters.two_clients.test_phone_model import POST, USER
from tests.lab.drawing.picture import assert_nothing_on_text, assert_well_made, assert_within, texts

HOME = {"posts": [POST] * 5}
LONG = {
    "user": {"handle": "a" * 20, "name": "W" * 60},
    "counts": {"posts": 10**6, "followers": 10**6, "followed": 10**6},
    "posts": [{**POST, "text": "long words " * 25}] * 3,
}


class Markup(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}


def left_of(layout):
    """The phone's left edge."""
    return {"wide": 100, "tall": 30}[layout]


@pytest.mark.parametrize("state", [USER, HOME, LONG, {**USER, "posts": []}])
def test_well_made(state):
    assert_well_made(phone(state, "a"))


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_all_lines_stand_on_the_screen(layout):
    drawing = phone(USER, "a").drawings[layout]
    left, words = left_of(layout), [text.words for text in texts(drawing)]
    for line in screen(USER):
        assert line.words in words
        assert (line.field in words) == (layout == "wide")
    on_screen = [text for text in texts(drawing) if text.colour != "data"]
    for text in on_screen:
        assert left + EDGE <= text.box.left and text.box.right <= left + WIDTH - EDGE, text


def test_initials_only_where_there_is_a_user():
    assert "AB" in [text.words for text in texts(phone(USER, "a").drawings["tall"])]
    assert "AB" not in [text.words for text in texts(phone(HOME, "a").drawings["tall"])]


def test_at_most_as_many_posts_as_are_asked_for():
    for most, expected in ((None, 3), (1, 1)):
        figure = phone(HOME, "a") if most is None else phone(HOME, "a", most_posts=most)
        assert [text.words for text in texts(figure.drawings["tall"])].count("One.") == expected


def test_markup_that_a_user_types_stays_text():
    evil = {**USER, "user": {"handle": "x", "name": "<script>a&b</script>\" onload='x"}}
    figure = phone(evil, "a")
    markup = Markup()
    markup.feed(figure._repr_html_())
    assert markup.tags <= {"figure", "p", "style", "div", "svg", "path", "text", "clippath"}
    assert not any(attribute.startswith("on") for attribute in markup.attributes)
    assert figure._repr_html_().count("&lt;script&gt;") == 4, "in the alt text, in the words and in both layouts"
    for drawing in figure.drawings.values():
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawing.svg).iter()}
        assert tags <= {"svg", "path", "text", "clipPath"}


typed = st.text(min_size=1, max_size=60)


@settings(max_examples=15)
@given(typed, st.text(min_size=1, max_size=280), st.integers(0, 10**7))
def test_whatever_is_typed_nothing_lies_on_anything(name, text, count):
    state = {
        "user": {"handle": "some_handle", "name": name},
        "counts": {"posts": count, "followers": count, "followed": count},
        "posts": [{**POST, "text": text, "likes": count}] * 2,
    }
    for drawing in phone(state, "a").drawings.values():
        assert_within(drawing)
        assert_nothing_on_text(drawing)


@given(st.text(st.sampled_from("ab W日e\u0301"), max_size=120).map(str.strip), st.integers(40, 200), st.integers(1, 5))
def test_wrapped_lines_are_the_beginning_of_the_text(words, width, most):
    lines = wrapped(words, 14, width, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, 14) <= width for line in lines)
    part, whole = "".join(lines).replace(" ", ""), words.replace(" ", "")
    assert part == whole or (part.endswith(MORE) and whole.startswith(part.removesuffix(MORE)) and len(lines) == most)
    assert not any(line.startswith("\u0301") for line in lines[1:])


@pytest.mark.parametrize(
    "words, lines",
    [
        ("one two", ["one two"]),
        ("one two three four", ["one two", "three four"]),
        ("one two three four five six", ["one two", "three four…"]),
        ("abcdefghijklmnopqrstuvw", ["abcdefghijkl", "mnopqrstuvw"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijkl", "mnopqrstu…"]),
        ("", [""]),
    ],
)
def test_wrapped(words, lines):
    assert wrapped(words, 12, 83, 2) == lines


@pytest.mark.parametrize("width", range(20, 200, 12))
def test_a_mark_stays_on_its_letter(width):
    """U+20DD draws a circle round the letter before it, and takes room."""
    lines = wrapped("i\u20dd" * 40, 14, width, 9)
    assert not any(line.startswith("\u20dd") for line in lines)


def test_lines_follow_each_other_downwards():
    blocks, bottom = arrange(screen(LONG))
    ends = [block.y + block.style.leading * (len(block.lines) - 1) for block in blocks]
    assert all(before < after.y for before, after in zip(ends, blocks[1:], strict=False))
    assert bottom == ends[-1]
    assert sum(block.rule_above is not None for block in blocks) == 3, "one above each post"
    assert {block.line.role for block in blocks} <= set(STYLES)


def test_the_words_for_those_who_do_not_see_it():
    assert alt_text(screen(USER)) == (
        "The screen of a phone, drawn from JSON: Ann Bee; @ann; 1,060 posts · 1 follower · follows 17. Latest posts:"
        " 1 March 2025, 09:05: “One.”, 1 like. 1 March 2025, 09:05: “Two.”, 2,000 likes."
    )
    assert alt_text(screen({"posts": [POST]})) == (
        "The screen of a phone, drawn from JSON: Latest. Latest posts: Ann Bee, 1 March 2025, 09:05: “One.”, 1 like."
    )
    assert alt_text(screen({"posts": []})).endswith("Latest. No posts.")
    assert phone(USER, "a", caption="c").caption == "c"

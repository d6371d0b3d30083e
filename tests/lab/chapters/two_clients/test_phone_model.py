"""What a phone says: JSON as lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.two_clients.phone_model import Line, initials, screen, visible
from mysite.phone import Phone

POST = {"id": 7, "author_id": 4, "author_name": "Ann Bee", "posted_at": "2025-03-01T09:05", "likes": 1, "text": "One."}
USER = {
    "user": {"id": 4, "handle": "ann", "name": "Ann Bee", "joined": "2025-01-01"},
    "counts": {"posts": 1060, "followers": 1, "followed": 17},
    "posts": [POST, {**POST, "likes": 2000, "text": "Two."}],
}


def test_profile():
    assert screen(USER) == [
        Line("title", "Ann Bee", "user.name"),
        Line("handle", "@ann", "user.handle"),
        Line("counts", "1,060 posts · 1 follower · follows 17", "counts"),
        Line("when", "1 March 2025, 09:05", "posts[0].posted_at"),
        Line("text", "One.", "posts[0].text"),
        Line("likes", "1 like", "posts[0].likes"),
        Line("when", "1 March 2025, 09:05", "posts[1].posted_at"),
        Line("text", "Two.", "posts[1].text"),
        Line("likes", "2,000 likes", "posts[1].likes"),
    ]


def test_home_names_the_authors():
    assert screen({"posts": [POST]}) == [
        Line("title", "Latest", ""),
        Line("author", "Ann Bee", "posts[0].author_name"),
        Line("when", "1 March 2025, 09:05", "posts[0].posted_at"),
        Line("text", "One.", "posts[0].text"),
        Line("likes", "1 like", "posts[0].likes"),
    ]


@pytest.mark.parametrize("most", [0, 1, 3])
def test_as_many_posts_as_are_asked_for(most):
    texts = [line for line in screen({**USER, "posts": [POST] * 9}, most) if line.role == "text"]
    assert len(texts) == most


def test_json_of_another_address_is_refused():
    with pytest.raises(KeyError, match="posts"):
        screen({"users": []})


@pytest.mark.parametrize(
    "text, letters",
    [("a  b\tc\nd", "a b c d"), ("a\u202eb\x00c\ufffed", "abcd"), (" <b>&amp; ", "<b>&amp;"), ("日本語 é", "日本語 é")],
)
def test_what_is_not_to_be_seen_is_left_out(text, letters):
    assert visible(text) == letters


@given(st.text())
def test_what_is_left_is_one_line_that_can_be_seen(text):
    letters = visible(text)
    assert letters.isprintable() and letters == visible(letters) == letters.strip()


@pytest.mark.parametrize("name, letters", [("Ann Bee", "AB"), ("Ann", "A"), ("a b c", "ab"), ("", "")])
def test_initials(name, letters):
    assert initials(name) == letters


def field(state, path):
    """What the JSON has at a path such as posts[0].text."""
    for part in path.replace("[", ".").replace("]", "").split("."):
        state = state[int(part)] if part.isdigit() else state[part]
    return state


def test_what_the_phone_really_gets_fits_the_screen_and_every_field_is_there(site):
    with Phone(site.resolver(), site.port) as phone:
        states = [phone.read("/users/4"), phone.read("/")]
    for state in states:
        lines = screen(state)
        assert len(lines) > 6
        for line in lines:
            if line.role in ("text", "author") or line.field == "user.name":
                assert field(state, line.field) == line.words
            elif line.field:
                assert field(state, line.field) is not None

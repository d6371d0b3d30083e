import jinja2
import pytest

from mysite.web import rendering
from mysite.web.problems import Problem


def test_day() -> None:
    assert rendering.day("2025-03-01") == "1 March 2025"
    assert rendering.day("2024-12-31") == "31 December 2024"
    assert rendering.day("2025-05-10") == "10 May 2025"


def test_moment_and_month() -> None:
    assert rendering.moment("2025-03-01T04:05") == "1 March 2025, 04:05"
    assert rendering.moment("2025-11-30T23:59") == "30 November 2025, 23:59"
    assert rendering.month("2025-03") == "March 2025"


def test_a_quantity() -> None:
    assert [rendering.quantity(count, "post", "posts") for count in (0, 1, 2, 1060)] == [
        "0 posts", "1 post", "2 posts", "1,060 posts"
    ]  # fmt: skip


def test_initials() -> None:
    assert rendering.initials("Nimble Hazel") == "NH"
    assert rendering.initials("Ada") == "A"


def test_the_filters_of_the_templates() -> None:
    source = (
        "{{ '2025-03-01'|day }} {{ '2025-03-01T04:05'|moment }} {{ '2025-03'|month }} "
        "{{ 2|quantity('post', 'posts') }} {{ 'A B'|initials }}"
    )
    text = "1 March 2025 1 March 2025, 04:05 March 2025 2 posts AB"
    assert rendering.templates.from_string(source).render() == text


def test_what_is_written_is_escaped() -> None:
    html = rendering.templates.from_string('<p title="{{ text }}">{{ text }}</p>').render(text='<b>"it\'s" & more')
    escaped = "&lt;b&gt;&#34;it&#39;s&#34; &amp; more"
    assert html == f'<p title="{escaped}">{escaped}</p>'


def test_a_page_is_bytes_without_the_templates_own_lines() -> None:
    problem = Problem(404, "<i> & ü").values()
    html = rendering.render("error.html", problem=problem, path="/about", viewer=None)
    assert html.decode() == (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>No such page · mysite</title>\n"
        '<meta name="description" content="A small site of short posts.">\n'
        '<link rel="stylesheet" href="/static/site.css">\n'
        '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">\n'
        '<script src="/static/site.js" defer></script>\n</head>\n<body>\n'
        '<a class="skip" href="#content">To the content</a>\n<header>\n'
        '<a class="brand" href="/"><svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">\n'
        '<rect class="vessel" x="3" y="3" width="26" height="26" rx="5"/>'
        '<path class="level" d="M3 17h26v7a5 5 0 0 1-5 5H8a5 5 0 0 1-5-5z"/>\n</svg>mysite</a>\n'
        '<nav aria-label="Site">\n<a href="/">Latest</a>\n<a href="/people">People</a>\n'
        '<a href="/popular">Popular</a>\n<a href="/about" aria-current="page">About</a>\n</nav>\n'
        '<p class="session"><a href="/join">Sign up</a></p>\n</header>\n'
        '<main id="content">\n<p class="lead">404</p>\n<h1>No such page</h1>\n'
        '<p>&lt;i&gt; &amp; ü <a href="/">To the latest posts</a></p>\n</main>\n<footer>\n'
        "<p>A system under study: small, seeded, and nobody real.</p>\n"
        '<p id="account" hidden></p>\n</footer>\n</body>\n</html>'
    )


def test_a_name_that_a_template_is_not_given_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="'viewer' is undefined"):
        rendering.render("error.html", problem=Problem(404, "").values(), path="")


def test_template_lines_may_be_indented() -> None:
    source = "{% if true %}\n  {% if true %}\na\n  {% endif %}\n{% endif %}"
    assert rendering.templates.from_string(source).render() == "a\n"


def test_where_the_files_are() -> None:
    assert sorted(path.name for path in rendering.STATIC.iterdir()) == ["icon.svg", "site.css", "site.js"]

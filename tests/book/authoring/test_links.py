"""make lint's check of the built site's links."""

from pathlib import Path

import pytest

from book.authoring import links

GOOD = '<p id="top"><a href="two.html#there">two</a><a href="#top">up</a><a href="https://example.org/">out</a></p>'
TWO = '<h2 id="there">there</h2><label for="box">Box</label><input id="box">'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "one.html").write_text(GOOD, "utf8")
    (tmp_path / "two.html").write_text(TWO, "utf8")
    return tmp_path


def test_a_sound_site_has_no_problem(site: Path) -> None:
    assert links.check(site) == []


@pytest.mark.parametrize(("page", "problem"), [
    ('<a href="three.html">3</a>', "one.html: <a> leads to 'three.html', and there is no such file"),
    ('<img src="lost.png">', "one.html: <img> leads to 'lost.png', and there is no such file"),
    ('<a href="two.html#here">2</a>', "one.html: <a> leads to 'two.html#here': the page is there, the anchor is not"),
    ('<i id="a"></i><i id="a"></i>', "one.html: the id 'a' stands 2 times"),
    ('<nav aria-labelledby="x">n</nav>', "one.html: a label or description refers to 'x', which is no id of this page"),
])
def test_each_problem_is_named(site: Path, page: str, problem: str) -> None:
    (site / "one.html").write_text(page, "utf8")
    assert links.check(site) == [problem]


def test_nothing_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run make book first"):
        links.check(tmp_path)


@pytest.mark.parametrize(("page", "code"), [(GOOD, 0), ('<a href="three.html">3</a>', 1), (None, 1)])
def test_exit_code(site: Path, monkeypatch: pytest.MonkeyPatch, page: str | None, code: int) -> None:
    target = site if page else site / "nowhere"
    if page:
        (site / "one.html").write_text(page, "utf8")
    monkeypatch.setattr("sys.argv", ["links", str(target)])
    assert links.main() == code

"""What today's Chromium lays out of the page, against what was recorded: texts, order, containment; never pixels."""

import hashlib
import io

import pytest
from PIL import Image

from book.authoring import page_in_a_browser
from book.authoring.page_in_a_browser import NAME, WINDOW, Layout, described, laid_out, meet, reduced, visited
from lab.instruments import screenshots
from lab.instruments.runs import load
from mysite.topology import one_server

RECORDED = load(NAME).detail


@pytest.fixture(scope="module")
def page(browser):
    with one_server() as site:
        opened, accept = visited(browser, site)
        assert "text/html" in accept
        yield opened
        opened.close()


@pytest.mark.browser
def test_today_s_browser_lays_out_what_was_recorded(page):
    today = laid_out(page)
    assert today.texts == RECORDED["texts"]
    assert today.sides == RECORDED["sides"]
    assert RECORDED["window"] == list(WINDOW)


@pytest.mark.browser
def test_no_text_lies_on_another(page):
    assert laid_out(page).overlapping() == []


@pytest.mark.browser
@pytest.mark.parametrize(
    "change, differs",
    [
        ("document.querySelector('.counts li').remove()", "texts"),
        ("document.querySelector('.counts').prepend(document.querySelector('.lead'))", "texts"),
        ("document.querySelector('h1').style.display = 'none'", "texts"),
        ("document.querySelector('h1').outerHTML = '<h2>Faraway Spruce</h2>'", "texts"),
        ("document.querySelector('.columns').style.display = 'block'", "sides"),
        ("document.querySelector('.counts').style.marginTop = '-200px'", "sides"),
        ("document.querySelector('.lead').style.marginTop = '-30px'", "overlapping"),
    ],
)
def test_a_changed_page_is_seen(page, change, differs):
    page.evaluate(change)
    today = laid_out(page)
    page.reload()
    if differs == "overlapping":
        assert today.overlapping()
    else:
        assert getattr(today, differs) != RECORDED[differs]


@pytest.mark.browser
def test_taken_as_it_was_recorded(browser, monkeypatch):
    """The whole recorder, with the browser of this module: a second one cannot be started beside it."""

    class Lent:
        def __enter__(self):
            return browser

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(page_in_a_browser, "opened", Lent)
    taken = page_in_a_browser.take()
    assert taken.run.name == NAME and taken.run.series == {}
    assert list(taken.run.detail) == list(RECORDED)
    assert {key: taken.run.detail[key] for key in ("path", "host", "window", "texts", "sides")} == {
        key: RECORDED[key] for key in ("path", "host", "window", "texts", "sides")
    }
    assert taken.run.detail["browser"] == f"Chromium {browser.version}"
    assert Image.open(io.BytesIO(taken.png)).size == (1440, taken.run.detail["picture"]["height"])
    assert set(taken.run.detail["without_typeface"]) <= set("日本語·")


def test_the_recorded_picture_has_the_size_that_the_run_says():
    taken = screenshots.load(NAME)
    assert described(taken.png) == taken.run.detail["picture"]


def test_reduced_to_few_colours_of_the_same_size():
    image = Image.radial_gradient("L").convert("RGB")
    written = io.BytesIO()
    image.save(written, "PNG")
    few = Image.open(io.BytesIO(reduced(written.getvalue())))
    assert few.size == image.size and len(few.getcolors()) <= page_in_a_browser.COLOURS
    png = reduced(written.getvalue())
    assert described(png) == {"width": 256, "height": 256, "sha256": hashlib.sha256(png).hexdigest()}


@pytest.mark.parametrize(
    "first, second, together",
    [
        ([0, 0, 10, 10], [5, 5, 15, 15], True),
        ([0, 0, 10, 10], [9.5, 0, 15, 10], False),
        ([0, 0, 10, 10], [0, 9, 10, 20], False),
        ([0, 0, 10, 10], [20, 0, 30, 10], False),
        ([0, 0, 10, 10], [2, 2, 4, 4], True),
    ],
)
def test_boxes_that_share_more_than_a_pixel_each_way(first, second, together):
    assert meet(first, second) == meet(second, first) == together


def test_overlapping_names_both_texts():
    boxes = [[[0, 0, 9, 9]], [[20, 0, 29, 9]], [[22, 2, 40, 9]]]
    layout = Layout([["p", "one"], ["p", "two"], ["p", "three"]], boxes, [])
    assert layout.overlapping() == [("two", "three")]

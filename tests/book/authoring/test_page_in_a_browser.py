"""What today's Chromium lays out of the page, against what was recorded: texts, order, containment; never pixels."""

import io
from contextlib import nullcontext
from dataclasses import fields

import pytest
from PIL import Image

from book.authoring import page_in_a_browser
from book.authoring.page_in_a_browser import WINDOW, Layout, layout_of, meet, open_page, picture_of, reduce_colours
from lab.chapters.two_clients.page_in_a_browser import PageInABrowser, load
from mysite.topology import one_server

RECORDED = load()
RECORDED_PAGE = RECORDED.run.payload


@pytest.fixture(scope="module")
def page(browser):
    with one_server() as site:
        page, accept = open_page(browser, site)
        assert "text/html" in accept
        yield page
        page.close()


@pytest.mark.browser
def test_today_s_browser_lays_out_what_was_recorded(page):
    today = layout_of(page)
    assert today.texts == RECORDED_PAGE.texts
    assert today.sides == RECORDED_PAGE.sides
    assert RECORDED_PAGE.window == WINDOW


@pytest.mark.browser
def test_no_text_lies_on_another(page):
    assert layout_of(page).overlaps() == []


@pytest.mark.browser
@pytest.mark.parametrize(
    "change, part",
    [
        ("document.querySelector('.counts li').remove()", "texts"),
        ("document.querySelector('.counts').prepend(document.querySelector('.lead'))", "texts"),
        ("document.querySelector('h1').style.display = 'none'", "texts"),
        ("document.querySelector('h1').outerHTML = '<h2>Faraway Spruce</h2>'", "texts"),
        ("document.querySelector('.columns').style.display = 'block'", "sides"),
        ("document.querySelector('.counts').style.marginTop = '-200px'", "sides"),
        ("document.querySelector('.lead').style.marginTop = '-30px'", "overlaps"),
    ],
)
def test_a_changed_page_is_seen(page, change, part):
    page.evaluate(change)
    today = layout_of(page)
    page.reload()
    if part == "overlaps":
        assert today.overlaps()
    else:
        assert getattr(today, part) != getattr(RECORDED_PAGE, part)


@pytest.mark.browser
def test_taken_as_it_was_recorded(browser, monkeypatch):
    """The whole recorder, with the browser of this module: a second one cannot be started beside it."""

    monkeypatch.setattr(page_in_a_browser, "chromium", lambda: nullcontext(browser))
    screenshot = page_in_a_browser.take()
    assert (screenshot.run.what, screenshot.run.series) == (RECORDED.run.what, {})
    page = screenshot.run.payload
    of_the_machine = {"browser", "accept", "picture", "without_typeface"}
    for name in {field.name for field in fields(PageInABrowser)} - of_the_machine:
        assert getattr(page, name) == getattr(RECORDED_PAGE, name), name
    assert page.browser == f"Chromium {browser.version}"
    assert Image.open(io.BytesIO(screenshot.png)).size == (1440, page.picture.height)
    assert set(page.without_typeface) <= set("日本語·")


def test_the_recorded_picture_has_the_size_that_the_run_says():
    assert picture_of(RECORDED.png) == RECORDED_PAGE.picture


def test_reduced_to_few_colours_of_the_same_size():
    image = Image.radial_gradient("L").convert("RGB")
    file = io.BytesIO()
    image.save(file, "PNG")
    few = Image.open(io.BytesIO(reduce_colours(file.getvalue())))
    assert few.size == image.size == (256, 256) and len(few.getcolors()) <= page_in_a_browser.COLOURS


@pytest.mark.parametrize(
    "first, second, overlap",
    [
        ([0, 0, 10, 10], [5, 5, 15, 15], True),
        ([0, 0, 10, 10], [9.5, 0, 15, 10], False),
        ([0, 0, 10, 10], [0, 9, 10, 20], False),
        ([0, 0, 10, 10], [20, 0, 30, 10], False),
        ([0, 0, 10, 10], [2, 2, 4, 4], True),
    ],
)
def test_boxes_that_share_more_than_a_pixel_each_way(first, second, overlap):
    assert meet(first, second) == meet(second, first) == overlap


def test_overlaps_name_both_texts():
    boxes = [[[0, 0, 9, 9]], [[20, 0, 29, 9]], [[22, 2, 40, 9]]]
    layout = Layout((("p", "one"), ("p", "two"), ("p", "three")), boxes, ())
    assert layout.overlaps() == [("two", "three")]

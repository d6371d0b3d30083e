"""Take the picture of a page of the running site in a real browser, and with it what the browser laid out."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from PIL import Image
from playwright.sync_api import Browser, Page

from book.authoring.browser import chromium
from lab.chapters.two_clients.page_in_a_browser import PageInABrowser, Picture, Screenshot, Text
from lab.instruments.runs import Run
from mysite.topology import OneServer, one_server

PATH, HOST = "/users/4", "api.mysite.com"
# wide enough for two columns; the picture has two pixels for each of the 720 at which it is shown
WINDOW = (860, 640)
PIXELS_WIDE = 1440
COLOURS = 32
# What lies above or left of what
PAIRS = (
    ("header", "main"), ("main", "footer"), (".who", ".counts"), (".counts", ".columns"), ("section", "aside"),
)  # fmt: skip

# Every text node that is laid out, with the boxes of its lines. The account of the load below the page is left out:
# it is another each time. So is what stands left of the sheet until the Tab key brings it.
LAYOUT = """(pairs) => {
  const named = (element) => element.localName + [...element.classList].map((name) => `.${name}`).join("");
  const path = (element) => element === document.body ? [] : [...path(element.parentElement), named(element)];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [], boxes = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement, range = document.createRange();
    if (!node.data.trim() || holder.closest("#account") || !holder.checkVisibility()) continue;
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter((line) => line.width && line.right > 0);
    if (!lines.length) continue;
    texts.push([path(holder).join(" > "), node.data.trim().replace(/\\s+/g, " ")]);
    boxes.push(lines.map((line) => [line.left, line.top, line.right, line.bottom]));
  }
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const sides = pairs.map(([one, other]) => {
    const [first, second] = [box(one), box(other)];
    const how = first.bottom <= second.top + 1 ? "above" : first.right <= second.left + 1 ? "left of" : "over";
    return `${one} ${how} ${other}`;
  });
  return { texts, boxes, sides };
}"""
# A letter that looks like one that no typeface has is drawn as a box
WITHOUT_TYPEFACE = """(letters) => {
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d", { willReadFrequently: true });
  const look = (letter) => {
    context.clearRect(0, 0, 60, 60);
    context.font = `24px ${getComputedStyle(document.body).fontFamily}`;
    context.fillText(letter, 10, 40);
    return context.getImageData(0, 0, 60, 60).data.join();
  };
  // a box has the letter's number in it in some browsers, so that only the outline would be the same
  const none = look("\\u{10FFFD}");
  return letters.filter((letter) => look(letter) === none);
}"""


@dataclass(frozen=True)
class Layout:
    """What a browser laid out.

    texts  in the order of the page
    boxes  of each text's lines: left, top, right and bottom in CSS pixels
    sides  how the parts in PAIRS lie to each other, such as "section left of aside"
    """

    texts: tuple[Text, ...]
    boxes: list[list[list[float]]]
    sides: tuple[str, ...]

    def overlaps(self) -> list[tuple[str, str]]:
        """Return the pairs of texts that lie on one another by more than a pixel."""
        lines = [(text, box) for (_, text), boxes in zip(self.texts, self.boxes, strict=True) for box in boxes]
        return [(one, other) for (one, first), (other, second) in combinations(lines, 2) if meet(first, second)]


def meet(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share more than a pixel each way."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    return across > 1 and down > 1


def layout_of(page: Page) -> Layout:
    """Return what stands on an open page."""
    layout = page.evaluate(LAYOUT, [list(pair) for pair in PAIRS])
    texts = tuple((element, text) for element, text in layout["texts"])
    return Layout(texts, layout["boxes"], tuple(layout["sides"]))


def open_page(browser: Browser, site: OneServer) -> tuple[Page, str]:
    """Open PATH by the site's name HOST in a new window, light; return the page and the browser's Accept field.

    ValueError unless the answer is 200.
    """
    page = browser.new_page(
        viewport={"width": WINDOW[0], "height": WINDOW[1]}, color_scheme="light",
        device_scale_factor=PIXELS_WIDE / WINDOW[0],
    )  # fmt: skip
    response = page.goto(site.url(PATH, HOST))
    if response is None or response.status != 200:
        raise ValueError(f"{PATH} is not answered with 200, so there is nothing to show")
    return page, response.request.all_headers()["accept"]


def take() -> Screenshot:
    """Open the page of the running site in Chromium, and take its picture and its layout. RuntimeError without one."""
    with one_server() as site, chromium() as browser:
        page, accept = open_page(browser, site)
        layout = layout_of(page)
        letters = sorted({letter for _, text in layout.texts for letter in text if not letter.isascii()})
        png = reduce_colours(page.screenshot())
        payload = PageInABrowser(
            path=PATH,
            host=HOST,
            browser=f"Chromium {browser.version}",
            accept=accept,
            window=WINDOW,
            picture=picture_of(png),
            texts=layout.texts,
            sides=layout.sides,
            without_typeface=tuple(page.evaluate(WITHOUT_TYPEFACE, letters)),
        )
    what = f"{PATH} of the running site, opened in a browser's window of {WINDOW[0]} by {WINDOW[1]} pixels"
    return Screenshot(Run(what=what, units={}, series={}, payload=payload), png)


def reduce_colours(png: bytes) -> bytes:
    """Return the picture with few colours: a third of the bytes, and no difference to be seen on a page of text."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def picture_of(png: bytes) -> Picture:
    """Return what the run says of the picture."""
    width, height = Image.open(io.BytesIO(png)).size
    return Picture(width, height, hashlib.sha256(png).hexdigest())

"""A page of the running site in a real browser: its picture, and what the browser laid out."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Page

from book.authoring.browser import chromium
from lab.instruments.runs import Run
from lab.instruments.screenshots import Screenshot
from mysite.topology import OneServer, one_server

NAME, PATH = "02-page-in-a-browser", "/users/4"
HOST = "api.mysite.com"
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
LAID_OUT = """(pairs) => {
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
    """What a browser laid out: texts as [element, text], the boxes of each text's lines, and how parts lie."""

    texts: list[list[str]]
    boxes: list[list[list[float]]]
    sides: list[str]

    def overlapping(self) -> list[tuple[str, str]]:
        """Texts that lie on one another by more than a pixel."""
        lines = [(text, box) for (_, text), boxes in zip(self.texts, self.boxes, strict=True) for box in boxes]
        return [
            (one, other)
            for place, (one, first) in enumerate(lines)
            for other, second in lines[place + 1 :]
            if meet(first, second)
        ]


def meet(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether two boxes (left, top, right, bottom) share more than a pixel each way."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    return across > 1 and down > 1


def laid_out(page: Page) -> Layout:
    """What stands on an open page."""
    found = page.evaluate(LAID_OUT, [list(pair) for pair in PAIRS])
    return Layout(found["texts"], found["boxes"], found["sides"])


def visited(browser: Browser, site: OneServer) -> tuple[Page, str]:
    """The page open in a new window, light, and the Accept field that the browser sent. ValueError unless 200."""
    page = browser.new_page(
        viewport={"width": WINDOW[0], "height": WINDOW[1]}, color_scheme="light",
        device_scale_factor=PIXELS_WIDE / WINDOW[0],
    )  # fmt: skip
    answer = page.goto(site.url(PATH, HOST))
    if answer is None or answer.status != 200:
        raise ValueError(f"{PATH} is not answered with 200, so there is nothing to show")
    return page, answer.request.all_headers()["accept"]


def take() -> Screenshot:
    """Open the page of the running site in Chromium, and take its picture and its layout. RuntimeError without one."""
    with one_server() as site, chromium() as browser:
        page, accept = visited(browser, site)
        layout = laid_out(page)
        letters = sorted({letter for _, text in layout.texts for letter in text if not letter.isascii()})
        without = page.evaluate(WITHOUT_TYPEFACE, letters)
        png = reduced(page.screenshot())
        detail = {
            "path": PATH, "host": HOST, "browser": f"Chromium {browser.version}", "accept": accept,
            "window": list(WINDOW), "picture": described(png), "texts": layout.texts, "sides": layout.sides,
            "without_typeface": without,
        }  # fmt: skip
    what = f"{PATH} of the running site, opened in a browser's window of {WINDOW[0]} by {WINDOW[1]} pixels"
    return Screenshot(Run(name=NAME, what=what, units={}, series={}, detail=detail), png)


def reduced(png: bytes) -> bytes:
    """The picture with few colours: a third of the bytes, and no difference to be seen on a page of text."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def described(png: bytes) -> dict[str, object]:
    """What the run says of the picture."""
    width, height = Image.open(io.BytesIO(png)).size
    return {"width": width, "height": height, "sha256": hashlib.sha256(png).hexdigest()}

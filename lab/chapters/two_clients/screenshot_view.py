"""A recorded screenshot as a cell's output: the one picture that is made of pixels, with what it shows in words."""

import base64
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from lab.chapters.two_clients.page_in_a_browser import PageInABrowser, Picture, Screenshot, Text

SHOWN_WIDTH = 720  # CSS pixels; on a phone it scrolls sideways, so that its text is not shrunk


@dataclass(frozen=True)
class ScreenshotFigure:
    """HTML with the picture in it, and one line of text that changes when it does."""

    name: str
    alt: str
    caption: str
    png: bytes
    picture: Picture

    def _repr_html_(self) -> str:
        height = round(self.picture.height * SHOWN_WIDTH / self.picture.width)
        data = base64.b64encode(self.png).decode("ascii")
        style = (
            "display:block;box-sizing:border-box;max-width:none;height:auto;margin:0 auto;"
            "border:1px solid var(--rule,#ddd7ca);border-radius:8px"
        )
        image = (
            f'<img src="data:image/png;base64,{data}" alt="{escape(self.alt)}" width="{SHOWN_WIDTH}"'
            f' height="{height}" style="{style}">'
        )
        return (
            f'<figure class="book-figure" id="figure-{self.name}"><div tabindex="0" role="group"'
            f' aria-label="screenshot" style="overflow-x:auto">{image}</div>'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        checksum = sha256(self._repr_html_().encode()).hexdigest()[:8]
        return f"screenshot {self.name}: {self.alt} {self.caption} (checksum {checksum})"


def screenshot_figure(screenshot: Screenshot, name: str) -> ScreenshotFigure:
    """Return the recorded screenshot as a figure, with its caption."""
    page = screenshot.run.payload
    return ScreenshotFigure(name, alt_text(page), caption(page), screenshot.png, page.picture)


def alt_text(page: PageInABrowser) -> str:
    """Return what is to be seen, in the order of the page: bar, heading, what stands left, and what stands right."""
    middle = [(element, text) for element, text in page.texts
              if element.startswith("main") and "div.columns" not in element]  # fmt: skip
    right = [(element, text) for element, text in page.texts if element.endswith("aside > h2")]
    parts = {
        "At the top": within(page.texts, "header"), "Below": middle, "On the left": within(page.texts, "section"),
        "On the right": right,
    }  # fmt: skip
    sentences = [f"{where}: {'; '.join(phrases(texts))}." for where, texts in parts.items()]
    return f"Screenshot of {page.path} in a browser. {' '.join(sentences)}"


def caption(page: PageInABrowser) -> str:
    """Return which page in which browser it is, and what the picture cannot show."""
    # named by their script, since a reader's machine may have no typeface for them either
    scripts = sorted({unicodedata.name(letter).partition(" ")[0] for letter in page.without_typeface})
    boxes = f" Boxes stand for letters that the machine had no typeface for ({', '.join(scripts)})." if scripts else ""
    return (
        f"{page.path} in {page.browser}, in a window {page.window[0]} pixels wide, shown at"
        f" {SHOWN_WIDTH}; on a narrow screen it scrolls sideways.{boxes}"
    )


def within(texts: Sequence[Text], part: str) -> list[Text]:
    """Return the texts within an element of that name."""
    return [
        (element, text) for element, text in texts
        if part in (step.partition(".")[0] for step in element.split(" > "))
    ]  # fmt: skip


def phrases(texts: Sequence[Text]) -> list[str]:
    """Return the texts without a full stop at the end; one within the element of the text before is one with it.

    A monogram is a picture: who hears the page hears the name that follows.
    """
    lines: list[str] = []
    around = None
    for element, text in texts:
        if ".monogram" in element:
            continue
        if around and element.startswith(f"{around} > "):
            lines[-1] += f" {text}"
        else:
            lines.append(text.removesuffix("."))
            around = element
    return lines

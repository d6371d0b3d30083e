"""A recorded screenshot as a cell's output: the one picture that is made of pixels, with what it shows in words."""

import base64
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any, Protocol

Text = Sequence[str]  # an element and what it says

SHOWN_WIDTH = 720  # CSS pixels; on a phone it scrolls sideways, so that its text is not shrunk


class Taken(Protocol):
    """What the view needs to know of a recorded screenshot; `run.detail` is as lab.instruments.screenshots says."""

    @property
    def run(self) -> Any: ...

    @property
    def png(self) -> bytes: ...


@dataclass(frozen=True)
class ScreenshotFigure:
    """HTML with the picture in it, and one line of text that changes when it does."""

    name: str
    alt: str
    caption: str
    png: bytes
    size: tuple[int, int]

    def _repr_html_(self) -> str:
        height = round(self.size[1] * SHOWN_WIDTH / self.size[0])
        data = base64.b64encode(self.png).decode("ascii")
        style = (
            "display:block;box-sizing:border-box;max-width:none;height:auto;margin:0 auto;"
            "border:1px solid var(--rule,#ddd7ca);border-radius:8px"
        )
        picture = (
            f'<img src="data:image/png;base64,{data}" alt="{escape(self.alt)}" width="{SHOWN_WIDTH}"'
            f' height="{height}" style="{style}">'
        )
        return (
            f'<figure class="book-figure" id="figure-{self.name}"><div tabindex="0" role="group"'
            f' aria-label="screenshot" style="overflow-x:auto">{picture}</div>'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        checksum = sha256(self._repr_html_().encode()).hexdigest()[:8]
        return f"screenshot {self.name}: {self.alt} {self.caption} (checksum {checksum})"


def screenshot(taken: Taken, name: str) -> ScreenshotFigure:
    """The recorded screenshot, as lab.instruments.screenshots.load gives it, with its caption."""
    detail = taken.run.detail
    size = (detail["picture"]["width"], detail["picture"]["height"])
    return ScreenshotFigure(name, described(detail), captioned(detail), taken.png, size)


def described(detail: Mapping[str, Any]) -> str:
    """What is to be seen, in the order of the page: bar, heading, what stands left, and what stands right."""
    texts = detail["texts"]
    middle = [each for each in texts if each[0].startswith("main") and "div.columns" not in each[0]]
    right = [each for each in texts if each[0].endswith("aside > h2")]
    parts = {
        "At the top": among(texts, "header"), "Below": middle, "On the left": among(texts, "section"),
        "On the right": right,
    }  # fmt: skip
    said = " ".join(f"{where}: {'; '.join(joined(each))}." for where, each in parts.items())
    return f"Screenshot of {detail['path']} in a browser. {said}"


def captioned(detail: Mapping[str, Any]) -> str:
    """Which page in which browser, and what the picture cannot show."""
    # named by their script, since a reader's machine may have no typeface for them either
    scripts = sorted({unicodedata.name(each).partition(" ")[0] for each in detail["without_typeface"]})
    boxes = f" Boxes stand for letters that the machine had no typeface for ({', '.join(scripts)})." if scripts else ""
    return (
        f"{detail['path']} in {detail['browser']}, in a window {detail['window'][0]} pixels wide, shown at"
        f" {SHOWN_WIDTH}; on a narrow screen it scrolls sideways.{boxes}"
    )


def among(texts: Sequence[Text], part: str) -> list[Text]:
    """The texts within an element of that name."""
    return [each for each in texts if part in (step.partition(".")[0] for step in each[0].split(" > "))]


def joined(texts: Sequence[Text]) -> list[str]:
    """The texts, a full stop at the end left out; what stands within the element of the text before is one with it.

    A monogram is a picture: who hears the page hears the name that follows.
    """
    said: list[str] = []
    around = None
    for element, text in texts:
        if ".monogram" in element:
            continue
        if around and element.startswith(f"{around} > "):
            said[-1] += f" {text}"
        else:
            said.append(text.removesuffix("."))
            around = element
    return said

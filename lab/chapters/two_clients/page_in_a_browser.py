"""A page of the site as a browser laid it out: a recorded picture, and beside it, as a run, what stands on it.

The picture is the file data/runs/two_clients/page_in_a_browser.png. It is taken by book.authoring.page_in_a_browser,
as it needs Chromium.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lab.instruments import runs
from lab.instruments.runs import DIRECTORY, Payload, Run

Text = tuple[str, str]  # an element, named from the body inwards as "header > a.brand", and what it says


@dataclass(frozen=True)
class Picture:
    """Width and height in pixels, and the SHA-256 of the file as hexadecimal digits."""

    width: int
    height: int
    sha256: str


@dataclass(frozen=True)
class PageInABrowser(Payload, run="two_clients/page_in_a_browser"):
    """What the browser laid out; the run has no series.

    path, host        of the page
    browser           its name and version
    accept            the field that it sent for the page
    window            width and height in CSS pixels
    picture           the picture's size and checksum
    texts             in the order of the page
    sides             how large parts lie to each other, such as "section left of aside"
    without_typeface  letters for which the machine had no typeface, so that the picture has boxes for them
    """

    path: str
    host: str
    browser: str
    accept: str
    window: tuple[int, int]
    picture: Picture
    texts: tuple[Text, ...]
    sides: tuple[str, ...]
    without_typeface: tuple[str, ...]


@dataclass(frozen=True)
class Screenshot:
    """A picture as PNG, and its run. ValueError where the run speaks of another picture."""

    run: Run[PageInABrowser]
    png: bytes

    def __post_init__(self) -> None:
        """Hold the picture against what the run says of it."""
        if self.run.payload.picture.sha256 != hashlib.sha256(self.png).hexdigest():
            raise ValueError(f"The picture of {self.run.name} is not the one that was recorded. Anew: make record")


def load(directory: Path = DIRECTORY) -> Screenshot:
    """Return the recorded screenshot.

    FileNotFoundError and ValueError as lab.instruments.runs.load, and of the picture.
    """
    return Screenshot(runs.load(PageInABrowser, directory), _picture_path(directory).read_bytes())


def save(screenshot: Screenshot, directory: Path = DIRECTORY) -> Path:
    """Write both files, and return the run's path."""
    path = runs.save(screenshot.run, directory)
    _picture_path(directory).write_bytes(screenshot.png)
    return path


def _picture_path(directory: Path) -> Path:
    return directory / f"{PageInABrowser.run}.png"

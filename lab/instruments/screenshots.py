"""Recorded screenshots: a picture of a page, and beside it, as a run, what the browser laid out.

data/runs/NAME.png is the picture, data/runs/NAME.json the run, whose `detail` has

    path, host          of the page
    browser             its name and version
    accept              the field that it sent for the page
    window              width and height in CSS pixels
    picture             width and height in pixels, and the SHA-256 of the file
    texts               [element, text] in the order of the page; an element is named from the body inwards
    sides               how large parts lie to each other, such as "section left of aside"
    without_typeface    letters for which the machine had no typeface, so that the picture has boxes for them
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lab.instruments import runs
from lab.instruments.runs import DIRECTORY, Run


@dataclass(frozen=True)
class Screenshot:
    """A picture as PNG, and its run. ValueError where the run speaks of another picture."""

    run: Run
    png: bytes

    def __post_init__(self) -> None:
        """Hold the picture against what the run says of it."""
        if self.run.detail["picture"]["sha256"] != hashlib.sha256(self.png).hexdigest():
            raise ValueError(f"The picture of {self.run.name} is not the one that was recorded. Anew: make record")


def load(name: str, directory: Path = DIRECTORY) -> Screenshot:
    """The recorded screenshot of that name. FileNotFoundError, ValueError as lab.instruments.runs.load, and of the picture."""
    return Screenshot(runs.load(name, directory), (directory / f"{name}.png").read_bytes())


def save(screenshot: Screenshot, directory: Path = DIRECTORY) -> Path:
    """Write both files, and return the run's path."""
    (directory / f"{screenshot.run.name}.png").write_bytes(screenshot.png)
    return runs.save(screenshot.run, directory)

"""What the built HTML says, read without a browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from book.authoring import environment, links
from book.site import built, sweep

KILOBYTE = 1000
# Kilobytes, compressed
MOST_OF_A_PAGE, MOST_WITH_A_PICTURE, MOST_SHARED, MOST_OF_THE_FACES = 75, 100, 45, 85
FIRST_LINES = re.compile(r"\s*<!DOCTYPE html>\s*<html lang=\"en\"")


def text(site: Path, address: str) -> str:
    """One page's HTML."""
    return (site / address).read_text("utf8")


def weight(files: Iterable[Path]) -> float:
    """Kilobytes of files, each compressed as a server would."""
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files) / KILOBYTE


def test_head(site: Path, address: str) -> None:
    """Language, title, description and icon stand on every page, generated ones too."""
    html = text(site, address)
    assert FIRST_LINES.match(html)
    title = re.search(r"<title>(.*?)</title>", html)
    assert title and re.fullmatch("Scale from Zero" if address == "index.html" else r"\S.* — Scale from Zero", title[1])
    description = re.search(r'<meta name="description" content="([^"]+)">', html)
    assert description and 20 <= len(description[1]) <= 260
    assert re.search(r'<link rel="icon" type="image/svg\+xml" href="[^"]+favicon\.svg', html)


def test_names_nobody_else(site: Path, address: str) -> None:
    """No sheet, script, picture or frame lies on another host; only links that a reader follows may leave."""
    outside = [named for named in built.read(site / address).addresses
               if named[0] != "a" and re.match(r"(https?:)?//", named[1])]
    assert outside == []


def test_no_script_sets_formulas(site: Path, address: str) -> None:
    """Formulas are MathML, each well-formed XML with its TeX, and no maths library is named."""
    html = text(site, address)
    for formula in re.findall(r"<math\b.*?</math>", html, re.S):
        assert ElementTree.fromstring(formula).get("alttext")
    assert "mathjax" not in html.lower()


def test_headings_descend_by_one(site: Path, address: str) -> None:
    """One h1, and no level is left out on the way down."""
    main = text(site, address).partition("<main")[2]
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", main)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_code_cell_is_an_anchor(site: Path) -> None:
    """The id that the notebook gives a code cell leads to it in the page."""
    root = Path(__file__).resolve().parents[2]
    source = root if site == root / "_build" / "html" else site.parents[1]
    for notebook in environment.notebooks(source):
        page = (site / notebook.relative_to(source)).with_suffix(".html")
        cells = [cell["id"] for cell in json.loads(notebook.read_text("utf8"))["cells"] if cell["cell_type"] == "code"]
        assert [cell for cell in cells if cell not in built.read(page).ids] == []


def test_links_lead_somewhere(site: Path) -> None:
    """make lint's check of links and ids finds nothing."""
    assert links.check(site) == []


def test_every_file_is_used(site: Path) -> None:
    """Nothing lies in the site that no page leads to, but what Sphinx needs for a short build."""
    unused = {path for path in site.resolve().rglob("*") if path.is_file()} - sweep.used(site, "index")
    assert {path.name for path in unused} <= sweep.KEPT


def test_a_page_is_light(site: Path, address: str) -> None:
    """What is fetched for this page alone: its text and figures, and what its widgets show; no script, no sheet."""
    picture = "data:image/" in text(site, address)
    assert weight([site / address]) <= (MOST_WITH_A_PICTURE if picture else MOST_OF_A_PAGE)


def test_scripts_sheets_and_faces_are_fetched_once_and_are_light(site: Path) -> None:
    """All that the pages share: who has read one chapter fetches little more for the next."""
    shared = [file for file in (site / "_static").rglob("*") if file.suffix in {".js", ".css"}]
    faces = list((site / "_static").rglob("*.woff2"))
    assert shared and weight(shared) <= MOST_SHARED
    assert faces and weight(faces) <= MOST_OF_THE_FACES

"""A small book, built as the real one is: what the extension makes of cells, boxes, formulas and claims."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser

from book.site import page as extension
from lab.widgets.prediction import Prediction
from tests.axe import violations

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[3]
WIDGET = f"{Prediction.__module__}.Prediction"
TOC = "format: jb-book\nroot: index\nchapters:\n- file: chapters/01-first\n- file: book/claims\n"
CLAIMS = "# Claims\n\nThe table.\n\n| claim | kind | cells | test |\n|---|---|---|---|\n" \
    "| S1 | shown | chapters/01-first.ipynb#add chapters/01-first.ipynb#fold | t.py::test_s01_it_adds |\n"
TEXT = """# The first

One sentence with ``code`` that says what the page is about.

## Next

A formula $\\lambda T$, a [cell](#add) and the [table](../book/claims.md).

:::{admonition} Look closer
:class: dropdown look-closer
Inside.
:::

| a | b |
|---|---|
| 1 | 2 |
"""


def code(name: str, tags: list[str], output: str) -> nbformat.NotebookNode:
    cell = new_code_cell("1 + 1", execution_count=1, metadata={"tags": tags},
                         outputs=[new_output("execute_result", {"text/plain": output}, execution_count=1)])
    cell.id = name
    return cell


def store_widget(notebook: nbformat.NotebookNode, kind: str) -> None:
    """A last cell that shows a widget of this class, and its stored state."""
    state = {"_anywidget_id": kind, "_esm": "export default {};", "_css": ".stored {}",
             "spec": {"kind": "predict", "name": "n", "question": "How many?", "unit": "bytes"}, "guess": None}
    view = {"model_id": "w", "version_major": 2, "version_minor": 0}
    cell = code("guess", [], "predict")
    cell.outputs[0].data[extension.WIDGET_VIEW] = view
    notebook.cells.append(cell)
    stored = {"w": {"model_module": "anywidget", "model_name": "AnyModel", "state": state}}
    notebook.metadata["widgets"] = {extension.WIDGET_STATE: {"state": stored, "version_major": 2, "version_minor": 0}}


def write_book(folder: Path, text: str = TEXT, cell: str = "add", widget: str = WIDGET) -> None:
    (folder / "chapters").mkdir(parents=True, exist_ok=True)
    (folder / "book").mkdir(exist_ok=True)
    shutil.copyfile(ROOT / "_config.yml", folder / "_config.yml")
    (folder / "_toc.yml").write_text(TOC, "utf8")
    (folder / "index.md").write_text("# Cover\n\nWhat the book is for.\n", "utf8")
    (folder / "book" / "claims.md").write_text(CLAIMS, "utf8")
    (folder / "book" / "glossary.md").write_text("# Glossary\n", "utf8")
    (folder / "book" / "references.bib").write_text("", "utf8")
    notebook = new_notebook(metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
    notebook.cells = [new_markdown_cell(text), code(cell, ["claim-S1"], "2"), code("fold", ["hide-input"], "3")]
    store_widget(notebook, widget)
    nbformat.write(notebook, folder / "chapters" / "01-first.ipynb")


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("jupyter-book")
    return subprocess.run(
        [str(program), "build", ".", "-W", "--keep-going"], cwd=folder, text=True, capture_output=True, check=False,
        # the extension is the checkout's; the small book has none of its own
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A chapter's page, built in a folder whose name is a pattern, beside files that no table of contents has."""
    folder = tmp_path_factory.mktemp("small") / "-a [1] *?#%41 ü"
    write_book(folder)
    for stray in ("README.md", "chapters/notes.md", "tests/page.md"):
        (folder / stray).parent.mkdir(exist_ok=True)
        (folder / stray).write_text("# Not of the book\n", "utf8")
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    assert not (folder / "_build/html/_static/basic.css").exists()
    assert 'href="../chapters/01-first.html#fold"' in (folder / "_build/html/book/claims.html").read_text("utf8")
    return (folder / "_build/html/chapters/01-first.html").read_text("utf8")


def test_a_cell_is_an_anchor_and_leads_to_its_claim(page: str) -> None:
    assert re.search(r'<div class="cell tag_claim-S1[^"]*" id="add">', page)
    assert '<a class="reference internal" href="#add">cell</a>' in page
    assert 'href="../book/claims.html#claim-S1">Claim S1</a>' in page


def test_folds_need_no_script(page: str) -> None:
    assert re.search(r'<details class="dropdown look-closer admonition">\s*<summary>Look closer</summary>', page)
    assert '<details class="fold"><summary>Show the code</summary>' in page


def test_a_page_says_what_it_is_about(page: str) -> None:
    assert "<title>The first — Scale from Zero</title>" in page
    assert '<meta name="description" content="One sentence with code that says what the page is about.">' in page
    assert re.search(r'<p class="caps">Chapter 1</p>', page)


def test_a_formula_keeps_the_mark_behind_it(page: str) -> None:
    assert re.search(r'A formula <span class="together"><span class="math"><math.*?</span>,</span> a <a', page, re.S)
    assert re.search(r'<code class="[^"]*\bshort\b[^"]*"><span class="pre">code</span></code>', page)


def test_a_page_leads_to_its_notebook_and_its_sections(page: str) -> None:
    assert re.search(r'</h1>\s*<p class="tools"><a href="01-first.ipynb" download>Download the notebook</a>', page)
    assert re.search(r'<ul class="within">\s*<li><a href="#next">Next</a></li></ul>', page)


def test_a_page_loads_what_it_uses(page: str) -> None:
    assert re.findall(r"_static/([\w/]+\.\w+)\?v=\w{8}\"", page) == [
        "favicon.svg", "site.css", "code.css", "widgets/exercises.css", "site.js", "copy.js", "widgets/elements.js",
        "widgets/numbers.js", "widgets/prediction.js", "widgets.js",
    ]
    assert '<div class="table-scroll"><table' in page
    assert '<a class="headerlink" href="#next" aria-label="Link to “Next”"></a>' in page


def test_a_page_names_the_scripts_of_its_widgets_and_has_none(page: str) -> None:
    """The notebook that is offered beside it keeps them."""
    state = re.search(rf'<script type="{re.escape(extension.WIDGET_STATE)}">(.*?)</script>', page)
    assert state and json.loads(state[1]) == {"state": {"w": {"script": "prediction", "state": {
        "spec": {"kind": "predict", "name": "n", "question": "How many?", "unit": "bytes"}, "guess": None}}}}
    assert ".stored" not in page and "export default" not in page


def test_a_fault_fails_the_build_every_time(tmp_path: Path) -> None:
    write_book(tmp_path, TEXT.replace("(#add)", "(#next)") + "\n$\\foo$\n", cell="next", widget="lab.nowhere.Guess")
    for _ in range(2):
        built = build(tmp_path)
        assert built.returncode != 0
        # 1....: the first cell
        assert re.search(r"chapters/01-first\.ipynb:1\d{4}: WARNING: this formula cannot be set", built.stderr)
        assert "the cell id 'next' is also the anchor of a heading" in built.stderr
        assert re.search(r"chapters/01-first.*WARNING: no widget of ours is called 'lab.nowhere.Guess'", built.stderr)


def publish(folder: Path, address: str, tag: str) -> None:
    """Say in the small book's configuration where it is published, and build it."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    config["sphinx"]["config"]["binder"] = {"address": address, "tag": tag}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf8")
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr


def binder_links(folder: Path) -> dict[str, list[str]]:
    """Of each page of the small book, where its links lead that mention Binder."""
    site = folder / "_build" / "html"
    return {page.relative_to(site).as_posix(): re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*Binder', html)
            for page in site.rglob("*.html") if (html := page.read_text("utf8"))}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book whose cover is a notebook too, as the real one's is, with an address of Binder's."""
    folder = tmp_path_factory.mktemp("published")
    write_book(folder)
    (folder / "index.md").unlink()
    cover = new_notebook(metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
    cover.cells = [new_markdown_cell("# Cover\n\nWhat the book is for.\n")]
    nbformat.write(cover, folder / "index.ipynb")
    publish(folder, "https://mybinder.org/v2/gh/someone/book", "v1.0")
    return folder


def test_no_button_leads_to_binder_before_publication(page: str) -> None:
    assert "binder" not in page.lower()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "mode"), [(1280, "light"), (390, "dark")])
def test_the_button_is_seen_and_asks_nobody(browser: Browser, published: Path, width: int, mode: str) -> None:
    """Beside the chapter's number, above its heading, on a desktop and a phone, light and dark; axe finds nothing."""
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=mode)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto((published / "_build/html/chapters/01-first.html").as_uri())
    button, heading = page.get_by_role("link", name="Run in Binder", exact=True), page.locator("h1").bounding_box()
    place, faults = button.bounding_box(), violations(page)
    button.hover()
    page.close()
    assert place and heading and faults == []
    assert place["height"] >= 38 and place["x"] >= 0 and place["x"] + place["width"] <= width
    assert heading["y"] - 60 < place["y"] < heading["y"]
    assert [url for url in addresses if not url.startswith("file:")] == []


def test_the_button_comes_and_goes_with_the_address(published: Path) -> None:
    """It opens the page's own notebook, on the cover and the chapters alone; a short build takes it away again."""
    at = "https://mybinder.org/v2/gh/someone/book/v1.0?urlpath=lab/tree/"
    links = binder_links(published)
    assert links.pop("index.html") == [f"{at}index.ipynb"]
    assert links.pop("chapters/01-first.html") == [f"{at}chapters/01-first.ipynb"]
    assert set(links) == {"book/claims.html", "genindex.html", "search.html"} and not any(links.values())
    publish(published, "", "")
    assert not any(binder_links(published).values())


def test_widgets_have_room_before_they_are_drawn() -> None:
    """And without JavaScript a sentence, with the still drawing; a widget that is not known is left as it is."""
    drawings = {"wide": {"height": 300, "svg": "<svg>w</svg>"}, "tall": {"height": 600, "svg": "<svg>t</svg>"}}
    spec = {"title": "A & B", "drawings": drawings, "controls": [], "outputs": [], "sentences": [], "note": ""}
    states = {"e": {"spec": spec}, "other": {}}
    view = f'<script type="{extension.WIDGET_VIEW}">{{{{"model_id": "{{}}"}}}}</script>'
    views = {name: view.format(name) for name in ("e", "other", "x")}
    roomy = (
        f'<div class="widget-room" style="--wide:356px;--tall:648px">{views["e"]}<noscript>'
        '<div class="book-figure" role="img" aria-label="A &amp; B"><div class="wide"><svg>w</svg></div>'
        '<div class="tall" hidden><svg>t</svg></div></div><p>This part of the page needs JavaScript.</p></noscript>'
        "</div>"
    )
    body = "<p>{e}</p><p>{other}{x}</p>"
    assert extension.with_room(body.format(**views), states) == body.format(**{**views, "e": roomy})
    assert extension.with_room("<p>no widget</p>", {}) == "<p>no widget</p>"
    assert extension.without_script({}) == "<noscript><p>This part of the page needs JavaScript.</p></noscript>"

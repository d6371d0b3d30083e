"""The Sphinx extension that draws the book: it names the theme in theme/, and gives each page what that page uses.

No page asks another host for anything, and none loads a file of which it uses nothing: the script of an explorer, a
quiz or a prediction goes only where one is, the copy buttons only where code is, the search and its index only to
their page.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from book.site import (
    binder,
    cells,
    code_exercises,
    contents,
    figures,
    fonts,
    mathml,
    plain_forms,
    references,
    search,
    sweep,
    translator,
    widgets,
)  # fmt: skip
from book.site.room import room
from book.site.widgets import WIDGET_STATE, WIDGET_VIEW
from lab.drawing import colours
from lab.widgets import checking
from lab.widgets.stable_widget import UnknownWidget

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
THEME = "scale_from_zero"
BOOK = "Scale from Zero"
HOW_TO_READ = "book/how-to-read"
VIEW = re.compile(f'<script type="{re.escape(WIDGET_VIEW)}">(.*?)</script>', re.DOTALL)
# What stands in italics, a formula's letters too
ITALIC = re.compile(r'<em>|class="letter"|<blockquote')
SOURCES = {".py", ".html", ".css", ".jinja", ".js"}
DESCRIPTION_LENGTH = 200
GENERATED = {
    "search": ("Search", f"Search every page of {BOOK}; it works with no network."),
    "genindex": ("Index", f"The words of {BOOK}, and where each is explained."),
}


def fingerprint() -> str:
    """Eight digits that change when anything changes that draws the pages."""
    files = [path for path in sorted(HERE.rglob("*")) if path.suffix in SOURCES] + widgets.every_source()
    parts = [path.read_bytes() for path in files]
    return hashlib.sha256(b"\0".join([*parts, colours.css_variables().encode()])).hexdigest()[:8]


def description(document: nodes.document) -> str:
    """The first paragraph of a page as one line of plain text, cut between two words."""
    for paragraph in document.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            words = " ".join(paragraph.astext().split())
            if len(words) <= DESCRIPTION_LENGTH:
                return words
            return words[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + " …"
    return ""


def sections(env: BuildEnvironment, page: str) -> list[tuple[str, str]]:
    """Anchor and title of the sections of a page, those inside sections left out."""
    title = env.tocs[page][0]
    inner = [item for below in title[1:] if isinstance(below, nodes.bullet_list) for item in below]
    links = [next(item.findall(nodes.reference)) for item in inner if isinstance(item, nodes.list_item)]
    return [(link["anchorname"], link.astext()) for link in links]


def with_room(body: str, stored: Mapping[str, Mapping[str, Any]]) -> str:
    """The page with room for its widgets, so that what stands below does not jump when they are drawn.

    ``stored`` is what is kept of each by model id. Without JavaScript a sentence stands there, and the still drawing of
    what would move.
    """

    def roomy(view: re.Match[str]) -> str:
        spec = stored.get(json.loads(view[1])["model_id"], {}).get("spec", {})
        style = ";".join(f"--{layout}:{height}px" for layout, height in room(spec).items())
        return f'<div class="widget-room" style="{style}">{view[0]}{without_script(spec)}</div>' if style else view[0]

    return VIEW.sub(roomy, body)


def without_script(spec: Mapping[str, Any]) -> str:
    """What stands in a widget's place where scripts do not run."""
    views = "".join(
        f'<div class="{layout}"{" hidden" * (layout != "wide")}>{drawing["svg"]}</div>'
        for layout, drawing in spec.get("drawings", {}).items()
    )
    figure = f'<div class="book-figure" role="img" aria-label="{escape(spec.get("title", ""))}">{views}</div>'
    return f"<noscript>{figure * bool(views)}{points(spec)}<p>This part of the page needs JavaScript.</p></noscript>"


def points(spec: Mapping[str, Any]) -> str:
    """What an open exercise has to hold an answer against, which a reader without scripts opens; of others nothing."""
    if spec.get("kind") != "open":
        return ""
    items = "".join(f"<li>{escape(point)}</li>" for point in spec["points"])
    return (
        f"<details><summary>What a good answer has</summary><ul>{items}</ul>"
        f"<p>One good answer: {escape(spec['model_answer'])}</p></details>"
    )


def notebook_of(app: Sphinx, page: str) -> str:
    """Where a chapter's notebook lies in the site, beside its page; nothing for another page."""
    written = page in app.env.found_docs and app.env.doc2path(page).endswith(".ipynb")
    return f"{page}.ipynb" if written and contents.chapter_number(page) else ""


def bring_notebooks(app: Sphinx) -> None:
    """Copy the chapters' notebooks into the site, where a reader can take them from."""
    for page in app.env.found_docs:
        if notebook := notebook_of(app, page):
            shutil.copyfile(app.env.doc2path(page), Path(app.outdir) / notebook)


def _kind(page: str, root: str) -> str:
    if page == root:
        return "cover"
    return "chapter" if contents.chapter_number(page) else "page"


def describe_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None
) -> None:
    """Tell the template what this page is and what it uses."""
    env, root = app.env, app.config.root_doc
    titles = {name: node.astext() for name, node in env.titles.items()}
    before, behind = contents.around(env.toctree_includes.get(root, []), titles)
    written = GENERATED.get(page) or (titles.get(page, BOOK), description(document) if document else "")
    body = figures.with_drawings(context.get("body", "")).replace(checking.IN_JUPYTERLAB, "")
    states = [script.attributes["body"] for script in context["script_files"]
              if getattr(script, "attributes", {}).get("type") == WIDGET_STATE]
    stored = widgets.states_of_views(states, [json.loads(view)["model_id"] for view in VIEW.findall(body)])
    run_in_binder = binder.address(app.config.binder, str(env.doc2path(page, base=False)))
    how_to_run = f"{context['pathto'](HOW_TO_READ)}#run"
    body = code_exercises.with_ways_to_run(body, how_to_run, app.config.clone_address, run_in_binder)
    context["body"] = with_room(body, stored)
    context.update(
        book=BOOK,
        kind=_kind(page, root),
        number=contents.chapter_number(page),
        name=written[0],
        description=written[1],
        binder=run_in_binder,
        before=before,
        chapters=contents.chapters(titles),
        behind=behind,
        sections=sections(env, page) if page in env.tocs else [],
        notebook=notebook_of(app, page),
        last_chapter=contents.is_last_chapter(page, titles),
        has_widgets=WIDGET_VIEW in body,
        **bring_widgets(app, page, stored),
        has_code='class="highlight' in body,
        version=app.config.scale_from_zero_fingerprint,
        faces=[context["pathto"](f"_static/fonts/{face.file}", 1) for face in fonts.FACES
               if face.style == "normal" or ITALIC.search(body)],
        fonts_licence=f"_static/fonts/{fonts.LICENCE}",
    )


def bring_widgets(app: Sphinx, page: str, stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put the scripts and sheets of a page's widgets in place; what the template is told of them."""
    try:
        files, state = widgets.files(stored), widgets.page_state(stored)
        for file in files:
            widgets.bring(file, Path(app.outdir) / "_static")
    except (UnknownWidget, widgets.ScriptError) as error:
        logger.warning("%s", error, location=page, type="widgets")
        files, state = [], widgets.page_state({})
    names = [f"{widgets.FOLDER}/{file.name}" for file in files]
    return {
        "widget_scripts": [name for name in names if name.endswith(".js")],
        "widget_sheets": [name for name in names if name.endswith(".css")],
        "widget_state": state,
    }


def bring_assets(app: Sphinx) -> None:
    """Put the typefaces in place, and hand the sheet its colours."""
    fonts.bring(cache=Path(app.outdir).parent / "fonts", target=Path(app.outdir) / "_static" / "fonts")
    app.config.html_context.update(
        colours=colours.css_variables(),
        font_faces=fonts.font_faces("fonts"),
        serif_substitutes=fonts.substitutes("Book Serif"),
        sans_substitutes=fonts.substitutes("Book Sans"),
    )


def read_nothing_else(app: Sphinx, config: Config) -> None:
    """Let Sphinx read the pages of ``_toc.yml`` and nothing else.

    Jupyter Book's ``only_build_toc_files`` would take the path of the checkout for a pattern: in a folder ``a [1]`` it
    leaves out nothing.
    """
    pages = config.external_site_map
    config.include_patterns = [
        f"{str(page).removesuffix(suffix)}{suffix}" for page in pages for suffix in config.source_suffix
    ]


def rewrite_all_when_titles_change(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Every page carries the contents, so a new title or page changes every page."""
    known = [(name, env.titles[name].astext()) for name in sorted(env.found_docs)]
    before, env.scale_from_zero_titles = getattr(env, "scale_from_zero_titles", None), known
    return [] if before == known else sorted(env.found_docs)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Bring the notebooks, drop the files that no page uses, and forget a build that warned, so that it warns again."""
    if exception is None:
        bring_notebooks(app)
        sweep.remove_unused(Path(app.outdir), app.config.root_doc)
    if app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect everything; called by Sphinx."""
    app.add_html_theme(THEME, str(HERE / "theme"))
    app.add_config_value("scale_from_zero_fingerprint", fingerprint(), "env")
    app.add_config_value("binder", {}, "html", dict)
    references.register()
    # Jupyter Book always sets it; without the extension that reads it Sphinx would warn
    app.add_config_value("comments_config", {}, "")
    for part in (translator, mathml, cells, code_exercises, plain_forms, search):
        part.setup(app)
    # 950: after sphinx-external-toc has read the table of contents
    app.connect("config-inited", read_nothing_else, priority=950)
    app.connect("builder-inited", bring_assets)
    app.connect("env-updated", rewrite_all_when_titles_change)
    app.connect("html-page-context", describe_page, priority=900)
    # 999: after MyST-NB has copied its own sheet, which no page uses
    app.connect("build-finished", finish, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

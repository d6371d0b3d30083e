"""The widgets of the built pages: scripts and sheets once in ``_static``, in a page what its widgets show and hold.

A stored notebook has the script of each widget in its state. A page names it instead: the file is fetched once for all
pages. It is made from the module in ``lab``, as Chromium imports no module over file://; theme/static/widgets.js finds
it under the name of its file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import lab
from lab.widgets.stable_widget import CONTENT, class_of

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
FOLDER = "widgets"
"""below ``_static``"""

IMPORT = re.compile(r"^\s*import\b|\bimport\s*\(|\bimport\.meta\b", re.MULTILINE)
EXPORT = re.compile(r"^\s*export\b", re.MULTILINE)
# a declaration that is exported has a name of its own in the module, which an assignment would not give it
DEFAULT = re.compile(r"^export default (?!(?:async\s+)?function\b|class\b)", re.MULTILINE)
# A script that modules share declares one name, which is its file's; so the page's other scripts see it
SHARED = re.compile(r"(?://.*\n)*const \w+ = \(\(\) => \{")
CLASSIC = """\
"use strict";
(exported => {{
{module}
;(window.bookWidgets ??= new Map()).set({name}, exported.widget);
}})({{}});
"""


class ScriptError(ValueError):
    """A module that cannot become a classic script; the message says why."""


def classic(module: str, name: str) -> str:
    """A script that does what the module does, and that any page can load: its default export is registered.

    ``name`` is the one under which the loader looks. ScriptError for a module that imports, and for one that exports
    anything but one expression, as in ``export default { render };``.
    """
    if IMPORT.search(module):
        raise ScriptError(f"{name}.js imports a module, which Chromium refuses over file://: let it hold all it needs")
    if len(EXPORT.findall(module)) != 1 or not DEFAULT.search(module):
        raise ScriptError(f"{name}.js is to export one expression, as in export default {{ render }}; and nothing else")
    return CLASSIC.format(module=DEFAULT.sub("exported.widget = ", module).strip(), name=json.dumps(name))


def states_of_views(states: Iterable[str], views: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What is kept of each widget of ours that a page shows, by model id.

    ``states`` are the page's stored states as JSON, ``views`` the ids of the models that stand in it.
    """
    stored = {model: widget for state in states for model, widget in json.loads(state)["state"].items()}
    return {model: widget["state"] for model, widget in stored.items()
            if model in views and widget["model_module"] == "anywidget"}


def files(widgets: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """The scripts and sheets that these widgets need: what they share, then their own, each in the order of names.

    UnknownWidget as in `class_of`.
    """
    parts = [part for state in widgets.values() for part in class_of(state).files.values()]
    own = {part[-1] for part in parts}
    return sorted({file for part in parts for file in part}, key=lambda file: (file in own, file.name))


def page_state(widgets: Mapping[str, Mapping[str, Any]]) -> str:
    """What the loader reads: of each widget the name of its script, what it shows and holds, as JSON in HTML."""
    content = {
        model: {
            "script": class_of(state).files["_esm"][-1].stem,
            "state": {name: state[name] for name in CONTENT if name in state},
        }
        for model, state in sorted(widgets.items())
    }
    # within a script element nothing may end it, nor open a comment
    text = json.dumps({"state": content}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")


def bring(file: Path, static: Path) -> None:
    """Put a widget's script, as a classic one, or its sheet below ``static``."""
    text = file.read_text("utf8")
    target = static / FOLDER / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(brought(text, file), "utf8")


def brought(text: str, file: Path) -> str:
    """A source as the pages have it: a module becomes a classic script; a sheet, or a script that modules share, stays.

    ScriptError as in `classic`.
    """
    return classic(text, file.stem) if file.suffix == ".js" and not SHARED.match(text) else text


def every_source() -> list[Path]:
    """All scripts and sheets of ``lab``."""
    return sorted(file for file in Path(lab.__path__[0]).rglob("*") if file.suffix in {".js", ".css"})

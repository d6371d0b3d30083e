"""What stands in a built page for its widgets, for tests that load the book's own loader in a page of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from book.authoring.environment import ROOT
from book.site import widgets

LOADER = (ROOT / "book" / "site" / "theme" / "static" / "widgets.js").read_text("utf8")


def views(*models: str) -> str:
    """A place for each of these models."""
    script = f'<div class="place"><script type="{widgets.WIDGET_VIEW}">{{}}</script></div>'
    return "".join(script.format(json.dumps({"model_id": model})) for model in models)


def loaded(state: str, scripts: Mapping[str, str], sheets: str = "") -> str:
    """What the loader needs, and the loader: a page's state as JSON, sources of scripts by name, sheets."""
    brought = (widgets.brought(source, Path(f"{name}.js")) for name, source in scripts.items())
    classic = "".join(f"<script>{script}</script>" for script in brought)
    stored = f'<script type="{widgets.WIDGET_STATE}">{state}</script>'
    return f"<style>{sheets}</style>{stored}{classic}<script>{LOADER}</script>"


def loaded_from(states: Mapping[str, Mapping[str, Any]]) -> str:
    """The same from stored states by model id, as the extension makes it of a notebook's."""
    files = widgets.files(states)
    texts = {suffix: {file.stem: file.read_text("utf8") for file in files if file.suffix == suffix}
             for suffix in (".js", ".css")}
    return loaded(widgets.page_state(states), texts[".js"], "".join(texts[".css"].values()))

"""What a page says of an exercise in which code is written: a page has no Python, so where and how it runs."""

from __future__ import annotations

from html import escape
from pathlib import Path

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

from lab.widgets import checking

# What a stored verdict ends in, as long as nobody has written anything
IN_THE_NOTEBOOK = f"</strong> {escape(checking.UNANSWERED.message)}</div>"


def with_ways_to_run(body: str, how_to_run: str, clone: str, binder: str) -> str:
    """The page, whose unsolved code exercises say how they are run instead of what to do in the notebook.

    ``how_to_run`` is an address within the book, ``clone`` where it can be cloned from, ``binder`` where it runs in
    a browser: both empty before it is published, and then not named.
    """
    ways = [f'Code runs in the notebook: <a href="{escape(how_to_run)}">how to run it</a>']
    if clone:
        ways.append(f"the book is at <code>{escape(clone)}</code>")
    if binder:
        ways.append(f'or <a href="{escape(binder)}">run this chapter in Binder</a>')
    return body.replace(IN_THE_NOTEBOOK, f"</strong> {', '.join(ways)}.</div>")


def clone_address(app: Sphinx, config: Config) -> None:
    """Take the address from its one field, ``repository.url`` of ``_config.yml``."""
    configuration = yaml.safe_load((Path(app.srcdir) / "_config.yml").read_text("utf8"))
    config.clone_address = configuration.get("repository", {}).get("url", "")


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.add_config_value("clone_address", "", "html", str)
    app.connect("config-inited", clone_address)

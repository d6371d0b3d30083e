"""A widget that is stored as the same bytes on every run."""

import hashlib
from typing import Any

import anywidget
import ipywidgets

# The open widgets by identity. One identity is one widget: a cell that is run again replaces its own.
opened: dict[str, "StableWidget"] = {}


class StableWidget(anywidget.AnyWidget):
    """An anywidget whose model ids follow from `identity`, a name that is unique in a notebook."""

    def __init__(self, identity: str, **traits: Any) -> None:
        if identity in opened:
            # two models with one id would both answer the page, and the end of the first would close the second
            opened[identity].close()
        digest = hashlib.sha256(identity.encode()).hexdigest()
        super().__init__(model_id=digest[:32], layout=ipywidgets.Layout(model_id=digest[32:]), **traits)
        opened[identity] = self

    def close(self) -> None:
        """Close the model and its layout, which has an id of its own."""
        self.layout.close()
        super().close()

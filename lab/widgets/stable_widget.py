"""A widget that is stored as the same bytes on every run."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

import anywidget
import ipywidgets

# What the lab's widgets show and hold; the rest of a stored state is script, sheet and layout.
SHOWN = ("spec", "table", "value", "answers", "guess")
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

    @property
    def checksum(self) -> str:
        """The checksum of what the widget shows, which its text carries: so the text speaks for the stored state."""
        return checksum(self.get_state())

    def close(self) -> None:
        """Close the model and its layout, which has an id of its own."""
        self.layout.close()
        super().close()


def checksum(state: Mapping[str, Any]) -> str:
    """Eight digits that change when anything changes that a widget of this state shows."""
    shown = {name: state[name] for name in SHOWN if name in state}
    return f"{zlib.crc32(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()):08x}"

"""The address under which Binder, a service that runs notebooks for everybody, opens one of this book."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def address(published: Mapping[str, str], source: str) -> str:
    """Where Binder opens the notebook ``source``, or nothing while the book is not published.

    ``published`` is ``binder`` of ``_config.yml``, ``source`` a path from the root of the checkout. ValueError where
    the address is none of Binder's, or where address and tag do not stand together.
    """
    service, tag = published.get("address", "").rstrip("/"), published.get("tag", "")
    if not service and not tag:
        return ""
    if not service or not tag:
        raise ValueError("binder in _config.yml has an address or a tag: it needs both, or neither")
    if not service.startswith("https://") or "/v2/" not in service:
        raise ValueError(f"{service!r} in _config.yml is no address like https://mybinder.org/v2/gh/OWNER/NAME")
    return f"{service}/{quote(tag, safe='')}?urlpath=lab/tree/{quote(source)}"

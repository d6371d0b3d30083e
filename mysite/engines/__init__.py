"""Database servers of the book: started, attached to, and stopped again.

    with engines.open("postgresql") as server:
        ...

`python -m mysite.engines` lists them.
"""

from mysite.engines.catalogue import open
from mysite.engines.engine import AbsentError, Server

__all__ = ["AbsentError", "Server", "open"]

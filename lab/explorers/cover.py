"""The book's picture, first version: one slider for the number of users, and the one server under it getting fuller."""

from typing import Any

import networkx

from lab.explorers.explorer import Control, Explorer, Output
from lab.models.utilisation import utilisation
from lab.views.architecture import drawings
from lab.views.silhouettes import FULL_ABOVE, MOST_USERS

# Users from 1 to a million, eight steps a power of ten, each rounded to two digits
USERS = sorted({round(float(f"{10 ** (step / 8):.2g}")) for step in range(49)})
START = 1000
FEWEST_DOTS = 3
SENTENCES = (
    "Everything runs on one server: web application, page cache and database share one machine. It has room.",
    "The one server is nearly full. Most requests find others before them, and wait. Chapter 3 shows for how long.",
    "The one server is full: more is asked than it can do, and the queue grows for as long as that lasts.",
)


def one_server_explorer(cpu_seconds_per_request: float, requests_per_user_per_second: float, note: str) -> Explorer:
    """One server under a growing number of users; `note` says where the two numbers come from.

    The level is that of the one process in which application, cache and SQLite run: its measured CPU seconds a
    request are not split between them. One core does the work, as one Python process can use one.
    """

    def model(users: int) -> dict[str, Any]:
        level = utilisation(users, requests_per_user_per_second, cpu_seconds_per_request)
        return {
            "requests": users * requests_per_user_per_second,
            "utilisation": level,
            "dots": dots(users),
            "sentence": (level > FULL_ABOVE) + (level >= 1),
        }

    return Explorer(
        name="one-server-filling",
        title="One server under a growing number of users",
        model=model,
        controls=[Control("users", "Users", USERS, START)],
        outputs=[
            Output("requests", "requests a second"),
            Output("utilisation", "utilisation of one core", percent=True),
        ],
        drawings=drawings(graph(), "one-server-filling", moving={"users": "dots", "web": "utilisation"}),
        sentences=SENTENCES,
        note=note,
    )


def dots(users: int) -> int:
    """How many dots stand for so many users: the more users the more dots, on the slider's own scale."""
    place = USERS.index(users)
    return FEWEST_DOTS + round((MOST_USERS - FEWEST_DOTS) * place / (len(USERS) - 1))


def graph() -> networkx.DiGraph:
    """Users, the name service, and one server with its three parts."""
    drawn = networkx.DiGraph()
    drawn.add_node("users", kind="users", label="users")
    drawn.add_node("names", kind="name_server", label="DNS")
    # the level stands in the web application: the CPU time of the one process is not split between its parts
    for kind, label, note in (
        ("web", "web application", ""),
        ("cache", "page cache", "same process"),
        ("data", "database", "same process"),
    ):
        drawn.add_node(kind, kind=kind, label=label, note=note, group="one server")
    drawn.add_edge("users", "names", kind="lookup", step=1)
    drawn.add_edge("users", "web", kind="request", step=2)
    drawn.add_edge("web", "cache", kind="query", step=3)
    drawn.add_edge("web", "data", kind="query", step=4)
    return drawn

"""The book's picture: one slider for the number of users, and the one server under it getting fuller and slower."""

import math
from typing import Any

import networkx

from lab.explorers.explorer import Control, Explorer, Output
from lab.models.queue_formulas import mm1_response
from lab.models.utilisation import Number, utilisation
from lab.views.architecture import drawings
from lab.views.silhouettes import FULL_ABOVE

# Users from 1 to a million, eight steps a power of ten, each rounded to two digits
USERS = sorted({round(float(f"{10 ** (step / 8):.2g}")) for step in range(49)})
START = 1000
# So many users are drawn one by one; of more, each dot stands for several
MOST_DOTS = 200
SENTENCES = (
    "Web application, page cache and database are one process on one server. The level is the CPU time of all three."
    " It has room.",
    "The one server is nearly full. Most requests find others before them, and wait: chapter 3 shows why.",
    "The one server is full: more is asked than it can do, and the queue grows for as long as that lasts.",
)


def one_server_explorer(cpu_seconds_per_request: float, requests_per_user_per_second: float, note: str) -> Explorer:
    """One server under a growing number of users; `note` says where the two numbers come from.

    The level is that of the one process in which application, cache and SQLite run: its measured CPU seconds a
    request are not split between them. One core does the work, as one Python process can use one.
    """

    def model(users: int) -> dict[str, Any]:
        asked = utilisation(users, requests_per_user_per_second, cpu_seconds_per_request)
        return {
            "requests": users * requests_per_user_per_second,
            # what is asked beyond 1 is no level: no vessel is fuller than full
            "utilisation": min(asked, 1),
            # a queue that no server catches up with has no mean
            "response": 1000 * mm1_response(float(asked), cpu_seconds_per_request) if asked < 1 else None,
            "cores": cores(asked),
            "dots": min(users, MOST_DOTS),
            "users_per_dot": max(users / MOST_DOTS, 1),
            "sentence": (asked > FULL_ABOVE) + (asked >= 1),
        }

    return Explorer(
        name="one-server-filling",
        title="One server under a growing number of users",
        model=model,
        controls=[Control("users", "Users", USERS, START)],
        outputs=[
            Output("requests", "requests a second"),
            Output("utilisation", "utilisation of one core", percent=True),
            Output("response", "a request takes, on average", "ms", missing="longer and longer"),
            Output("cores", "cores needed, at the least"),
        ],
        drawings=drawings(graph(), "one-server-filling", moving={"users": "dots", "web": "utilisation"}),
        sentences=SENTENCES,
        note=note,
    )


def cores(utilisation: Number) -> int:
    """How many whole cores have the CPU time that is asked of one; the ninth decimal is the computer's."""
    return math.ceil(round(float(utilisation), 9))


def graph() -> networkx.DiGraph:
    """Users, the name service, and one server with its three parts, the page cache off as it was when measured."""
    drawn = networkx.DiGraph()
    drawn.add_node("users", kind="users", label="users", note="5,000 per dot", note_output="users_per_dot",
                   note_unit="per dot")  # fmt: skip
    drawn.add_node("names", kind="name_server", label="DNS")
    # the level stands in the web application: the CPU time of the one process is not split between its parts
    for kind, label, note in (
        ("web", "web application", "level of all three"),
        ("cache", "page cache", "off here"),
        ("data", "database", ""),
    ):
        drawn.add_node(kind, kind=kind, label=label, note=note, group="one server, one process")
    drawn.add_edge("users", "names", kind="lookup", step=1)
    drawn.add_edge("users", "web", kind="request", step=2)
    drawn.add_edge("web", "data", kind="query", step=3)
    return drawn

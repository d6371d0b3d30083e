"""The book's picture: one slider for the number of users, and what they fill: one server, or two tiers."""

import math
from typing import Any

import networkx

from lab.architecture.diagram import drawings
from lab.architecture.outlines import Ways
from lab.architecture.silhouettes import FULL_ABOVE
from lab.chapters.cover.utilisation_model import Number, users_that_fill, utilisation
from lab.models.queue_formulas import mm1_response
from lab.widgets.explorer import Control, Explorer, Output

# Users from 1 to a million, eight steps a power of ten, each rounded to two digits
USERS = sorted({round(float(f"{10 ** (step / 8):.2g}")) for step in range(49)})
# Where between the users that fill one server and those that fill two tiers there are steps besides
BETWEEN = (1 / 3, 2 / 3)
START = 1000
# So many users are drawn one by one; of more, each dot stands for several
MOST_DOTS = 200
ONE_SERVER, TWO_TIERS = 1, 2
ONE_PROCESS = "one server, one process"
GROUPS = ({"web": ONE_PROCESS, "data": ONE_PROCESS}, {"web": "web tier", "data": "data tier"})
SENTENCES = (
    "Web application and database are one process on one server, so there is one level: the CPU time of that process."
    " It has room.",
    "The one server is nearly full. Most requests find others before them, and wait: chapter 3 shows why.",
    "The one server is full: more is asked than it can do, and the queue grows for as long as that lasts.",
    "The work is split: the web tier and the data tier have a core each, and so a level each. Both have room.",
    "The work is split, and the tier that has more of it is nearly full: room in the other one does not help it.",
    "The work is split, and both tiers are nearly full: most requests wait, first in the one and then in the other.",
    "The work is split, and the tier that has more of it is full: its queue grows, whatever room the other one has.",
    "The work is split, and both tiers are full: more is asked of each than one core can do.",
)


def splitting_explorer(
    one_server_s: float, tiers_s: tuple[float, float], requests_per_user_per_second: float, note: str
) -> Explorer:
    """Return the explorer of one server, and two tiers, under a growing number of users.

    One server is the one process in which application and SQLite run: one core does the work, as one Python process
    can use one, and `one_server_s` are its CPU seconds a request. Of two tiers, web and data, each has a core of its
    own, and `tiers_s` are the CPU seconds of a request in each. `note` says where the numbers come from.
    """
    demands_s = {ONE_SERVER: [one_server_s], TWO_TIERS: list(tiers_s)}

    def model(users: int, built: int) -> dict[str, Any]:
        utilisations = [utilisation(users, requests_per_user_per_second, demand_s) for demand_s in demands_s[built]]
        return {
            "requests": users * requests_per_user_per_second,
            **levels(utilisations),
            "response": response_ms(utilisations, demands_s[built]),
            "dots": min(users, MOST_DOTS),
            "users_per_dot": max(users / MOST_DOTS, 1),
            "outlines": built,
            "sentence": sentence(utilisations),
        }

    return Explorer(
        name="splitting",
        title="One server, or two tiers, under a growing number of users",
        model=model,
        controls=[
            Control("users", "Users", steps(requests_per_user_per_second, one_server_s, max(tiers_s)), START),
            Control("built", "They ask", (ONE_SERVER, TWO_TIERS), ONE_SERVER, words=("one server", "two tiers")),
        ],
        outputs=[
            Output("requests", "requests a second"),
            Output("fullest", "fullest core, in use", percent=True),
            Output("response", "a request takes, on average", "ms", missing="longer and longer"),
            Output("cores", "cores needed, at the least"),
        ],
        drawings=drawings(
            picture_graph(), "splitting", {"users": "dots", "web": "web", "data": "data"},
            Ways("outlines", GROUPS, {ONE_PROCESS: "process"}),
        ),
        sentences=SENTENCES,
        note=note,
    )


def steps(requests_per_user_per_second: float, *demands_s: float) -> list[int]:
    """Return the numbers of users to choose from, with some, of three digits, at which the first demand alone fills.

    `demands_s` are two: CPU seconds of a request on one server, and in the fuller of two tiers. The steps of USERS
    are wider than the range between them is: without these a reader would find both full, or neither.
    """
    first, last = (float(users_that_fill(requests_per_user_per_second, demand_s)) for demand_s in demands_s)
    between = (first + share * (last - first) for share in BETWEEN)
    return sorted({*USERS, *(round(float(f"{users:.3g}")) for users in between)})


def levels(utilisations: list[Number]) -> dict[str, Any]:
    """Return how full the one process is, or else each tier, and the cores that all need.

    What is not there has the level None. A utilisation beyond 1 is no level: no vessel is fuller than full.
    """
    full = [min(utilisation, 1) for utilisation in utilisations]
    process, web, data = (*full, None, None) if len(full) == 1 else (None, *full)
    return {
        "process": process, "web": web, "data": data,
        "fullest": max(full), "cores": sum(cores(utilisation) for utilisation in utilisations),
    }  # fmt: skip


def response_ms(utilisations: list[Number], demands_s: list[float]) -> float | None:
    """Return how many milliseconds a request takes that goes through all, one after the other.

    A queue that is never empty has no mean: None.
    """
    if max(utilisations) >= 1:
        return None
    stations = zip(utilisations, demands_s, strict=True)
    return 1000 * sum(mm1_response(float(utilisation), demand_s) for utilisation, demand_s in stations)


def sentence(utilisations: list[Number]) -> int:
    """Return the place of the sentence that fits: of one server one of the first three."""
    most, least = max(utilisations), min(utilisations)
    if len(utilisations) == 1:
        return int(most > FULL_ABOVE) + int(most >= 1)
    if most >= 1:
        return 6 + int(least >= 1)
    return 3 if most <= FULL_ABOVE else 4 + int(least > FULL_ABOVE)


def cores(utilisation: Number) -> int:
    """Return how many whole cores have the CPU time that is asked of one; the ninth decimal is the computer's."""
    return math.ceil(round(float(utilisation), 9))


def picture_graph() -> networkx.DiGraph:
    """Return the graph of the picture: users, the name service, and application and database as two tiers."""
    graph = networkx.DiGraph()
    graph.add_node("users", kind="users", label="users", note="5,000 per dot", note_output="users_per_dot",
                   note_unit="per dot")  # fmt: skip
    graph.add_node("names", kind="name_server", label="DNS")
    for node, label in (("web", "web application"), ("data", "database")):
        graph.add_node(node, kind=node, label=label, group=GROUPS[-1][node])
    graph.add_edge("users", "names", kind="lookup", step=1)
    graph.add_edge("users", "web", kind="request", step=2)
    graph.add_edge("web", "data", kind="query", step=3)
    return graph

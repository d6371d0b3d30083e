"""Whole figures, to the last pixel: a changed number anywhere in lab/views shows here.

Where a change is meant: look at the figure, in both layouts, light and dark; then write its new checksum.
"""

from hashlib import sha256

import pytest

from lab.architecture.diagram import architecture, drawings
from lab.architecture.outlines import Ways
from lab.architecture.silhouettes import SILHOUETTES, paint_silhouette
from lab.chapters.between_tiers.trips_explorer import trips_explorer
from lab.chapters.cover import splitting_explorer
from lab.chapters.measuring import latencies_view, loops_view
from lab.chapters.one_request import hit_ratio_view, waterfall_view
from lab.chapters.one_request.message_bytes_view import message_bytes
from lab.chapters.tiers.boxes_explorer import boxes_explorer
from lab.chapters.tiers.tiers_explorer import tiers_explorer
from lab.chapters.two_clients import load_time_view, negotiation_view
from lab.chapters.two_clients.phone_view import phone
from lab.chapters.when_full import queue_scene_view
from lab.drawing import plot
from lab.drawing.book_figure import BookFigure, Drawing, draw
from lab.drawing.sheet import Sheet
from lab.widgets.explorer import Explorer
from tests.lab.models.test_phone_screen import USER
from tests.lab.views.test_architecture import GRAPHS, two_tiers
from tests.lab.views.test_full_server import FIGURES as FULL_SERVER
from tests.lab.views.test_hit_ratio import COUNTED, FAILING, RATE
from tests.lab.views.test_latencies import FAMOUS
from tests.lab.views.test_latencies import RUN as LATENCIES
from tests.lab.views.test_load_time import OWN, Run
from tests.lab.views.test_loops import STALL
from tests.lab.views.test_message_bytes import FIELDS
from tests.lab.views.test_plot import PLOT
from tests.lab.views.test_waterfall import TYPICAL, visit


def silhouettes(sheet: Sheet, layout: str) -> None:
    """Every vessel at two sizes, idle and at three levels."""
    for row, kind in enumerate(kind for kind in SILHOUETTES if kind != "users"):
        for column, level in enumerate((None, 0.2, 0.6, 0.95)):
            paint_silhouette(sheet, SILHOUETTES[kind](70 + 130 * column, 60 + 100 * row, (1, 0.84)[column % 2]), level)


def drawings_of(explorer: Explorer) -> dict[str, Drawing]:
    """The drawings of an explorer, as the page gets them; it is closed."""
    explorer.close()
    return {layout: Drawing(**drawing) for layout, drawing in explorer.spec["drawings"].items()}


def figures() -> dict[str, dict[str, Drawing]]:
    """What is looked at, by name."""
    plots: list[BookFigure] = [
        waterfall_view.figure([TYPICAL], "one-visit"),
        waterfall_view.figure([TYPICAL, visit(1, 1, 1, 9, 1, 1, 1, 1)], "two-visits"),
        waterfall_view.figure([visit(1, 0.1, 1, 3, 0.2, note="3 statements, and some more words than fit")], "long-note"),
        hit_ratio_view.figure(RATE, COUNTED, FAILING, "hit-ratio"),
        load_time_view.figure([Run(off=30)], "load-time", "a machine"),
        load_time_view.figure([Run(), OWN], "two-load-times", "a machine"),
        plot.figure(PLOT, "plot", "x"),
        loops_view.stall([STALL], "stall", "a machine"),
        latencies_view.figure([LATENCIES], FAMOUS, "latencies", "a machine"),
        *(draw_figure() for draw_figure in FULL_SERVER.values()),
        message_bytes("message", FIELDS),
        phone(USER, "phone"),
        *(architecture(graph, name) for name, graph in GRAPHS.items()),
    ]
    return {plot.name: dict(plot.drawings) for plot in plots} | {
        "silhouettes": draw(silhouettes, "silhouettes", 640),
        "explorer": hit_ratio_view.explorer_drawings("explorer", over="ttl_s", output="ratio"),
        "tree": negotiation_view.explorer_drawings("tree", ["text/html", "*/*"], "walk", "field", {"html": "h"}),
        "load-time-explorer": load_time_view.explorer_drawings("load", "rtt_ms", "load", "flat", [(10, 80), (40, 260)]),
        "queue-scene": queue_scene_view.scene("queue-scene", 745),
        "moving": drawings(two_tiers(), "moving", moving={"users": "dots", "web 1": "level"}),
        "tiers-explorer": drawings_of(tiers_explorer()),
        "trips-explorer": drawings_of(trips_explorer()),
        "boxes-explorer": drawings_of(boxes_explorer()),
        "splitting": drawings(
            splitting_explorer.graph(), "splitting", {"users": "dots", "web": "web", "data": "data"},
            Ways("outlines", splitting_explorer.GROUPS, {splitting_explorer.ONE_PROCESS: "process"}),
        ),
    }


DRAWN = figures()
CHECKSUMS: dict[str, str] = {
    "one-visit": "75b63a622ff9",
    "two-visits": "2b1bf53c3dd0",
    "long-note": "b1ba9b9dbd07",
    "hit-ratio": "7577fe198201",
    "load-time": "069e17e07fdb",
    "two-load-times": "faf9c2a1383e",
    "message": "d62eb37c54d9",
    "phone": "e43cd57699d0",
    "one-server": "18fb954cd4de",
    "half-full": "a954e82567cf",
    "browser-asks": "db2fc29c1b43",
    "browser-alone": "218f145acf6d",
    "with-replies": "6fdb0f63c7fa",
    "two-tiers": "419a430f9448",
    "web-processes-1": "7496f49b7436",
    "web-processes-2": "b3a3ae5e2900",
    "web-processes-3": "ed4b2a9cb399",
    "silhouettes": "73bc1292e1b6",
    "explorer": "45c60a96476c",
    "tree": "31df7ea33ed6",
    "load-time-explorer": "1683b1a3acbe",
    "moving": "476e4376c7eb",
    "plot": "69d703260d63",
    "stall": "0709f4376112",
    "latencies": "bbfb20065c05",
    "waiting": "d43cee43acf5",
    "waiting-alone": "ff46217bb23d",
    "little": "cc42bc8bf82d",
    "goodput": "768d294b877f",
    "goodput-own": "1d73616397b5",
    "site": "9cacf5ad7695",
    "users": "39bc10c5f8ad",
    "queue-scene": "0f4422594fb6",
    "tiers-explorer": "70e62a55fc20",
    "trips-explorer": "d63e5bc1dc1e",
    "boxes-explorer": "f21313f09c19",
    "splitting": "fae57d62d01e",
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_as_it_was_looked_at(name: str) -> None:
    checksum = sha256(repr(sorted(DRAWN[name].items())).encode()).hexdigest()[:12]
    assert CHECKSUMS.get(name) == checksum, "drawn differently: look at it, then write this checksum"


def test_nothing_else_is_expected() -> None:
    assert set(CHECKSUMS) == set(DRAWN)


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_drawings_are_small(layout: str) -> None:
    """The longest is a message, byte by byte; compressed it is an eighth of this."""
    sizes = {name: len(drawn[layout].svg) for name, drawn in DRAWN.items() if name != "silhouettes"}
    assert max(sizes.values()) < 20_000, sizes

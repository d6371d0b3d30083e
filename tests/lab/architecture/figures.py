"""Architectures and their parts that were looked at."""

from functools import partial

from lab.architecture.diagram import architecture, drawings
from lab.architecture.silhouettes import SILHOUETTES, paint_silhouette
from lab.drawing.book_figure import draw
from lab.drawing.sheet import Sheet
from tests.lab.architecture.test_diagram import GRAPHS, two_tiers


def silhouettes(sheet: Sheet, layout: str) -> None:
    """Every vessel at two sizes, idle and at three levels."""
    for row, kind in enumerate(kind for kind in SILHOUETTES if kind != "users"):
        for column, level in enumerate((None, 0.2, 0.6, 0.95)):
            paint_silhouette(sheet, SILHOUETTES[kind](70 + 130 * column, 60 + 100 * row, (1, 0.84)[column % 2]), level)


CHECKSUMS = {
    "one-server": "a07667cc2e37",
    "half-full": "42f050e292e6",
    "browser-asks": "95b17407649d",
    "browser-alone": "0af723b36e2d",
    "with-replies": "7bd98ad492a9",
    "two-tiers": "942224da5839",
    "web-processes-1": "00a711c6be91",
    "web-processes-2": "d7d6525460ba",
    "web-processes-3": "81f0eabcc0e6",
}
FIGURES = {
    **{name: (partial(architecture, graph, name), CHECKSUMS[name]) for name, graph in GRAPHS.items()},
    "silhouettes": (lambda: draw(silhouettes, "silhouettes", 640), "5a9797b1c7e2"),
    "moving": (lambda: drawings(two_tiers(), "moving", moving={"users": "dots", "web 1": "level"}), "cd4bf3f7e400"),
}

"""The picture of the cover that was looked at."""

from lab.architecture.diagram import drawings
from lab.architecture.outlines import Ways
from lab.chapters.cover.splitting_explorer import GROUPS, ONE_PROCESS, picture_graph

MOVING = {"users": "dots", "web": "web", "data": "data"}

FIGURES = {
    "splitting": (
        lambda: drawings(picture_graph(), "splitting", MOVING, Ways("outlines", GROUPS, {ONE_PROCESS: "process"})),
        "6d4b0ebf6a21",
    ),
}

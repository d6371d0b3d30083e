"""The explorers of the chapter on tiers that were looked at."""

from lab.chapters.tiers.boxes_explorer import boxes_explorer
from lab.chapters.tiers.tiers_explorer import tiers_explorer

FIGURES = {"tiers-explorer": (tiers_explorer, "2b5a2a6d4b9b"), "boxes-explorer": (boxes_explorer, "cb46fb32687b")}

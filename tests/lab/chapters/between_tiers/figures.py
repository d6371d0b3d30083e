"""The explorer of what lies between the tiers that was looked at."""

from lab.chapters.between_tiers.trips_explorer import trips_explorer

FIGURES = {"trips-explorer": (trips_explorer, "1f653c2c4f62")}

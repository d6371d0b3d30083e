"""What a rate costs in boxes: a box for each tier, or boxes that do both."""

from typing import Any

from lab.chapters.tiers.tiers_explorer import DEMAND_WORDS, DEMANDS_MS
from lab.drawing.plot import Axis, MovingCurve, MovingPoint, Plot, explorer_drawings
from lab.models.tiers import boxes_needed
from lab.widgets.explorer import Control, Explorer, Output

RATES = (*range(10, 201, 10), 300, 500, 700, 1000, 1500, 2000)
DATA_PRICES = (1, 2, 4, 8)  # of a data box, in web boxes
MOST_BUSY = 0.7  # assumed: no box is busier
SENTENCES = (
    "Boxes for each tier are cheaper: only the data boxes have to be the dear ones.",
    "Both ways cost the same.",
    "Boxes that do both are cheaper: two tiers round up to whole boxes twice, and web boxes are not cheap enough to"
    " make up for it.",
)


def model(rate: int, demands: str, data_price: int) -> dict[str, Any]:
    """Return the outputs at one setting; costs are in web boxes, and a box that does both is as dear as a data box."""
    web_ms, data_ms = DEMANDS_MS[demands]
    web, data, both = (
        boxes_needed(rate, demand_ms / 1000, MOST_BUSY) for demand_ms in (web_ms, data_ms, web_ms + data_ms)
    )
    apart, together = web + data * data_price, both * data_price
    return {
        "web": web,
        "data": data,
        "apart": apart,
        "both": both,
        "together": together,
        "sentence": (apart >= together) + (apart > together),
    }


def boxes_explorer() -> Explorer:
    """Return the explorer of what a rate costs."""
    costs = {1: "1", 10: "10", 100: "100", 1000: "1,000"}
    plot = Plot(
        Axis("requests a second", {10: "10", 50: "50", 200: "200", 500: "500", 2000: "2,000"}, logarithmic=True),
        Axis("cost (web boxes)", costs, logarithmic=True), key=False,
        moving=[
            MovingCurve("together", "rate", "data"),
            MovingCurve("apart", "rate", "ink"),
            MovingPoint("together", "rate", "data"),
            MovingPoint("apart", "rate", "web"),
        ],
    )  # fmt: skip
    return Explorer(
        name="boxes",
        title="What a rate costs, in boxes",
        model=model,
        controls=[
            Control("rate", "Requests a second", RATES, 200),
            Control("demands", "Demand, web + data", tuple(DEMANDS_MS), "30 + 10", words=DEMAND_WORDS),
            Control(
                "data_price", "A data box costs", DATA_PRICES, 4, words=("1 web box", "2", "4", "8 web boxes")
            ),
        ],
        outputs=[
            Output("web", "web boxes"),
            Output("data", "data boxes"),
            Output("apart", "they cost", "web boxes"),
            Output("both", "or boxes that do both"),
            Output("together", "these cost", "web boxes"),
        ],
        drawings=explorer_drawings(plot, "boxes"),
        sentences=SENTENCES,
        note=(
            "Line in the colour of the text: boxes for each tier. Green line: boxes that do both, each as dear as a"
            " data box. Assumed: no box is busier than 70 %, and a database can be spread over any number of boxes;"
            " later chapters say what that takes. The lines join the settings; between them the costs rise by whole"
            " boxes. Prices are not in the book: the ratio is yours."
        ),
    )

"""The scene of the queue: places to wait in a row, servers behind them, and below how many are inside over time."""

from lab.drawing.book_figure import Drawing, draw
from lab.drawing.geometry import Box
from lab.drawing.moving import Curve, Customers, PointOnCurve
from lab.drawing.scales import Scale, paint_axes
from lab.drawing.sheet import Sheet, rectangle, segment

SERVERS, WAITING = 4, 14
# what a customer's place means: the servers, then the places to wait from the front, then the exit
PLACES = {"servers": 0, "waiting": SERVERS, "exit": SERVERS + WAITING}
HEIGHTS = {"wide": 372, "tall": 500}
RADIUS = 9
MOST_INSIDE = 20


def scene(name: str, last_ms: int) -> dict[str, Drawing]:
    """Draw the scene, on which customers move, and below it a plot with a curve and a point, up to `last_ms`."""
    return draw(lambda sheet, layout: paint(sheet, layout, last_ms), name, HEIGHTS)


def paint(sheet: Sheet, layout: str, last_ms: int) -> None:
    """Paint servers and places, and the plot below them."""
    places = positions(layout)
    for place, (x, y) in enumerate(places[:SERVERS]):
        sheet.shape(rectangle(x - 17, y - 17, 34, 34, 8), fill="paper", line="web", width=1.8)
        sheet.text(x + 26, y + 5, f"server {place + 1}", colour="soft")
    for x, y in places[SERVERS : SERVERS + WAITING]:
        sheet.shape(rectangle(x - 12, y - 12, 24, 24, 12), line="rule", width=1.2)
    front = places[SERVERS]
    sheet.text(front[0] + 12, front[1] + 34, "front of the queue", colour="soft", anchor="end")
    sheet.moving.append(Customers("customers", RADIUS, "web", places))
    box = Box(52, sheet.height - 150, sheet.width - 24, sheet.height - 58)
    across, down = Scale((0, last_ms), (box.left, box.right)), Scale((0, MOST_INSIDE), (box.bottom, box.top))
    ticks = {tick: f"{tick}" for tick in range(0, last_ms + 1, 100 if layout == "wide" else 200)}
    paint_axes(sheet, box, across, down, ticks, {0: "0", 4: "4", 10: "10", 20: "20"}, "moment (ms)", "inside")
    sheet.shape(segment((box.left, down.at(SERVERS)), (box.right, down.at(SERVERS))), line="full", width=1.2,
                dashes=(5, 4))  # fmt: skip
    scales = across.as_moving(), down.as_moving()
    over = "inside", "moment_ms"
    sheet.moving += [Curve(*over, *scales, "ink"), PointOnCurve(*over, *scales, "web")]


def positions(layout: str) -> list[tuple[float, float]]:
    """Return where each place lies, in pixels.

    They are a row before the servers on a wide sheet, rows above one another on a narrow one.
    """
    if layout == "wide":
        servers = [(560.0, 36.0 + 42 * server) for server in range(SERVERS)]
        waiting = [(500.0 - 33 * place, 99.0) for place in range(WAITING)]
        return [*servers, *waiting, (694.0, 99.0)]
    servers = [(190.0, 130.0 + 42 * server) for server in range(SERVERS)]
    waiting = [(322.0 - 44 * (place % 7), 62.0 - 34 * (place // 7)) for place in range(WAITING)]
    return [*servers, *waiting, (330.0, 193.0)]

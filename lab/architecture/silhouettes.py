"""The shapes of a system's parts, each known by its outline, and the vessel that every one of them is."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from lab.drawing.colours import TINT
from lab.drawing.geometry import Box
from lab.drawing.lettering import lines
from lab.drawing.moving import Level
from lab.drawing.sheet import Sheet, dots, polygon, rectangle, segment
from lab.drawing.svg import rounded

FULL_ABOVE = 0.9
LEVEL_SIZE = 13
# A crowd of users: dots of this radius, at most so many, on a round ground of this radius.
USER_RADIUS, MOST_USERS, USERS_RADIUS = 2.4, 240, 66
# Below this many pixels of content the share is written above the surface, so that the line crosses no digit.
_ROOM_FOR_SHARE = 24


@dataclass(frozen=True)
class Detail:
    """A line on a silhouette; its colour is the part's own where none is given."""

    outline: str
    colour: str | None = None
    width: float = 1.2


@dataclass(frozen=True)
class Silhouette:
    """How a part looks: `box` is what it fills, `vessel` the outline that holds work, `tank` its extent.

    `behind` is drawn before the vessel, `front` after it, and `idle` only on a part that shows no level.
    """

    colour: str
    box: Box
    vessel: str
    tank: Box
    behind: tuple[Detail, ...] = ()
    front: tuple[Detail, ...] = ()
    idle: tuple[Detail, ...] = ()


def level_words(level: float) -> str:
    """Return the words on a vessel: '72 %', from above 90 % '94 % full', from 100 % on 'full'; no break before %."""
    if level >= 1:
        return "full"
    return f"{level:.0%}".replace("%", "\u00a0%") + " full" * (level > FULL_ABOVE)


def level_text_at(tank: Box, level: float) -> tuple[float, float]:
    """Return the place of the words (right end, baseline): at the bottom, or above the surface of little work."""
    content = tank.height * min(level, 1)
    return tank.right - 9, tank.bottom - (8 if content > _ROOM_FOR_SHARE else content + 6)


def paint_silhouette(sheet: Sheet, part: Silhouette, level: float | None, idle: bool = True) -> None:
    """Draw the part; with a level (0 to 1, more is full) the work in it stands that high.

    Without a level it shows its idle details, unless `idle` is False because a level will move in it.
    """
    colour = "full" if level is not None and level > FULL_ABOVE else part.colour
    for detail in part.behind:
        _paint_detail(sheet, detail, colour)
    sheet.shape(part.vessel, fill="panel", line=colour)
    if level is not None:
        _paint_level(sheet, part, level, colour)
    for detail in part.front + (part.idle if idle and level is None else ()):
        _paint_detail(sheet, detail, colour)


def moving_level(part: Silhouette, output: str) -> Level:
    """Return the level that an explorer moves in the part, by its output of that name."""
    tank = part.tank
    return Level(output, tank.left, tank.top, tank.width, tank.height, part.colour, FULL_ABOVE, part.vessel, TINT)


def _paint_level(sheet: Sheet, part: Silhouette, level: float, colour: str) -> None:
    tank = part.tank
    content = tank.height * min(level, 1)
    surface = tank.bottom - content
    if content:
        sheet.shape(
            rectangle(tank.left, surface, tank.width, content), fill=colour, strength=TINT, within=part.vessel
        )
        sheet.shape(
            segment((tank.left, surface), (tank.right, surface)), line=colour, width=1.6, within=part.vessel
        )
    x, y = level_text_at(tank, level)
    # the words in a narrow vessel stand one above the other
    for line in reversed(lines(level_words(level), LEVEL_SIZE, tank.width - 18, bold=True)):
        sheet.text(x, y, line, size=LEVEL_SIZE, bold=True, colour=colour, anchor="end")
        y -= LEVEL_SIZE + 2


def _paint_detail(sheet: Sheet, detail: Detail, colour: str) -> None:
    sheet.shape(detail.outline, line=detail.colour or colour, width=detail.width)


def _browser(x: float, y: float, scale: float) -> Silhouette:
    """A window with its bar: three buttons and the address."""
    width, height, bar = 116 * scale, 80 * scale, 18
    left, top = x - width / 2, y - height / 2
    buttons = dots((left + 11 + 8 * place, top + 9) for place in range(3))
    heading = segment((left + 14, top + bar + 14), (left + width * 0.5, top + bar + 14))
    text = " ".join(
        segment((left + 13, top + bar + rise), (left + 13 + (width - 26) * share, top + bar + rise))
        for rise, share in ((26, 1), (35, 1), (44, 0.6))
    )
    page = (Detail(heading, "rule", width=6), Detail(text, "rule", width=3))
    return Silhouette(
        "ink", Box(left, top, left + width, top + height), rectangle(left, top, width, height, 7),
        Box(left, top + bar, left + width, top + height),
        front=(
            Detail(segment((left, top + bar), (left + width, top + bar))), Detail(buttons, width=4.4),
            Detail(rectangle(left + 38, top + 5.5, width - 48, 7, 3.5), "soft", width=1),
        ),
        idle=page,
    )  # fmt: skip


def _phone(x: float, y: float, scale: float) -> Silhouette:
    """Upright, round corners, a speaker above and a grip below; a list on its screen."""
    width, height = 50 * scale, 90 * scale
    left, top = x - width / 2, y - height / 2
    rows = [top + 23 + 14 * place for place in range(4)]
    pictures = dots((left + 13, row) for row in rows)
    words = " ".join(
        segment((left + 22, row), (left + 22 + length * scale, row))
        for row, length in zip(rows, (16, 12, 16, 9), strict=True)
    )
    grip = segment((x - 9, top + height - 7), (x + 9, top + height - 7))
    return Silhouette(
        "ink", Box(left, top, left + width, top + height), rectangle(left, top, width, height, 10),
        Box(left, top, left + width, top + height),
        front=(Detail(segment((x - 6, top + 8), (x + 6, top + 8)), width=2),),
        idle=(Detail(pictures, "rule", width=7), Detail(words, "rule", width=3), Detail(grip, width=2)),
    )  # fmt: skip


def _name_server(x: float, y: float, scale: float) -> Silhouette:
    """A pill, because it belongs to someone else, with the open book of names in it."""
    width, height = 96 * scale, 50 * scale
    left, top = x - width / 2, y - height / 2
    page, leaf = 17 * scale, 9 * scale
    book = rounded(
        f"M {x} {y - leaf + 3} C {x - 5} {y - leaf - 1.5} {x - 11} {y - leaf - 1.5} {x - page} {y - leaf + 1} "
        f"L {x - page} {y + leaf} C {x - 11} {y + leaf - 2.5} {x - 5} {y + leaf - 2.5} {x} {y + leaf + 2} "
        f"C {x + 5} {y + leaf - 2.5} {x + 11} {y + leaf - 2.5} {x + page} {y + leaf} "
        f"L {x + page} {y - leaf + 1} C {x + 11} {y - leaf - 1.5} {x + 5} {y - leaf - 1.5} {x} {y - leaf + 3} Z"
    )
    spine = segment((x, y - leaf + 3), (x, y + leaf + 2))
    return Silhouette(
        "name", Box(left, top, left + width, top + height), rectangle(left, top, width, height, height / 2),
        Box(left, top, left + width, top + height), idle=(Detail(book, width=1.4), Detail(spine, width=1.4)),
    )  # fmt: skip


def _web(x: float, y: float, scale: float) -> Silhouette:
    """A unit of a rack: ears with screws at both sides, three bays with their lamps."""
    width, height, ear = 120 * scale, 78 * scale, 9
    left, top = x - width / 2, y - height / 2
    bays = (top + 15, top + 26, top + 37)
    edges = (left, left + width - ear - 5)
    ears = " ".join(rectangle(edge, top + 7, ear + 5, height - 14, 3) for edge in edges)
    screws = dots(
        (edge, end)
        for edge in (left + ear / 2 + 0.3, left + width - ear / 2 - 0.3)
        for end in (top + 15, top + height - 15)
    )
    lamps = dots((left + ear + 12, bay) for bay in bays)
    slots = " ".join(segment((left + ear + 20, bay), (left + ear + 36, bay)) for bay in bays)
    return Silhouette(
        "web", Box(left, top, left + width, top + height),
        rectangle(left + ear, top, width - 2 * ear, height, 5),
        Box(left + ear, top, left + width - ear, top + height), behind=(Detail(ears),),
        front=(Detail(screws, width=3.2), Detail(lamps, width=4.8), Detail(slots, width=1.8)),
    )  # fmt: skip


def _data(x: float, y: float, scale: float) -> Silhouette:
    """A drum; what is in it stands between its lid and its round bottom."""
    width, height, lid, foot = 104 * scale, 84 * scale, 10 * scale, 7 * scale
    left, top = x - width / 2, y - height / 2
    right, bottom = left + width, top + height
    near, far = width / 2 * (1 - 0.5523), lid * 0.5523

    def arc(level: float, deep: float) -> str:
        """From the right to the left side, `deep` below (or above) `level`."""
        bend = deep * 0.5523
        return (
            f"C {right} {level + bend} {right - near} {level + deep} {x} {level + deep} "
            f"C {left + near} {level + deep} {left} {level + bend} {left} {level}"
        )

    outline = rounded(
        f"M {left} {top + lid} C {left} {top + lid - far} {left + near} {top} {x} {top} "
        f"C {right - near} {top} {right} {top + lid - far} {right} {top + lid} "
        f"L {right} {bottom - foot} {arc(bottom - foot, foot)} Z"
    )
    rim = rounded(f"M {right} {top + lid} {arc(top + lid, lid)}")
    return Silhouette(
        "data", Box(left, top, right, bottom), outline, Box(left, top + 2 * lid, right, bottom),
        front=(Detail(rim, width=1.6),),
    )  # fmt: skip


def _cache(x: float, y: float, scale: float) -> Silhouette:
    """A card box: the latest answers stand in it behind tabs, at hand."""
    width, height, tab = 108 * scale, 80 * scale, 16
    left, top = x - width / 2, y - height / 2
    right, third = left + width, (width - 20) / 3

    def card(rise: float, inset: float, start: float) -> Detail:
        """The upper edge of a card that looks out of the box, with its tab."""
        return Detail(polygon(
            (left + inset, top + tab + 8), (left + inset, top + rise + 6), (start, top + rise + 6),
            (start + 3, top + rise), (start + third - 3, top + rise), (start + third, top + rise + 6),
            (right - inset, top + rise + 6), (right - inset, top + tab + 8),
        ))  # fmt: skip

    tabs = (card(0, 9, right - 13 - third), card(5, 5, left + 10))
    front = rectangle(left, top + tab, width, height - tab, 5)
    return Silhouette(
        "cache", Box(left, top, left + width, top + height), front,
        Box(left, top + tab, left + width, top + height), behind=tabs,
    )  # fmt: skip


def _users(x: float, y: float, scale: float) -> Silhouette:
    """Many clients at once, each a dot: the ground on which they stand has no outline."""
    radius = USERS_RADIUS * scale
    ground = Box(x - radius, y - radius, x + radius, y + radius)
    return Silhouette("ink", ground, "", ground)


def user_positions(ground: Box, count: int) -> list[tuple[float, float]]:
    """Return the centres of `count` dots, the first in the middle, as evenly spread as the seeds of a sunflower.

    The nth dot stands where it stands whatever the count, so that a crowd grows outwards. (H. Vogel, "A better
    way to construct the sunflower head", Mathematical Biosciences 44, 1979.)
    """
    (x, y), golden = ground.centre, math.pi * (3 - math.sqrt(5))
    spread = (ground.width / 2 - USER_RADIUS) / math.sqrt(MOST_USERS)
    radii = [spread * math.sqrt(place + 0.5) for place in range(count)]
    return [
        (round(x + radius * math.cos(place * golden), 1), round(y + radius * math.sin(place * golden), 1))
        for place, radius in enumerate(radii)
    ]


# kind of part: its silhouette around a point, in a size of 1 or a little less
SILHOUETTES: dict[str, Callable[[float, float, float], Silhouette]] = {
    "browser": _browser,
    "phone": _phone,
    "name_server": _name_server,
    "web": _web,
    "data": _data,
    "cache": _cache,
    "users": _users,
}

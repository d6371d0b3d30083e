"""Architectures: what is drawn, where it stands, what is said; and that nothing lies on anything else."""

import re

import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lab.architecture.diagram import alt_text, architecture, drawings
from lab.architecture.silhouettes import MOST_USERS
from lab.architecture.topology_graph import of_two_tiers
from lab.drawing.book_figure import BookFigure
from lab.drawing.colours import TINT
from lab.drawing.moving import Dots, Level, MovingText
from mysite.parts import Part
from tests.lab.drawing.picture import assert_well_made, shapes, texts


def one_server(*, phone: bool = True, both_ask: bool = True, level: float | None = None) -> networkx.DiGraph:
    """A browser (and a phone), a name server, and one server with web, cache and data."""
    graph = networkx.DiGraph()
    clients = ["browser", *(["phone"] if phone else [])]
    graph.add_node("browser", kind="browser", label="web browser")
    if phone:
        graph.add_node("phone", kind="phone", label="mobile application")
    graph.add_node("name", kind="name_server", label="name server", note="usually a third party's", group="")
    for client in clients if both_ask else clients[:1]:
        graph.add_edge(client, "name", kind="lookup", label="api.mysite.com?", step=1)
        graph.add_edge("name", client, kind="lookup", label="127.0.0.1", step=2)
    graph.add_node("web", kind="web", label="web application", note="uvicorn", group="one server", level=level)
    for client, label in zip(clients, ("GET /", "GET /api"), strict=False):
        graph.add_edge(client, "web", kind="request", label=label, step=3)
    graph.add_node("cache", kind="cache", note="hot pages", group="one server", level=level)
    graph.add_node("data", kind="data", label="database", note="SQLite", group="one server", level=level)
    graph.add_edge("web", "cache", kind="query", step=4)
    graph.add_edge("web", "data", kind="query", step=5)
    return graph


def with_replies() -> networkx.DiGraph:
    """One browser that asks, and answers all the way back."""
    graph = one_server(both_ask=False)
    graph.add_edge("data", "web", kind="reply", label="rows", step=6)
    graph.add_edge("web", "browser", kind="reply", label="HTML", step=7)
    return graph


def two_tiers(levels: tuple[float, ...] = (0.66, 0.91, 1.4)) -> networkx.DiGraph:
    """A crowd, a web tier of several servers, a data tier of one."""
    graph = networkx.DiGraph()
    graph.add_node("users", kind="users", label="browsers and phones", users=120)
    for place, level in enumerate(levels, start=1):
        graph.add_node(f"web {place}", kind="web", note="HTML, JSON", group="web tier", level=level)
        graph.add_edge("users", f"web {place}", kind="request")
        graph.add_edge(f"web {place}", "data", kind="query")
    graph.add_node("data", kind="data", label="database", note="PostgreSQL", group="data tier", level=0.7)
    return graph


def tiers_that_run(webs: int) -> networkx.DiGraph:
    """As it is drawn from the running processes, of which each has asked the database."""
    parts = [Part(f"web process {number}", "web", 1, (), 80, (), 1, (5,)) for number in range(1, webs + 1)]
    around = [Part("PostgreSQL", "data", 1, (), 5, (), 1), Part("name server", "name", 1, (), 53, (), 1)]
    return of_two_tiers([*parts, *around], "127.0.0.1")


GRAPHS = {
    "one-server": one_server(),
    "half-full": one_server(level=0.5),
    "browser-asks": one_server(both_ask=False),
    "browser-alone": one_server(phone=False, level=0.2),
    "with-replies": with_replies(),
    "two-tiers": two_tiers(),
    **{f"web-processes-{webs}": tiers_that_run(webs) for webs in (1, 2, 3)},
}


@pytest.mark.parametrize("name", GRAPHS)
def test_well_made(name: str) -> None:
    assert_well_made(architecture(GRAPHS[name], name))


@pytest.mark.parametrize("gone", [{"data"}, {"web 1"}, {"web 1", "data"}, {"web 1", "web 2", "web 3"}, {"name_server"}])
def test_well_made_where_something_has_ended(gone: set[str]) -> None:
    graph = tiers_that_run(3)
    graph.remove_nodes_from(gone)
    assert_well_made(architecture(graph, "a"))


def test_well_made_where_not_all_have_a_connection() -> None:
    graph = tiers_that_run(3)
    graph.remove_edges_from([("web 1", "data"), ("web 3", "data")])
    assert_well_made(architecture(graph, "a"))


def words(figure: BookFigure, layout: str) -> list[str]:
    return [text.words for text in texts(figure.drawings[layout])]


def test_every_part_and_group_is_named_in_both_layouts() -> None:
    for layout in ("wide", "tall"):
        text = " ".join(words(architecture(one_server(), "a"), layout))
        for name in ("web browser", "mobile application", "name server", "web application", "cache", "database"):
            assert name in text
        for note in ("usually a third party's", "uvicorn", "hot pages", "SQLite", "one server"):
            assert note in text


def test_words_stand_beside_the_arrows_where_there_is_room_and_in_a_key_where_not() -> None:
    figure = architecture(one_server(), "a")
    beside = words(figure, "wide")
    assert [beside.count(label) for label in ("api.mysite.com?", "127.0.0.1", "GET /", "GET /api")] == [1, 1, 1, 1]
    assert not any("→" in line for line in beside)
    key = words(figure, "tall")[-12:]
    assert key == [
        "1", "api.mysite.com?", "2", "127.0.0.1", "3", "GET /", "3", "GET /api", "4", "web application → cache",
        "5", "web application → database",
    ]  # fmt: skip


def test_each_arrow_has_its_number() -> None:
    numbers = [word for word in words(architecture(one_server(), "a"), "wide") if word.isdigit()]
    assert numbers == ["1", "1", "2", "2", "3", "3", "4", "5"]


def test_a_crowd_is_a_dot_each_and_at_most_so_many() -> None:
    graph = two_tiers()
    assert crowd_of(graph) == 120
    graph.nodes["users"]["users"] = 10_000
    assert crowd_of(graph) == MOST_USERS
    del graph.nodes["users"]["users"]
    assert crowd_of(graph) == MOST_USERS


def crowd_of(graph: networkx.DiGraph) -> int:
    """How many dots the widest dotted path of ink has."""
    drawing = architecture(graph, "a").drawings["wide"]
    return max(shape.outline.count("M") for shape in shapes(drawing) if shape.line == "ink")


@pytest.mark.parametrize(
    ("level", "share", "colours"),
    [
        (0, "0\u00a0%", {"web"}),
        (0.5, "50\u00a0%", {"web"}),
        (0.9, "90\u00a0%", {"web"}),
        (0.91, "91\u00a0% full", {"full"}),
        (1, "full", {"full"}),
        (1.4, "full", {"full"}),
    ],
)
def test_a_vessel_says_how_full_it_is(level: float, share: str, colours: set[str]) -> None:
    graph = networkx.DiGraph()
    graph.add_node("web", kind="web", label="a", level=level)
    graph.add_node("browser", kind="browser", label="b")
    graph.add_edge("browser", "web", kind="request")
    figure = architecture(graph, "a")
    assert_well_made(figure)
    for drawing in figure.drawings.values():
        assert {text.colour for text in texts(drawing) if text.words == share} == colours
        content = [shape for shape in shapes(drawing) if shape.clipped and shape.fill]
        (surface,) = [shape for shape in shapes(drawing) if shape.clipped and shape.line] or [None]
        if level == 0:
            assert not content
            continue
        heights = {y for _, y in content[0].points}
        assert max(heights) - min(heights) == pytest.approx(78 * min(level, 1), abs=0.02)
        assert surface.points[0][1] == pytest.approx(min(heights), abs=0.01)


def test_lookups_are_dotted_requests_solid_and_replies_open() -> None:
    paths = shapes(architecture(with_replies(), "a").drawings["wide"])
    dotted = [shape for shape in paths if shape.dashes]
    assert {(shape.line, shape.dashes, shape.width) for shape in dotted} == {("name", "0,5", 2.0)}
    assert len(dotted) == 2
    heads = [(shape.fill, shape.line) for shape in paths if shape.width == 1 and shape.fill and shape.line]
    assert sorted(heads) == sorted(
        [("name", "name")] * 2 + [("web", "web")] * 2 + [("cache", "cache"), ("data", "data")]
        + [("panel", "data"), ("panel", "web")]
    )  # fmt: skip


def test_a_reply_of_a_name_server_is_dotted_too() -> None:
    graph = one_server(phone=False)
    graph.edges["name", "browser"]["kind"] = "reply"
    paths = shapes(architecture(graph, "a").drawings["tall"])
    assert sum(shape.dashes == "0,5" for shape in paths) == 2
    assert [shape.line for shape in paths if shape.fill == "panel" and shape.width == 1] == ["name"]


def test_the_way_runs_to_the_right_or_down() -> None:
    for layout, along in (("wide", "x"), ("tall", "y")):
        drawing = architecture(one_server(), "a").drawings[layout]
        places = {text.words: getattr(text, along) for text in texts(drawing)}
        browser, web, data = places["web browser"], places["uvicorn"], places["SQLite"]
        assert browser < web < data


def test_a_place_overrides_the_layout() -> None:
    graph = one_server(level=0.5)
    graph.nodes["data"]["place"] = {"wide": (640, 330)}
    moved, still = (architecture(site, "a").drawings for site in (graph, one_server(level=0.5)))
    assert moved["tall"] == still["tall"]
    label = next(text for text in texts(moved["wide"]) if text.words == "database")
    assert (label.x, label.anchor) == (640, "middle")
    assert label.y == 330 + 42 + 5 + 17 - 4


def test_what_moves_is_drawn_empty_and_listed_for_the_explorer() -> None:
    graph = two_tiers((0.5,))
    for drawing in drawings(graph, "a", moving={"users": "crowd", "web 1": "utilisation"}).values():
        dots, level = drawing.moving
        assert dots == Dots("crowd", dots.positions, "ink", 2.4)
        assert len(dots.positions) == MOST_USERS
        assert level == Level("utilisation", level.x, level.y, 102, 78, "web", 0.9, level.outline, TINT)
        assert level.outline.startswith("M ")
        assert "50\u00a0%" not in [text.words for text in texts(drawing)]
        assert (level.x + level.width <= drawing.width) and (level.y + level.height <= drawing.height)
    assert all(drawing.moving == () for drawing in drawings(graph, "a").values())


def test_note_that_an_explorer_writes_is_not_drawn_but_keeps_its_room() -> None:
    graph = two_tiers()
    graph.nodes["users"]["note"] = "many"
    still = drawings(graph, "a")
    graph.nodes["users"].update(note_output="per_dot", note_unit="a dot")
    for layout, drawing in drawings(graph, "a").items():
        note = next(text for text in texts(still[layout]) if text.words == "many")
        (moving,) = drawing.moving
        assert moving == MovingText(
            "per_dot", note.x, note.y, note.anchor, note.size, weight=400, colour=note.colour, unit="a dot"
        )
        assert "many" not in [text.words for text in texts(drawing)]


def test_alt_text_says_what_there_is_and_then_what_happens() -> None:
    assert alt_text(with_replies()) == (
        "Web browser, mobile application (a phone) and name server (usually a third party's). "
        "In one server: web application (a web server, uvicorn), cache (hot pages) and database (SQLite). "
        "Step 1: question from web browser to name server: api.mysite.com? "
        "Step 2: answer from name server to web browser: 127.0.0.1. "
        "Step 3: request from web browser to web application: GET /. "
        "Step 3: request from mobile application to web application: GET /api. "
        "Step 4: query from web application to cache. "
        "Step 5: query from web application to database. "
        "Step 6: answer from database to web application: rows. "
        "Step 7: answer from web application to web browser: HTML."
    )


def test_alt_text_says_levels_and_what_has_no_step() -> None:
    assert alt_text(two_tiers((0.9, 1.4))) == (
        "Browsers and phones (a crowd of users). "
        "In web tier: web 1 (a web server, HTML, JSON, 90 % full) and "
        "web 2 (a web server, HTML, JSON, full: 140 % is asked of it). "
        "In data tier: database (PostgreSQL, 70 % full). "
        "Request from browsers and phones to web 1. Request from browsers and phones to web 2. "
        "Query from web 1 to database. Query from web 2 to database."
    )


def test_what_any_one_of_several_takes_is_told_once() -> None:
    text = alt_text(tiers_that_run(3))
    assert text.count("request from") == 2
    assert "Step 3: request from browser to web 1, web 2 or web 3: GET /." in text
    assert "Step 4: query from web 1 to PostgreSQL: SQL. Step 4: query from web 2 to PostgreSQL: SQL." in text


@pytest.mark.parametrize("layout", ["wide", "tall"])
@pytest.mark.parametrize("webs", [2, 3])
def test_what_any_one_of_several_takes_ends_at_the_outline_of_their_group(layout: str, webs: int) -> None:
    paths = shapes(architecture(tiers_that_run(webs), "a").drawings[layout])
    outline = next(shape for shape in paths if shape.line == "rule" and shape.fill == "paper").points
    begins = min(x for x, _ in outline) if layout == "wide" else min(y for _, y in outline)
    heads = [shape for shape in paths if shape.fill == "web" and shape.line == "web" and shape.width == 1]
    tips = [max(x if layout == "wide" else y for x, y in head.points) for head in heads]
    assert tips == [pytest.approx(begins - 5, abs=0.02)] * 2


def test_tiers_stand_one_after_the_other_and_each_has_its_frame() -> None:
    for layout, along in (("wide", "x"), ("tall", "y")):
        drawing = architecture(tiers_that_run(3), "a").drawings[layout]
        places = {text.words: getattr(text, along) for text in texts(drawing)}
        assert places["web tier"] < places["web 2"] < places["PostgreSQL"]
        assert places["browser"] < places["web tier"] < places["data tier"] < places["PostgreSQL"] + 60
        assert len([shape for shape in shapes(drawing) if shape.line == "rule" and shape.fill == "paper"]) == 2


def test_steps_are_told_in_the_order_of_time_not_of_the_graph() -> None:
    graph = networkx.DiGraph()
    graph.add_node("a", kind="browser")
    graph.add_node("b", kind="web")
    graph.add_node("c", kind="data")
    graph.add_edge("b", "c", kind="query", step=10)
    graph.add_edge("a", "b", kind="request", step=9)
    assert re.findall(r"Step (\d+)", alt_text(graph)) == ["9", "10"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda graph: graph.add_node("x", kind="mainframe"), "'x' is of the kind 'mainframe', which is not drawn"),
        (lambda graph: graph.add_node("x"), "'x' is of the kind None"),
        (lambda graph: graph.add_edge("web", "data", kind="guess"), "from 'web' to 'data' is of the kind 'guess'"),
        (lambda graph: graph.nodes["web"].update(level=-0.1), "'web' has the level -0.1"),
        (lambda graph: graph.nodes["web"].update(level=float("nan")), "'web' has the level nan"),
    ],
)
def test_bad_graphs_are_refused_with_what_to_do(change, message: str) -> None:
    graph = one_server()
    change(graph)
    with pytest.raises(ValueError, match=re.escape(message)):
        architecture(graph, "a")


def test_more_than_fits_is_refused() -> None:
    graph = one_server()
    for place in range(4):
        graph.add_node(f"more {place}", kind="data", group=f"group {place}")
    with pytest.raises(ValueError, match=r"7 steps side by side do not fit into 720 pixels"):
        architecture(graph, "a")


def test_only_nodes_of_the_graph_can_move() -> None:
    with pytest.raises(ValueError, match="'wbe' cannot move: the graph has no such node, only browser, phone"):
        drawings(one_server(), "a", moving={"wbe": "utilisation"})


levels = st.none() | st.floats(0, 1.5)


@settings(max_examples=15)
@given(
    clients=st.sampled_from([("browser",), ("phone",), ("users",), ("browser", "phone"), ("browser", "browser")]),
    asks=st.integers(0, 2),
    webs=st.lists(levels, min_size=1, max_size=3),
    stores=st.lists(st.tuples(st.sampled_from(["cache", "data"]), levels), max_size=2),
    groups=st.sampled_from([("", ""), ("one server", "one server"), ("web tier", "data tier"), ("", "data tier")]),
    steps=st.booleans(),
    shared=st.booleans(),
)
@example(
    clients=("browser", "phone"), asks=2, webs=[1.2, 0.3], stores=[("data", 0.1)], groups=("", ""), steps=True,
    shared=False,
)  # fmt: skip
def test_whatever_the_architecture_nothing_lies_on_anything(clients, asks, webs, stores, groups, steps, shared) -> None:
    graph = networkx.DiGraph()
    for place, kind in enumerate(clients):
        graph.add_node(place, kind=kind, label=f"client {place}")
    step = iter(range(1, 100))

    def edge(source, target, kind) -> None:
        graph.add_edge(source, target, kind=kind, **({"step": next(step)} if steps else {}))

    if asks:
        graph.add_node("name", kind="name_server", label="name server", note="a third party's")
        for place in range(min(asks, len(clients))):
            edge(place, "name", "lookup")
            edge("name", place, "reply")
    for number, level in enumerate(webs):
        graph.add_node(("web", number), kind="web", label=f"web {number}", level=level, group=groups[0])
        for place in range(len(clients)):
            edge(place, ("web", number), "request")
            graph.edges[place, ("web", number)]["shared"] = shared
    for number, (kind, level) in enumerate(stores):
        graph.add_node((kind, number), kind=kind, label=f"{kind} {number}", level=level, group=groups[1])
        for web in range(len(webs)):
            edge(("web", web), (kind, number), "query")
    assert_well_made(architecture(graph, "a"))

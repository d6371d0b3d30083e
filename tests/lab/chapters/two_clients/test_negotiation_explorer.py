"""The explorer of a choice: each row against the site's own choice, and the walk in a real browser."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.two_clients.negotiation_explorer import (
    ACCEPTS,
    THERE,
    model,
    negotiation_explorer,
    sentences,
    walk,
    why,
)
from lab.chapters.two_clients.negotiation_view import FLOW, LEAVES, ROOT
from lab.chapters.two_clients.page_in_a_browser import PageInABrowser
from lab.drawing.lettering import text_width
from lab.instruments import runs
from lab.widgets.explorer import FOLDER
from mysite.web.negotiation import HTML, JSON, best_media_type, offers

SETTINGS = [(accept, there) for accept in ACCEPTS for there in THERE]
LEAF = {HTML: "200 html", JSON: "200 json", None: "406"}


@pytest.fixture(scope="module")
def explorer():
    explorer = negotiation_explorer()
    yield explorer
    explorer.close()


def branches(number):
    """Return the branches of a number of the table."""
    return [name for place, name in enumerate(FLOW) if number >> place & 1]


@pytest.mark.parametrize("accept, there", SETTINGS)
def test_each_row_is_what_the_site_chooses(explorer, accept, there):
    row, media_type = explorer.at(accept=accept, there=there), best_media_type(ACCEPTS[accept], THERE[there])
    assert row["status"] == (200 if media_type else 406)
    weights = {offer.media_type: offer.weight / 1000 for offer in offers(ACCEPTS[accept], (HTML, JSON))}
    assert weights == {HTML: row["html"], JSON: row["json"]}
    assert FLOW[branches(row["walk"])[-1]][1] == LEAF[media_type]
    sentence = explorer.spec["sentences"][row["sentence"]]
    assert sentence.endswith(f" The answer is {f'200, {media_type}' if media_type else '406 Not Acceptable'}.")
    assert list(ACCEPTS)[row["field"]] == accept


ranges = st.sampled_from([HTML, JSON, "text/*", "application/*", "*/*", "image/png", "json", "*/html", "text/html;a=b"])
weights = st.sampled_from(["", ";q=0", ";q=0.001", ";q=0.5", ";q=1", ";q=2"])
fields = st.none() | st.lists(st.tuples(ranges, weights).map("".join), max_size=4).map(", ".join)


@given(fields, st.sampled_from(list(THERE.values())))
def test_whatever_is_asked_the_walk_is_one_way_to_what_is_chosen(accept, offered):
    way = walk(accept, offered)
    assert [FLOW[branch][0] for branch in way] == [ROOT, *(FLOW[branch][1] for branch in way[:-1])]
    assert FLOW[way[-1]][1] == LEAF[best_media_type(accept, offered)]
    assert ("no json" in way) <= (offered == (HTML,))
    assert why(accept, offered).count("The answer is") == 1


@pytest.mark.parametrize(
    "accept, offered, way",
    [
        (None, (HTML, JSON), ["unread", "welcome", "same"]),
        ("json", (HTML,), ["unread", "welcome", "html more"]),
        ("", (HTML, JSON), ["unread", "welcome", "same"]),
        ("text/html;q=0, */*", (HTML, JSON), ["read", "html named", "json by any", "welcome", "json more"]),
        ("text/html;charset=utf-8", (HTML, JSON), ["read", "html named", "json not named", "welcome", "html more"]),
        ("application/*, text/*;q=0.1", (HTML,), ["read", "html by type", "no json", "welcome", "html more"]),
        ("image/png", (HTML, JSON), ["read", "html not named", "json not named", "unwelcome"]),
        ("application/json", (HTML,), ["read", "html not named", "no json", "unwelcome"]),
    ],
)
def test_walks(accept, offered, way):
    assert walk(accept, offered) == way


@pytest.mark.parametrize(
    "accept, there, sentence",
    [
        ("absent", "both", "There is no Accept field: everything is welcome. They weigh the same, and the site offers"
         " HTML first. The answer is 200, text/html."),
        ("malformed", "html", "“json” is no media range, so it counts as none: everything is welcome. No JSON is there"
         " to choose. The answer is 200, text/html."),
        ("browser", "both", "text/html names HTML: weight 1; */* names JSON: weight 0.8. HTML weighs more. The answer"
         " is 200, text/html."),
        ("an image", "both", "Nothing names HTML: weight 0; nothing names JSON: weight 0. Neither is welcome. The"
         " answer is 406 Not Acceptable."),
        ("not HTML", "html", "text/html names HTML: weight 0. HTML is all there is, and it is not welcome. The answer"
         " is 406 Not Acceptable."),
    ],
)  # fmt: skip
def test_sentences(accept, there, sentence):
    assert sentences()[model(accept, there)["sentence"]] == sentence


def test_every_branch_is_walked_by_some_setting():
    assert {branch for setting in SETTINGS for branch in branches(model(*setting)["walk"])} == set(FLOW)
    assert {LEAF[best_media_type(ACCEPTS[accept], THERE[there])] for accept, there in SETTINGS} == set(LEAVES)


def test_the_browser_s_field_is_the_one_that_was_recorded():
    assert ACCEPTS["browser"] == runs.load(PageInABrowser).payload.accept


def test_words_of_the_slider_fit_beside_it():
    """The column is eight times 16 pixels wide, the words are 22 pixels high; DejaVu is the widest face met."""
    assert all(text_width(word, 22, bold=True) <= 150 for word in ACCEPTS)


def test_controls_and_what_moves(explorer):
    assert [len(control["values"]) for control in explorer.spec["controls"]] == [14, 2]
    assert explorer.value == {"accept": "browser", "there": "both"}
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"]) for part in drawing["moving"]] == [
            ("path", "walk"), ("words", "field"), ("text", "html"), ("text", "json"),
        ]  # fmt: skip


PAGE = """<!doctype html><meta charset="utf-8"><div id="here"></div><script type="module">
const code = new Blob([SCRIPT], { type: "text/javascript" });
const { default: widget } = await import(URL.createObjectURL(code));
const state = STATE;
const model = { get: (name) => state[name], set() {}, save_changes() {}, off() {}, send() {},
  on: (name, called) => { window.show = (value) => { state.value = value; called(); }; } };
widget.render({ model, el: document.getElementById("here") });
window.ready = true;
</script>"""
VISIBLE = """(count) => {
  const groups = [...document.querySelectorAll(".moving > g")];
  return {
    visible: groups.slice(0, count).map((group) => getComputedStyle(group).visibility === "visible"),
    field: groups[count].textContent,
  };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [1000, 390])
def test_the_browser_shows_the_walk_and_the_field(explorer, browser, width):
    state = {"spec": explorer.spec, "table": explorer.table, "value": explorer.value}
    script = (FOLDER / "explorer.js").read_text("utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(PAGE.replace("STATE", json.dumps(state)).replace("SCRIPT", json.dumps(script)))
    page.wait_for_function("window.ready")
    for accept, there in SETTINGS:
        page.evaluate("(value) => window.show(value)", {"accept": accept, "there": there})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        drawing = page.evaluate(VISIBLE, len(FLOW))
        way = [name for name, visible in zip(FLOW, drawing["visible"], strict=True) if visible]
        assert way == branches(explorer.at(accept=accept, there=there)["walk"]), accept
        assert drawing["field"].replace(" ", "") == (ACCEPTS[accept] or "(no such field)").replace(" ", "")
    page.close()

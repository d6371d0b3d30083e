"""High contrast: where the reader's system forces its own colours, every control, bar and mark is still seen."""

import io

import pytest
from PIL import Image

from lab.chapters.one_request.hit_ratio_explorer import hit_ratio_explorer
from lab.widgets.answer import answer_to
from lab.widgets.open_exercise import open_exercise
from lab.widgets.prediction import compare, predict
from lab.widgets.quiz import quiz

CONTROLS = (
    "input[type=range]", ".explorer input[type=radio]", ".prediction input", ".quiz button", ".quiz input",
    ".answer input", ".open-exercise textarea", ".open-exercise input",
)  # fmt: skip


def picture(element) -> Image.Image:
    """The element as it is seen."""
    return Image.open(io.BytesIO(element.screenshot())).convert("RGB")


def colours(element) -> set[tuple[int, int, int]]:
    """The colours that cover more than a tenth of an element."""
    image = picture(element)
    pixels = image.width * image.height
    return {colour for count, colour in image.getcolors(maxcolors=pixels) if count > pixels // 10}


@pytest.mark.browser
def test_everything_is_seen_in_colours_that_the_system_forces(show):
    guess = predict("length", "How long is it?", "bytes")
    guess.guess = 40
    page = show(hit_ratio_explorer(), guess, compare("length", 32, "bytes"), quiz("one_request"),
                answer_to("one_request", "ttl", 60), open_exercise("one_request"))  # fmt: skip
    page.locator("textarea").fill("First I measure.")
    page.get_by_role("button", name="Compare").click()
    options = page.locator("fieldset .quiz-option")
    options.first.get_by_role("radio").check()
    page.get_by_role("button", name="Check: question 1").click()
    for mode, paper, ink in (("light", (255, 255, 255), (0, 0, 0)), ("dark", (0, 0, 0), (255, 255, 255))):
        page.emulate_media(forced_colors="active", color_scheme=mode)

        track = picture(page.get_by_role("slider").first)
        ends = {track.getpixel((round(share * track.width), track.height // 2)) for share in (0.03, 0.97)}
        assert len(ends - {paper}) == 2, "a slider's track, on both sides of its thumb"

        guessed, measured = map(colours, page.locator(".comparison-bar").all())
        assert {paper, ink} <= guessed and measured == {ink}, "bars that differ"

        edges = options.evaluate_all("(options) => options.map((option) => getComputedStyle(option).borderLeftColor)")
        is_paper = [edge == "rgb({}, {}, {})".format(*paper) for edge in edges]
        assert is_paper == [False] + (len(edges) - 1) * [True], "only an option that was judged has an edge"

        for part in (".moving path", ".moving circle", ".explorer-figure text"):
            paints, panel = page.locator(part).first.evaluate("""(part) => {
              const { fill, stroke } = getComputedStyle(part);
              return [[fill, stroke], getComputedStyle(part.closest("svg")).backgroundColor];
            }""")
            assert set(paints) - {"none", panel}, f"{part} on the drawing's panel"

        page.keyboard.press("Tab")  # so that the focus comes by the keyboard
        for control in CONTROLS:
            element = page.locator(f"{control}:not(:disabled)").first
            element.focus()
            assert element.evaluate("(control) => getComputedStyle(control).outline").endswith("solid 3px"), control

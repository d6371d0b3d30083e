"""The typefaces: five small faces, the same bytes every time, with what the text needs."""

import os
import re
from importlib.resources import files
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser

from book.authoring.environment import ROOT
from book.site import fonts

MOST_KILOBYTES = 85
TEXT = " ".join(re.findall(r"[A-Za-z]+", (ROOT / "book" / "how-to-read.md").read_text("utf8")))


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return fonts.bring(tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("site"))


def test_five_faces_and_their_licence_fit(brought: list[Path]) -> None:
    assert len(brought) == 5
    assert sum(face.stat().st_size for face in brought) <= MOST_KILOBYTES * 1000
    assert "SIL OPEN FONT LICENSE" in (brought[0].parent / fonts.LICENCE).read_text("utf8").upper()


@pytest.mark.parametrize("number", range(5))
def test_a_face_has_letters_and_figures_of_one_width(brought: list[Path], number: int) -> None:
    face = TTFont(brought[number])
    known = face.getBestCmap()
    assert [letter for letter in "azAZéüß—…“”≤≥≈≠" if ord(letter) not in known] == []
    assert len({face["hmtx"][known[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_upright_faces_have_arrows_and_greek(brought: list[Path]) -> None:
    for face, file in zip(fonts.FACES, brought, strict=True):
        if face.style == "normal":
            known = TTFont(file).getBestCmap()
            assert [letter for letter in "→←αλμρσΔΣ" if ord(letter) not in known] == []


def test_same_bytes_again_and_a_kept_face_is_not_cut_again(
    brought: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = fonts.bring(tmp_path / "cache", tmp_path / "once")
    assert [face.read_bytes() for face in again] == [face.read_bytes() for face in brought]
    monkeypatch.setattr(fonts, "cut", lambda source, target: pytest.fail(f"{source.name} was cut again"))
    again = fonts.bring(tmp_path / "cache", tmp_path / "twice")
    assert [face.read_bytes() for face in again] == [face.read_bytes() for face in brought]


def test_sheet_names_every_face() -> None:
    rules = fonts.font_faces("faces")
    assert [f"faces/{face.file}" in rules for face in fonts.FACES] == [True] * 5


def width(source: Path, text: str) -> float:
    """Ems that a text takes in a face, from an OpenType file or from a table of Adobe's metrics."""
    if source.suffix == ".afm":
        table = dict(re.findall(r"^C (\d+) ; WX (\d+)", source.read_text("latin1"), re.M))
        return sum(int(table[str(ord(letter))]) for letter in text) / 1000
    face = TTFont(source)
    known = face.getBestCmap()
    return sum(face["hmtx"][known[ord(letter)]][0] for letter in text) / face["head"].unitsPerEm


def of(substitute: fonts.Substitute) -> fonts.Face:
    """The face of ours in whose place it stands."""
    return next(face for face in fonts.FACES if face.source == substitute.place_of)


@pytest.mark.parametrize(
    "substitute", fonts.SUBSTITUTES, ids=lambda substitute: f"{substitute.family}-{substitute.place_of}"
)
def test_a_substitute_is_as_wide_and_as_high_as_the_face_in_whose_place_it_stands(substitute: fonts.Substitute) -> None:
    """Over a text that the sizes were not made from, where we know how wide its letters are."""
    face, rule = of(substitute), fonts.substitute_rule(substitute)
    own = Path(str(files(face.package))) / "files" / face.source
    percent = {name: float(share) / 100 for name, share in re.findall(r"([a-z-]+):(-?[\d.]+)%", rule)}
    size, lines = percent["size-adjust"], TTFont(own)["hhea"]
    assert percent["ascent-override"] * size == pytest.approx(lines.ascent / 1000, abs=1e-3)
    assert percent["descent-override"] * size == pytest.approx(-lines.descent / 1000, abs=1e-3)
    assert percent["line-gap-override"] == lines.lineGap == 0
    assert f"font-weight:{face.weight};font-style:{face.style};" in rule
    if isinstance(substitute.metrics, str):
        theirs = width(Path(matplotlib.get_data_path()) / "fonts" / substitute.metrics, TEXT)
        assert width(own, TEXT) / theirs == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize("family, suffix", [("Book Serif", "Serif"), ("Book Sans", "Sans")])
def test_a_sheet_lists_the_substitutes_of_a_family(family: str, suffix: str) -> None:
    names = fonts.substitutes(family).split(", ")
    assert len(names) == len(set(names)) == 3
    assert all(name.endswith(f' for {suffix}"') for name in names)


MEASURE = """
async ([style, weight, family, text]) => {
  const faces = await document.fonts.load(`${style} ${weight} 40px "${family}"`).catch(() => []);
  if (!faces.length) return null;
  const span = document.createElement("span");
  span.style.font = `${style} ${weight} 40px "${family}"`;
  span.style.whiteSpace = "nowrap";
  span.textContent = text;
  document.body.append(span);
  const { width, height } = span.getBoundingClientRect();
  span.remove();
  return [width, height];
}
"""


@pytest.mark.browser
def test_a_browser_lays_out_a_substitute_as_it_does_our_face(brought: list[Path], browser: Browser) -> None:
    """Those that this machine has: of each of our faces at least one."""
    page = browser.new_page()
    sheet = brought[0].parent / "page.html"
    sheet.write_text(f"<!DOCTYPE html><style>{fonts.font_faces('.')}</style>", "utf8")
    page.goto(sheet.as_uri())
    for face in fonts.FACES:
        own = page.evaluate(MEASURE, [face.style, face.weight, face.family, TEXT[:300]])
        families = [other.family for other in fonts.SUBSTITUTES if other.place_of == face.source]
        theirs = [page.evaluate(MEASURE, [face.style, face.weight, family, TEXT[:300]]) for family in families]
        here = [size for size in theirs if size is not None]
        if not here and os.environ.get("CI") != "true":
            pytest.skip(f"none of {families} is here, in whose place {face.source} comes: apt install fonts-dejavu")
        assert here, families
        for wide, high in here:
            assert wide == pytest.approx(own[0], rel=0.025)
            assert high == pytest.approx(own[1], abs=1.5)
    page.close()

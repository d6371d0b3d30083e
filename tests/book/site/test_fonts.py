"""The typefaces: five small faces, the same bytes every time, with what the text needs."""

import re
from importlib.resources import files
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from book.authoring.environment import ROOT
from book.site import fonts

MOST_KILOBYTES = 85


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


@pytest.mark.parametrize("substitute, file", list(zip(fonts.SUBSTITUTES, (
    "pdfcorefonts/Times-Roman.afm", "ttf/DejaVuSerif.ttf", "pdfcorefonts/Helvetica.afm", "ttf/DejaVuSans.ttf",
), strict=True)))  # fmt: skip
def test_a_substitute_is_as_wide_as_the_face_in_whose_place_it_stands(substitute: fonts.Substitute, file: str) -> None:
    """And as high. Times New Roman and Arial have the widths of Times and Helvetica, which matplotlib brings."""
    face = next(face for face in fonts.FACES if face.family == substitute.place_of)
    own = Path(str(files(face.package))) / "files" / face.source
    text = "".join(re.findall(r"[A-Za-z ]+", (ROOT / "book" / "how-to-read.md").read_text("utf8")))
    theirs = width(Path(matplotlib.get_data_path()) / "fonts" / file, text)
    assert width(own, text) / theirs == pytest.approx(substitute.size, rel=0.015)
    heights = TTFont(own)["hhea"]
    assert (heights.ascent / 1000, -heights.descent / 1000) == fonts.HEIGHTS[substitute.place_of]
    assert f"size-adjust:{substitute.size:.1%}" in fonts.font_faces("faces")

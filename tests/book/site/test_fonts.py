"""The typefaces: five small faces, the same bytes every time, with what the text needs."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

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
    kept = fonts.bring(tmp_path / "cache", tmp_path / "twice")
    assert [face.read_bytes() for face in kept] == [face.read_bytes() for face in brought]


def test_sheet_names_every_face() -> None:
    rules = fonts.font_faces("faces")
    assert [f"faces/{face.file}" in rules for face in fonts.FACES] == [True] * 5

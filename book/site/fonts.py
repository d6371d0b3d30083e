"""The book's typefaces, cut to the characters that it uses: Source Serif to read, Source Sans for labels.

The faces come from two PyPI packages (SIL Open Font License; its text travels with the site). A face is cut once
and kept beside the built site until the characters or the tools change.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import fontTools
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# Latin with its accents, the Greek of formulas, arrows and the marks that the text uses. A face that lacks one
# leaves it to the reader's own fonts.
CHARACTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xC0, 0x100)])) + (
    "\u00a0£§©«°±²³µ¶·¼½¾»ŒœŠšŽž–—‘’“”†‡•…′″⁄€™−≈≠≤≥∞√∑"  # noqa: RUF001
    "ΔΣαβγδθλμπρστφω←↑→↓✓▲■◆"
)
FEATURES = ["kern", "liga"]  # figures are lining and tabular without a feature
LICENCE = "OFL.txt"


@dataclass(frozen=True)
class Face:
    """One file of a typeface."""

    family: str
    """the name by which the sheet calls it"""
    package: str
    source: str
    weight: int
    style: str = "normal"

    @property
    def file(self) -> str:
        return self.source.removesuffix(".otf").lower() + ".woff2"


SERIF, SANS = "font_source_serif_pro", "font_source_sans_pro"
FACES = (
    Face("Book Serif", SERIF, "SourceSerifPro-Regular.otf", 400),
    Face("Book Serif", SERIF, "SourceSerifPro-It.otf", 400, "italic"),
    Face("Book Serif", SERIF, "SourceSerifPro-Semibold.otf", 600),
    Face("Book Sans", SANS, "SourceSansPro-Regular.otf", 400),
    Face("Book Sans", SANS, "SourceSansPro-Semibold.otf", 600),
)


@dataclass(frozen=True)
class Substitute:
    """A face that readers have, in the size in which its text is as wide as ours: it stands until ours is there."""

    family: str
    place_of: str
    names: tuple[str, ...]
    """faces of the same widths, by the names under which systems have them"""
    size: float
    """how wide our text is, in its own"""


SUBSTITUTES = (
    Substitute("Times for Serif", "Book Serif", ("Times New Roman", "Liberation Serif", "Nimbus Roman"), 1.096),
    Substitute("DejaVu for Serif", "Book Serif", ("DejaVu Serif",), 0.862),
    Substitute("Arial for Sans", "Book Sans", ("Arial", "Helvetica", "Liberation Sans", "Nimbus Sans"), 0.922),
    Substitute("DejaVu for Sans", "Book Sans", ("DejaVu Sans",), 0.813),
)
# Ascent and descent of our faces, in ems
HEIGHTS = {"Book Serif": (1.036, 0.335), "Book Sans": (0.984, 0.273)}


def _packaged(package: str, name: str) -> Path:
    return Path(str(files(package))) / "files" / name


def cut(source: Path, target: Path) -> None:
    """Write the face at ``source`` to ``target`` as woff2 with CHARACTERS alone; the same bytes every time."""
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=FEATURES, hinting=False, desubroutinize=True, notdef_outline=True))
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    # a build that is interrupted leaves no half face behind
    half = target.with_suffix(".part")
    font.save(half)
    half.replace(target)


def _fingerprint(source: Path) -> str:
    recipe = (fontTools.version, CHARACTERS, " ".join(FEATURES))
    return hashlib.sha256(source.read_bytes() + "\0".join(recipe).encode()).hexdigest()[:16]


def bring(cache: Path, target: Path) -> list[Path]:
    """Put the five faces and their licence into ``target``; cut those that ``cache`` does not hold yet."""
    target.mkdir(parents=True, exist_ok=True)
    brought = []
    for face in FACES:
        source = _packaged(face.package, face.source)
        cut_face = cache / f"{_fingerprint(source)}-{face.file}"
        if not cut_face.exists():
            cut(source, cut_face)
        brought.append(Path(shutil.copyfile(cut_face, target / face.file)))
    shutil.copyfile(_packaged(SERIF, "LICENSE.txt"), target / LICENCE)
    return brought


def font_faces(folder: str) -> str:
    """The ``@font-face`` rules; ``folder`` is where the faces lie as the sheet sees it."""
    rules = [
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
        f'font-display:swap;src:url({folder}/{face.file}) format("woff2")}}'
        for face in FACES
    ]
    # the italic has no Greek: the letters of formulas come from the upright face rather than from another typeface
    upright_greek = f'{rules[0][:-1]};unicode-range:U+370-3FF}}'.replace("font-style:normal", "font-style:italic")
    return "\n".join([*rules, upright_greek, *map(_substitute_rule, SUBSTITUTES)])


def _substitute_rule(substitute: Substitute) -> str:
    names = ",".join(f'local("{name}")' for name in substitute.names)
    ascent, descent = (f"{height / substitute.size:.1%}" for height in HEIGHTS[substitute.place_of])
    return (
        f'@font-face{{font-family:"{substitute.family}";src:{names};size-adjust:{substitute.size:.1%};'
        f"ascent-override:{ascent};descent-override:{descent};line-gap-override:0%}}"
    )

"""The book's typefaces, cut to the characters that it uses: Source Serif to read, Source Sans for labels.

The faces come from two PyPI packages (SIL Open Font License; its text travels with the site). A face is cut once
and kept beside the built site until the characters or the tools change.

A face that comes too late for the first picture of a page is not used on it, so that no line moves; what stands in its
place are faces that readers have, in the size in which their text is as wide as ours, line for line about as high.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
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


# not imported: that would look for a place to write in
_MATPLOTLIBS = Path(str(find_spec("matplotlib").origin)).parent / "mpl-data" / "fonts"
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
    """A face that readers have: it stands in the place of one of ours, in the size in which its text is as wide."""

    place_of: str
    """the file of ours"""
    family: str
    """the name by which the sheet calls it"""
    names: tuple[str, ...]
    """faces of the same widths, by the names under which systems have them"""
    metrics: str | float
    """a file of matplotlib's that has its widths, or how many ems an average letter of SAMPLE takes"""


# The letters of a text like ours, as often as they stand in one
SAMPLE = (
    "Start one web server on your own machine. Watch it fill up. Split it, measure what that bought, "
    "and choose a database by asking every kind of store the same six questions."
)
# Linux has Liberation or DejaVu, macOS and Windows have Times New Roman and Arial, Android has Noto Serif and Roboto.
# Liberation, Times New Roman and Arial have the widths of Times and Helvetica. Those of Noto Serif 2.015 and Roboto
# 3.015 were computed from their variable fonts at 400 and 700, as no package here brings them.
_ANDROID_SERIF, _ANDROID_SANS = "Noto for Serif", "Roboto for Sans"
SUBSTITUTES = (
    Substitute("SourceSerifPro-Regular.otf", "Times for Serif",
               ("Times New Roman", "TimesNewRomanPSMT", "Liberation Serif", "Times", "Nimbus Roman"),
               "pdfcorefonts/Times-Roman.afm"),
    Substitute("SourceSerifPro-It.otf", "Times for Serif",
               ("Times New Roman Italic", "TimesNewRomanPS-ItalicMT", "Liberation Serif Italic", "Times Italic"),
               "pdfcorefonts/Times-Italic.afm"),
    Substitute("SourceSerifPro-Semibold.otf", "Times for Serif",
               ("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold", "Times Bold"),
               "pdfcorefonts/Times-Bold.afm"),
    Substitute("SourceSerifPro-Regular.otf", "DejaVu for Serif", ("DejaVu Serif",), "ttf/DejaVuSerif.ttf"),
    Substitute("SourceSerifPro-It.otf", "DejaVu for Serif", ("DejaVu Serif Italic",), "ttf/DejaVuSerif-Italic.ttf"),
    Substitute("SourceSerifPro-Semibold.otf", "DejaVu for Serif", ("DejaVu Serif Bold",), "ttf/DejaVuSerif-Bold.ttf"),
    Substitute("SourceSerifPro-Regular.otf", _ANDROID_SERIF, ("Noto Serif", "NotoSerif"), 0.4756),
    Substitute("SourceSerifPro-It.otf", _ANDROID_SERIF, ("Noto Serif Italic", "NotoSerif-Italic"), 0.4631),
    Substitute("SourceSerifPro-Semibold.otf", _ANDROID_SERIF, ("Noto Serif Bold", "NotoSerif-Bold"), 0.5051),
    Substitute("SourceSansPro-Regular.otf", "Arial for Sans",
               ("Arial", "ArialMT", "Helvetica", "Liberation Sans", "Nimbus Sans"), "pdfcorefonts/Helvetica.afm"),
    Substitute("SourceSansPro-Semibold.otf", "Arial for Sans",
               ("Arial Bold", "Arial-BoldMT", "Helvetica Bold", "Liberation Sans Bold", "Nimbus Sans Bold"),
               "pdfcorefonts/Helvetica-Bold.afm"),
    Substitute("SourceSansPro-Regular.otf", "DejaVu for Sans", ("DejaVu Sans",), "ttf/DejaVuSans.ttf"),
    Substitute("SourceSansPro-Semibold.otf", "DejaVu for Sans", ("DejaVu Sans Bold",), "ttf/DejaVuSans-Bold.ttf"),
    Substitute("SourceSansPro-Regular.otf", _ANDROID_SANS, ("Roboto", "Roboto-Regular"), 0.4418),
    Substitute("SourceSansPro-Semibold.otf", _ANDROID_SANS, ("Roboto Bold", "Roboto-Bold"), 0.4482),
)


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
    """The ``@font-face`` rules; ``folder`` is where the faces lie as the sheet sees it.

    ``optional``: who asks for a face early (layout.html does) has it in the first picture, or not on this page at all.
    """
    rules = [
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-style:{face.style};'
        f'font-display:optional;src:url({folder}/{face.file}) format("woff2")}}'
        for face in FACES
    ]
    # the italic has no Greek: the letters of formulas come from the upright face rather than from another typeface
    upright_greek = f'{rules[0][:-1]};unicode-range:U+370-3FF}}'.replace("font-style:normal", "font-style:italic")
    return "\n".join([*rules, upright_greek, *map(substitute_rule, SUBSTITUTES)])


def substitutes(family: str) -> str:
    """What stands in the place of a family of ours, best first, as a sheet lists it."""
    files = {face.source for face in FACES if face.family == family}
    return ", ".join(dict.fromkeys(f'"{other.family}"' for other in SUBSTITUTES if other.place_of in files))


def substitute_rule(substitute: Substitute) -> str:
    """Its ``@font-face`` rule: as wide and as high as the face of ours, for the weight and the style of that one."""
    face = next(face for face in FACES if face.source == substitute.place_of)
    own, theirs = _packaged(face.package, face.source), substitute.metrics
    size = letter_width(own) / (theirs if isinstance(theirs, float) else letter_width(_MATPLOTLIBS / theirs))
    font = TTFont(own)
    lines, ems = font["hhea"], font["head"].unitsPerEm * size
    names = ",".join(f'local("{name}")' for name in substitute.names)
    return (
        f'@font-face{{font-family:"{substitute.family}";font-weight:{face.weight};font-style:{face.style};src:{names};'
        f"size-adjust:{size:.2%};ascent-override:{lines.ascent / ems:.2%};descent-override:{-lines.descent / ems:.2%};"
        f"line-gap-override:{lines.lineGap / ems:.2%}}}"
    )


def letter_width(source: Path) -> float:
    """Ems that an average letter of SAMPLE takes, from an OpenType file or from a table of Adobe's metrics."""
    if source.suffix == ".afm":
        table = dict(re.findall(r"^C (\d+) ; WX (\d+)", source.read_text("latin1"), re.M))
        return sum(int(table[str(ord(letter))]) for letter in SAMPLE) / 1000 / len(SAMPLE)
    face = TTFont(source)
    glyphs, widths = face.getBestCmap(), face["hmtx"]
    return sum(widths[glyphs[ord(letter)]][0] for letter in SAMPLE) / face["head"].unitsPerEm / len(SAMPLE)

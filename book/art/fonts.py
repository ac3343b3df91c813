"""Make the web fonts of the book: Source Sans 3, cut down to the letters that it needs.

The licence reserves the name "Source" for the unchanged fonts, so the files made here get a
name of their own. ``book/_static/fonts/README.md`` has the command that runs this.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "_static" / "fonts"
FAMILY = "Treatybook Sans"
FACES = {"regular": "Regular", "bold": "Bold", "italic": "It"}
# Latin with the accents of the West, Cyrillic of the Russians, the signs of a scholar's text.
RANGES = [
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2B9, 0x2B9),
    (0x2BB, 0x2BC),
    (0x410, 0x44F),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2030, 0x2033),
    (0x2190, 0x2199),
]
# Of neighbouring alphabets what names need: all the letters of each would weigh a sixth of a page.
NAMES = "āĀćĆčČēĒğĞīĪıİłŁńŃōŌřŘśŚşŞšŠūŪźŹżŻžŽ" + "ЁёЄєІіЇїЎўҮүӨө"
SIGNS = "…‹›⁄€№™−≈≠≤≥✓✗■□▲△▶▼▽◀◆○●"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "tnum", "lnum"]


def letters() -> set[int]:
    """Code points that the fonts should have."""
    return {code for low, high in RANGES for code in range(low, high + 1)} | {
        ord(sign) for sign in NAMES + SIGNS
    }


def rename(font: TTFont, face: str) -> None:
    """Give the cut font a name of its own; copyright and licence stay as they are."""
    full = f"{FAMILY} {face.title()}"
    names = font["name"]
    for record in list(names.names):
        if record.nameID not in (0, 13, 14):
            names.removeNames(nameID=record.nameID)
    texts = {1: FAMILY, 2: face.title(), 3: full, 4: full, 5: "Version 1", 6: full.replace(" ", "")}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)


def make(source: Path, target: Path, face: str) -> None:
    """Cut one font file down and write it as woff2, the same bytes each time."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = FEATURES
    options.name_IDs = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "meta"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters())
    cutter.subset(font)
    rename(font, face)
    subset.save_font(font, str(target), options)
    print(
        f"{target.name}: {target.stat().st_size / 1000:.1f} kB, {len(font.getBestCmap())} letters"
    )


if __name__ == "__main__":
    package = Path(sys.argv[1])
    for face, suffix in FACES.items():
        make(package / "TTF" / f"SourceSans3-{suffix}.ttf", FOLDER / f"{face}.woff2", face)

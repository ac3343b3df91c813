"""Draw the logo, the cover of the first page and the preview card, all from this file and the data.

``python book/art/drawings.py`` writes the SVG files; with ``card`` it also takes the picture of
the preview card with Chromium. Words are drawn as outlines of the book's own font, so that a
drawing looks the same wherever it is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

BOOK = Path(__file__).resolve().parent.parent
STATIC = BOOK / "_static"
sys.path.insert(0, str(BOOK))

from treatybook.evidence import tables  # noqa: E402
from treatybook.evidence.attestation import WEAK_LEVELS  # noqa: E402
from treatybook.site.browser import running  # noqa: E402

YEAR = 1921
AGREEMENT = "soviet-mongolian-agreement-1921"
BLUE, DEEP, WHITE, SOFT, WARM = "#1c5d86", "#17384e", "#ffffff", "#b9d3e4", "#f0ab62"
WIDTH, HEIGHT = 800, 350
LEFT = 70  # the first place and the first month; the last stand as far from the right edge
LINE = 96
GROUND = 280  # the lowest mark
STEP = 16.5  # from mark to mark
MONTHS = "JFMAMJJASOND"


@cache
def _font(face: str) -> TTFont:
    return TTFont(STATIC / "fonts" / f"{face}.woff2")


def words(text: str, x: float, y: float, size: float, face: str = "bold", at: str = "start") -> str:
    """Text as outlines, standing on ``y``; ``at`` says which point of it ``x`` is."""
    font = _font(face)
    glyphs, letters = font.getGlyphSet(), font.getBestCmap()
    scale = size / font["head"].unitsPerEm
    names = [letters[ord(letter)] for letter in text]
    width = sum(glyphs[name].width for name in names) * scale
    x -= {"start": 0, "middle": width / 2, "end": width}[at]
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".removesuffix(".0"))
    for name in names:
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += glyphs[name].width * scale
    return f'<path d="{pen.getCommands()}"/>'


def svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """A whole SVG file, one part a line."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    return "\n".join([head, f"<title>{title}</title>", *parts, "</svg>", ""])


def logo() -> str:
    """Two seals, a round and a square one, and a line between them that is not sure of itself."""
    return svg(
        32,
        32,
        "Two seals joined by a broken line",
        [
            f'<rect width="32" height="32" rx="6" fill="{BLUE}"/>',
            f'<g fill="none" stroke="{WHITE}" stroke-width="2.4">',
            '<circle cx="9" cy="10" r="4.3"/>',
            '<rect x="18.7" y="17.7" width="8.6" height="8.6"/>',
            '<path d="M12.2 13.2l7 5.6" stroke-dasharray="2.3 1.6"/>',
            "</g>",
            f'<circle cx="9" cy="10" r="1.2" fill="{WHITE}"/>',
            f'<rect x="21.8" y="20.8" width="2.4" height="2.4" fill="{WHITE}"/>',
        ],
    )


def marks(book: tables.Book) -> list[list[tuple[str, bool]]]:
    """For each month of the year its events, earliest first, and whether the day is known.

    Events with weak evidence and those dated only to the year are left out. An event with a
    less exact date stands in its first possible month.
    """
    months: list[list[tuple[str, bool]]] = [[] for _ in MONTHS]
    events = book.events.sort_values("date", kind="stable").to_dict("records")
    for event in events:
        date = event["date"]
        if date.earliest.year == YEAR and date.precision != "year":
            if event["evidence"] in WEAK_LEVELS or date.uncertain:
                continue
            months[date.earliest.month - 1].append((event["event_id"], date.precision == "day"))
    return months


def year(book: tables.Book, right: float) -> list[str]:
    """The two places, the line between them, and the year's events month by month."""
    start, end, dash, number = LEFT + 132, right - 132, 14, round((right - LEFT - 264) / 26)
    gap = (end - start - number * dash) / (number - 1)
    parts = [
        f'<g fill="{WHITE}">',
        words("Moscow", LEFT - 14, 66, 38),
        words("Urga", right + 14, 66, 38, at="end"),
        "</g>",
        f'<g fill="none" stroke="{WHITE}" stroke-width="4">',
        f'<circle cx="{LEFT}" cy="{LINE}" r="10"/>',
        f'<rect x="{right - 10:g}" y="{LINE - 10}" width="20" height="20"/>',
        f'<path d="M{LEFT + 12} {LINE}H{LEFT + 120}M{right - 120:g} {LINE}H{right - 12:g}"/>',
        f'<path d="M{start} {LINE}H{end:g}" stroke-dasharray="{dash} {gap:.2f}"/>',
        "</g>",
    ]
    for number, (letter, found) in enumerate(zip(MONTHS, marks(book), strict=True)):
        x = LEFT + number * (right - LEFT) / (len(MONTHS) - 1)
        parts.append(f'<g fill="{SOFT}">{words(letter, x, HEIGHT - 24, 32, at="middle")}</g>')
        parts += [
            _mark(x, GROUND - place * STEP, known, key == AGREEMENT)
            for place, (key, known) in enumerate(found)
        ]
    return parts


def cover(book: tables.Book) -> str:
    """The picture under the title of the first page."""
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{DEEP}"/>',
        f'<g fill="{WHITE}">{words(str(YEAR), WIDTH / 2, 72, 56, at="middle")}</g>',
        *year(book, WIDTH - LEFT),
    ]
    return svg(WIDTH, HEIGHT, "Moscow and Urga in 1921", parts)


def _mark(x: float, y: float, known: bool, is_agreement: bool) -> str:
    if is_agreement:
        return f'<rect x="{x - 7.5:g}" y="{y - 7.5:g}" width="15" height="15" fill="{WARM}"/>'
    look = f'fill="{SOFT}"' if known else f'fill="none" stroke="{SOFT}" stroke-width="2"'
    return f'<circle cx="{x:g}" cy="{y:g}" r="{6 if known else 5}" {look}/>'


def card(book: tables.Book) -> str:
    """The picture that a shared link shows, 1200 by 630."""
    scale = 1.28
    return svg(
        1200,
        630,
        "Moscow–Urga 1921",
        [
            f'<rect width="1200" height="630" fill="{DEEP}"/>',
            f'<g fill="{WHITE}">',
            words("Moscow–Urga 1921", 52, 110, 78),
            words("What was agreed, and how do we know?", 54, 168, 42, "regular"),
            "</g>",
            f'<g transform="translate(-18 175) scale({scale})">',
            *year(book, (1130 + 18) / scale - 14),
            "</g>",
        ],
    )


def photograph(picture: str, target: Path) -> None:
    """Take the picture of an SVG drawing with Chromium."""
    with running() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(f'<body style="margin:0">{picture}</body>')
        page.screenshot(path=target)


def drawings(book: tables.Book) -> dict[str, str]:
    """Every SVG file of the book by its name."""
    return {"logo.svg": logo(), "favicon.svg": logo(), "cover.svg": cover(book)}


if __name__ == "__main__":
    evidence = tables.read()
    for name, text in drawings(evidence).items():
        (STATIC / name).write_text(text, encoding="utf-8", newline="\n")
    if "card" in sys.argv[1:]:
        photograph(card(evidence), STATIC / "social.png")

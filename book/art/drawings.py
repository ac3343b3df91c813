"""Draw the logo, the map, the sheet, the chapters and the preview card from the data.

``python book/art/drawings.py`` writes the SVG files; with ``card`` it also takes the picture of
the preview card with Chromium. Words are drawn as outlines of the book's own font, so that a
drawing looks the same wherever it is shown.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BOOK))

from chapters import cards  # noqa: E402
from maps import Frame, base, kilometres  # noqa: E402
from pen import (  # noqa: E402
    BLUE,
    DEEP,
    SOFT,
    STATIC,
    WARM,
    WHITE,
    bar,
    coloured,
    dots,
    ground,
    length,
    line,
    svg,
    words,
)
from treatybook.display.style import FILLS, fill_words  # noqa: E402
from treatybook.evidence import tables, wording  # noqa: E402
from treatybook.evidence.attestation import WEAK_LEVELS  # noqa: E402
from treatybook.evidence.wording import _  # noqa: E402
from treatybook.site.browser import running  # noqa: E402
from treatybook.views.clauses import short_name  # noqa: E402

YEAR = 1921
AGREEMENT = "soviet-mongolian-agreement-1921"
WIDTH, HEIGHT = 800, 350
LEFT = 70  # the first place and the first month; the last stand as far from the right edge
LINE = 96
GROUND = 280  # the lowest mark
STEP = 16.5  # from mark to mark

MAP = (74, 57, 800, 400, 14.3)  # western and northern edge, width, height, units a degree
# The places of the map, and where their names begin or end.
NAMED = {
    "irkutsk": "end",
    "kyakhta": "start",
    "urga": "start",
    "peking": "end",
    "mukden": "end",
}
LAKE, WATER_WORDS = (522, 74), "#9fd0ee"

PAPER = "#eef4f8"
SHEET, TOP, ROW, THICK = 480, 48, 32, 19  # width, first bar, from bar to bar, width of a bar
SIDE = 14  # of the ground beside the sheet
BARS, BAR = 122, 150  # where the bars begin if no name is longer, and then their length


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
    months: list[list[tuple[str, bool]]] = [[] for _month in range(12)]
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
    start, end, dash, dashes = LEFT + 132, right - 132, 14, round((right - LEFT - 264) / 26)
    gap = (end - start - dashes * dash) / (dashes - 1)
    names = {key: row["name"] for key, row in book.rows("places").items()}
    parts = [
        f'<g fill="{WHITE}">',
        words(names["moscow"], LEFT - 14, 66, 38),
        words(names["urga"], right + 14, 66, 38, at="end"),
        "</g>",
        f'<g fill="none" stroke="{WHITE}" stroke-width="4">',
        f'<circle cx="{LEFT}" cy="{LINE}" r="10"/>',
        f'<rect x="{right - 10:g}" y="{LINE - 10}" width="20" height="20"/>',
        f'<path d="M{LEFT + 12} {LINE}H{LEFT + 120}M{right - 120:g} {LINE}H{right - 12:g}"/>',
        f'<path d="M{start} {LINE}H{end:g}" stroke-dasharray="{dash} {gap:.2f}"/>',
        "</g>",
    ]
    for month, found in enumerate(marks(book), 1):
        x = LEFT + (month - 1) * (right - LEFT) / 11
        letter = wording.in_words(dt.date(YEAR, month, 1), "LLLLL")
        parts.append(f'<g fill="{SOFT}">{words(letter, x, HEIGHT - 24, 32, at="middle")}</g>')
        parts += [
            _mark(x, GROUND - place * STEP, known, key == AGREEMENT)
            for place, (key, known) in enumerate(found)
        ]
    return parts


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
        _("Moscow–Urga 1921"),
        [
            ground(1200, 630),
            f'<g fill="{WHITE}">',
            words(_("Moscow–Urga 1921"), 52, 110, 78),
            words(_("What was agreed, and how do we know?"), 54, 168, 42, "regular"),
            "</g>",
            f'<g transform="translate(-18 175) scale({scale})">',
            *year(book, (1130 + 18) / scale - 14),
            "</g>",
        ],
    )


def locator(book: tables.Book) -> str:
    """Where the story happens; Moscow lies far beyond the edge, so an arrow shows the way."""
    places, frame = book.rows("places"), Frame(*MAP)
    urga, moscow = places["urga"], places["moscow"]
    spots = {key: frame.spot(places[key]["longitude"], places[key]["latitude"]) for key in NAMED}
    (x, y), (far, high) = spots["urga"], frame.spot(moscow["longitude"], moscow["latitude"])
    slope = (high - y) / (far - x)
    way = wording.number(round(kilometres(urga, moscow), -2))
    # Today's names stand within today's borders.
    countries = ((_("Mongolia"), 400, 266), (_("Russia"), 230, 46), (_("China"), 330, 372))

    def at(place: float) -> tuple[float, float]:
        return place, y + (place - x) * slope

    tip = at(14)
    arrow = [(tip[0] + 16, tip[1] - 12), tip, (tip[0] + 16, tip[1] + 14)]
    return svg(
        frame.width,
        frame.height,
        _("Where the story happens: Urga, and Moscow {way} km away").format(way=way),
        [
            *base(book, frame),
            coloured(SOFT, *(words(*name, 30, "italic", "middle") for name in countries)),
            coloured(WATER_WORDS, words(_("Lake Baikal"), *LAKE, 30, "italic")),
            line([at(x - 14), at(x - 100)], WHITE, 4),
            line([at(x - 112), at(130)], WHITE, 4, ' stroke-dasharray="14 12"'),
            line([at(118), tip], WHITE, 4),
            line(arrow, WHITE, 4),
            coloured(
                WHITE,
                words(
                    _("{place}, {way} km").format(place=moscow["name"], way=way),
                    20,
                    tip[1] - 24,
                    32,
                ),
            ),
            dots([spots[key] for key in NAMED if key != "urga"], 14, WHITE),
            dots([spots["urga"]], 20, WARM, cap="square"),
            *(_name(places[key]["name"], *spots[key], side) for key, side in NAMED.items()),
        ],
    )


def _name(name: str, x: float, y: float, side: str) -> str:
    away = {"start": 16, "end": -16}[side]
    return coloured(WHITE, words(name, x + away, y + 10, 32, at=side))


def sheet(book: tables.Book) -> str:
    """The agreement as one sheet: a bar for each clause, filled as far as its words are known.

    All bars are of the same length, because nobody knows how long an article is that was not read.
    """
    clauses = book.clauses[book.clauses["treaty_id"] == book.agreement].sort_values("position")
    names = list(map(short_name, clauses["article"], clauses["paragraph"]))
    fills = [FILLS[level] for level in clauses["evidence"]]
    bars = max(BARS, SIDE + 24 + max(length(name, 20, "regular") for name in names))
    end_of_bars = BARS + BAR
    parts = [ground(SHEET, TOP + ROW * len(fills) + 28), _paper(len(fills))]
    for row, (name, fill) in enumerate(zip(names, fills, strict=True)):
        y = TOP + ROW * row
        parts.append(bar(bars, y, end_of_bars - bars, THICK, BLUE, fill))
        parts.append(coloured(DEEP, words(name, bars - 12, y + THICK - 3, 20, "regular", "end")))
    for fill, first, last in _runs(fills):
        y, end = TOP + ROW * first, TOP + ROW * last + THICK
        x = end_of_bars + 12
        parts.append(line([(x, y), (x + 8, y), (x + 8, end), (x, end)], DEEP, 2))
        parts.append(coloured(DEEP, words(fill_words(fill), x + 18, (y + end) / 2 + 6, 20)))
    said = [
        f"{fill_words(fill).capitalize()}: "
        f"{', '.join(n for n, f in zip(names, fills, strict=True) if f == fill)}."
        for fill in dict.fromkeys(fills)
    ]
    title = " ".join([_("A sheet of paper with one bar for each clause."), *said])
    return svg(SHEET, TOP + ROW * len(fills) + 28, title, parts)


def _paper(rows: int) -> str:
    """The sheet itself, a corner of it folded."""
    right, low, fold = SHEET - SIDE, TOP + ROW * rows + SIDE, 26
    path = f"M{SIDE} {SIDE}H{right - fold}L{right} {14 + fold}V{low}H{SIDE}Z"
    corner = f"M{right - fold} {SIDE}V{SIDE + fold}H{right}Z"
    return f'<path d="{path}" fill="{PAPER}"/><path d="{corner}" fill="{SOFT}"/>'


def _runs(fills: list[str]) -> list[tuple[str, int, int]]:
    """Neighbours of the same fill: the fill, its first row and its last."""
    runs: list[tuple[str, int, int]] = []
    for number, fill in enumerate(fills):
        first = runs.pop()[1] if runs and runs[-1][0] == fill else number
        runs.append((fill, first, number))
    return runs


def photograph(picture: str, target: Path) -> None:
    """Take the picture of an SVG drawing with Chromium."""
    with running() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(f'<body style="margin:0">{picture}</body>')
        page.screenshot(path=target)


def worded(book: tables.Book) -> dict[str, str]:
    """The SVG files with words in them, in the language of the book, by their names."""
    return {"map.svg": locator(book), "sheet.svg": sheet(book)}


def drawings(book: tables.Book) -> dict[str, str]:
    """Every SVG file of the book by its name."""
    return {"logo.svg": logo(), "favicon.svg": logo(), **worded(book), **cards(book)}


if __name__ == "__main__":
    for language in wording.LANGUAGES:
        evidence, is_first = tables.read(language=language), language == wording.SOURCE
        # Of a further language only what has words; its build puts that in the place of the others.
        folder = STATIC if is_first else Path(__file__).parent / language
        folder.mkdir(exist_ok=True)
        for name, text in (drawings if is_first else worded)(evidence).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        if "card" in sys.argv[1:]:
            photograph(card(evidence), folder / "social.png")

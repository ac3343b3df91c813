"""One small drawing for each chapter, made from what the chapter looks at.

The warm colour is for the agreement or for what the chapter asks about; hue says nothing else.
As in the figures, solid is read, faint or a ring with a dot reported, hollow not established.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from math import sqrt

import pandas as pd
from maps import Frame, base
from pen import SOFT, WARM, WHITE, Point, bar, dots, ground, line, svg
from treatybook.display.style import FILLS, OPEN, READ, REPORTED
from treatybook.evidence.attestation import WEAK_LEVELS, is_doubtful
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.tables import Book
from treatybook.views import army, audit, codings, disagreements, revolution

WIDTH, HEIGHT, EDGE = 320, 200, 26
ANSWERS = {"yes": READ, "partly": READ, "reported": REPORTED, "not-seen": OPEN}  # no: no mark
WARRING = ("ungern", "west", "troops", "army")


def along(value: float, first: float, last: float) -> float:
    """Where a value lies between the left and the right edge."""
    return EDGE + (WIDTH - 2 * EDGE) * (value - first) / (last - first)


def down(number: float, rows: int) -> float:
    """The middle of a row; all rows share the height."""
    return EDGE / 2 + (HEIGHT - EDGE) * (number + 0.5) / rows


def links(book: Book) -> list[str]:
    """Three powers as lines, the instruments before 1921 as links between those that signed."""
    powers, signed = ("russia", "mongolia", "china"), []
    for row in book.treaties[book.treaties["scope"] != "context"].to_dict("records"):
        if row["date"].latest.year < 1921 and len(row["powers"]) > 1:
            signed.append(
                (row["date"].earliest.toordinal(), tuple(map(powers.index, row["powers"])))
            )
    first, last = min(signed)[0], max(signed)[0]
    parts = [line([(0, down(n, 3)), (WIDTH, down(n, 3))], SOFT, 2) for n in range(3)]
    for day, who in sorted(set(signed)):
        x = along(day, first, last)
        parts.append(line([(x, down(min(who), 3)), (x, down(max(who), 3))], WHITE, 5))
        parts.append(dots([(x, down(n, 3)) for n in who], 22, WARM if 1 in who else WHITE))
    return parts


def lanes(book: Book) -> list[str]:
    """Events in lanes of places from Moscow to Peking; a bar covers all days of a date."""
    events, names = revolution.in_lanes(book), list(book.labels("place_lane"))
    events = events[events["lane"] != ""].to_dict("records")
    first = min(event["date"].earliest for event in events).toordinal()
    last = max(event["date"].latest for event in events).toordinal()
    parts = [
        line([(EDGE, down(n, len(names))), (WIDTH - EDGE, down(n, len(names)))], SOFT, 1)
        for n in range(len(names))
    ]
    days: dict[bool, list[Point]] = defaultdict(list)
    for event in events:
        y = down(names.index(event["lane"]), len(names))
        ends = [along(day.toordinal(), first, last) for day in _ends(event["date"])]
        if event["date"].days > 1:
            parts.append(line([(x, y) for x in ends], SOFT, 5, ' stroke-linecap="round"'))
        else:
            days[is_doubtful(event)].append((ends[0], y))
    return [*parts, dots(days[False], 13, WHITE), dots(days[True], 13, WHITE, OPEN)]


def campaign(book: Book) -> list[str]:
    """Where the events of the war happened; the more at a place, the larger its mark."""
    frame, places = Frame(83, 54.5, WIDTH, HEIGHT, 9.2), book.rows("places")
    found: Counter[str] = Counter()
    for event in book.events[book.events["thread"].isin(WARRING)].to_dict("records"):
        date = event["date"]
        within = dt.date(1920, 10, 1) <= date.earliest and date.latest < dt.date(1922, 7, 1)
        if within and event["evidence"] not in WEAK_LEVELS:
            found.update(set(event["places"]))
    spots = [(n, _spot(frame, places[key])) for key, n in found.most_common()]
    return base(book, frame) + [
        dots([spot], 7 + 6 * sqrt(number), WARM) for number, spot in spots if spot
    ]


def weeks(book: Book) -> list[str]:
    """The weeks before the agreement as a calendar: days known, days in doubt, the signing."""
    number_of, signed = 11, _signed(book)
    start = signed - dt.timedelta(days=signed.weekday() + 7 * (number_of - 2))
    known, doubted = set(), set()
    for event in book.events[book.events["thread"].isin(("moscow", "status"))].to_dict("records"):
        if event["date"].days == 1:
            (doubted if is_doubtful(event) else known).add(event["date"].earliest)
    days = [start + dt.timedelta(days=number) for number in range(7 * number_of)]

    def spots(wanted: Iterable[dt.date]) -> list[Point]:
        numbers = [(day - start).days for day in days if day in wanted]
        return [(along(n // 7, 0, number_of - 1), down(n % 7, 7)) for n in numbers]

    return [
        dots(spots(set(days) - known - doubted), 6, SOFT),
        dots(spots(known - {signed}), 17, WHITE),
        dots(spots(doubted - known), 17, WHITE, OPEN),
        dots(spots([signed]), 20, WARM, cap="square"),
    ]


def sheet(book: Book) -> list[str]:
    """The agreement as a sheet: one bar for each clause."""
    rows = book.clauses[book.clauses["treaty_id"] == book.agreement].sort_values("position")
    step = (HEIGHT - 36) / len(rows)
    paper = f'<path d="M84 8H212L236 32V{HEIGHT - 8}H84Z" fill="#234c67"/>'
    return [
        paper,
        *(
            bar(104, 21 + step * number, 112, step - 1.5, WARM, FILLS[level], 1.5)
            for number, level in enumerate(rows["evidence"])
        ),
    ]


def questions(book: Book) -> list[str]:
    """What the agreement answers to the questions of the book, a mark for each question."""
    answers = book.answers[book.answers["treaty_id"] == book.agreement]
    found = dict(zip(answers["question"], answers["answer"], strict=True))
    asked = list(book.labels("question"))
    parts = []
    for number, question in enumerate(asked):
        spot = (along(number % 3, -0.5, 2.5), down(number // 3, -(-len(asked) // 3)))
        fill = ANSWERS.get(found[question])
        parts.append(dots([spot], 38, WARM if fill == READ else SOFT, fill) if fill else "")
    return parts


def neighbours(book: Book) -> list[str]:
    """The same questions to the neighbours' treaties: a row for each, the agreement warm."""
    treaties, asked = book.settings["neighbours"], list(book.labels("question"))
    marks: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in book.answers[book.answers["treaty_id"].isin(treaties)].to_dict("records"):
        x = along(asked.index(row["question"]), 0, len(asked) - 1)
        colour = WARM if row["treaty_id"] == book.agreement else SOFT
        look = colour, ANSWERS.get(row["answer"], "")
        marks[look].append((x, down(treaties.index(row["treaty_id"]), len(treaties))))
    return [
        dots(spots, 20, colour, fill) if fill else dots(spots, 5, colour)
        for (colour, fill), spots in marks.items()
    ]


def coders(book: Book) -> list[str]:
    """Every clause that two coders coded; warm and hollow where they chose differently."""
    pairs, columns = codings.paired(book), 20
    same = pd.Series(True, index=pairs.index)
    for field in ("main", "direction", "clause_type"):
        same &= pairs[f"{field}_1"] == pairs[f"{field}_2"]
    cells: dict[bool, list[Point]] = defaultdict(list)
    for number, agree in enumerate(same):
        row = down(number // columns, -(-len(pairs) // columns))
        cells[agree].append((along(number % columns, 0, columns - 1), row))
    return [dots(cells[True], 10, SOFT, cap="square"), dots(cells[False], 11, WARM, OPEN, "square")]


def counted(book: Book) -> list[str]:
    """What is counted about the army, year by year: a solid cell has a number, a hollow one none."""
    first, last = 1921, 1927
    numbers, aspects = army.numbers(book, first, last), list(book.labels("army_aspect").values())
    given = set(zip(numbers["aspect"], numbers["year"], strict=True))
    cells: dict[bool, list[Point]] = defaultdict(list)
    for row, aspect in enumerate(aspects):
        for year in range(first, last + 1):
            spot = along(year, first, last), down(row, len(aspects))
            cells[(aspect, year) in given].append(spot)
    return [dots(cells[True], 13, WARM, cap="square"), dots(cells[False], 4, SOFT, cap="square")]


def units(book: Book) -> list[str]:
    """Units of the Red Army in Mongolia as reported, from 1921 to 1925; an open end is broken."""
    first, last = dt.date(1921, 1, 1), dt.date(1926, 1, 1)
    rows = sorted(book.presence.to_dict("records"), key=lambda row: row["date"])
    parts = []
    for number, row in enumerate(rows):
        start, end = max(row["date"].earliest, first), min(row["date"].latest, last)
        x, right = (
            along(day.toordinal(), *map(dt.date.toordinal, (first, last))) for day in (start, end)
        )
        y = down(number, len(rows))
        if row["date"].latest > last:
            parts.append(line([(x, y), (WIDTH, y)], WARM, 6, ' stroke-dasharray="12 9"'))
        else:
            parts.append(bar(x, y - 12, max(right - x, 9), 24, WARM, FILLS[row["evidence"]]))
    return parts


def state(book: Book) -> list[str]:
    """What happened to party, government and khurals from 1921 to 1924, in rows; the signing warm."""
    first, last, number = dt.date(1921, 1, 1), dt.date(1924, 12, 31), 5
    events = book.events[book.events["thread"] == "state"]["date"]
    dates = sorted(date for date in events if first <= date.earliest and date.latest <= last)
    signed = along(_signed(book).toordinal(), first.toordinal(), last.toordinal())
    parts = [line([(signed, EDGE / 2), (signed, HEIGHT - EDGE / 2)], WARM, 5)]
    for place, date in enumerate(dates):
        x, right = (
            along(day.toordinal(), first.toordinal(), last.toordinal()) for day in _ends(date)
        )
        y = down(place % number, number)
        parts.append(bar(x - 5, y - 7, max(right - x, 0) + 10, 14, WHITE))
    return parts


def tellings(book: Book) -> list[str]:
    """Sources by the decade in which they came out; those without a year are not drawn."""
    years = [int(source.year) for source in book.sources.values() if source.year.isdigit()]
    found = Counter(year // 10 for year in years)
    first, last, most = min(found), max(found), max(found.values())
    step = (WIDTH - EDGE) / (last - first + 1)
    parts = [line([(EDGE / 2, HEIGHT - 18), (WIDTH - EDGE / 2, HEIGHT - 18)], SOFT, 2)]
    for decade in range(first, last + 1):
        height = (HEIGHT - 44) * found[decade] / most
        colour = WARM if decade == _signed(book).year // 10 else SOFT
        x = EDGE / 2 + (decade - first) * step
        parts.append(bar(x + 2, HEIGHT - 20 - height, step - 4, height, colour))
    return parts


def promises(book: Book) -> list[str]:
    """Instruments with Mongolia above, with China below, all three between; solid: recognised."""
    answers = book.answers[book.answers["question"] == "recognition"]
    found = dict(zip(answers["treaty_id"], answers["answer"], strict=True))
    first, last = 1911, 1947
    parts = [
        line([(EDGE / 2, down(n, 3)), (WIDTH - EDGE / 2, down(n, 3))], SOFT, 2) for n in range(3)
    ]
    for row in book.treaties.to_dict("records"):
        sides = {"mongolia", "china"} & set(row["powers"])
        if not sides:
            continue
        lane = 1 if len(sides) == 2 else 0 if "mongolia" in sides else 2
        spot = along(row["date"].earliest.toordinal() / 365.25, first, last), down(lane, 3)
        fill = ANSWERS.get(found[row["treaty_id"]])
        warm = row["treaty_id"] == book.agreement
        if fill:
            parts.append(
                dots(
                    [spot],
                    24 if warm else 19,
                    WARM if warm else WHITE,
                    fill,
                    "square" if warm else "round",
                )
            )
    return parts


def years(book: Book) -> list[str]:
    """How many events each year has; the year of the agreement is warm."""
    found = Counter(date.earliest.year for date in book.events["date"])
    first, last, most = min(found), max(found), max(found.values())
    signed = _signed(book).year
    step = (WIDTH - EDGE) / (last - first + 1)
    parts = [line([(EDGE / 2, HEIGHT - 18), (WIDTH - EDGE / 2, HEIGHT - 18)], SOFT, 2)]
    for year in range(first, last + 1):
        height = (HEIGHT - 44) * found[year] / most
        colour = WARM if year == signed else SOFT
        x = EDGE / 2 + (year - first) * step
        parts.append(bar(x + 1, HEIGHT - 20 - height, step - 2, height, colour))
    return parts


def disputes(book: Book) -> list[str]:
    """The most disputed dates: a line from the first to the last day named; solid is followed."""
    frame = disagreements.disputed_dates(book)
    groups = [group for _, group in frame.groupby(["case_id", "subject", "field"])]
    groups = sorted(groups, key=lambda group: -group["date"].nunique())[:7]
    parts = []
    for number, group in enumerate(groups):
        days = [date.earliest.toordinal() for date in group["date"]]
        spots = [along(day, min(days), max(days)) for day in days]
        y = down(number, len(groups))
        parts.append(line([(min(spots), y), (max(spots), y)], SOFT, 2))
        followed = {x for x, yes in zip(spots, group["followed"], strict=True) if yes}
        parts.append(dots([(x, y) for x in sorted(set(spots) - followed)], 17, SOFT, OPEN))
        parts.append(dots([(x, y) for x in sorted(followed)], 17, WARM))
    return parts


def extents(book: Book) -> list[str]:
    """How far the sources were read: a bar for each extent, the most frequent warm."""
    found = Counter(source.extent for source in book.sources.values()).most_common()
    most = found[0][1]
    return [
        bar(EDGE, down(n, len(found)) - 8, along(number, 0, most) - EDGE, 16, SOFT if n else WARM)
        for n, (_, number) in enumerate(found)
    ]


def levels(book: Book) -> list[str]:
    """Table by table, how well its rows are known: read, reported, not established."""
    counts = audit.level_counts(book)
    parts = []
    for number, row in enumerate(counts.to_dict("records")):
        y, x = down(number, len(counts)) - 6, EDGE
        for fill in (READ, REPORTED, OPEN):
            share = sum(row[level] for level in FILLS if FILLS[level] == fill) / row["rows"]
            width = share * (WIDTH - 2 * EDGE)
            parts.append(bar(x, y, width, 13, SOFT, fill, 2) if width > 2 else "")
            x += width
    return parts


def lives(book: Book) -> list[str]:
    """Lives of those who take part in most events and whose years are known; warm is the agreement."""
    parts_in = book.events["people"].explode().value_counts()
    rows = book.people.dropna(subset=["born", "died"])
    rows = rows.assign(number=rows["person_id"].map(parts_in).fillna(0))
    rows = rows.nlargest(12, "number", keep="first").sort_values("born").to_dict("records")
    first = min(row["born"].earliest for row in rows).toordinal()
    last = max(row["died"].latest for row in rows).toordinal()
    x = along(_signed(book).toordinal(), first, last)
    parts = [line([(x, 0), (x, HEIGHT)], WARM, 4)]
    for number, row in enumerate(rows):
        y = down(number, len(rows))
        ends = row["born"].earliest, row["died"].latest
        spots = [(along(day.toordinal(), first, last), y) for day in ends]
        parts.append(line(spots, SOFT, 7, ' stroke-linecap="round"'))
    return parts


def everywhere(book: Book) -> list[str]:
    """Every place of the book whose position is known and lies on the map."""
    frame = Frame(81, 57.4, WIDTH, HEIGHT, 6.9)
    rows = book.rows("places")
    spots = {key: _spot(frame, row) for key, row in rows.items()}
    known = [spot for key, spot in spots.items() if spot and key != "urga"]
    return [
        *base(book, frame),
        dots(known, 10, WHITE),
        dots([spots["urga"]], 16, WARM, cap="square"),
    ]


Drawing = Callable[[Book], list[str]]
# For each page what its drawing shows, in words, and what draws it.
CHAPTERS: dict[str, tuple[str, Drawing]] = {
    "background": ("Three powers and the treaties between them", links),
    "revolution": ("Events in five lanes of places", lanes),
    "war": ("Marks on a map of Mongolia", campaign),
    "mission": ("A calendar of weeks with one warm day", weeks),
    "clauses": ("A sheet of bars, some solid, some hollow", sheet),
    "silences": ("Nine questions, most marks hollow", questions),
    "comparison": ("A grid of questions and treaties, one row warm", neighbours),
    "coding": ("Clauses as squares, hollow where two coders differ", coders),
    "army": ("A grid with few numbers", counted),
    "government": ("Marks of four years, and a line for the agreement", state),
    "withdrawal": ("Bars of units, some without an end", units),
    "recognition": ("Three lines of treaties over the years", promises),
    "chronology": ("Years as columns, one far above the others", years),
    "disagreements": ("Dates that sources give for one thing", disputes),
    "sources": ("Bars of how far the sources were read", extents),
    "verification": ("Bars of what is read, reported and not established", levels),
    "memory": ("Sources as columns, decade by decade", tellings),
    "people": ("Lives as lines, cut by one year", lives),
    "places": ("Places on a map between the Altai and Manchuria", everywhere),
}


def cards(book: Book) -> dict[str, str]:
    """The drawing of each chapter by the name of its file."""
    return {
        f"chapter-{page}.svg": svg(WIDTH, HEIGHT, title, [ground(WIDTH, HEIGHT), *draw(book)])
        for page, (title, draw) in CHAPTERS.items()
    }


def _signed(book: Book) -> dt.date:
    return book.rows("treaties")[book.agreement]["date"].earliest


def _ends(date: EdtfDate) -> tuple[dt.date, dt.date]:
    return date.earliest, date.latest


def _spot(frame: Frame, place: dict) -> Point | None:
    """Where a place lies in the drawing; None if nobody knows or it lies outside."""
    if place["latitude"] is None:
        return None
    spot = frame.spot(place["longitude"], place["latitude"])
    return spot if frame.holds(spot) else None

"""Every figure of every page: its marks lie where a reader sees them, and none is lost.

The pages are run once. A figure that is new is held to the same rules without being named here.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
from conftest import NOTEBOOKS, ran
from treatybook.display import layouts, style
from treatybook.display.content import FigureView
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.tables import Book
from treatybook.views import basemap, intercoder, presence


class Drawn(NamedTuple):
    """A figure as a page shows it."""

    page: str
    view: FigureView
    html: str


@pytest.fixture(scope="session")
def drawn() -> list[Drawn]:
    """Every figure that the cells of the pages show, in the order of the book."""
    found = [Drawn(page, view, html) for page in NOTEBOOKS for view, html in ran(page).figures]
    assert found, "no page shows a figure"
    return found


# What a figure says, and how much room it takes -----------------------------------------------

HIGHEST = {layouts.NARROW: 560, layouts.WIDE: 640}  # CSS pixels, on a phone and on a wide page


def test_every_figure_states_its_finding_and_begins_its_words_with_it(drawn):
    for _, view, _ in drawn:
        assert view.headline.strip(), view.name
        assert view.headline != view.caption, view.name
        assert not view.headline.endswith("."), view.name


@pytest.mark.parametrize("layout", HIGHEST)
def test_no_figure_is_higher_than_a_screen(drawn, layout: str):
    high = {}
    for _, view, html in drawn:
        told = json.loads(DRAWINGS.search(html)[1])
        high[view.name] = told["drawings"][layout]["layout"]["height"]
        for button, update in zip(view.buttons, told.get("updates", []), strict=True):
            high[view.name, button.label] = update["layout"][layout].get("height", 0)
    assert {name: size for name, size in high.items() if size > HIGHEST[layout]} == {}


DRAWINGS = re.compile(r'class="tb-drawings">(.*?)</script>', re.DOTALL)


def of_views(drawn: list[Drawn]) -> list[Drawn]:
    """The figures that a view makes; what a cell draws by itself is plotly's to place."""
    return [figure for figure in drawn if figure.view.alternative is not None]


# Where the marks lie -------------------------------------------------------------------------

# A reader chooses the days of this figure; a bar that reaches beyond them is cut at the edge.
CUT_AT_THE_EDGE = {"timeline"}
ROUNDING = 0.3  # shares of a bar are written to a tenth of a per cent


def pictures(view: FigureView) -> Iterator[list]:
    """The traces of the drawing as it starts, and those of each of its frames."""
    yield list(view.plot.data)
    yield from (list(frame.data) for frame in view.plot.frames)


def is_mark(trace) -> bool:
    return trace.type == "bar" or "markers" in (trace.mode or "")


def is_data(trace, ground: set[str]) -> bool:
    """Whether a trace stands for rows: not for words, the base map or the key."""
    return is_mark(trace) or (trace.mode == "lines" and trace.name not in ground)


def axis_of(view: FigureView, trace, letter: str):
    return view.plot.layout[f"{letter}axis{(trace[f'{letter}axis'] or letter)[1:]}"]


def place(value: object, axis) -> float:
    """A value as a number along its axis."""
    if axis.type == "log":
        return math.log10(value)
    if not isinstance(value, str):
        return float(value)
    if axis.type == "category":
        return list(axis.categoryarray).index(value)
    return datetime.fromisoformat(value).timestamp() * 1000


def spots(view: FigureView, traces: list, ground: set[str]) -> Iterator[tuple]:
    """Trace, axis, start and end of each mark along each axis that has a range."""
    heaps: Counter = Counter()  # how high the bars are stacked already
    for trace in (trace for trace in traces if is_data(trace, ground)):
        length = {"h": "x", "v": "y", None: "y"}[trace.orientation] if trace.type == "bar" else ""
        for letter in "xy":
            axis = axis_of(view, trace, letter)
            if axis.range is None:  # plotly draws the axis around its marks
                continue
            values = [value for value in trace[letter] if value is not None]
            if not values:
                continue
            if letter != length:
                yield from ((trace, axis, *(place(v, axis),) * 2) for v in values)
                continue
            across = trace["xy".replace(letter, "")]
            bases = trace.base or [0] * len(trace[letter])
            bars = zip(trace[letter], bases, across, strict=True)
            for value, base, row in (bar for bar in bars if None not in bar):
                heap = (trace.xaxis, trace.yaxis, row)
                start = place(base, axis)
                start += heaps[heap] if view.plot.layout.barmode == "stack" else 0
                heaps[heap] += value
                yield trace, axis, start, start + value


def rows_on_demand(view: FigureView) -> list[float]:
    """Ends of the parts of the rows that buttons show."""
    return [end for button in view.buttons for end in button.layout.get("yaxis.range", ())]


def test_every_mark_lies_inside_a_range_that_its_figure_shows(book, drawn):
    ground = {trace.name for trace in basemap.base(book)}
    hidden = []
    for page, view, _ in of_views(drawn):
        for traces in pictures(view):
            for trace, axis, start, end in spots(view, traces, ground):
                # A range is written as plotly wants it: powers on a logarithmic axis.
                ends = [float(e) if axis.type == "log" else place(e, axis) for e in axis.range]
                if axis is view.plot.layout.yaxis:
                    ends += rows_on_demand(view)
                low, high = min(ends), max(ends)
                room = ROUNDING if view.plot.layout.barmode == "stack" else 0
                whole = low <= start and end <= high + room
                cut = view.name in CUT_AT_THE_EDGE and trace.type == "bar"
                if not whole and not (cut and start < high and end > low):
                    hidden.append((page, view.name, trace.name, start, end, low, high))
    assert hidden == []


# How many marks there are ---------------------------------------------------------------------


def marks(view: FigureView) -> int:
    """Marks that the drawing starts with: points, and bars that have a length."""
    found = 0
    for trace in filter(is_mark, view.plot.data):
        if trace.type == "bar":
            lengths = trace["x" if trace.orientation == "h" else "y"]
            found += sum(length is not None and length > 0 for length in lengths)
        else:
            found += sum(None not in pair for pair in zip(trace.x, trace.y, strict=True))
    return found


def rows(view: FigureView) -> list[dict]:
    return view.table.frame.to_dict("records")


def days(row: dict) -> list[str]:
    """First and last day that the date of a row can mean."""
    return row["Date"].sort.split()


def numbers_above_nought(view: FigureView, book: Book) -> int:
    cells = view.table.frame.drop(columns="All rows", errors="ignore").to_numpy().flat
    return sum(isinstance(cell, int) and cell > 0 for cell in cells)


def ends_of_dates(view: FigureView, book: Book) -> int:
    shown = [row for row in rows(view) if row.get("Where") != "in none of the lanes"]
    return sum(len(set(days(row))) for row in shown)


def numbers_told(view: FigureView, book: Book) -> int:
    """Under the name of each force that is shown stand its numbers; a range has two ends."""
    (told,) = (trace for trace in view.plot.data if trace.mode == "text")
    lines = [
        re.sub(r" and \d+ more", "", text)
        for text, y in zip(told.text, told.y, strict=True)
        if y is not None
    ]
    assert lines
    return sum(
        len(re.findall(r"(?<![\w,])\d[\d,]*", part)) for line in lines for part in line.split(" · ")
    )


def numbers_of_the_list(view: FigureView, book: Book) -> int:
    """Each number of the month's list is one event that the table has on the map in this month."""
    month = f"{datetime.strptime(view.plot.frames[view.start].name, '%B %Y'):%Y-%m}"
    inside = [row for row in rows(view) if row["Not on the map"] == ""]
    now = [row for row in inside if days(row)[0][:7] <= month <= days(row)[1][:7]]
    (listed,) = view.plot.data[-1].text
    assert re.findall(r"<b>(\d+)</b>", listed) == [str(n + 1) for n in range(len(now))]
    earlier, *_ = (trace for trace in view.plot.data if trace.mode == "markers" and not trace.name)
    return len(now) + len(earlier.x)


def days_and_readings(view: FigureView, book: Book) -> int:
    little_trusted = set(book.events[book.events["confidence"] == "low"]["title_en"])
    found = set()
    for row in rows(view):
        first, last = map(date.fromisoformat, days(row))
        doubted = row["Date"].text != dates.phrase(dates.parse(first.isoformat()))
        doubted |= row["Evidence"].sign in WEAK_LEVELS or row["Event"].text in little_trusted
        kind = "one of several" if first < last else f"doubted: {doubted}"
        found |= {(first + timedelta(days=n), kind) for n in range((last - first).days + 1)}
    crosses = sum(len(t.x) for t in view.plot.data if t.name == "given by a source, not followed")
    return len(found) + crosses


def all_clauses(view: FigureView, book: Book) -> int:
    named = {note.text.partition(" (")[0] for note in view.plot.layout.annotations}
    first = [row for row in rows(view) if row["Clauses compared"] == "All clauses"]
    first = [row for row in first if row["Topic"] in named]
    return len(first) + sum(bool(re.match(r"-?\d", row["Alpha"])) for row in first)


def rows_named(view: FigureView, book: Book) -> int:
    """Rows of the table whose topic is among those that the figure starts with."""
    named = {note.text for note in view.plot.layout.annotations}
    return sum(row["Topic"] in named for row in rows(view))


def shown_pairs(view: FigureView, book: Book) -> int:
    return min(sum(row["Coder A"] != row["Coder B"] for row in rows(view)), intercoder.MOST)


def sources(view: FigureView, book: Book) -> int:
    keys = [row["Sources"] for row in rows(view)]
    return sum(text.count(",") + 1 for text in keys if text != "no source seen")


def followed_as_well(view: FigureView, book: Book) -> int:
    return len(view.table.frame) + (view.table.frame["Followed"] == "yes").sum()


def steps_above_nought(view: FigureView, book: Book) -> int:
    counts, labels = view.table.frame, book.labels("evidence")
    steps = {
        fill: [labels[k] for k, f in style.FILLS.items() if f == fill]
        for fill in style.FILLS.values()
    }
    return sum(
        (counts[counts.columns.intersection(names)].sum(axis=1) > 0).sum()
        for names in steps.values()
    )


def parts_of_lines(view: FigureView, book: Book) -> int:
    """A start that is not known to the day has a line before it; an end in doubt has a mark."""
    reports = list(book.presence["date"])
    before = [d for d in reports if not d.is_open and d.start.days > 1]
    doubted = [d for d in reports if not d.is_open and d.end.days == 1 and d.end.uncertain]
    treaties = [row for row in rows(view) if row["Kind"] == "treaty text"]
    signed = [row for row in treaties if row["When"].sort >= presence.FIRST.isoformat()]
    starts = [d for d in reports if d.is_open and d.start.days == 1]
    return len(view.table.frame) + sum(map(len, (before, doubted, signed, starts)))


# Where a row has not one mark: how many there must be, as the words of the figure say.
RELATIONS: dict[str, Callable[[FigureView, Book], int]] = {
    "table": lambda view, _: (
        3 * len(view.table.frame)
    ),  # each of the three powers has a mark, at the table or not
    "where": ends_of_dates,  # a span has a mark at each end and none in between; a row in none of the lanes has none
    "strengths": numbers_told,  # of the forces in the first view; the others wait behind buttons
    "campaign": numbers_of_the_list,  # and those before it, at places without a number
    "calendar": days_and_readings,  # a day has one mark of a kind for all its events, and a
    # cross where a source gives it and the book does not follow
    "point-levels": numbers_above_nought,  # a row is an article, a bar one number of it
    "burdens": numbers_above_nought,  # the same, with read and unread clauses apart
    "audit-tables": steps_above_nought,  # a row is a table, a bar one step of its evidence
    "topic-grid": rows_named,  # the other topics wait behind buttons
    "coding-grid-direction": shown_pairs,  # equal labels are in the table only
    "coding-topics": all_clauses,  # share and alpha, if there is one; the rest is for buttons
    "counted": lambda view, _: (
        view.table.frame.iloc[:, 1:].size
    ),  # a row is an aspect, and each year of it a bar, empty or not
    "disputed-dates": followed_as_well,  # a sign stands over what the book follows
    "disputed-numbers": followed_as_well,
    "witnesses": sources,  # a row is an event, and each of its sources a mark
    "words-and-boots": parts_of_lines,  # beside its bar or line, the first day of what has no end
}


def test_a_figure_has_as_many_marks_as_its_table_has_rows(book, drawn):
    for page, view, _ in of_views(drawn):
        relation = RELATIONS.get(view.name)
        wanted = relation(view, book) if relation else len(view.table.frame)
        assert marks(view) == wanted, f"{view.name} on the page {page}"
    assert set(RELATIONS) <= {figure.view.name for figure in drawn}, "a name of the past"


# What is said beside a mark -------------------------------------------------------------------


def hover_lines(part: object, inside: bool = False) -> Iterator[str]:
    """Every line of every hover text in a drawing or in a change by a button."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from hover_lines(value, inside or key == "hovertext")
    elif isinstance(part, list):
        for item in part:
            yield from hover_lines(item, inside)
    elif inside and part is not None:
        yield from part.split("<br>")


def test_no_hover_label_is_wider_than_a_phone(drawn):
    for page, view, html in drawn:
        told = json.loads(DRAWINGS.search(html)[1])
        (drawing, *_) = told["drawings"].values()
        wide = [line for line in hover_lines(told) if len(line) > 40]
        assert wide == [], f"{view.name} on the page {page}"
        hover = drawing["layout"]["template"]["layout"]["hoverlabel"]
        assert hover["font"]["family"] == style.FONT


def test_no_word_of_a_figure_is_smaller_than_twelve_pixels(drawn):
    for page, view, _ in drawn:
        text = json.dumps(json.loads(view.plot.to_json()))
        sizes = re.findall(r'"(?:tickfont|textfont|font)": \{[^{}]*"size": (\d+)', text)
        assert sizes and min(map(int, sizes)) >= style.SMALL, f"{view.name} on the page {page}"

"""A calendar of days: which are known, which are only possible, which are disputed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import event_frame, evidence_cell, row_cell, sources_text
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import claims_about, is_doubtful
from treatybook.evidence.errors import WrongArgument, checked, known_keys
from treatybook.evidence.tables import Book

WEEK, AROUND = 48, 150  # height of a week, and of the weekdays and the key, in CSS pixels
CORNER = 0.36  # from the middle of a day to the small marks in the corners of its cell
CROSS = 0.3  # the same for the larger cross, which would stand on the line of its cell
FILLING = 0.45  # of the colour of a known day, on which its number keeps a contrast of 4.5:1
DEFAULT_THREADS = ("moscow", "status", "state", "troops")
LONGEST_SPAN = 31  # days; a longer span says too little about a single day


@checked
def calendar(
    book: Book, first: str, last: str, threads: str | tuple[str, ...] = DEFAULT_THREADS
) -> FigureView:
    """Weeks as rows, days as columns; what is known of each day.

    A filled square is a day that an event is known to have happened on, a hollow one a day
    that is uncertain or rests on weak evidence, a small dot one of several days on which an
    event may have happened, a cross a day that some source gives and the book does not follow.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day, ``YYYY-MM-DD``.
    threads : str or tuple of str
        Thread or threads whose events are shown: labels of the list ``thread``.

    Raises
    ------
    DateError
        If one of the two is not a day.
    WrongArgument
        If there is no such thread (the message names the nearest), or if no event of these
        threads lies between the two days.
    """
    start, end = dates.span(first, last)
    labels = book.labels("thread")
    threads = known_keys("thread", threads, labels)
    events = book.events[book.events["thread"].isin(threads)].sort_values("date", kind="stable")
    events = events.loc[[date.days <= LONGEST_SPAN for date in events["date"]]]
    events = events.loc[[d.earliest <= end and d.latest >= start for d in events["date"]]]
    if events.empty:
        raise WrongArgument(f"no event of {', '.join(threads)} lies between {first} and {last}")
    known, doubtful, possible = _days_of(events)
    rejected = _rejected(book, events, start, end)
    monday = start - dt.timedelta(days=start.weekday())
    weeks = (end - monday).days // 7 + 1

    def spots(days: Iterable[dt.date], right: float = 0, up: float = 0) -> tuple[list, list]:
        return [d.weekday() + right for d in days], [up - (d - monday).days // 7 for d in days]

    dots, crosses = spots(possible, CORNER, -CORNER), spots(rejected, -CROSS, CROSS)
    traces = [
        _marks(known, spots(known), "day known", "square", 24),
        _marks(doubtful, spots(doubtful), "day uncertain or weakly attested", "square-open", 24),
        _marks(possible, dots, "one of several possible days", "circle", 7),
        _marks(rejected, crosses, "given by a source, not followed", "x", 10),
    ]
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    x, y = spots(days)
    numbers = go.Scatter(
        x=x,
        y=y,
        mode="text",
        text=[f"{d.day} {d:%b}" if d.day == 1 or d == start else str(d.day) for d in days],
        textfont={"size": style.SMALL},
        hoverinfo="skip",
        showlegend=False,
    )
    plot = style.figure(
        # The numbers come last, so that no mark lies over one.
        [*(trace for trace in traces if trace.x), numbers],
        height=AROUND + WEEK * weeks,
        xaxis={
            "tickvals": list(range(7)),
            "ticktext": "Mon Tue Wed Thu Fri Sat Sun".split(),
            "side": "top",
            "range": [-0.52, 6.52],
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis=style.rows(0.4 - weeks, 0.6),
        shapes=_cells(weeks),
        margin={"t": 40},
    )
    chosen = f"Thread{'s' * (len(threads) > 1)}: {'; '.join(map(labels.get, threads))}. "
    if set(threads) == set(DEFAULT_THREADS):  # those that are drawn without being asked for
        chosen = ""
    words = (
        f"{chosen}{len(events)} events from {start.day} {start:%B} to {end.day} {end:%B %Y}. On "
        f"{len(known)} of {len(days)} days an event is known to have happened; {len(doubtful)} days "
        f"are uncertain, and for {len(rejected)} a source gives a day that the book does not follow."
    )
    frame = event_frame(book, events)[["Event", "Date", "Evidence"]]
    table = TableView("calendar-data", "Events in the calendar", frame)
    caption = "A calendar of what is known. A doubt about a day is drawn, not hidden."
    return FigureView("calendar", plot, caption, words, table, _buttons(start, end))


def _days_of(events: pd.DataFrame) -> tuple[dict, dict, dict]:
    """Titles by day: known, doubtful, possible."""
    known, doubtful, possible = found = defaultdict(list), defaultdict(list), defaultdict(list)
    for event in events.to_dict("records"):
        date = event["date"]
        weak = is_doubtful(event) or date.approximate or event["confidence"] == "low"
        kind = possible if date.days > 1 else doubtful if weak else known
        for number in range(date.days):
            kind[date.earliest + dt.timedelta(days=number)].append(event["title_en"])
    return found


def _rejected(book: Book, events: pd.DataFrame, start: dt.date, end: dt.date) -> dict:
    """Single days that a claim gives for one of the events and that its own date excludes."""
    own_dates = dict(zip(events["event_id"], events["date"], strict=True))
    found: dict[dt.date, list[str]] = defaultdict(list)
    claims = claims_about(book)
    claims = claims[claims["field"] == "date"].dropna(subset="date").explode("events")
    for claim in claims[claims["events"].isin(own_dates)].itertuples():
        day, own = claim.date.earliest, own_dates[claim.events]
        if claim.date.days == 1 and start <= day <= end and not own.earliest <= day <= own.latest:
            found[day].append(f"{claim.subject}, by {claim.source or 'no source seen'}")
    return found


def _cells(weeks: int) -> list[dict]:
    """Lines around the days of all weeks."""
    columns = [{"x0": n - 0.5, "x1": n - 0.5, "y0": 0.5, "y1": 0.5 - weeks} for n in range(8)]
    rows = [{"x0": -0.5, "x1": 6.5, "y0": 0.5 - n, "y1": 0.5 - n} for n in range(weeks + 1)]
    return [style.row_line(0) | {"xref": "x", "layer": "below"} | line for line in columns + rows]


def _marks(days: dict, spots: tuple, name: str, symbol: str, size: int) -> go.Scatter:
    colour = style.THREAD_COLOURS["troops" if symbol == "x" else "moscow"]
    return style.marks(
        *spots,
        [style.words(f"{day.day} {day:%B %Y}", *titles) for day, titles in days.items()],
        name=name,
        symbol=symbol,
        size=size,
        colour=style.soft(colour, FILLING) if symbol == "square" else colour,
        marker_line_color=colour,
    )


def _buttons(start: dt.date, end: dt.date) -> list[Button]:
    """All weeks, or those of a month; the figure is as high as the weeks that it shows."""
    days = pd.date_range(start, end)
    weeks = pd.Series((start.weekday() + (days - days[0]).days) // 7, days)
    months = [(f"{month:%B}", own) for month, own in weeks.groupby(pd.Grouper(freq="MS"))]
    buttons = []
    for label, own in [("all weeks", weeks), *months]:
        since, to = int(own.min()), int(own.max()) + 1
        height = AROUND + WEEK * (to - since)
        buttons.append(Button(label, {"yaxis.range": [0.4 - to, 0.6 - since], "height": height}))
    return buttons


@checked
def delegation(book: Book, people: str | tuple[str, ...]) -> TableView:
    """Who was who: role, fate, evidence and sources of a list of people.

    Parameters
    ----------
    book : Book
        The tables.
    people : str or tuple of str
        Key or keys of people.

    Raises
    ------
    WrongArgument
        If the table of people has no such person; the message names the nearest.
    """
    people = known_keys("person", people, book.by_key("people", "name_en"), "people.csv")
    groups = book.labels("people_group")
    shown = [
        {
            "Name": row_cell("person", row["person_id"], row["name_en"]),
            "Side": groups[row["group"]],
            "Who": row["role"],
            "What became of them": row["fate"],
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_text(row["sources"]),
        }
        for row in map(book.rows("people").get, people)
    ]
    return TableView("delegation", "The people of the negotiation", pd.DataFrame(shown))

"""A calendar of days: which are known, which are only possible, which are disputed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.errors import WrongArgument, known_keys
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK, AROUND = 48, 150  # height of a week, and of the weekdays and the key, in CSS pixels
CORNER = 0.36  # from the middle of a day to the small marks in the corners of its cell
CROSS = 0.3  # the same for the larger cross, which would stand on the line of its cell
FILLING = 0.45  # of the colour of a known day, on which its number keeps a contrast of 4.5:1
DEFAULT_THREADS = ("moscow", "status", "state", "troops")
LONGEST_SPAN = 31  # days; a longer span says too little about a single day


def calendar(
    book: Book,
    first: str,
    last: str,
    threads: str | tuple[str, ...] = DEFAULT_THREADS,
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
    start, end = dates.day(first), dates.day(last)
    threads = known_keys("thread", threads, book.labels("thread"))
    events = _events(book, start, end, threads)
    if events.empty:
        raise WrongArgument(f"no event of {', '.join(threads)} lies between {first} and {last}")
    known, doubtful, possible = _days_of(events)
    rejected = _rejected(book, events, start, end)
    monday = start - dt.timedelta(days=start.weekday())
    weeks = (end - monday).days // 7 + 1

    def spot(day: dt.date) -> tuple[int, int]:
        return day.weekday(), -((day - monday).days // 7)

    traces = [
        _marks(known, spot, "day known", "square", 24),
        _marks(doubtful, spot, "day uncertain or weakly attested", "square-open", 24),
        _marks(possible, spot, "one of several possible days", "circle", 7, (CORNER, -CORNER)),
        _marks(rejected, spot, "given by a source, not followed", "x", 10, (-CROSS, CROSS)),
        _numbers(start, end, spot),  # last, so that no mark lies over a number
    ]
    plot = style.figure(
        [trace for trace in traces if len(trace.x)],
        height=AROUND + WEEK * weeks,
        xaxis={
            "tickvals": list(range(7)),
            "ticktext": list(WEEKDAYS),
            "side": "top",
            "range": [-0.52, 6.52],
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis={"visible": False, "range": [-weeks + 0.4, 0.6], "fixedrange": True},
        shapes=_cells(weeks),
        margin={"t": 40},
        legend={"y": -0.03},
    )
    days = (end - start).days + 1
    words = (
        f"{_threads_words(book, threads)}{len(events)} events from {start.day} {start:%B} to {end.day} {end:%B %Y}. On "
        f"{len(known)} of {days} days an event is known to have happened; {len(doubtful)} days "
        f"are uncertain, and for {len(rejected)} a source gives a day that the book does not follow."
    )
    rows = [
        {
            "Event": event_cell(e),
            "Date": date_cell(e["date"]),
            "Evidence": evidence_cell(book, e["evidence"]),
        }
        for e in events.to_dict("records")
    ]
    table = TableView("calendar-data", "Events in the calendar", pd.DataFrame(rows))
    caption = "A calendar of what is known. A doubt about a day is drawn, not hidden."
    return FigureView("calendar", plot, caption, words, table, _month_buttons(start, end, monday))


def _threads_words(book: Book, threads: tuple[str, ...]) -> str:
    """Which threads are drawn, unless they are those that are drawn without being asked for."""
    if set(threads) == set(DEFAULT_THREADS):
        return ""
    labels = book.labels("thread")
    word = "Thread" if len(threads) == 1 else "Threads"
    return f"{word}: {'; '.join(labels[thread] for thread in threads)}. "


def _events(book: Book, start: dt.date, end: dt.date, threads: tuple[str, ...]) -> pd.DataFrame:
    events = book.events[book.events["thread"].isin(threads)]
    fits = events["date"].map(
        lambda date: date.earliest <= end and date.latest >= start and date.days <= LONGEST_SPAN
    )
    return events[fits].sort_values("date", kind="stable")


def _days_of(events: pd.DataFrame) -> tuple[dict, dict, dict]:
    """Titles by day: known, doubtful, possible."""
    found = [defaultdict(list), defaultdict(list), defaultdict(list)]
    for event in events.to_dict("records"):
        date = event["date"]
        if date.days > 1:
            kind = 2
        else:
            weak = event["evidence"] in WEAK_LEVELS or event["confidence"] == "low"
            kind = 1 if weak or date.uncertain or date.approximate else 0
        for number in range(date.days):
            found[kind][date.earliest + dt.timedelta(days=number)].append(event["title_en"])
    return tuple(map(dict, found))


def _rejected(book: Book, events: pd.DataFrame, start: dt.date, end: dt.date) -> dict:
    """Single days that a claim gives for one of the events and that its own date excludes."""
    own_dates = dict(zip(events["event_id"], events["date"], strict=True))
    found: dict[dt.date, list[str]] = defaultdict(list)
    for claim in book.claims.to_dict("records"):
        if claim["field"] != "date" or claim["date"] is None or claim["date"].days > 1:
            continue
        day = claim["date"].earliest
        for event in claim["events"]:
            own = own_dates.get(event)
            if own and start <= day <= end and not own.earliest <= day <= own.latest:
                words = f"{claim['subject']}, by {claim['source'] or 'no source seen'}"
                found[day].append(words)
    return dict(found)


def _numbers(start: dt.date, end: dt.date, spot) -> go.Scatter:
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    spots = [spot(day) for day in days]
    return go.Scatter(
        x=[x for x, _ in spots],
        y=[y for _, y in spots],
        mode="text",
        text=[f"{d.day} {d:%b}" if d.day == 1 or d == start else str(d.day) for d in days],
        textfont={"size": style.SMALL},
        hoverinfo="skip",
        showlegend=False,
    )


def _cells(weeks: int) -> list[dict]:
    """Lines around the days of all weeks."""
    columns = [{"x0": n - 0.5, "x1": n - 0.5, "y0": 0.5, "y1": 0.5 - weeks} for n in range(8)]
    rows = [{"x0": -0.5, "x1": 6.5, "y0": 0.5 - n, "y1": 0.5 - n} for n in range(weeks + 1)]
    return [style.row_line(0) | {"xref": "x", "layer": "below"} | line for line in columns + rows]


def _marks(
    days: dict, spot, name: str, symbol: str, size: int, corner: tuple = (0, 0)
) -> go.Scatter:
    spots = [spot(day) for day in days]
    colour = style.THREAD_COLOURS["troops" if symbol == "x" else "moscow"]
    return go.Scatter(
        x=[x + corner[0] for x, _ in spots],
        y=[y + corner[1] for _, y in spots],
        mode="markers",
        name=name,
        marker={
            "symbol": symbol,
            "size": size,
            "color": style.soft(colour, FILLING) if symbol == "square" else colour,
            "line": {"width": 2, "color": colour},
        },
        hovertext=[
            f"<b>{day.day} {day:%B %Y}</b><br>{'<br>'.join(titles)}" for day, titles in days.items()
        ],
        hoverinfo="text",
    )


def _month_buttons(start: dt.date, end: dt.date, monday: dt.date) -> list[Button]:
    weeks = (end - monday).days // 7 + 1
    buttons = [_weeks_button("all weeks", weeks, 0)]
    month = start.replace(day=1)
    while month <= end:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        until = (min(following - dt.timedelta(days=1), end) - monday).days // 7 + 1
        buttons.append(_weeks_button(f"{month:%B}", until, (max(month, start) - monday).days // 7))
        month = following
    return buttons


def _weeks_button(label: str, until: int, since: int) -> Button:
    """Some weeks, counted from 0; the figure is as high as the weeks that it shows."""
    height = AROUND + WEEK * (until - since)
    return Button(label, {"yaxis.range": [0.4 - until, 0.6 - since], "height": height})


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
    rows = {row["person_id"]: row for row in book.people.to_dict("records")}
    people = known_keys("person", people, rows, "people.csv")
    shown = [
        {
            "Name": Cell(rows[key]["name_en"], href=address("person", key)),
            "Side": book.labels("people_group")[rows[key]["group"]],
            "Who": rows[key]["role"],
            "What became of them": rows[key]["fate"],
            "Evidence": evidence_cell(book, rows[key]["evidence"]),
            "Sources": ", ".join(rows[key]["sources"]) or "no source seen",
        }
        for key in people
    ]
    return TableView("delegation", "The people of the negotiation", pd.DataFrame(shown))

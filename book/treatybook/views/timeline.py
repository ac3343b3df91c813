"""The chronology as a figure with lanes and as a table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import (
    count_words,
    date_cell,
    event_frame,
    row_links,
    sources_text,
    told,
)
from treatybook.display.content import Button, FigureView, TableView, linked
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS, disputed_events, sources_of_events
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address, anchor, article_name
from treatybook.evidence.tables import Book

MOST_ROWS = 6  # of marks in a lane; more would make a figure that no screen holds
ROW = 12  # CSS pixels from one row of marks to the next
NAME = 2.2  # rows that the name of a lane takes
AROUND = 130  # CSS pixels for the axis and the key
NO_EVENT = "there is no event yet: events.csv has no row"
WIDTH = 0.03  # of a mark, between its widths on a phone and on a wide screen, as a share of the days that are shown
MARGIN = dt.timedelta(days=30)


@checked
def timeline(book: Book, first: str = "", last: str = "") -> FigureView:
    """Events in lanes, one lane per thread.

    A date known to the day is a mark; anything less exact is a bar over all the days it
    can mean. A faded sign is approximate (``~``), a hollow one uncertain (``?``). The
    shape of the mark is the level of evidence. Marks that would lie over each other stand
    in rows, and a lane is as high as its rows.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        Days (``YYYY-MM-DD``) between which events are shown; the last is not included. If
        empty, the first span that the descriptor of the data names, or else all events.

    Returns
    -------
    FigureView

    Raises
    ------
    ValueError
        If no event lies between the days.
    """
    events = book.events.sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(NO_EVENT)
    spans = book.settings.get("spans", [])
    low, high = (spans[0]["first"], spans[0]["last"]) if spans else _whole(events)
    first, last = first or low, last or high
    start, end = dates.span(first, last)
    for part in ("earliest", "latest", "days", "uncertain", "approximate"):
        events[part] = [getattr(date, part) for date in events["date"]]
    events = events[(events["earliest"] < end) & (events["latest"] >= start)]
    if events.empty:
        raise WrongArgument(f"no event lies between {first} and {last}")
    threads, levels = book.labels("thread"), book.labels("evidence")
    events["row"] = _rows(events, (end - start) * WIDTH)
    events["colour"] = events["thread"].map(style.THREAD_COLOURS)
    sources, said = sources_of_events(book), "Evidence: " + events["evidence"].map(levels)
    keys = [sources_text(sources.get(event, ()), limit=3) for event in events["event_id"]]
    events["hover"] = list(map(style.words, events["title_en"], events["date"], said, keys))
    heights = NAME + (events.groupby("thread")["row"].max() + 1).reindex(threads, fill_value=1)
    bottoms = -heights.cumsum()
    tops, bottom = bottoms.shift(fill_value=0.0), bottoms.iloc[-1]
    events["y"] = events["thread"].map(tops) - NAME - events["row"]
    wide = events[events["days"] > 1]
    bars = [] if wide.empty else [_bars(wide)]
    plot = style.figure(
        [*bars, *_marks(events, levels), *_keys(events)],
        height=AROUND - round(ROW * bottom),
        barmode="overlay",
        yaxis=style.rows(bottom, 0.3),
        xaxis={"type": "date", "range": [first, last], **style.DAYS},
        annotations=[style.row_name(f"<b>{threads[t]}</b>", y - 0.8) for t, y in tops.items()],
        shapes=list(map(style.row_line, tops)),
    )
    return FigureView(
        "timeline",
        plot,
        "Events by thread. A mark is a day; a bar covers every day the date can mean.",
        _words(events, levels),
        events_table(book, events, "timeline-data", "Events of the timeline"),
        [
            Button(span["label"], {"xaxis.range": [span["first"], span["last"]]})
            for span in spans
            if first <= span["first"] and span["last"] <= last
        ],
    )


def _whole(events: pd.DataFrame) -> tuple[str, str]:
    """Days that hold all events with a known end, and some room."""
    ends = [day for date in events["date"] for day in (date.earliest, date.latest)]
    known = [day for day in ends if dt.date.min < day < dt.date.max]
    return str(min(known) - MARGIN), str(max(known) + MARGIN)


def _rows(events: pd.DataFrame, room: dt.timedelta) -> list[int]:
    """Row of each event in its lane: events that lie close together share its rows out."""
    free: dict[tuple[str, int], dt.date] = {}
    rows = []
    for thread, date in zip(events["thread"], events["date"], strict=True):
        slots = [free.get((thread, n), dt.date.min) for n in range(MOST_ROWS)]
        fitting = (n for n, taken in enumerate(slots) if taken <= date.earliest)
        row = next(fitting, slots.index(min(slots)))
        free[thread, row] = min(date.latest, dt.date(2100, 1, 1)) + room
        rows.append(row)
    return rows


def _bars(events: pd.DataFrame) -> go.Bar:
    return style.bars(
        events["earliest"],
        events["days"],
        events["y"],
        width=0.5,
        marker={
            "color": list(map(_fill, events["date"], events["colour"])),
            "line": {"color": list(events["colour"]), "width": 2},
            "pattern": {"shape": ["/" * (level in WEAK_LEVELS) for level in events["evidence"]]},
        },
        hovertext=list(events["hover"]),
        name="a month, a year or a span of days",
        showlegend=False,
    )


def _fill(date: EdtfDate, colour: str) -> str:
    if date.uncertain:
        return style.HOLLOW
    return style.faint(colour) if date.approximate else colour


def _marks(events: pd.DataFrame, labels: dict[str, str]) -> list[go.Scatter]:
    traces = []
    days = events[events["days"] == 1]
    for level in [level for level in labels if level in set(days["evidence"])]:
        symbol = style.EVIDENCE_SYMBOLS[level]
        parts = days[days["evidence"] == level].groupby("approximate")
        traces += [_day_marks(rows, symbol, faded) for faded, rows in parts]
        # The key shows shapes only; the colours belong to the lanes.
        traces.append(style.key(labels[level], 1, symbol=symbol))
    return traces


def _day_marks(rows: pd.DataFrame, symbol: str, faded: bool) -> go.Scatter:
    """Marks of one shape; a faded one keeps its outline, so that it can still be seen."""
    colours = list(rows["colour"])
    return style.marks(
        [day.isoformat() for day in rows["earliest"]],
        rows["y"],
        rows["hover"],
        symbol=[symbol + "-open" * uncertain for uncertain in rows["uncertain"]],
        # The outline of a filled mark has no colour of its own and makes it smaller.
        size=[10 if faded or uncertain else 12 for uncertain in rows["uncertain"]],
        colour=list(map(style.faint, colours)) if faded else colours,
        outline=None,
        marker_line_color=colours if faded else None,
    )


def _keys(events: pd.DataFrame) -> list[go.Scatter]:
    """What the ways of drawing mean that occur among the events."""
    faded = {"color": style.faint(style.NEUTRAL), "line": {"color": style.NEUTRAL}}
    keys = (
        (events["uncertain"].any(), "hollow: uncertain", {"symbol": "square-open"}),
        (events["approximate"].any(), "faded: about", {"symbol": "square"} | faded),
        ((events["days"] > 1).any(), "bar: span of days", style.BAR_KEY),
    )
    return [style.key(name, 2, **marker) for occurs, name, marker in keys if occurs]


def _words(events: pd.DataFrame, labels: dict[str, str]) -> str:
    days = (events["days"] == 1).sum()
    marks = (events["uncertain"] | events["approximate"]).sum()
    return (
        f"{len(events)} events from {events['date'].min()} to {events['date'].max()}. "
        f"{days} are known to the day and {len(events) - days} only to a longer span, drawn as a "
        f"bar; {marks} {'date is' if marks == 1 else 'dates are'} marked as approximate or "
        f"uncertain. Evidence: {count_words(events['evidence'], labels)}."
    )


@checked
def events_table(book: Book, events: pd.DataFrame, name: str, caption: str) -> TableView:
    """A short table of events: date, title, thread, evidence, sources."""
    return TableView(name, caption, event_frame(book, events))


@checked
def chronology(book: Book) -> TableView:
    """Every event as a row that can be searched, filtered, sorted and linked to.

    Returns
    -------
    TableView
        Columns: Event, Date, What happened, Thread, People, Evidence, Sources disagree,
        See also (places, instruments, cases, clauses), Sources.

    Raises
    ------
    ValueError
        If there is no event.
    """
    events = book.events.sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(NO_EVENT)
    see_also, disputed = _see_also(book), disputed_events(book)
    people = [row_links(book, "person", keys) for keys in events["people"]]
    summaries = events[["summary_en", "unverified_part", "note"]].to_numpy()
    cells = event_frame(book, events)
    frame = pd.DataFrame(
        {
            "Event": list(events["title_en"]),
            "Date": list(map(date_cell, events["date"], events["date_old_style"])),
            "What happened": [told(*parts) for parts in summaries],
            "Thread": cells["Thread"],
            "People": list(map(linked, people)),
            "Evidence": cells["Evidence"],
            "Sources disagree": ["yes" if e in disputed else "no" for e in events["event_id"]],
            "See also": [linked(see_also[event]) for event in events["event_id"]],
            "Sources": cells["Sources"],
        }
    )
    first, last = events["date"].iloc[0], events["date"].iloc[-1]
    return TableView(
        "chronology-table",
        f"Chronology, {first.earliest.year} to {last.earliest.year}",
        frame,
        row_ids=[anchor("event", event) for event in events["event_id"]],
        filters=("Thread", "People", "Evidence", "Sources disagree"),
        searchable=True,
        lists={"People": [[name for name, _ in links] for links in people]},
    )


def _see_also(book: Book) -> dict[str, list[tuple[str, str]]]:
    """Places, cases, instruments and clauses of each event, with their addresses."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    treaties, clauses = book.by_key("treaties", "short_en"), book.rows("clauses")
    for key, event in book.rows("events").items():
        found[key] += row_links(book, "place", event["places"])
        found[key] += [(treaties[t], address("treaty", t)) for t in event["treaties"]]
    for case, events in book.by_key("verdicts", "events").items():
        for event in events:
            found[event] += row_links(book, "case", [case])
    for event, clause in book.links[["event_id", "clause_id"]].to_numpy():
        row = clauses[clause]
        name = article_name(row["article"], row["paragraph"])
        found[event].append((f"{treaties[row['treaty_id']]}, {name}", address("clause", clause)))
    return found

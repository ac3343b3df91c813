"""The chronology as a figure with lanes and as a table."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook import counts, style
from treatybook.dates import EdtfDate, day
from treatybook.evidence import (
    count_words,
    event_cell,
    evidence_cell,
    sources_cell,
    sources_of_events,
    sources_text,
)
from treatybook.keys import WrongArgument
from treatybook.levels import WEAK_LEVELS
from treatybook.refer import (
    article_name,
    case_address,
    clause_address,
    event_anchor,
    person_address,
    place_address,
    treaty_address,
)
from treatybook.tables import Book
from treatybook.view import Button, Cell, FigureView, TableView, linked

ROWS_IN_LANE = 4
NO_EVENT = "there is no event yet: events.csv has no row"
ROOM = dt.timedelta(days=6)
MARGIN = dt.timedelta(days=30)


def timeline(book: Book, first: str = "", last: str = "") -> FigureView:
    """Events in lanes, one lane per thread.

    A date known to the day is a mark; anything less exact is a bar over all the days it
    can mean. A faded sign is approximate (``~``), a hollow one uncertain (``?``). The
    shape of the mark is the level of evidence.

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
    events = book.events
    if events.empty:
        raise WrongArgument(NO_EVENT)
    spans = book.settings.get("spans", [])
    low, high = (spans[0]["first"], spans[0]["last"]) if spans else _whole(events)
    first, last = first or low, last or high
    start, end = day(first), day(last)
    shown = [e for e in events["date"] if e.earliest < end and e.latest >= start]
    events = events[events["date"].isin(shown)].sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(f"no event lies between {first} and {last}")
    threads = book.labels("thread")
    lanes = {thread: number for number, thread in enumerate(reversed(threads))}
    events = events.assign(level=_levels(events, lanes))
    sources = sources_of_events(book)
    hover = [_hover(book, event, sources) for event in events.to_dict("records")]
    events = events.assign(hover=hover)
    traces = _bars(events) + _marks(events, book.labels("evidence"))
    plot = style.figure(
        traces,
        height=110 + 58 * len(lanes),
        barmode="overlay",
        yaxis={"visible": False, "range": [-0.45, len(lanes) - 0.1], "fixedrange": True},
        xaxis={"type": "date", "range": [first, last]},
        annotations=[style.row_name(f"<b>{threads[t]}</b>", y + 0.42) for t, y in lanes.items()],
        shapes=[style.row_line(y + 0.55) for y in lanes.values()],
    )
    table = events_table(book, events, "timeline-data", "Events of the timeline")
    return FigureView(
        "timeline",
        plot,
        "Events by thread. A mark is a day; a bar covers every day the date can mean.",
        _words(book, events),
        table,
        [
            Button(span["label"], {"xaxis.range": [span["first"], span["last"]]})
            for span in spans
            if first <= span["first"] and span["last"] <= last
        ],
    )


def _whole(events: pd.DataFrame) -> tuple[str, str]:
    """Days that hold all events with a known end, and some room."""
    first = min(date.earliest for date in events["date"])
    last = max(date.latest for date in events["date"] if date.latest < dt.date.max)
    return str(first - MARGIN), str(last + MARGIN)


def _levels(events: pd.DataFrame, lanes: dict[str, int]) -> list[float]:
    """Height of each event: events of one lane that lie close together share its rows out."""
    free: dict[tuple[str, int], dt.date] = {}
    heights = []
    for thread, date in zip(events["thread"], events["date"], strict=True):
        slots = [free.get((thread, n), dt.date.min) for n in range(ROWS_IN_LANE)]
        fitting = [n for n, taken in enumerate(slots) if taken <= date.earliest]
        row = fitting[0] if fitting else slots.index(min(slots))
        free[thread, row] = min(date.latest, dt.date(2100, 1, 1)) + ROOM
        heights.append(lanes[thread] + 0.12 * row - 0.22)
    return heights


def _hover(book: Book, event: dict, sources: dict[str, list[str]]) -> str:
    level = book.labels("evidence")[event["evidence"]]
    keys = sources_text(sources.get(event["event_id"], []), limit=3)
    return f"<b>{event['title_en']}</b><br>{event['date']}<br>Evidence: {level}<br>{keys}"


def _is_mark(date: EdtfDate) -> bool:
    return date.days == 1


def _bars(events: pd.DataFrame) -> list[go.Bar]:
    wide = events[[not _is_mark(date) for date in events["date"]]]
    if wide.empty:
        return []
    colours = [style.THREAD_COLOURS[thread] for thread in wide["thread"]]
    hollow = [date.uncertain for date in wide["date"]]
    fills = ["rgba(0,0,0,0)" if h else c for h, c in zip(hollow, colours, strict=True)]
    return [
        go.Bar(
            orientation="h",
            base=[date.earliest.isoformat() for date in wide["date"]],
            x=[date.days * style.DAY_MS for date in wide["date"]],
            y=list(wide["level"]),
            width=0.1,
            marker={
                "color": fills,
                "line": {"color": colours, "width": 2},
                "opacity": [_opacity(date) for date in wide["date"]],
            },
            hovertext=list(wide["hover"]),
            hoverinfo="text",
            name="a month, a year or a span of days",
            marker_pattern_shape=[_pattern(level) for level in wide["evidence"]],
            showlegend=False,
        )
    ]


def _pattern(level: str) -> str:
    return "/" if level in WEAK_LEVELS else ""


def _opacity(date: EdtfDate) -> float:
    return style.FADED if date.approximate else 1.0


def _marks(events: pd.DataFrame, labels: dict[str, str]) -> list[go.Scatter]:
    traces = []
    for level, label in labels.items():
        rows = events[
            [
                _is_mark(d) and e == level
                for d, e in zip(events["date"], events["evidence"], strict=True)
            ]
        ]
        if rows.empty:
            continue
        symbol = style.EVIDENCE_SYMBOLS[level]
        traces.append(
            go.Scatter(
                x=[date.earliest.isoformat() for date in rows["date"]],
                y=list(rows["level"]),
                mode="markers",
                showlegend=False,
                hovertext=list(rows["hover"]),
                hoverinfo="text",
                marker={
                    "size": 11,
                    "color": [style.THREAD_COLOURS[thread] for thread in rows["thread"]],
                    "symbol": [symbol + ("-open" if d.uncertain else "") for d in rows["date"]],
                    "opacity": [_opacity(date) for date in rows["date"]],
                    "line": {"width": 1.5},
                },
            )
        )
        # The key shows shapes only; the colours belong to the lanes.
        traces.append(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=label,
                marker={"size": 11, "color": style.NEUTRAL, "symbol": symbol},
            )
        )
    return traces


def _words(book: Book, events: pd.DataFrame) -> str:
    dates = list(events["date"])
    first, last = min(dates), max(dates)
    days = sum(_is_mark(date) for date in dates)
    marks = sum(date.uncertain or date.approximate for date in dates)
    levels = count_words(events["evidence"], book.labels("evidence"))
    return (
        f"{len(events)} events from {first} to {last}. {days} are known to the day and "
        f"{len(events) - days} only to a longer span, drawn as a bar; {marks} dates are marked "
        f"as approximate or uncertain. Evidence: {levels}."
    )


def events_table(book: Book, events: pd.DataFrame, name: str, caption: str) -> TableView:
    """A short table of events: date, title, thread, evidence, sources."""
    sources = sources_of_events(book)
    threads = book.labels("thread")
    rows = [
        {
            "Event": event_cell(e),
            "Date": date_cell(e["date"]),
            "Thread": threads[e["thread"]],
            "Evidence": evidence_cell(book, e["evidence"]),
            "Sources": sources_cell(sources.get(e["event_id"], [])),
        }
        for e in events.to_dict("records")
    ]
    return TableView(name, caption, pd.DataFrame(rows))


def date_cell(date: EdtfDate) -> Cell:
    """A date in words, sorted by its earliest and latest day."""
    return Cell(str(date), sort=f"{date.earliest.isoformat()} {date.latest.isoformat()}")


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
    events = book.events.sort_values("date", kind="stable").to_dict("records")
    if not events:
        raise WrongArgument(NO_EVENT)
    people = dict(zip(book.people["person_id"], book.people["name_en"], strict=True))
    threads = book.labels("thread")
    sources, see_also = sources_of_events(book), _see_also(book)
    disputed = counts.disputed_events(book)
    names = [[people[key] for key in event["people"]] for event in events]
    differ = ["yes" if event["event_id"] in disputed else "no" for event in events]
    rows = [
        {
            "Event": event["title_en"],
            "Date": _full_date(event),
            "What happened": _full_summary(event),
            "Thread": threads[event["thread"]],
            "People": linked((people[key], person_address(key)) for key in event["people"]),
            "Evidence": evidence_cell(book, event["evidence"]),
            "Sources disagree": answer,
            "See also": linked(see_also.get(event["event_id"], [])),
            "Sources": sources_cell(sources.get(event["event_id"], [])),
        }
        for event, answer in zip(events, differ, strict=True)
    ]
    return TableView(
        "chronology-table",
        f"Chronology, {events[0]['date'].earliest.year} to {events[-1]['date'].latest.year}",
        pd.DataFrame(rows),
        row_ids=[event_anchor(event["event_id"]) for event in events],
        filters=("Thread", "People", "Evidence", "Sources disagree"),
        searchable=True,
        lists={"People": names},
    )


def _see_also(book: Book) -> dict[str, list[tuple[str, str]]]:
    """Places, cases, instruments and clauses of each event, with their addresses."""
    found: dict[str, list[tuple[str, str]]] = {}
    places = dict(zip(book.places["place_id"], book.places["name"], strict=True))
    treaties = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    for event in book.events.to_dict("records"):
        links = found.setdefault(event["event_id"], [])
        links += [(places[key], place_address(key)) for key in event["places"]]
        links += [(treaties[key], treaty_address(key)) for key in event["treaties"]]
    for case in book.verdicts.to_dict("records"):
        for event in case["events"]:
            found[event].append((f"case {case['case_id']}", case_address(case["case_id"])))
    clauses = {row["clause_id"]: row for row in book.clauses.to_dict("records")}
    for link in book.links.to_dict("records"):
        row = clauses[link["clause_id"]]
        name = f"{treaties[row['treaty_id']]}, {article_name(row['article'], row['paragraph'])}"
        found[link["event_id"]].append((name, clause_address(row["clause_id"])))
    return found


def _full_date(event: dict) -> Cell:
    cell = date_cell(event["date"])
    if not event["date_old_style"]:
        return cell
    return Cell(f"{cell.text} (Old Style {event['date_old_style']})", sort=cell.sort)


def _full_summary(event: dict) -> str:
    parts = [event["summary_en"]]
    if event["unverified_part"]:
        parts.append(f"Not checked: {event['unverified_part'].rstrip('.')}.")
    if event["note"]:
        parts.append(event["note"])
    return " ".join(parts)

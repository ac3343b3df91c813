"""The chronology as a figure with lanes and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import (
    count_words,
    date_cell,
    event_cell,
    evidence_cell,
    sources_cell,
    sources_text,
)
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.attestation import WEAK_LEVELS, disputed_events, sources_of_events
from treatybook.evidence.dates import EdtfDate, day
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import address, anchor, article_name
from treatybook.evidence.tables import Book

MOST_ROWS = 6  # of marks in a lane; more would make a figure that no screen holds
ROW = 12  # CSS pixels from one row of marks to the next
NAME = 2.2  # rows that the name of a lane takes
AROUND = 130  # CSS pixels for the axis and the key
NO_EVENT = "there is no event yet: events.csv has no row"
WIDTH = 0.03  # of a mark, between its widths on a phone and on a wide screen, as a share of the days that are shown
MARGIN = dt.timedelta(days=30)


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
    rows = _rows(events, (end - start) * WIDTH)
    tops, bottom = _lanes(threads, events["thread"], rows)
    levels = [tops[t] - NAME - row for t, row in zip(events["thread"], rows, strict=True)]
    events = events.assign(level=levels)
    sources = sources_of_events(book)
    hover = [_hover(book, event, sources) for event in events.to_dict("records")]
    events = events.assign(hover=hover)
    traces = _bars(events) + _marks(events, book.labels("evidence")) + _keys(events)
    plot = style.figure(
        traces,
        height=AROUND - round(ROW * bottom),
        barmode="overlay",
        yaxis={"visible": False, "range": [bottom, 0.3], "fixedrange": True},
        xaxis={"type": "date", "range": [first, last], **style.DAYS},
        annotations=[style.row_name(f"<b>{threads[t]}</b>", y - 0.8) for t, y in tops.items()],
        shapes=[style.row_line(y) for y in tops.values()],
        legend={"y": 48 / (ROW * bottom)},
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


def _rows(events: pd.DataFrame, room: dt.timedelta) -> list[int]:
    """Row of each event in its lane: events that lie close together share its rows out."""
    free: dict[tuple[str, int], dt.date] = {}
    rows = []
    for thread, date in zip(events["thread"], events["date"], strict=True):
        slots = [free.get((thread, n), dt.date.min) for n in range(MOST_ROWS)]
        fitting = [n for n, taken in enumerate(slots) if taken <= date.earliest]
        row = fitting[0] if fitting else slots.index(min(slots))
        free[thread, row] = min(date.latest, dt.date(2100, 1, 1)) + room
        rows.append(row)
    return rows


def _lanes(
    threads: Iterable[str], used: Iterable[str], rows: list[int]
) -> tuple[dict[str, float], float]:
    """Top of each lane and the bottom of the last, in rows; a lane is as high as it has rows."""
    taken = dict.fromkeys(threads, 1)
    for thread, row in zip(used, rows, strict=True):
        taken[thread] = max(taken[thread], row + 1)
    tops, bottom = {}, 0.0
    for thread, number in taken.items():
        tops[thread] = bottom
        bottom -= NAME + number
    return tops, bottom


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
    return [
        go.Bar(
            orientation="h",
            base=[date.earliest.isoformat() for date in wide["date"]],
            x=[date.days * style.DAY_MS for date in wide["date"]],
            y=list(wide["level"]),
            width=0.5,
            marker={
                "color": [_fill(*pair) for pair in zip(wide["date"], colours, strict=True)],
                "line": {"color": colours, "width": 2},
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


def _fill(date: EdtfDate, colour: str) -> str:
    if date.uncertain:
        return style.HOLLOW
    return style.faint(colour) if date.approximate else colour


def _marks(events: pd.DataFrame, labels: dict[str, str]) -> list[go.Scatter]:
    traces = []
    days = events[[_is_mark(date) for date in events["date"]]]
    for level in [level for level in labels if level in set(days["evidence"])]:
        rows = days[days["evidence"] == level]
        about = [date.approximate for date in rows["date"]]
        traces += [
            _day_marks(part, style.EVIDENCE_SYMBOLS[level], faded)
            for part, faded in ((rows[[not a for a in about]], False), (rows[about], True))
            if not part.empty
        ]
        # The key shows shapes only; the colours belong to the lanes.
        traces.append(style.key(labels[level], 1, symbol=style.EVIDENCE_SYMBOLS[level]))
    return traces


def _day_marks(rows: pd.DataFrame, symbol: str, faded: bool) -> go.Scatter:
    """Marks of one shape; a faded one keeps its outline, so that it can still be seen."""
    colours = [style.THREAD_COLOURS[thread] for thread in rows["thread"]]
    return go.Scatter(
        x=[date.earliest.isoformat() for date in rows["date"]],
        y=list(rows["level"]),
        mode="markers",
        showlegend=False,
        hovertext=list(rows["hover"]),
        hoverinfo="text",
        marker={
            # The outline of a filled mark has no colour of its own and makes it smaller.
            "size": [10 if faded or d.uncertain else 12 for d in rows["date"]],
            "color": list(map(style.faint, colours)) if faded else colours,
            "symbol": [symbol + ("-open" if d.uncertain else "") for d in rows["date"]],
            **({"line": {"color": colours}} if faded else {}),
        },
    )


def _keys(events: pd.DataFrame) -> list[go.Scatter]:
    """What the ways of drawing mean that occur among the events."""
    dates, grey = list(events["date"]), style.NEUTRAL
    faded = {"color": style.faint(grey), "line": {"color": grey}}
    keys = (
        (any(d.uncertain for d in dates), "hollow: uncertain", {"symbol": "square-open"}),
        (any(d.approximate for d in dates), "faded: about", {"symbol": "square"} | faded),
        (not all(map(_is_mark, dates)), "bar: span of days", style.BAR_KEY),
    )
    return [style.key(name, 2, **marker) for occurs, name, marker in keys if occurs]


def _words(book: Book, events: pd.DataFrame) -> str:
    dates = list(events["date"])
    first, last = min(dates), max(dates)
    days = sum(_is_mark(date) for date in dates)
    marks = sum(date.uncertain or date.approximate for date in dates)
    levels = count_words(events["evidence"], book.labels("evidence"))
    are = "date is" if marks == 1 else "dates are"
    return (
        f"{len(events)} events from {first} to {last}. {days} are known to the day and "
        f"{len(events) - days} only to a longer span, drawn as a bar; {marks} {are} marked "
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
    disputed = disputed_events(book)
    names = [[people[key] for key in event["people"]] for event in events]
    differ = ["yes" if event["event_id"] in disputed else "no" for event in events]
    rows = [
        {
            "Event": event["title_en"],
            "Date": _full_date(event),
            "What happened": _full_summary(event),
            "Thread": threads[event["thread"]],
            "People": linked((people[key], address("person", key)) for key in event["people"]),
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
        row_ids=[anchor("event", event["event_id"]) for event in events],
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
        links += [(places[key], address("place", key)) for key in event["places"]]
        links += [(treaties[key], address("treaty", key)) for key in event["treaties"]]
    for case in book.verdicts.to_dict("records"):
        for event in case["events"]:
            found[event].append((f"case {case['case_id']}", address("case", case["case_id"])))
    clauses = {row["clause_id"]: row for row in book.clauses.to_dict("records")}
    for link in book.links.to_dict("records"):
        row = clauses[link["clause_id"]]
        name = f"{treaties[row['treaty_id']]}, {article_name(row['article'], row['paragraph'])}"
        found[link["event_id"]].append((name, address("clause", row["clause_id"])))
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

"""The chronology as a figure with lanes and as a table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import spoken_plots, style
from treatybook.display.cells import (
    count_words,
    date_cell,
    event_frame,
    row_links,
    sources_text,
    told,
    yes_or_no,
)
from treatybook.display.content import Button, FigureView, TableView, linked
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS, disputed_events, sources_of_events
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address, anchor, article_name
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, plural
from treatybook.views import dated

MOST_ROWS = 6  # of marks in a lane, and fewer where the figure would be too high
TALLEST = 560  # of the figure on a phone, in CSS pixels
ROW = 12  # CSS pixels from one row of marks to the next
NAME = 1.5  # rows that the name of a lane takes
LINE_NAME = 1.4  # rows that the name of the line takes above the lanes
AROUND = 50  # CSS pixels for the axis
WIDTH = 0.04  # of a mark on a phone, as a share of the days that are shown
CHARACTER = 0.02  # of a name beside a mark, the same
NAMED_DAYS, MOST_NAMES = 800, 16  # above them, the names of marks would lie over each other
MARGIN = dt.timedelta(days=30)


@checked
def timeline(book: Book, first: str = "", last: str = "") -> FigureView:
    """Events in lanes, one lane per thread that has some, in the colour of its party.

    A date known to the day is a mark, round or, where it is about or uncertain, a diamond;
    anything less exact is a bar over all the days it can mean. The fill is the level of
    evidence. Events with a ``label`` bear it. Marks that would lie over each other stand in
    rows, and a lane is as high as its rows. A line marks the day of the book's agreement.

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
    if book.events.empty:
        raise WrongArgument(_("there is no event yet: events.csv has no row"))
    spans = book.settings.get("spans", [])
    low, high = (spans[0]["first"], spans[0]["last"]) if spans else _whole(book.events)
    first, last = first or low, last or high
    span = dates.span(first, last)
    events = _between(book, *span)
    if events.empty:
        told = _("no event lies between {first} and {last}")
        raise WrongArgument(told.format(first=first, last=last))
    signed = _day_of_agreement(book, *span)
    threads = {t: name for t, name in book.labels("thread").items() if t in set(events["thread"])}
    _name_marks(events, *span, signed)
    tops, bottom = _place(events, list(threads), span[1] - span[0])
    names = [style.row_name(f"<b>{threads[t]}</b>", y - 0.7) for t, y in tops.items()]
    line = [] if signed is None else [_line(signed)]
    top = LINE_NAME if line else 0.3
    plot = style.figure(
        [
            *dated.span_bars(events),
            *dated.day_marks(events),
            *dated.names_beside(events),
            *dated.date_keys(events),
        ],
        height=round(AROUND + ROW * (top - bottom)),
        barmode="overlay",
        yaxis=style.rows(bottom, top),
        xaxis={"type": "date", "range": [first, last], **spoken_plots.days()},
        annotations=[*names, *(_line_name(signed) for _ in line)],
        shapes=[*map(style.row_line, tops.values()), *line],
    )
    return FigureView(
        "timeline",
        plot,
        _(
            "One lane for each thread of the story, in the colour of its party. A round mark is a "
            "day; a bar covers every day that a date can mean."
        ),
        _words(book, events, signed),
        events_table(book, events, "timeline-data", _("Events of the timeline")),
        _buttons(book, spans, first, last),
        headline=_headline(events, threads, signed),
        adapt=partial(_names_beside, tops=list(tops.values())),
    )


def _whole(events: pd.DataFrame) -> tuple[str, str]:
    """Days that hold all events with a known end, and some room."""
    ends = [day for date in events["date"] for day in (date.earliest, date.latest)]
    known = [day for day in ends if dt.date.min < day < dt.date.max]
    return str(min(known) - MARGIN), str(max(known) + MARGIN)


def _between(book: Book, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Events that can lie between two days, with all that their marks say."""
    events = book.events.sort_values("date", kind="stable")
    dated.add_days(events)
    events = events[(events["earliest"] < end) & (events["latest"] >= start)].copy()
    sources = sources_of_events(book)
    keys = [sources_text(sources.get(event, ()), limit=3) for event in events["event_id"]]
    levels = book.labels("evidence")
    said = [_("Evidence: {level}").format(level=levels[level]) for level in events["evidence"]]
    events["hover"] = list(map(style.words, events["title"], events["date"], said, keys))
    events["colour"] = events["thread"].map(style.party_colours(book, "thread"))
    events["address"] = [address("event", event) for event in events["event_id"]]
    return events


def _day_of_agreement(book: Book, start: dt.date, end: dt.date) -> EdtfDate | None:
    """The day of the book's agreement, if it is known to the day and is shown."""
    date = book.by_key("treaties", "date").get(book.agreement) if book.agreement else None
    return date if date and date.days == 1 and start <= date.earliest < end else None


def _name_marks(
    events: pd.DataFrame, start: dt.date, end: dt.date, signed: EdtfDate | None
) -> None:
    """Give each event the name of its mark, its side, and the days that mark and name take."""
    shown = end - start
    few = (events["label"] != "").sum() <= MOST_NAMES and shown.days <= NAMED_DAYS
    events["name"] = events["label"] if few else ""
    lengths = [len(name) * CHARACTER * shown for name in events["name"]]
    froms, untils, sides = [], [], []
    for first, last, length in zip(events["earliest"], events["latest"], lengths, strict=True):
        # A name ends before the line, if it can, and never behind the edge.
        limit = signed.earliest if signed and last < signed.earliest else end
        after = min(last, limit) + WIDTH * shown
        right = after + length <= limit or first - length < start
        sides.append("right" if right else "left")
        froms.append(max(first, start) if right else max(first - length, start))
        untils.append(after + length if right else after)
    events["side"], events["from"], events["until"] = sides, froms, untils


def _place(
    events: pd.DataFrame, threads: list[str], shown: dt.timedelta
) -> tuple[dict[str, float], float]:
    """Give each event its height; where each lane begins, and where the last one ends."""
    lanes = {thread: events[events["thread"] == thread] for thread in threads}
    placed = {thread: _rows(lane, MOST_ROWS) for thread, lane in lanes.items()}

    def heights() -> dict[str, float]:
        return {thread: NAME + rows.max() + 1 for thread, rows in placed.items()}

    while AROUND + ROW * (LINE_NAME + sum(heights().values())) > TALLEST:
        # The lane that has the most room for its events gives up a row.
        crowds = {
            thread: len(rows) / (rows.max() + 1) for thread, rows in placed.items() if rows.max()
        }
        if not crowds:
            break
        roomy = min(crowds, key=crowds.__getitem__)
        placed[roomy] = _rows(lanes[roomy], placed[roomy].max())
    bottoms = -pd.Series(heights()).cumsum()
    tops = bottoms.shift(fill_value=0.0)
    events["y"] = events["thread"].map(tops) - NAME - pd.concat(placed.values()) - 0.3
    return dict(tops), bottoms.iloc[-1]


def _rows(lane: pd.DataFrame, most: int) -> pd.Series:
    """Row of each event in its lane: events that lie close together share its rows out.

    Named events come first, so that nothing is drawn over a name while there is another row.
    """
    free = [dt.date.min] * most
    kept: list[list[tuple[dt.date, dt.date]]] = [[] for _ in range(most)]
    rows = {}
    ordered = lane.assign(unnamed=lane["name"] == "")
    ordered = ordered.sort_values(["unnamed", "from"], kind="stable")
    for key, name, start, end in ordered[["name", "from", "until"]].itertuples():
        clear = [n for n in range(most) if not any(a < end and start < b for a, b in kept[n])]
        fitting = (n for n in clear if free[n] <= start)
        row = next(fitting, min(clear or range(most), key=free.__getitem__))
        rows[key] = row
        if name:
            kept[row].append((start, end))
        else:
            free[row] = max(end, free[row])
    return pd.Series(rows)


def _line(signed: EdtfDate) -> dict:
    day, look = signed.earliest.isoformat(), {"color": style.NEUTRAL, "width": 1.5, "dash": "dot"}
    return {
        "type": "line",
        "x0": day,
        "x1": day,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": look,
        "layer": "below",
    }


def _line_name(signed: EdtfDate) -> dict:
    text = _("{date}: the agreement").format(date=signed)
    return style.note(f"{text}\u2009", signed.earliest.isoformat(), LINE_NAME / 2, xanchor="right")


def _names_beside(plot: go.Figure, tops: list[float]) -> None:
    """On a wide page the names of lanes stand beside them, and the lanes close up."""
    if not plot.layout.yaxis.ticktext:
        return
    gap = NAME - 0.5

    def lower(y: float) -> float:
        return y + gap * sum(y < top for top in tops)

    for trace in plot.data:
        if trace.y is not None and trace.y[0] is not None:
            trace.y = [lower(y) for y in trace.y]
    for shape in plot.layout.shapes:
        if shape.yref != "paper":
            shape.y0 = shape.y1 = lower(shape.y0)
    bottom, top = plot.layout.yaxis.range
    plot.update_yaxes(tickvals=[lower(y) - 0.9 for y in tops], range=[lower(bottom), top])
    plot.layout.height = round(AROUND + ROW * (top - lower(bottom)))


def _buttons(book: Book, spans: list[dict], first: str, last: str) -> list[Button]:
    """A button for each named span within the days, and before them one for all of the days."""
    inside = [span for span in spans if first <= span["first"] and span["last"] <= last]
    if inside and (inside[0]["first"], inside[0]["last"]) != (first, last):
        until = dt.date.fromisoformat(last) - dt.timedelta(days=1)
        inside.insert(
            0, {"label": str(dates.parse(f"{first}/{until}")), "first": first, "last": last}
        )

    def label(span: dict) -> str:
        return span.get(f"label_{book.language}") or span["label"]

    return [Button(label(span), {"xaxis.range": [span["first"], span["last"]]}) for span in inside]


def _headline(events: pd.DataFrame, threads: dict[str, str], signed: EdtfDate | None) -> str:
    """How many events lie before the agreement and which lane has most of them."""
    known, before = _before(events, signed)
    if before.empty:
        days = (events["days"] == 1).sum()
        told = _("{days} of {all} events are known to the day")
        return told.format(days=days, all=len(events))
    counts = before["thread"].value_counts()
    return _(
        "{n} of {all} events come before the agreement; the busiest lane is {lane}, with {most}"
    ).format(n=len(before), all=len(known), lane=threads[counts.index[0]], most=counts.iloc[0])


def _before(events: pd.DataFrame, signed: EdtfDate | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events that are not weakly attested, and those of them that end before the agreement."""
    known = events[~events["evidence"].isin(WEAK_LEVELS)]
    earlier = [bool(signed and date.before(signed)) for date in known["date"]]
    return known, known[earlier]


def _words(book: Book, events: pd.DataFrame, signed: EdtfDate | None) -> str:
    known, before = _before(events, signed)
    weak, parts = len(events) - len(known), []
    if not before.empty:
        told = _("By {date} {ended} events had ended and {open} had not")
        told = told.format(date=signed, ended=len(before), open=len(known) - len(before))
        not_counted = plural(
            "{n} that nothing read establishes is not counted",
            "{n} that nothing read establishes are not counted",
            weak,
        )
        parts.append("; ".join([told, *[not_counted] * bool(weak)]) + ".")
    days, marks = (events["days"] == 1).sum(), dated.inexact(events).sum()
    told = _("{n} events from {first} to {last}.")
    parts.append(told.format(n=len(events), first=events["date"].min(), last=events["date"].max()))
    told = _("{days} are known to the day and {spans} only to a longer span, drawn as a bar;")
    parts.append(told.format(days=days, spans=len(events) - days))
    parts.append(
        plural(
            "{n} date is marked as approximate or uncertain.",
            "{n} dates are marked as approximate or uncertain.",
            marks,
        )
    )
    told = _("Evidence: {levels}.")
    levels = count_words(events["evidence"], book.labels("evidence"))
    return " ".join([*parts, told.format(levels=levels)])


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
        raise WrongArgument(_("there is no event yet: events.csv has no row"))
    see_also, disputed = _see_also(book), disputed_events(book)
    people = [row_links(book, "person", keys) for keys in events["people"]]
    summaries = events[["summary", "unverified_part", "note"]].to_numpy()
    cells = event_frame(book, events)
    frame = pd.DataFrame(
        {
            _("Event"): list(events["title"]),
            _("Date"): list(map(date_cell, events["date"], events["date_old_style"])),
            _("What happened"): [told(*parts) for parts in summaries],
            _("Thread"): cells[_("Thread")],
            _("People"): list(map(linked, people)),
            _("Evidence"): cells[_("Evidence")],
            _("Sources disagree"): yes_or_no(e in disputed for e in events["event_id"]),
            _("See also"): [linked(see_also[event]) for event in events["event_id"]],
            _("Sources"): cells[_("Sources")],
        }
    )
    first, last = events["date"].iloc[0], events["date"].iloc[-1]
    return TableView(
        "chronology-table",
        _("Chronology, {first} to {last}").format(
            first=first.earliest.year, last=last.earliest.year
        ),
        frame,
        row_ids=[anchor("event", event) for event in events["event_id"]],
        filters=(_("Thread"), _("People"), _("Evidence"), _("Sources disagree")),
        searchable=True,
        lists={_("People"): [[name for name, _ in links] for links in people]},
    )


def _see_also(book: Book) -> dict[str, list[tuple[str, str]]]:
    """Places, cases, instruments and clauses of each event, with their addresses."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    treaties, clauses = book.by_key("treaties", "short"), book.rows("clauses")
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

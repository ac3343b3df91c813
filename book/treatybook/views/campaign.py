"""The war on a map that moves month by month.

A frame never says more than a date: an event that may have happened in one of several
months appears in each of them with a hollow mark.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import is_doubtful
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.tables import Book
from treatybook.views import basemap

THREADS = {
    "ungern": "circle",
    "troops": "square",
    "army": "star",
    "west": "diamond",
    "peking": "triangle-up",
}
FRAME = (81, 127, 39, 56)  # west, east, south, north of the whole map, in degrees
VIEWS = {
    "the whole war": FRAME,
    "Urga and the border": (98, 112, 46, 53.5),
    "the west": (84, 100, 44, 52.5),
}
MARK = 14  # CSS pixels
STEP = 0.9  # degrees between the marks of one place, so that they do not cover each other
LINE = 42  # characters in a line of the list below the map
LONGEST = 92  # days that the date of an event may span, about a season
LINE_HEIGHT = 18  # CSS pixels
MAP_HEIGHT = 310


@checked
def months(first: str, last: str) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each month from one month to another, both ``YYYY-MM``.

    Raises
    ------
    ValueError
        If the last month lies before the first.
    """
    start, end = dates.span(str(_first_day(first)), str(_first_day(last)), "month")
    # In nanoseconds, as pandas counts by default, there is no year before 1678.
    firsts = pd.date_range(start, end, freq="MS", unit="s")
    return list(zip(firsts.date, (firsts + pd.offsets.MonthEnd()).date, strict=True))


def _first_day(month: str) -> dt.date:
    try:
        return dates.day(f"{month}-01")
    except dates.DateError as error:
        words = f'{month!r} is not a month; write it in quotes, like "1921-05"'
        raise dates.DateError(words) from error


def party_keys(book: Book, list_name: str, used: Iterable[str]) -> list[go.Scatter]:
    """Entries of the legend for the colours of labels: one for each colour, with all its labels.

    Parameters
    ----------
    book : Book
        The tables.
    list_name : str
        A closed list whose labels have parties.
    used : iterable of str
        The labels that occur.
    """
    colours, words, used = style.party_colours(book, list_name), book.labels(list_name), set(used)
    named: dict[str, list[str]] = {}
    for label in words:
        if label in used:
            named.setdefault(colours[label], []).append(words[label])
    return [style.key(", ".join(names), 10, color=colour) for colour, names in named.items()]


@checked
def campaign(book: Book, first: str = "1920-10", last: str = "1922-06") -> FigureView:
    """Events of the war on the map, one frame for each month.

    Strong marks are the events of the month: filled if the event is sure to lie in it, hollow
    if its date reaches beyond the month, is marked as uncertain, or is weakly attested. Small
    faint marks are what has happened before. Below the map stand the events of the month.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last month, ``YYYY-MM``.

    Returns
    -------
    FigureView
        Its table has every event of the span, those without a position and those that are known
        to the year only too.

    Raises
    ------
    ValueError
        If the span is empty or no event lies in it.
    """
    span = months(first, last)
    events = _events(book, span)
    # What is known to the year only would stand in the list of every month.
    marks = events[[date.days <= LONGEST for date in events["date"]]]
    fixed = basemap.base(book)
    moved = list(range(len(fixed), len(fixed) + len(THREADS) + 2))
    frames = [
        go.Frame(name=f"{month[0]:%B %Y}", data=_moving(book, marks, *month), traces=moved)
        for month in span
    ]
    breaks = max(frame.data[-1].text[0].count("<br>") for frame in frames)
    room = LINE_HEIGHT * (breaks + 2)
    # The busiest month comes first: there is most to see.
    start = max(range(len(span)), key=lambda number: len(_in(marks, *span[number])))
    plot = style.figure(
        [*fixed, *frames[start].data],
        height=MAP_HEIGHT + room + 130,
        annotations=_names(book),
        **_layout(room),
    )
    plot.frames = frames
    drawn = marks.dropna(subset="x")
    words = (
        f"{len(events)} events of the war from {frames[0].name} to {frames[-1].name}, "
        f"{len(drawn)} of them drawn at a place. The busiest month is {frames[start].name}. "
        f"{drawn['hollow'].sum()} marks are hollow throughout, because their date is uncertain or "
        f"weakly attested. {len(events) - len(drawn)} events have no place on this map or are "
        "known to the year only, and stand in the table only."
    )
    table = {
        "Event": [event_cell(row) for row in events.to_dict("records")],
        "Date": events["date"].map(date_cell),
        "Thread": events["thread"].map(book.labels("thread")),
        "Place": events["place"].replace("", "not named"),
        "Not on the map": events["why"],
        "Evidence": [evidence_cell(book, level) for level in events["evidence"]],
    }
    return FigureView(
        "campaign",
        plot,
        "The war month by month. Filled: an event of the month. Hollow: its date may lie in "
        "another month, or is weakly attested. Small: what has happened before. Borders are "
        "those of today.",
        words,
        TableView("campaign-data", "Events of the war, with their places", pd.DataFrame(table)),
        [Button(label, basemap.turned_to(view)) for label, view in VIEWS.items()],
        player="Month",
        start=start,
    )


def _events(book: Book, span: list[tuple[dt.date, dt.date]]) -> pd.DataFrame:
    """One row per event, at its first place with a position inside the map, if it has one."""
    first, last = span[0][0], span[-1][1]
    events = book.events[book.events["thread"].isin(list(THREADS))]
    events = _in(events, first, last).sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(f"no event of the war between {first} and {last}")
    places, known = book.rows("places"), book.places.dropna(subset="latitude")
    on_map, placed = set(basemap.inside(known, FRAME)["place_id"]), set(known["place_id"])
    rows = []
    for event in events.to_dict("records"):
        keys = event["places"]
        spot = next((places[key] for key in keys if key in on_map), {})
        why = "a region, or the position is not known" if keys else "no place is named"
        why = "outside the map" if placed.intersection(keys) else why
        if event["date"].days > LONGEST:
            spot, why = {}, "known to the year only"
        rows.append(
            {
                **event,
                "x": spot.get("longitude"),
                "y": spot.get("latitude"),
                "place": ", ".join(places[key]["name"] for key in keys),
                "why": "" if spot else why,
                "hollow": event["date"].approximate or is_doubtful(event),
            }
        )
    return pd.DataFrame(rows).astype({"x": float, "y": float})


def _in(rows: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    return rows.loc[[d.earliest <= end and d.latest >= start for d in rows["date"]]]


def _moving(book: Book, marks: pd.DataFrame, start: dt.date, end: dt.date) -> list[go.Scatter]:
    """The traces of one frame, the same number in each: earlier events, threads, the list."""
    now = _in(marks, start, end)
    # Whether an event may lie in another month than this one.
    beyond = [date.earliest < start or date.latest > end for date in now["date"]]
    now = now.assign(doubtful=now["hollow"] | pd.Series(beyond, now.index, dtype=bool))
    drawn = _spread(now.dropna(subset="x"))
    labels = book.labels("thread")
    traces = [_before(marks, start)]
    for thread, symbol in THREADS.items():
        rows = drawn[drawn["thread"] == thread].to_dict("records")
        traces.append(
            style.marks(
                # An empty trace has no sign in the legend, so it keeps one mark out of sight.
                [row["x"] for row in rows] or [None],
                [row["y"] for row in rows] or [None],
                [style.words(row["title_en"], row["date"], row["place"]) for row in rows],
                name=labels[thread],
                symbol=[symbol + ("-open" if row["doubtful"] else "") for row in rows] or [symbol],
                size=MARK,
                colour=style.THREAD_COLOURS[thread],
            )
        )
    listed = [
        "• " + "<br>   ".join(textwrap.wrap(title + (" (uncertain)" if doubtful else ""), LINE))
        for title, doubtful in zip(now["title_en"], now["doubtful"], strict=True)
    ]
    traces.append(
        go.Scatter(
            x=[0],
            y=[1],
            xaxis="x2",
            yaxis="y2",
            mode="text",
            text=["<br>".join(listed) or "No event of the war in this month."],
            textposition="bottom right",
            textfont={"size": 12},
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    )
    return traces


def _before(marks: pd.DataFrame, start: dt.date) -> go.Scatter:
    """What was over before a day."""
    over = marks.loc[[date.latest < start for date in marks["date"]]].dropna(subset="x")
    colours = [style.THREAD_COLOURS[thread] for thread in over["thread"]]
    return style.marks(
        over["x"],
        over["y"],
        over["title_en"],
        name="before this month",
        size=7,
        colour=[style.faint(colour) for colour in colours],
        outline=None,
        marker_line_color=colours,
    )


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Shift the marks of one place sideways, so that each can be seen."""
    places = rows.groupby(["x", "y"])["x"]
    middle = (places.transform("size") - 1) / 2
    return rows.assign(x=rows["x"] + (places.cumcount() - middle) * STEP)


def _names(book: Book) -> list[dict]:
    """Names of places, each on the side of its mark that the table says: ``north-east``."""
    named = []
    for row in book.places[book.places["map_name"] != ""].to_dict("records"):
        words = row["map_name"]
        side = ("east" in words) - ("west" in words), ("north" in words) - ("south" in words)
        spot = row["name"], row["longitude"], row["latitude"], MARK
        named.append(basemap.name(spot, side))
    return named


def _layout(room: int) -> dict:
    """The map above, the list of the month in a box of its own below it."""
    layout = basemap.layout(FRAME)
    share = room / (MAP_HEIGHT + room)
    hidden = {**style.rows(0, 1), "type": "linear"}
    return {
        **layout,
        "yaxis": {**layout["yaxis"], "domain": [share, 1], "constraintoward": "bottom"},
        "xaxis2": {**hidden, "anchor": "y2"},
        "yaxis2": {**hidden, "anchor": "x2", "domain": [0, max(share - 0.02, 0.01)]},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 110},
    }

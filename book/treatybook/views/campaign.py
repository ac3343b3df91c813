"""The war on a map that moves month by month.

A frame never says more than a date: an event that may have happened in one of several
months appears in each of them with a hollow mark.
"""

from __future__ import annotations

import calendar
import datetime as dt
import textwrap
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import is_doubtful
from treatybook.evidence.errors import WrongArgument
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
# Where a name stands: to the right of its mark, and above it.
SIDES = {
    "north": (0, 1),
    "north-east": (1, 1),
    "south-east": (1, -1),
    "south": (0, -1),
    "south-west": (-1, -1),
    "north-west": (-1, 1),
}
MARK = 14  # CSS pixels
STEP = 0.9  # degrees between the marks of one place, so that they do not cover each other
LINE = 42  # characters in a line of the list below the map
LINE_HEIGHT = 18  # CSS pixels
MAP_HEIGHT = 310


def months(first: str, last: str) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each month from one month to another, both ``YYYY-MM``.

    Raises
    ------
    ValueError
        If the last month lies before the first.
    """
    start, end = _first_day(first), _first_day(last)
    if end < start:
        raise WrongArgument(f"the last month, {last}, lies before the first, {first}")
    found = []
    while start <= end:
        days = calendar.monthrange(start.year, start.month)[1]
        found.append((start, start.replace(day=days)))
        start = found[-1][1] + dt.timedelta(days=1)
    return found


def _first_day(month: str) -> dt.date:
    try:
        return dates.day(f"{month}-01")
    except dates.DateError as error:
        words = f'{month!r} is not a month; write it in quotes, like "1921-05"'
        raise dates.DateError(words) from error


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
        Its table has every event of the span, those without a position too.

    Raises
    ------
    ValueError
        If the span is empty or no event lies in it.
    """
    span = months(first, last)
    marks = _marks(book, span)
    drawn = marks[marks["x"].notna()]
    frames = [
        go.Frame(name=f"{start:%B %Y}", data=_moving(book, drawn, marks, start, end))
        for start, end in span
    ]
    fixed = basemap.base(book)
    for frame in frames:
        frame.traces = list(range(len(fixed), len(fixed) + len(frame.data)))
    lines = max(frame.data[-1].text[0].count("<br>") + 1 for frame in frames)
    room = LINE_HEIGHT * (lines + 1)
    # The busiest month comes first: there is most to see.
    counted = [len(_in(marks, *month)) for month in span]
    start = counted.index(max(counted))
    plot = style.figure(
        [*fixed, *frames[start].data],
        height=MAP_HEIGHT + room + 130,
        annotations=_names(book),
        **_layout(room),
    )
    plot.frames = frames
    unplaced = marks[marks["x"].isna()]
    words = (
        f"{len(marks)} events of the war from {frames[0].name} to {frames[-1].name}, "
        f"{len(drawn)} of them drawn at a place. The busiest month is "
        f"{frames[start].name}. "
        f"{int(drawn['hollow'].sum())} marks are hollow throughout, because their date is "
        f"uncertain or weakly attested. {len(unplaced)} events have no place on this map and stand "
        "in the table only."
    )
    return FigureView(
        "campaign",
        plot,
        "The war month by month. Filled: an event of the month. Hollow: its date may lie in "
        "another month, or is weakly attested. Small: what has happened before. Borders are "
        "those of today.",
        words,
        TableView("campaign-data", "Events of the war, with their places", _table(book, marks)),
        [
            Button(label, {"xaxis.range": [west, east], "yaxis.range": [south, north]})
            for label, (west, east, south, north) in VIEWS.items()
        ],
        player="Month",
        start=start,
    )


def _marks(book: Book, span: list[tuple[dt.date, dt.date]]) -> pd.DataFrame:
    """One row per event, at its first place with a position inside the map, if it has one."""
    events = book.events[book.events["thread"].isin(list(THREADS))]
    inside = [d.earliest <= span[-1][1] and d.latest >= span[0][0] for d in events["date"]]
    events = events[inside].sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(f"no event of the war between {span[0][0]} and {span[-1][1]}")
    places = book.places.set_index("place_id")
    rows = []
    for event in events.to_dict("records"):
        spots = [places.loc[key] for key in event["places"]]
        placed = [spot for spot in spots if pd.notna(spot["latitude"])]
        on_map = [spot for spot in placed if _inside(spot)]
        spot = on_map[0] if on_map else None
        if on_map:
            why = ""
        elif not spots:
            why = "no place is named"
        else:
            why = "outside the map" if placed else "a region, or the position is not known"
        rows.append(
            {
                **event,
                "x": None if spot is None else float(spot["longitude"]),
                "y": None if spot is None else float(spot["latitude"]),
                "place": ", ".join(place["name"] for place in spots),
                "why": why,
                "hollow": event["date"].approximate or is_doubtful(event),
            }
        )
    frame = pd.DataFrame(rows)
    return frame.astype({"x": float, "y": float})


def _inside(place: pd.Series) -> bool:
    west, east, south, north = FRAME
    return west <= place["longitude"] <= east and south <= place["latitude"] <= north


def _in(marks: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    return marks[[d.earliest <= end and d.latest >= start for d in marks["date"]]]


def _moving(
    book: Book, drawn: pd.DataFrame, marks: pd.DataFrame, start: dt.date, end: dt.date
) -> list[go.Scatter]:
    """The traces of one frame, the same number in each: earlier events, threads, the list."""
    labels = book.labels("thread")
    before = drawn[[d.latest < start for d in drawn["date"]]]
    now = _spread(_in(drawn, start, end))
    listed = _in(marks, start, end)
    traces = [
        go.Scatter(
            x=list(before["x"]),
            y=list(before["y"]),
            mode="markers",
            name="before this month",
            marker={
                "size": 7,
                "color": [style.faint(style.THREAD_COLOURS[t]) for t in before["thread"]],
                "line": {"color": [style.THREAD_COLOURS[t] for t in before["thread"]]},
            },
            hovertext=list(before["title_en"]),
            hoverinfo="text",
        )
    ]
    for thread, symbol in THREADS.items():
        rows = now[now["thread"] == thread]
        doubtful = [_doubtful(row, start, end) for row in rows.to_dict("records")]
        colour = style.THREAD_COLOURS[thread]
        traces.append(
            go.Scatter(
                # An empty trace has no sign in the legend, so it keeps one mark out of sight.
                x=list(rows["spread"]) or [None],
                y=list(rows["y"]) or [None],
                mode="markers",
                name=labels[thread],
                marker={
                    "symbol": [symbol + ("-open" if d else "") for d in doubtful] or [symbol],
                    "size": MARK,
                    "color": colour,
                    "line": {"width": 2, "color": colour},
                },
                hovertext=[
                    f"<b>{row['title_en']}</b><br>{row['date']}<br>{row['place']}"
                    for row in rows.to_dict("records")
                ],
                hoverinfo="text",
            )
        )
    traces.append(
        go.Scatter(
            x=[0],
            y=[1],
            xaxis="x2",
            yaxis="y2",
            mode="text",
            text=["<br>".join(_list(listed, start, end)) or "No event of the war in this month."],
            textposition="bottom right",
            textfont={"size": 12},
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    )
    return traces


def _doubtful(row: dict, start: dt.date, end: dt.date) -> bool:
    """Whether the event may lie in another month than this one."""
    date = row["date"]
    return row["hollow"] or date.earliest < start or date.latest > end


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Shift the marks of one place sideways, so that each can be seen."""
    seen = rows.groupby(["x", "y"]).cumcount()
    sizes = rows.groupby(["x", "y"])["x"].transform("size")
    return rows.assign(spread=rows["x"] + (seen - (sizes - 1) / 2) * STEP)


def _list(rows: pd.DataFrame, start: dt.date, end: dt.date) -> Iterator[str]:
    for row in rows.to_dict("records"):
        doubt = " (uncertain)" if _doubtful(row, start, end) else ""
        yield "• " + "<br>   ".join(textwrap.wrap(row["title_en"] + doubt, LINE))


def _names(book: Book) -> list[dict]:
    named = book.places[book.places["map_name"] != ""]
    return [
        basemap.name((row["name"], row["longitude"], row["latitude"], MARK), SIDES[row["map_name"]])
        for row in named.to_dict("records")
    ]


def _layout(room: int) -> dict:
    """The map above, the list of the month in a box of its own below it."""
    layout = basemap.layout(*FRAME)
    share = room / (MAP_HEIGHT + room)
    hidden = {"visible": False, "range": [0, 1], "fixedrange": True, "type": "linear"}
    return {
        **layout,
        "yaxis": {**layout["yaxis"], "domain": [share, 1], "constraintoward": "bottom"},
        "xaxis2": {**hidden, "anchor": "y2"},
        "yaxis2": {**hidden, "anchor": "x2", "domain": [0, max(share - 0.02, 0.01)]},
        "legend": {"y": -0.02},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 110},
    }


def _table(book: Book, marks: pd.DataFrame) -> pd.DataFrame:
    threads = book.labels("thread")
    return pd.DataFrame(
        [
            {
                "Event": event_cell(row),
                "Date": date_cell(row["date"]),
                "Thread": threads[row["thread"]],
                "Place": row["place"] or "not named",
                "Not on the map": row["why"],
                "Evidence": evidence_cell(book, row["evidence"]),
            }
            for row in marks.to_dict("records")
        ]
    )

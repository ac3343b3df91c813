"""Where the revolution was decided: events in lanes of places, from Moscow to Peking."""

from __future__ import annotations

import pandas as pd

from treatybook.display import style
from treatybook.display.cells import event_frame
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.tables import Book
from treatybook.views.voices import end_marks, span_lines

THREADS = {
    "state": "circle",
    "army": "star",
    "moscow": "square",
    "troops": "cross",
    "peking": "triangle-up",
    "ungern": "diamond",
}
ROWS = 4  # rows of a lane, so that marks of the same days lie beside each other
SPANS = {
    "1920 and 1921": ("1920-02-01", "1921-08-01"),
    "1920": ("1920-02-01", "1921-01-15"),
    "spring 1921": ("1921-01-25", "1921-05-01"),
    "summer 1921": ("1921-05-10", "1921-07-25"),
}


@checked
def in_lanes(book: Book, first: str = "1920-02-01", last: str = "1921-07-31") -> pd.DataFrame:
    """Events of the threads in :data:`THREADS` between two days, with their lane.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day, ``YYYY-MM-DD``.

    Returns
    -------
    pandas.DataFrame
        The columns of ``events`` and ``lane``, that of the first of its places that has one;
        empty if none has.

    Raises
    ------
    ValueError
        If no event lies between the days.
    """
    start, end = dates.span(first, last)
    events = book.events[book.events["thread"].isin(list(THREADS))]
    inside = [date.earliest >= start and date.latest <= end for date in events["date"]]
    found = events.loc[inside].sort_values("date", kind="stable")
    if found.empty:
        raise WrongArgument(f"no event of these threads between {first} and {last}")
    lanes = book.by_key("places", "lane")
    first_lane = [next(filter(None, map(lanes.get, keys)), "") for keys in found["places"]]
    return found.assign(lane=first_lane)


@checked
def where(book: Book, first: str = "1920-02-01", last: str = "1921-07-31") -> FigureView:
    """Events in lanes of places; a day is a mark, a longer span a bar without a middle.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day, ``YYYY-MM-DD``; an event that may lie outside is left out.

    Returns
    -------
    FigureView

    Raises
    ------
    ValueError
        If no event lies between the days.
    """
    events = in_lanes(book, first, last)
    drawn = events[events["lane"] != ""]
    lanes = book.labels("place_lane")
    tops = {lane: -number for number, lane in enumerate(lanes)}
    steps = drawn.groupby("lane").cumcount() % ROWS
    drawn = drawn.assign(
        y=drawn["lane"].map(tops) + 0.1 - 0.16 * steps,
        hover=list(map(style.words, drawn["title_en"], drawn["date"])),
    )
    labels = book.labels("thread")
    traces = span_lines(drawn, name="a span of days")
    for thread, symbol in THREADS.items():
        own, colour = drawn[drawn["thread"] == thread], style.THREAD_COLOURS[thread]
        if not own.empty:
            traces.append(end_marks(own, symbol, colour, labels[thread], marker_size=11))
    plot = style.figure(
        traces,
        height=130 + 92 * len(lanes),
        xaxis={"type": "date", "range": style.padded(*SPANS["1920 and 1921"]), "fixedrange": True},
        yaxis=style.rows(0.4 - len(lanes), 0.6),
        annotations=[style.row_name(f"<b>{lanes[lane]}</b>", y + 0.38) for lane, y in tops.items()],
        shapes=[style.row_line(y - 0.5) for y in tops.values()],
    )
    counted = drawn["lane"].value_counts()
    parts = ", ".join(f"{words} {counted.get(lane, 0)}" for lane, words in lanes.items())
    left = len(events) - len(drawn)
    words = (
        f"{len(drawn)} events by place: {parts}. {left} more have no place in these lanes and stand "
        "in the table."
    )
    frame = event_frame(book, events)
    frame["Where"] = [lanes.get(lane, "in none of the lanes") for lane in events["lane"]]
    frame = frame[["Event", "Date", "Where", "Thread", "Evidence"]]
    return FigureView(
        "where",
        plot,
        "Where things were decided and done. A bar covers every day that a date can mean; a "
        "hollow mark is uncertain or weakly attested.",
        words,
        TableView("where-data", "Events by place", frame),
        [Button(label, {"xaxis.range": style.padded(*days)}) for label, days in SPANS.items()],
    )

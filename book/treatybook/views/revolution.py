"""Where the revolution was decided: events in lanes of places, from Moscow to Peking."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import event_frame
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, in_words

THREADS = ("state", "army", "moscow", "troops", "peking", "ungern")
PARTY, ENEMY = "mongolian", "white"  # whose way is drawn, and whose events are not on it
HIGH = 0.12  # of the way above the middle of a lane
LOW, STEP, STEPS = -0.2, 0.11, 3  # of the other events below it, which stand in rows
LANE, AROUND = 96, 56  # height of a lane and of what is around them, in CSS pixels
ON_WAY, OFF_WAY = 12, 8  # sizes of marks in CSS pixels
LABEL = 22  # characters in a line of a name beside its mark
WIDER = 4  # characters more where nothing stands beside the name
ROOM = 0.25  # of the width, from which a name has room to the left of its mark
SPANS = {
    "all": ("1919-12-01", "1921-08-01"),
    "1920": ("1920-02-01", "1921-01-15"),
    "spring": ("1921-01-25", "1921-05-01"),
    "summer": ("1921-05-10", "1921-07-25"),
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
        told = _("no event of these threads between {first} and {last}")
        raise WrongArgument(told.format(first=first, last=last))
    lanes = book.by_key("places", "lane")
    first_lane = [next(filter(None, map(lanes.get, keys)), "") for keys in found["places"]]
    return found.assign(lane=first_lane)


@checked
def where(book: Book, first: str = "1920-02-01", last: str = "1921-07-31") -> FigureView:
    """Events in lanes of places, and the way of the revolutionaries from lane to lane.

    A day is a mark, a longer span a bar with a mark at each end and none in the middle. The way
    joins, in order of time, the events in which somebody of the Mongolian side is named, without
    those of the war of the Whites.

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
    events, lanes = in_lanes(book, first, last), book.labels("place_lane")
    drawn = _placed(book, events[events["lane"] != ""], list(lanes))
    way = drawn[drawn["on_way"]]
    spans = drawn[[date.days > 1 for date in drawn["date"]]]
    traces = [
        _line(way),
        style.lines(
            [(str(d.earliest), str(d.latest), y) for d, y in spans[["date", "y"]].to_numpy()],
            name=_("a span of days"),
            opacity=0.5,
        ),
        _marks(drawn[~drawn["on_way"]], OFF_WAY),
        _marks(way, ON_WAY),
        *style.party_keys(book, "thread", drawn["thread"]),
        *style.evidence_keys(drawn["evidence"]),
    ]
    if any(map(_is_vague, drawn["date"])):
        traces.append(style.key(_("a date about right or uncertain"), 20, symbol="diamond"))
    tops = {lane: -number for number, lane in enumerate(lanes)}
    names = [style.row_name(f"<b>{lanes[lane]}</b>", y + 0.42) for lane, y in tops.items()]
    notes = {label: [*names, *_turns(way, *days)] for label, days in SPANS.items()}
    plot = style.figure(
        traces,
        height=AROUND + LANE * len(lanes),
        xaxis={"type": "date", "range": style.padded(*SPANS["all"]), "fixedrange": True},
        yaxis=style.rows(0.4 - len(lanes), 0.6),
        annotations=next(iter(notes.values())),
        shapes=[style.row_line(y - 0.5) for y in tops.values()],
    )
    counted = drawn["lane"].value_counts()
    parts = ", ".join(f"{words} {counted.get(lane, 0)}" for lane, words in lanes.items())
    found = _finding(way, lanes) or _("{n} events lie in {all} lanes of places").format(
        n=len(drawn), all=len(counted)
    )
    words = _(
        "{n} events by place: {places}. {rest} more have no place in these lanes and stand in the "
        "table."
    ).format(n=len(drawn), places=parts, rest=len(events) - len(drawn))
    spans = {
        "all": _("1920 and 1921"),
        "1920": "1920",
        "spring": _("spring 1921"),
        "summer": _("summer 1921"),
    }
    frame = event_frame(book, events)
    frame[_("Where")] = [lanes.get(lane, _("in none of the lanes")) for lane in events["lane"]]
    frame = frame[[_("Event"), _("Date"), _("Where"), _("Thread"), _("Evidence")]]
    return FigureView(
        "where",
        plot,
        _(
            "The line joins, in order of time, the steps in which Mongolian revolutionaries are "
            "named; it is no road. Small marks: what others did. A bar covers every day that a "
            "date can mean."
        ),
        f"{_claim(way, lanes)}{words}",
        TableView("where-data", _("Events by place"), frame),
        [
            Button(
                spans[label],
                {"xaxis.range": style.padded(*days), "annotations": notes[label]},
            )
            for label, days in SPANS.items()
        ],
        headline=found,
        adapt=_as_high,
    )


def _as_high(plot: go.Figure) -> None:
    """A wide drawing is as high as the narrow one, because the names at its marks are."""
    plot.update_layout(height=AROUND + LANE * len(plot.layout.shapes))


def _placed(book: Book, events: pd.DataFrame, lanes: list[str]) -> pd.DataFrame:
    """Events with their height, their look and whether they are steps on the way."""
    people, parties = book.by_key("people", "group"), book.parties("people_group")
    ours = {key for key, group in people.items() if parties.get(group) == PARTY}
    threads = book.parties("thread")
    on_way = [
        bool(ours.intersection(named)) and threads[thread] != ENEMY
        for named, thread in zip(events["people"], events["thread"], strict=True)
    ]
    events = events.assign(on_way=on_way, top=[-lanes.index(lane) for lane in events["lane"]])
    steps = events.groupby(["lane", "on_way"]).cumcount() % STEPS
    return events.assign(
        y=events["top"] + (LOW - STEP * steps).where(~events["on_way"], HIGH),
        colour=events["thread"].map(style.party_colours(book, "thread")),
        hover=list(map(style.words, events["title"], events["date"])),
    )


def _line(way: pd.DataFrame) -> go.Scatter:
    ends = [(str(day), y) for d, y in way[["date", "y"]].to_numpy() for day in _ends(d)]
    return go.Scatter(
        x=[day for day, _ in ends],
        y=[y for _, y in ends],
        mode="lines",
        name=_("the way of the Mongolian revolutionaries"),
        legendrank=1,
        hoverinfo="skip",
        line={"color": style.party_colour(PARTY), "width": 2},
    )


def _ends(date: dates.EdtfDate) -> list:
    return sorted({date.earliest, date.latest})


def _is_vague(date: dates.EdtfDate) -> bool:
    return date.approximate or date.uncertain


def _marks(rows: pd.DataFrame, size: int) -> go.Scatter:
    """A mark for a day, two for the ends of a span; each leads to its event."""
    ends = [(day, row) for row in rows.to_dict("records") for day in _ends(row["date"])]
    shapes = ["diamond" if _is_vague(row["date"]) else "circle" for _, row in ends]
    return style.marks(
        [str(day) for day, _ in ends],
        [row["y"] for _, row in ends],
        [row["hover"] for _, row in ends],
        symbol=[style.filled(r["evidence"], s) for (_, r), s in zip(ends, shapes, strict=True)],
        size=size,
        colour=[row["colour"] for _, row in ends],
        customdata=[address("event", row["event_id"]) for _, row in ends],
    )


def _turns(way: pd.DataFrame, first: str, last: str) -> list[dict]:
    """Names of the steps at which the way comes to another lane, as far as they lie in a span.

    The line comes from one side of such a step, so its name stands on the other.
    """
    start, end = map(pd.Timestamp, (first, last))
    runs = way.groupby((way["lane"] != way["lane"].shift()).cumsum())
    notes, before = [], 0.0
    for run in (part for _number, part in runs):
        row, rises = run.iloc[0], run.iloc[0]["y"] > before
        before = row["y"]
        day = pd.Timestamp(run.iloc[-1]["date"].latest if rises else row["date"].earliest)
        if not start <= day <= end:
            continue
        share = (day - start) / (end - start)
        if rises:
            look = {"xanchor": "left", "xshift": 9, "yanchor": "bottom", "yshift": -6}
        elif share > ROOM:
            look = {"xanchor": "right", "xshift": -9, "yanchor": "top", "yshift": 9}
        else:
            look = {"xanchor": "left", "yanchor": "top", "yshift": -7}
        look["align"] = look["xanchor"]
        text = style.wrapped(row["title"], LABEL + WIDER * (rises and share < 0.5))
        notes.append(style.note(text, day.date().isoformat(), row["y"], **look))
    return notes


def _before_return(way: pd.DataFrame) -> tuple[pd.DataFrame, dict] | None:
    """The steps before the way came to its last lane for the last time, and the first one there."""
    away = way[way["lane"] != way["lane"].iloc[-1]] if len(way) else way
    if away.empty:
        return None
    last = way.index.get_loc(away.index[-1])
    return way.iloc[: last + 1], way.iloc[last + 1].to_dict()


def _finding(way: pd.DataFrame, lanes: dict[str, str]) -> str:
    if not (found := _before_return(way)):
        return ""
    before, arrival = found
    away = (before["lane"] != arrival["lane"]).sum()
    return _(
        "{n} of {all} steps of the Mongolian revolutionaries before {month} were taken outside "
        "{place}"
    ).format(
        n=away,
        all=len(before),
        month=in_words(arrival["date"].earliest, "MMMM y"),
        place=lanes[arrival["lane"]],
    )


def _claim(way: pd.DataFrame, lanes: dict[str, str]) -> str:
    """The finding in other words: where the steps before the last lane were taken."""
    if not (found := _before_return(way)):
        return ""
    before, arrival = found
    counted = before["lane"].value_counts()
    parts = ", ".join(f"{lanes[lane]} {number}" for lane, number in counted.items())
    told = _(
        "Before they entered {place} on {date}, the Mongolian revolutionaries acted mostly "
        "elsewhere: {parts}."
    )
    told = told.format(place=lanes[arrival["lane"]], date=arrival["date"], parts=parts)
    return f"{told} "

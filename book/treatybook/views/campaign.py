"""The war on a map that moves month by month.

A frame never says more than a date: an event that may have happened in one of several
months appears in each of them, as a diamond.
"""

from __future__ import annotations

import datetime as dt
import textwrap

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import layouts, style
from treatybook.display.cells import date_cell, event_cell, evidence_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, in_words, plural
from treatybook.views import basemap

THREADS = ("ungern", "troops", "army", "west", "peking")
# West, east, south and north of each part in degrees; all have one shape.
VIEWS = {
    "war": (81, 127, 39, 56),
    "urga": (97.5, 115.5, 46, 52.65),
    "west": (82, 100, 45.6, 52.25),
}
FRAME = VIEWS["war"]
MARK, EARLIER = 11, 7  # sizes of marks in CSS pixels
STEP = 1.5  # degrees between the marks of one place, so that they do not cover each other
LINE = 66  # characters in a line of the list below the map
GAP = "\u2002"  # a blank that is kept
LONGEST = 92  # days that the date of an event may span, about a season
LINE_HEIGHT = 16  # CSS pixels
SIGNS = 5  # room of a number beside its mark, in CSS pixels
MOVING = 4  # traces that change from month to month
MAP_HEIGHT = basemap.height(FRAME)


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
        words = _('{month!r} is not a month; write it in quotes, like "1921-05"')
        raise dates.DateError(words.format(month=month)) from error


@checked
def campaign(book: Book, first: str = "1920-10", last: str = "1922-06") -> FigureView:
    """Events of the war on the map, one frame for each month.

    Large marks are the events of the month, with their numbers in the list of the month: a
    diamond if the date may lie outside the month or is about right or uncertain, filled as the
    level of evidence says. Small faint marks are what has happened before.

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
    fixed = [*basemap.base(book), *_keys(book, marks)]
    moved = list(range(len(fixed), len(fixed) + MOVING))
    frames = [
        go.Frame(name=in_words(month[0], "LLLL y"), data=_moving(marks, *month), traces=moved)
        for month in span
    ]
    breaks = max(frame.data[-1].text[0].count("<br>") for frame in frames)
    room = LINE_HEIGHT * (breaks + 2)
    drawn = marks.dropna(subset="x")
    # The month with most on the map comes first: there is most to see.
    start = max(range(len(span)), key=lambda number: len(_in(drawn, *span[number])))
    busiest = _in(drawn, *span[start])
    named = {part: _names(book, marks, span, view) for part, view in VIEWS.items()}
    parts = _part_names()
    plot = style.figure(
        [*fixed, *frames[start].data],
        height=MAP_HEIGHT + room,
        annotations=named["war"],
        **_layout(room),
    )
    plot.frames = frames
    most = _("No month has more on the map than {month}, with {n} events.")
    counted = _(
        "{all} events of the war from {first} to {last}, {n} of them drawn at a place. {rest} "
        "events have no place on this map or are known to the year only, and stand in the table "
        "only."
    ).format(
        all=len(events),
        first=frames[0].name,
        last=frames[-1].name,
        n=len(drawn),
        rest=len(events) - len(drawn),
    )
    most = most.format(month=frames[start].name, n=len(busiest))
    words = " ".join(filter(None, [most, _claim(drawn), counted]))
    table = {
        _("Event"): [event_cell(row) for row in events.to_dict("records")],
        _("Date"): events["date"].map(date_cell),
        _("Thread"): events["thread"].map(book.labels("thread")),
        _("Place"): events["place"].replace("", _("not named")),
        _("Not on the map"): events["why"],
        _("Evidence"): [evidence_cell(book, level) for level in events["evidence"]],
    }
    return FigureView(
        "campaign",
        plot,
        _(
            "The numbers on the map are those of the list; what has none has no place on the map. "
            "A question mark: the day is uncertain. Names of countries are those of 1921, borders "
            "are those of today."
        ),
        words,
        TableView("campaign-data", _("Events of the war, with their places"), pd.DataFrame(table)),
        [
            Button(parts[part], {**basemap.turned_to(view), "annotations": named[part]})
            for part, view in VIEWS.items()
        ],
        player=_("Month"),
        start=start,
        headline=_finding(frames[start].name, busiest),
        adapt=_beside,
    )


def _part_names() -> dict[str, str]:
    """The parts of the map in words, by the keys of :data:`VIEWS`."""
    return {"war": _("the whole war"), "urga": _("Urga and the border"), "west": _("the west")}


def _beside(plot: go.Figure) -> None:
    """On a wide page the list stands beside the map, and the drawing is as high as it needs."""
    layouts.list_beside_map(plot, style.SMALL)
    breaks = max(frame.data[-1].text[0].count("<br>") for frame in plot.frames)
    plot.update_layout(height=max(LINE_HEIGHT * (breaks + 2), MAP_HEIGHT))


def _keys(book: Book, marks: pd.DataFrame) -> list[go.Scatter]:
    """The legend, the same in every month."""
    return [
        *style.party_keys(book, "thread", marks["thread"]),
        *style.evidence_keys(marks["evidence"]),
        style.key(_("may lie in another month"), 20, symbol="diamond"),
        style.key(_("before this month"), 21, size=EARLIER, color=style.faint(style.NEUTRAL)),
    ]


def _halves(marks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first and the last half of the marks in order of time."""
    middle = len(marks) // 2
    return marks.iloc[:middle], marks.iloc[middle:]


def _within(marks: pd.DataFrame, label: str) -> int:
    """How many marks lie in a part of the map."""
    west, east, south, north = VIEWS[label]
    return int((marks["x"].between(west, east) & marks["y"].between(south, north)).sum())


def _finding(month: str, marks: pd.DataFrame) -> str:
    """What the first frame shows: how much, and how far apart."""
    if marks.empty:
        told = _("No event of the war from {month} on is known with its place")
        return told.format(month=month)
    places = marks.sort_values("x")["spot"]
    at = plural("{n} place", "{n} places", places.nunique())
    said = _("{month}: {n} events at once, at {places}")
    said = said.format(month=month, n=len(marks), places=at)
    if places.nunique() == 1:
        return said
    told = _("{finding}, from {first} to {last}")
    return told.format(finding=said, first=places.iloc[0], last=places.iloc[-1])


def _claim(marks: pd.DataFrame) -> str:
    """The same for each part of the map."""
    early, late = _halves(marks)
    if early.empty:
        return ""
    told, names = _("{early} and then {late} in the part '{part}'"), _part_names()
    parts = [
        told.format(early=_within(early, part), late=_within(late, part), part=names[part])
        for part in list(VIEWS)[1:]
    ]
    return _(
        "Of the first {early} events on the map, to {date}, and of the {late} after them, there "
        "are {parts}."
    ).format(early=len(early), date=early["date"].iloc[-1], late=len(late), parts="; ".join(parts))


def _events(book: Book, span: list[tuple[dt.date, dt.date]]) -> pd.DataFrame:
    """One row per event, at its first place with a position inside the map, if it has one."""
    first, last = span[0][0], span[-1][1]
    events = book.events[book.events["thread"].isin(THREADS)]
    events = _in(events, first, last).sort_values("date", kind="stable")
    colours = style.party_colours(book, "thread")
    if events.empty:
        told = _("no event of the war between {first} and {last}")
        raise WrongArgument(told.format(first=first, last=last))
    places, known = book.rows("places"), book.places.dropna(subset="latitude")
    on_map, placed = set(basemap.inside(known, FRAME)["place_id"]), set(known["place_id"])
    rows = []
    for event in events.to_dict("records"):
        keys = event["places"]
        spot = next((places[key] for key in keys if key in on_map), {})
        why = _("no place is named")
        if keys:
            why = _("a region, or the position is not known")
        if placed.intersection(keys):
            why = _("outside the map")
        if event["date"].days > LONGEST:
            spot, why = {}, _("known to the year only")
        rows.append(
            {
                **event,
                "x": spot.get("longitude"),
                "y": spot.get("latitude"),
                "spot": spot.get("name", ""),
                "place": ", ".join(places[key]["name"] for key in keys),
                "why": "" if spot else why,
                "vague": event["date"].approximate or event["date"].uncertain,
                "colour": colours[event["thread"]],
            }
        )
    return pd.DataFrame(rows).astype({"x": float, "y": float})


def _in(rows: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    return rows.loc[[d.earliest <= end and d.latest >= start for d in rows["date"]]]


def _month(marks: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    """The events of a month: those on the map are numbered and stand apart from each other."""
    now = _in(marks, start, end)
    # Whether an event may lie in another month than this one.
    beyond = [date.earliest < start or date.latest > end for date in now["date"]]
    now = now.assign(
        vague=now["vague"] | pd.Series(beyond, now.index, dtype=bool),
        number=now["x"].notna().cumsum().where(now["x"].notna(), 0),
    )
    return _spread(now)


def _moving(marks: pd.DataFrame, start: dt.date, end: dt.date) -> list[go.Scatter]:
    """The traces of one frame: earlier events, those of the month, their numbers, the list."""
    now = _month(marks, start, end)
    drawn = now[now["number"] > 0].to_dict("records")
    shapes = ["diamond" if row["vague"] else "circle" for row in drawn]
    found = style.marks(
        [row["x"] for row in drawn],
        [row["y"] for row in drawn],
        [style.words(row["title"], row["date"], row["place"]) for row in drawn],
        symbol=[style.filled(row["evidence"], s) for row, s in zip(drawn, shapes, strict=True)],
        size=MARK,
        colour=[row["colour"] for row in drawn],
        customdata=[address("event", row["event_id"]) for row in drawn],
    )
    listed = "<br>".join(_line(row, start) for row in now.to_dict("records"))
    return [
        _before(marks[~marks["spot"].isin(now["spot"])], start),
        found,
        _numbers(now[now["number"] > 0]),
        _text([0], [1], [listed or _("No event of the war in this month.")], "bottom right", "2"),
    ]


def _line(row: dict, month: dt.date) -> str:
    """An event in the list of a month."""
    first, unsure = (str(dates.parse(f"{month}{sign}")) for sign in ("", "?"))
    day = str(row["date"]).replace(first[1:], in_words(month, " MMMM"))
    day = day.replace(unsure.removeprefix(first), "?")
    words = f"<b>{row['number'] or '–'}</b>{GAP}{day}: {row['title']}"
    return "<br>   ".join(textwrap.wrap(words, style.fitting(words, LINE)))


def _numbers(rows: pd.DataFrame) -> go.Scatter:
    """The numbers of the marks of each place, to the right of the last of them."""
    places = rows.groupby(["spot", "y"], sort=False)
    last = places["x"].max()
    numbers = [GAP * 2 + ", ".join(map(str, group)) for _, group in places["number"]]
    return _text(list(last), [y for _, y in last.index], numbers, "middle right")


def _text(x: list, y: list, words: list[str], position: str, axes: str = "") -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        xaxis=f"x{axes}",
        yaxis=f"y{axes}",
        mode="text",
        text=words,
        textposition=position,
        textfont={"size": style.SMALL},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _before(marks: pd.DataFrame, start: dt.date) -> go.Scatter:
    """What was over before a day, at places where nothing else is drawn."""
    over = marks.loc[[date.latest < start for date in marks["date"]]].dropna(subset="x")
    return style.marks(
        over["x"],
        over["y"],
        [style.words(title, date) for title, date in over[["title", "date"]].to_numpy()],
        size=EARLIER,
        colour=[style.faint(colour) for colour in over["colour"]],
        outline=None,
        marker_line_color=list(over["colour"]),
        customdata=[address("event", key) for key in over["event_id"]],
    )


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Shift the marks of one place sideways, so that each can be seen."""
    places = rows.groupby("spot")["x"]
    middle = (places.transform("size") - 1) / 2
    return rows.assign(x=rows["x"] + (places.cumcount() - middle) * STEP)


def _names(
    book: Book, marks: pd.DataFrame, span: list[tuple[dt.date, dt.date]], view: basemap.View
) -> list[dict]:
    """Names of places in one part of the map, where no mark or number of any month covers them.

    Places that the table names on the map come first, then those with events.
    """
    events = marks["spot"].value_counts()
    places = book.places.dropna(subset="latitude")
    places = places.assign(
        first=places["map_name"] != "", events=places["name"].map(events).fillna(0)
    ).sort_values(["first", "events"], ascending=False, kind="stable")
    places = places[places["first"] | (places["events"] > 0)]
    named = [
        (row["name"], row["longitude"], row["latitude"], MARK) for row in places.to_dict("records")
    ]
    rooms = {
        room
        for month in span
        for row in _month(marks, *month).dropna(subset="x").to_dict("records")
        for room in _rooms(row, view)
    }
    spots, tracks = [*named, *sorted(rooms)], basemap.railway_spots(book)
    return basemap.names(spots, view, basemap.ABOVE_OR_BELOW, tracks)


def _rooms(row: dict, view: basemap.View) -> list[basemap.Spot]:
    """The room of a mark and of its number."""
    sign = (MARK + SIGNS) / basemap.PHONE * (view[1] - view[0])
    return [("", row["x"], row["y"], MARK), ("", row["x"] + sign, row["y"], MARK)]


def _layout(room: int) -> dict:
    """The map above, the list of the month in a box of its own below it."""
    layout = basemap.layout(FRAME)
    share = room / (MAP_HEIGHT + room)
    hidden = {**style.rows(0, 1), "type": "linear"}
    return {
        **layout,
        "yaxis": {**layout["yaxis"], "domain": [share, 1], "constraintoward": "top"},
        "xaxis2": {**hidden, "anchor": "y2"},
        "yaxis2": {**hidden, "anchor": "x2", "domain": [0, max(share - 0.01, 0.01)]},
    }

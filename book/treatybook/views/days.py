"""A calendar of days: which are known, which are only possible, which are disputed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import event_frame, evidence_cell, row_cell, sources_text
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import LEVELS, claims_about, is_doubtful
from treatybook.evidence.errors import WrongArgument, checked, known_keys
from treatybook.evidence.identifiers import address, label_names, printed_names
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, in_words

WEEK, AROUND = 45, 48  # height of a week, and of what lies around them, in CSS pixels
WEEKS = 11  # shown at once
# From the middle of a day: where its number begins, and the signs of another day and of a doubt.
NUMBER, CROSS, DOUBT, MARK = (-0.49, 0.27), -0.3, 0.3, -0.07
SHADE = 0.3  # of a day that is known
BAND, BAND_HEIGHT = -0.37, 0.14  # of the days of a span: where it lies in a cell, and how high
DEFAULT_THREADS = ("moscow", "status", "state", "troops")
LONGEST_SPAN = 31  # days; a longer span says too little about a single day


@checked
def calendar(
    book: Book, first: str, last: str, threads: str | tuple[str, ...] = DEFAULT_THREADS
) -> FigureView:
    """Weeks as rows, days as columns; what is known of each day.

    A round mark is a day that an event is known to have happened on, a diamond a day that is
    uncertain or trusted little, a bar one of several days on which an event may have happened, a
    cross a day that a source gives and the book, in one of its cases, does not follow.

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
    start, end = dates.span(first, last)
    labels = book.labels("thread")
    threads = known_keys("thread", threads, label_names(book, "thread"))
    events = book.events[book.events["thread"].isin(threads)].sort_values("date", kind="stable")
    events = events.loc[[date.days <= LONGEST_SPAN for date in events["date"]]]
    events = events.loc[[d.earliest <= end and d.latest >= start for d in events["date"]]]
    if events.empty:
        told = _("no event of {threads} lies between {first} and {last}")
        told = told.format(threads=", ".join(threads), first=first, last=last)
        raise WrongArgument(told)
    known, doubtful, possible = _days_of(events)
    rejected = _rejected(book, events, start, end)
    monday = start - dt.timedelta(days=start.weekday())
    weeks = (end - monday).days // 7 + 1
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    traces = [
        _band(possible, monday),
        _marks(known, monday, {}, name=_("day known"), size=13),
        _marks(
            doubtful,
            monday,
            dict.fromkeys(known, DOUBT),
            name=_("day uncertain or weakly attested"),
            size=12,
        ),
        _marks(
            rejected,
            monday,
            dict.fromkeys([*known, *doubtful], CROSS),
            name=_("given by a source, not followed"),
            symbol="x",
            size=10,
        ),
        *_keys([*known.values(), *doubtful.values(), *possible.values()]),
    ]
    buttons = _buttons(start, end)
    shown = buttons[0].layout
    plot = style.figure(
        [*(trace for trace in traces if trace.x), _numbers(days, monday)],
        height=shown["height"],
        xaxis={
            "tickvals": list(range(7)),
            "ticktext": [in_words(monday + dt.timedelta(days=n), "EEE") for n in range(7)],
            "side": "top",
            "range": [-0.52, 6.52],
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis=style.rows(*shown["yaxis.range"]),
        shapes=[*_shades(known, monday), *_cells(weeks)],
        margin={"t": 36, "b": 8},
    )
    words = _(
        "{known} of {days} days are known days of an event, from {first} to {last}. {doubtful} "
        "more are uncertain, {possible} are among several days on which something may have "
        "happened, and for {rejected} a source gives a day that the book does not follow. Events "
        "in all: {events}."
    ).format(
        known=len(known),
        days=len(days),
        first=in_words(start, "d MMMM"),
        last=in_words(end, "d MMMM y"),
        doubtful=len(doubtful),
        possible=len(possible),
        rejected=len(rejected),
        events=len(events),
    )
    if set(threads) != set(DEFAULT_THREADS):  # those that are drawn without being asked for
        chosen = "; ".join(map(labels.get, threads))
        told = _("Threads: {threads}.") if len(threads) > 1 else _("Thread: {threads}.")
        words = f"{told.format(threads=chosen)} {words}"
    frame = event_frame(book, events)[[_("Event"), _("Date"), _("Evidence")]]
    table = TableView("calendar-data", _("Events in the calendar"), frame)
    caption = _(
        "Each field is a day. A mark says how well an event of that day is known; an empty day is "
        "not a day on which nothing happened."
    )
    headline = _("On {n} of {all} days something is known to have happened")
    headline = headline.format(n=len(known), all=len(days))
    return FigureView("calendar", plot, caption, words, table, buttons, headline=headline)


@dataclass
class _Day:
    """What is said of one day: titles, the best evidence, and where its mark leads."""

    titles: list[str] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    address: str = ""
    symbol: str = "circle"

    @property
    def level(self) -> str:
        return min(self.levels, key=LEVELS.index)

    def add(self, title: str, level: str, address: str, symbol: str = "circle") -> None:
        self.titles.append(title)
        self.levels.add(level)
        self.address = self.address or address
        self.symbol = symbol if symbol != "circle" else self.symbol


def _days_of(events: pd.DataFrame) -> tuple[dict, dict, dict]:
    """What is said of each day: known, doubtful, possible."""
    known, doubtful, possible = found = defaultdict(_Day), defaultdict(_Day), defaultdict(_Day)
    for event in events.to_dict("records"):
        date = event["date"]
        vague = date.approximate or date.uncertain or event["confidence"] == "low"
        kind = possible if date.days > 1 else doubtful if vague or is_doubtful(event) else known
        said = event["title"], event["evidence"], address("event", event["event_id"])
        for number in range(date.days):
            day = date.earliest + dt.timedelta(days=number)
            kind[day].add(*said, "diamond" if vague else "circle")
    return found


def _rejected(book: Book, events: pd.DataFrame, start: dt.date, end: dt.date) -> dict:
    """Single days that a claim of a case gives for an event and that its own date excludes.

    A slip that no case takes up is none of the story's questions.
    """
    own_dates = dict(zip(events["event_id"], events["date"], strict=True))
    found: dict[dt.date, _Day] = defaultdict(_Day)
    claims = claims_about(book)
    claims = claims[(claims["field"] == "date") & (claims["cases"].map(len) > 0)]
    claims = claims.dropna(subset="date").explode("events")
    for claim in claims[claims["events"].isin(own_dates)].itertuples():
        day, own = claim.date.earliest, own_dates[claim.events]
        if claim.date.days == 1 and start <= day <= end and not own.earliest <= day <= own.latest:
            words = _("{subject}, by {source}").format(
                subject=claim.subject, source=claim.source or _("no source seen")
            )
            found[day].add(words, claim.evidence, address("claim", claim.claim_id))
    return found


def _shades(days: dict, monday: dt.date) -> list[dict]:
    """The ground of each day."""
    look = {"type": "rect", "layer": "below", "line": {"width": 0}}
    look["fillcolor"] = style.soft(style.NEUTRAL, SHADE)
    return [
        {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5, **look}
        for x, y in zip(*_spots(days, monday), strict=True)
    ]


def _cells(weeks: int) -> list[dict]:
    """Lines around the days of all weeks."""
    columns = [{"x0": n - 0.5, "x1": n - 0.5, "y0": 0.5, "y1": 0.5 - weeks} for n in range(8)]
    rows = [{"x0": -0.5, "x1": 6.5, "y0": 0.5 - n, "y1": 0.5 - n} for n in range(weeks + 1)]
    return [style.row_line(0) | {"xref": "x", "layer": "below"} | line for line in columns + rows]


def _spots(days: Iterable[dt.date], monday: dt.date) -> tuple[list, list]:
    """Column and row of each day."""
    days = list(days)
    return [day.weekday() for day in days], [-((day - monday).days // 7) for day in days]


def _said(days: dict[dt.date, _Day]) -> list[str]:
    return [style.words(in_words(day, "d MMMM y"), *said.titles) for day, said in days.items()]


def _marks(
    days: dict, monday: dt.date, aside: dict[dt.date, float], symbol: str = "", **look
) -> go.Scatter:
    """Marks in the middle of their days, or aside where another mark has the middle."""
    columns, rows = _spots(days, monday)
    symbols = [symbol or style.filled(said.level, said.symbol) for said in days.values()]
    return style.marks(
        [column + aside.get(day, 0) for column, day in zip(columns, days, strict=True)],
        [row + MARK for row in rows],
        _said(days),
        symbol=symbol or symbols,
        showlegend=bool(symbol),
        legendrank=9,
        customdata=[said.address for said in days.values()],
        **look,
    )


def _band(days: dict, monday: dt.date) -> go.Bar:
    """Days on which an event may have happened, joined to a band."""
    columns, rows = _spots(days, monday)
    looks = [style.bar_look(said.level, style.NEUTRAL) for said in days.values()]
    return go.Bar(
        orientation="h",
        base=[column - 0.5 for column in columns],
        x=[1] * len(columns),
        y=[row + BAND for row in rows],
        width=BAND_HEIGHT,
        name=_("one of several possible days"),
        legendrank=8,
        marker={
            "color": [look["color"] for look in looks],
            "line": {"color": style.NEUTRAL, "width": 1},
        },
        hovertext=_said(days),
        hoverinfo="text",
        customdata=[said.address for said in days.values()],
    )


def _keys(found: list[_Day]) -> list[go.Scatter]:
    """What ground, fill and shape mean."""
    known = style.key(_("day known"), 0, symbol="square", color=style.soft(style.NEUTRAL, SHADE))
    vague = any(said.symbol == "diamond" for said in found)
    key = style.key(_("about this day, or uncertain"), 7, symbol="diamond")
    return [known, *style.evidence_keys(said.level for said in found), *[key] * vague]


def _numbers(days: list[dt.date], monday: dt.date) -> go.Scatter:
    columns, rows = _spots(days, monday)
    right, up = NUMBER
    return go.Scatter(
        x=[column + right for column in columns],
        y=[row + up for row in rows],
        mode="text",
        textposition="middle right",
        text=[in_words(d, "d MMM") if d.day == 1 or d == days[0] else str(d.day) for d in days],
        textfont={"size": style.SMALL},
        hoverinfo="skip",
        showlegend=False,
    )


def _buttons(start: dt.date, end: dt.date) -> list[Button]:
    """All weeks if they fit on a phone, and those of each month."""
    days = pd.date_range(start, end)
    weeks = pd.Series((start.weekday() + (days - days[0]).days) // 7, days)
    parts = [(in_words(month, "LLLL"), own) for month, own in weeks.groupby(pd.Grouper(freq="MS"))]
    if weeks.max() < WEEKS:
        parts.insert(0, (_("all weeks"), weeks))
    buttons = []
    for label, own in parts:
        since, to = int(own.min()), int(own.max()) + 1
        height = AROUND + WEEK * (to - since)
        buttons.append(Button(label, {"yaxis.range": [0.45 - to, 0.55 - since], "height": height}))
    return buttons


@checked
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
    people = known_keys("person", people, printed_names(book, "people"), "people.csv")
    groups = book.labels("people_group")
    shown = [
        {
            _("Name"): row_cell("person", row["person_id"], row["name"]),
            _("Side"): groups[row["group"]],
            _("Who"): row["role"],
            _("What became of them"): row["fate"],
            _("Evidence"): evidence_cell(book, row["evidence"]),
            _("Sources"): sources_text(row["sources"]),
        }
        for row in map(book.rows("people").get, people)
    ]
    return TableView("delegation", _("The people of the negotiation"), pd.DataFrame(shown))

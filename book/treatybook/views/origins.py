"""Who sat at the table when Mongolia's status was settled, and in which calendar."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell, treaty_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _
from treatybook.views.status import instruments_on_mongolia

NAMES = 66  # width of the names of the powers


@checked
def at_the_table(book: Book, first: int | str = "1911", last: int | str = "1946") -> FigureView:
    """For each instrument on Mongolia: which of the three powers made it, and which did not.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last year of signature.

    Raises
    ------
    ValueError
        If no instrument was signed in these years.
    """
    start, end = dates.years(first, last)
    treaties = instruments_on_mongolia(book)
    years = treaties["date"].map(lambda date: date.earliest.year)
    treaties = treaties[years.between(start, end)]
    if treaties.empty:
        told = _("no instrument on Mongolia was signed from {first} to {last}")
        raise WrongArgument(told.format(first=first, last=last))
    powers = book.labels("power")
    heights = {power: -number for number, power in enumerate(powers)}
    columns = list(treaties["short"])
    plot = style.figure(
        [_lines(treaties, heights), *_seats(book, treaties, heights)],
        height=320,
        xaxis=style.columns(columns),
        yaxis=style.rows(-len(powers) + 0.5, 0.5),
        annotations=[_beside(powers[power], y) for power, y in heights.items()],
        margin={"l": NAMES, "r": 8, "t": 105, "b": 8},
    )
    without = treaties["short"][["mongolia" not in parties for parties in treaties["powers"]]]
    all_three = treaties["short"][treaties["powers"].str.len() == len(powers)]
    words = _(
        "Mongolia was no party to {n} of {all} instruments on Mongolia: {without}. "
        "All three were parties to {three}."
    ).format(
        n=len(without),
        all=len(treaties),
        without=", ".join(without) or _("none"),
        three=", ".join(all_three) or _("none"),
    )
    early = int((years[treaties.index] < 1916).sum())
    spans = {
        _("all years"): len(columns),
        _("{first} to {last}").format(first=1911, last=1915): early,
    }
    buttons = [Button(name, {"xaxis.range": [-0.5, n - 0.5]}) for name, n in spans.items()]
    table = {
        _("Instrument"): [treaty_cell(row) for row in treaties.to_dict("records")],
        _("Signed"): [date_cell(date) for date in treaties["date"]],
        _("Parties, as they are named"): treaties["parties"].str.join(", "),
        _("Not at the table"): [
            ", ".join(words for power, words in powers.items() if power not in parties)
            or _("nobody")
            for parties in treaties["powers"]
        ],
        _("Evidence"): [evidence_cell(book, level) for level in treaties["evidence"]],
    }
    return FigureView(
        "table",
        plot,
        _(
            "Who made each instrument on Mongolia. A line joins the parties; the fill says how far "
            "the instrument was read; a small cross is a power that was not at the table."
        ),
        words,
        TableView("table-data", _("Parties of each instrument"), pd.DataFrame(table)),
        buttons if 0 < early < len(columns) else (),
        headline=_("Mongolia was not at the table for {n} of {all} instruments about it").format(
            n=len(without), all=len(treaties)
        ),
    )


def _beside(name: str, y: int) -> dict:
    """Name of a row, to its left."""
    return style.row_name(f"<b>{name}</b>", y) | {"xanchor": "right", "xshift": -8}


def _lines(treaties: pd.DataFrame, heights: dict[str, int]) -> go.Scatter:
    """A line from the upper to the lower party of each instrument."""
    ends = [[heights[power] for power in parties] for parties in treaties["powers"]]
    return go.Scatter(
        x=[x for name in treaties["short"] for x in (name, name, None)],
        y=[y for ys in ends for y in (min(ys), max(ys), None)],
        mode="lines",
        line={"width": 2, "color": style.NEUTRAL},
        opacity=style.FADED,
        hoverinfo="skip",
        showlegend=False,
    )


def _seats(book: Book, treaties: pd.DataFrame, heights: dict[str, int]) -> list[go.Scatter]:
    """The seats of each power, the empty ones of all, and the key."""
    powers = book.labels("power")
    colours = style.party_colours(book, "power")
    seats = treaties.assign(power=[list(powers)] * len(treaties)).explode(
        "power", ignore_index=True
    )
    at = pd.Series([power in parties for power, parties in seats[["power", "powers"]].to_numpy()])
    said = (
        seats["power"].map(powers) + ": " + at.map({True: _("party"), False: _("not at the table")})
    )
    seats = seats.assign(
        x=seats["short"],
        y=seats["power"].map(heights),
        hover=list(map(style.words, seats["title"], seats["date"], said)),
        address=[address("treaty", key) for key in seats["treaty_id"]],
    )
    return [
        *(_party_seats(seats[at & (seats["power"] == key)], colours[key]) for key in powers),
        _empty_seats(seats[~at]),
        *style.evidence_keys(treaties["evidence"]),
    ]


def _party_seats(seats: pd.DataFrame, colour: str) -> go.Scatter:
    symbols = [style.filled(level) for level in seats["evidence"]]
    places = list(seats["address"])
    return style.marks_of(seats, symbol=symbols, size=14, colour=colour, customdata=places)


def _empty_seats(seats: pd.DataFrame) -> go.Scatter:
    places = list(seats["address"])
    look = {"name": _("not at the table"), "symbol": "x", "size": 7, "outline": 0, "legendrank": 9}
    return style.marks_of(seats, customdata=places, **look)


@checked
def two_calendars(book: Book) -> TableView:
    """Events that a source dates in Old Style, with the New Style day computed from it.

    Returns
    -------
    TableView
        Columns: Event, Old Style, New Style, computed; New Style in the table; Days between.
    """
    events = book.events[book.events["date_old_style"] != ""].sort_values("date", kind="stable")
    old = events["date_old_style"]
    new = [dates.new_style(day) for day in old]
    days = [[dates.parse(day).earliest for day in pair] for pair in zip(old, new, strict=True)]
    columns = {
        _("Event"): [event_cell(event) for event in events.to_dict("records")],
        _("Old Style"): old,
        _("New Style, computed"): new,
        _("New Style in the table"): [date.text for date in events["date"]],
        _("Days between"): [(later - earlier).days for earlier, later in days],
    }
    caption = _("Events that Russian sources date in Old Style")
    return TableView("two-calendars", caption, pd.DataFrame(columns))

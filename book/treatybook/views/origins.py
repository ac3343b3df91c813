"""Who sat at the table when Mongolia's status was settled, and in which calendar."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, evidence_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book
from treatybook.views.status import instruments_on_mongolia

COLOURS = {"russia": "moscow", "china": "peking", "mongolia": "state"}
SYMBOLS = {"russia": "square", "china": "triangle-up", "mongolia": "circle"}
ABSENT = "not at the table"


def at_the_table(book: Book, first: str = "1911", last: str = "1946") -> FigureView:
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
    treaties = [
        row
        for row in instruments_on_mongolia(book).to_dict("records")
        if int(first) <= row["date"].earliest.year <= int(last)
    ]
    if not treaties:
        raise WrongArgument(f"no instrument on Mongolia was signed from {first} to {last}")
    powers = book.labels("power")
    heights = {power: -number for number, power in enumerate(powers)}
    columns = [row["short_en"] for row in treaties]
    seats = [
        {"power": power, "at": power in row["powers"], **row}
        for row in treaties
        for power in powers
    ]
    traces = [
        _lines(treaties, heights),
        *(
            _seats([s for s in seats if s["power"] == p and s["at"]], p, powers, heights)
            for p in powers
        ),
        _seats([s for s in seats if not s["at"]], "", powers, heights),
    ]
    plot = style.figure(
        traces,
        height=400,
        xaxis=style.columns(columns),
        yaxis={"visible": False, "range": [-len(powers) + 0.4, 0.75], "fixedrange": True},
        annotations=[
            style.row_name(f"<b>{powers[power]}</b>", y + 0.42) for power, y in heights.items()
        ],
        margin={"l": 8, "r": 8, "t": 105, "b": 60},
        legend={"y": -0.02},
    )
    without = [row["short_en"] for row in treaties if "mongolia" not in row["powers"]]
    all_three = [row["short_en"] for row in treaties if len(row["powers"]) == len(powers)]
    words = (
        f"{len(treaties)} instruments on Mongolia. Mongolia was no party to {len(without)} of "
        f"them: {', '.join(without) or 'none'}. All three were parties to "
        f"{', '.join(all_three) or 'none'}."
    )
    early = sum(row["date"].earliest.year < 1916 for row in treaties)
    buttons = [Button("all years", {"xaxis.range": [-0.5, len(columns) - 0.5]})]
    if 0 < early < len(columns):
        buttons.append(Button("1911 to 1915", {"xaxis.range": [-0.5, early - 0.5]}))
    return FigureView(
        "table",
        plot,
        "Who made each instrument on Mongolia. A line joins the parties; a cross is a power that "
        "was not at the table.",
        words,
        TableView("table-data", "Parties of each instrument", _seat_table(book, treaties)),
        buttons if len(buttons) > 1 else (),
    )


def _lines(treaties: list[dict], heights: dict[str, int]) -> go.Scatter:
    """A line from the upper to the lower party of each instrument."""
    ends = [
        (row["short_en"], sorted(heights[power] for power in row["powers"])) for row in treaties
    ]
    return go.Scatter(
        x=[x for name, _ in ends for x in (name, name, None)],
        y=[y for _, ys in ends for y in (ys[0], ys[-1], None)],
        mode="lines",
        line={"width": 2, "color": style.NEUTRAL},
        opacity=style.FADED,
        hoverinfo="skip",
        showlegend=False,
    )


def _seats(
    seats: list[dict], power: str, powers: dict[str, str], heights: dict[str, int]
) -> go.Scatter:
    """Seats of a power, or with none the empty ones of all."""
    colour = style.THREAD_COLOURS[COLOURS[power]] if power else style.NEUTRAL
    return go.Scatter(
        x=[seat["short_en"] for seat in seats],
        y=[heights[seat["power"]] for seat in seats],
        mode="markers",
        name=powers.get(power, ABSENT),
        marker={
            "symbol": SYMBOLS[power] if power else "x-thin-open",
            "size": 14 if power else 9,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        hovertext=[
            f"<b>{seat['title_en']}</b><br>{seat['date']}<br>"
            f"{powers[seat['power']]}: {'party' if power else ABSENT}"
            for seat in seats
        ],
        hoverinfo="text",
    )


def _seat_table(book: Book, treaties: list[dict]) -> pd.DataFrame:
    powers = book.labels("power")
    return pd.DataFrame(
        [
            {
                "Instrument": Cell(row["title_en"], href=address("treaty", row["treaty_id"])),
                "Signed": date_cell(row["date"]),
                "Parties, as they are named": ", ".join(row["parties"]),
                "Not at the table": ", ".join(
                    words for p, words in powers.items() if p not in row["powers"]
                )
                or "nobody",
                "Evidence": evidence_cell(book, row["evidence"]),
            }
            for row in treaties
        ]
    )


def two_calendars(book: Book) -> TableView:
    """Events that a source dates in Old Style, with the New Style day computed from it.

    Returns
    -------
    TableView
        Columns: Event, Old Style, New Style, computed; New Style in the table; Days between.
    """
    events = book.events[book.events["date_old_style"] != ""].sort_values("date", kind="stable")
    rows = []
    for event in events.to_dict("records"):
        old, new = event["date_old_style"], dates.new_style(event["date_old_style"])
        between = (dates.parse(new).earliest - dates.parse(old).earliest).days
        rows.append(
            {
                "Event": event_cell(event),
                "Old Style": old,
                "New Style, computed": new,
                "New Style in the table": event["date"].text,
                "Days between": between,
            }
        )
    return TableView(
        "two-calendars", "Events that Russian sources date in Old Style", pd.DataFrame(rows)
    )

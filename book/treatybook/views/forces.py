"""How many there were: figures for forces as ranges, each with its source."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import number_words
from treatybook.evidence.tables import Book

HEADS = ("men", "horsemen", "sabres", "bayonets")
COLOURS = {
    "chinese": style.GROUP_COLOURS["chinese"],
    "ungern": style.THREAD_COLOURS["ungern"],
    "reds": style.THREAD_COLOURS["troops"],
    "west": style.THREAD_COLOURS["west"],
}
SYMBOLS = {"chinese": "triangle-up", "ungern": "circle", "reds": "square", "west": "diamond"}
AROUND = 150  # CSS pixels for the axes and the key
ROW = 50  # height of a row in CSS pixels: its name on two lines and its mark
LINE = 54  # characters in a line of a name
ABOVE = 0.85  # room above the mark of the first row
TICKS = [100, 300, 1000, 3000, 10000, 30000]
LEAST = 700  # men from which a force is drawn by default


def between(book: Book, first: str, last: str) -> pd.DataFrame:
    """Figures for forces whose date lies between two days.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day, ``YYYY-MM-DD``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``forces`` in the order of their dates.

    Raises
    ------
    ValueError
        If no figure lies between the days.
    """
    start, end = dates.day(first), dates.day(last)
    forces = book.forces
    inside = [date.latest >= start and date.earliest <= end for date in forces["date"]]
    found = forces[inside]
    if found.empty:
        raise WrongArgument(f"no figure for a force between {first} and {last}")
    return found.sort_values("date", kind="stable")


def strengths(
    book: Book, first: str = "1920-09-01", last: str = "1921-12-31", least: int = LEAST
) -> FigureView:
    """Numbers of men, one row per figure; a range is a bar from low to high.

    The axis is logarithmic, so equal steps are equal ratios. A single number is a mark, hollow
    where the compilers trust it little. Smaller forces, arms, units and money stand in the
    table only.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : str
        First and last day, ``YYYY-MM-DD``.
    least : int
        Men from which a force is drawn.

    Returns
    -------
    FigureView

    Raises
    ------
    ValueError
        If no figure lies between the days.
    """
    rows, groups = between(book, first, last), book.labels("force_group")
    men = rows[rows["measure"].isin(HEADS) & (rows["force_group"] != "") & (rows["high"] >= least)]
    if men.empty:
        raise WrongArgument(f"no force of {least} men or more between {first} and {last}")
    order = [men[men["force_group"] == key] for key in groups]
    men = pd.concat(order).assign(y=range(0, -len(men), -1))
    used = [key for key in groups if key in set(men["force_group"])]
    # A trace lends the look of its first mark to the key, and a hollow one means little trust.
    traces = [
        _bars(men),
        *(_points(men[men["force_group"] == key], key) for key in used),
        *(style.key(groups[key], 1001, symbol=SYMBOLS[key], color=COLOURS[key]) for key in used),
    ]
    axis = {
        "type": "log",
        "range": [math.log10(least * 0.85), math.log10(float(men["high"].max()) * 1.2)],
        "tickvals": TICKS,
        "ticktext": [f"{tick:,}" for tick in TICKS],
        "side": "top",
        "fixedrange": True,
    }
    below, second = style.again_below(**axis)
    plot = style.figure(
        [*traces, below],
        height=AROUND + ROW * len(men),
        xaxis=axis,
        xaxis2=second,
        yaxis={"visible": False, "range": [-len(men) + 0.75, ABOVE], "fixedrange": True},
        annotations=[
            style.row_name(style.wrapped(name, LINE), y + 0.48)
            for name, y in zip(_names(men), men["y"], strict=True)
        ],
        shapes=[style.row_line(y - 0.2) for y in men["y"]],
        margin={"l": 8, "r": 8, "t": 40, "b": 70},
        legend={"y": _legend(len(men))},
    )
    words = "; ".join(
        f"{label}: {len(part)} figures, from {int(part['low'].min()):,} to "
        f"{int(part['high'].max()):,}"
        for key, label in groups.items()
        if not (part := men[men["force_group"] == key]).empty
    )
    return FigureView(
        "strengths",
        plot,
        "How many men the sources count. One row is one source's figure for one force; a bar is "
        "a range, a hollow mark a number that is little trusted. Equal steps are equal ratios.",
        f"{words}. {len(rows) - len(men)} more figures stand in the table: forces under {least:,} "
        "men, arms, units and money. Figures that count different things cannot be added up.",
        force_table(book, rows, "strengths-data", "Figures for forces, arms and money"),
        _group_buttons(men, groups),
    )


def _names(men: pd.DataFrame) -> list[str]:
    """Names of the rows; what is counted and who counts only where two would be the same."""
    rows = men.to_dict("records")
    plain = [f"{row['unit']}, {row['date']}" for row in rows]
    return [
        f"{name}: {row['measure']} ({', '.join(row['sources'])})" if plain.count(name) > 1 else name
        for name, row in zip(plain, rows, strict=True)
    ]


def _group_buttons(men: pd.DataFrame, groups: dict[str, str]) -> list[Button]:
    buttons = [_rows_button("all", [-len(men) + 0.75, ABOVE], len(men))]
    for key, label in groups.items():
        rows = men[men["force_group"] == key]
        if not rows.empty:
            span = [float(rows["y"].min()) - 0.25, float(rows["y"].max()) + ABOVE]
            buttons.append(_rows_button(label, span, len(rows)))
    return buttons


def _rows_button(label: str, span: list[float], rows: int) -> Button:
    """Some rows; the figure is as high as they are, and the key stays below the axis."""
    height = AROUND + ROW * rows
    return Button(label, {"yaxis.range": span, "height": height, "legend.y": _legend(rows)})


def _legend(rows: int) -> float:
    return -45 / (ROW * rows)


def _bars(men: pd.DataFrame) -> go.Scatter:
    ranges = men[men["low"] < men["high"]].to_dict("records")
    return go.Scatter(
        x=[value for row in ranges for value in (row["low"], row["high"], None)],
        y=[value for row in ranges for value in (row["y"], row["y"], None)],
        mode="lines",
        name="a range",
        line={"width": 8, "color": style.NEUTRAL},
        hoverinfo="skip",
    )


def _points(rows: pd.DataFrame, key: str) -> go.Scatter:
    """Single numbers; for a range only its two ends, never a middle.

    Filled marks come first, because the legend shows the first one.
    """
    spots = [
        (value, row)
        for row in sorted(rows.to_dict("records"), key=_is_little_trusted)
        for value in sorted({row["low"], row["high"]})
    ]
    return go.Scatter(
        x=[value for value, _ in spots],
        y=[row["y"] for _, row in spots],
        mode="markers",
        showlegend=False,
        marker={
            "symbol": [
                SYMBOLS[key] + ("-open" if _is_little_trusted(row) else "") for _, row in spots
            ],
            "size": 11,
            "color": COLOURS[key],
            "line": {"width": 2, "color": COLOURS[key]},
        },
        hovertext=[
            f"<b>{row['unit']}</b><br>{row['date']}<br>{number_words(row)} {row['measure']}"
            f"<br>{', '.join(row['sources'])}"
            for _, row in spots
        ],
        hoverinfo="text",
    )


def _is_little_trusted(row: dict) -> bool:
    return row["confidence"] == "low"


def force_table(book: Book, rows: pd.DataFrame, name: str, caption: str) -> TableView:
    """Figures for forces as a table, every measure included.

    Returns
    -------
    TableView
        Columns: Force, Date, Side, Number, Measure, Evidence, Confidence, Note, Sources.
    """
    measures = book.labels("measure")
    shown = [
        {
            "Force": row["unit"],
            "Date": date_cell(row["date"]),
            "Side": row["side"],
            "Number": number_words(row),
            "Measure": measures.get(row["measure"], row["measure"]),
            "Evidence": evidence_cell(book, row["evidence"]),
            "Confidence": row["confidence"],
            "Note": row["note"],
            "Sources": sources_cell(row["sources"]),
        }
        for row in rows.to_dict("records")
    ]
    return TableView(name, caption, pd.DataFrame(shown))

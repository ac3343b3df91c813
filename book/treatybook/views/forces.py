"""How many there were: figures for forces as ranges, each with its source."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.errors import WrongArgument, checked, whole_number
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


@checked
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
    (start, end), forces = dates.span(first, last), book.forces
    found = forces.loc[[d.latest >= start and d.earliest <= end for d in forces["date"]]]
    if found.empty:
        raise WrongArgument(f"no figure for a force between {first} and {last}")
    return found.sort_values("date", kind="stable")


@checked
def strengths(
    book: Book, first: str = "1920-09-01", last: str = "1921-12-31", least: int = LEAST
) -> FigureView:
    """Numbers of men, one row per figure; a range is a bar from low to high.

    The axis is logarithmic, so equal steps are equal ratios. A single number is a mark, hollow
    where the compilers trust it little. Smaller forces, those of no group, arms, units and
    money stand in the table only.

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
    rows, labels = between(book, first, last), book.labels("force_group")
    least = whole_number("least number of men", least, 1, 10_000_000)
    men = rows[rows["measure"].isin(HEADS) & (rows["force_group"] != "") & (rows["high"] >= least)]
    if men.empty:
        raise WrongArgument(f"no force of {least} men or more between {first} and {last}")
    men = pd.concat([men[men["force_group"] == key] for key in labels])
    men = men.assign(y=range(0, -len(men), -1), hollow=men["confidence"] == "low")
    groups = dict(list(men.groupby("force_group", sort=False)))
    ranges = men[men["low"] < men["high"]]
    traces = [
        style.lines(ranges[["low", "high", "y"]].to_numpy(), width=8, name="a range"),
        *(_points(part, key) for key, part in groups.items()),
        # A trace lends the look of its first mark to the key, and a hollow one means little trust.
        *(style.key(labels[key], 1001, symbol=SYMBOLS[key], color=COLOURS[key]) for key in groups),
    ]
    ends = [math.log10(least * 0.85), math.log10(float(men["high"].max()) * 1.2)]
    ticks = {"tickvals": TICKS, "ticktext": [f"{tick:,}" for tick in TICKS]}
    axis = style.fixed(type="log", range=ends, side="top", **ticks)
    below, second = style.again_below(**axis)
    plot = style.figure(
        [*traces, below],
        height=AROUND + ROW * len(men),
        xaxis=axis,
        xaxis2=second,
        yaxis=style.rows(-len(men) + 0.75, ABOVE),
        annotations=[
            style.row_name(style.wrapped(name, LINE), y + 0.48)
            for name, y in zip(_names(men), men["y"], strict=True)
        ],
        shapes=[style.row_line(y - 0.2) for y in men["y"]],
        margin={"l": 8, "r": 8, "t": 40, "b": 70},
    )
    words = "; ".join(
        f"{labels[key]}: {len(part)} figures, "
        f"from {part['low'].min():,.0f} to {part['high'].max():,.0f}"
        for key, part in groups.items()
    )
    return FigureView(
        "strengths",
        plot,
        "How many men the sources count. One row is one source's figure for one force; a bar is "
        "a range, a hollow mark a number that is little trusted. Equal steps are equal ratios.",
        f"{words}. {len(rows) - len(men)} more figures stand in the table: forces under {least:,} "
        "men or of none of these sides, arms, units and money. Figures that count different things cannot be added up.",
        force_table(book, rows, "strengths-data", "Figures for forces, arms and money"),
        [
            _rows_button("all", men),
            *(_rows_button(labels[key], part) for key, part in groups.items()),
        ],
    )


def _names(men: pd.DataFrame) -> list[str]:
    """Names of the rows; what is counted and who counts only where two would be the same."""
    rows = men.to_dict("records")
    plain = [f"{row['unit']}, {row['date']}" for row in rows]
    return [
        f"{name}: {row['measure']} ({', '.join(row['sources'])})" if plain.count(name) > 1 else name
        for name, row in zip(plain, rows, strict=True)
    ]


def _rows_button(label: str, rows: pd.DataFrame) -> Button:
    """Some rows; the figure is as high as they are, and the key stays below the axis."""
    span = [float(rows["y"].min()) - 0.25, float(rows["y"].max()) + ABOVE]
    height = AROUND + ROW * len(rows)
    return Button(label, {"yaxis.range": span, "height": height})


def _points(rows: pd.DataFrame, key: str) -> go.Scatter:
    """Single numbers; for a range only its two ends, never a middle. Hollow marks lie on top."""
    spots = [
        {**row, "x": value, "said": f"{number_words(row)} {row['measure']}"}
        for row in rows.sort_values("hollow", kind="stable").to_dict("records")
        for value in sorted({row["low"], row["high"]})
    ]
    return style.marks(
        [spot["x"] for spot in spots],
        [spot["y"] for spot in spots],
        [style.words(s["unit"], s["date"], s["said"], ", ".join(s["sources"])) for s in spots],
        symbol=[SYMBOLS[key] + ("-open" if spot["hollow"] else "") for spot in spots],
        size=11,
        colour=COLOURS[key],
    )


@checked
def force_table(book: Book, rows: pd.DataFrame, name: str, caption: str) -> TableView:
    """Figures for forces as a table, every measure included.

    Returns
    -------
    TableView
        Columns: Force, Date, Side, Number, Measure, Evidence, Confidence, Note, Sources.
    """
    measures = book.labels("measure")
    table = {
        "Force": rows["unit"],
        "Date": rows["date"].map(date_cell),
        "Side": rows["side"],
        "Number": [number_words(row) for row in rows.to_dict("records")],
        "Measure": rows["measure"].map(lambda key: measures.get(key, key)),
        "Evidence": [evidence_cell(book, level) for level in rows["evidence"]],
        "Confidence": rows["confidence"],
        "Note": rows["note"],
        "Sources": rows["sources"].map(sources_cell),
    }
    return TableView(name, caption, pd.DataFrame(table))

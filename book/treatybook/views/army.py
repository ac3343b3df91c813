"""The Mongolian army: which numbers anybody gives, year by year, and who says what."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, sources_text
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import sources_of_events
from treatybook.evidence.errors import WrongArgument, checked, known_key
from treatybook.evidence.identifiers import number_words
from treatybook.evidence.tables import Book

MISSING = "no figure in what was read"
LINE = 44  # characters in a line of a name
EVENT = 66  # height of a row in CSS pixels: the name of an event on two lines and its marks
CELL = 0.96  # of a year: as much as two numbers need on a phone
LONGEST = 2  # years; a figure with a wider date says nothing about one year


@checked
def numbers(book: Book, first: int | str = 1921, last: int | str = 1927) -> pd.DataFrame:
    """Figures for each aspect of the army in each year.

    Returns
    -------
    pandas.DataFrame
        One row per figure and year: ``aspect``, ``year`` and the columns of ``forces``. A
        figure whose date covers two years stands in both; wider dates are left out here and
        stand in the table of the figure.

    Raises
    ------
    ValueError
        If the last year lies before the first.
    """
    first, last = dates.years(first, last)
    rows = [
        {"aspect": words, "year": year, **row}
        for aspect, words in book.labels("army_aspect").items()
        for row in book.forces.to_dict("records")
        if aspect in row["army_aspect"]
        for year in _years(row)
        if first <= year <= last
    ]
    return pd.DataFrame(rows, columns=["aspect", "year", *book.forces.columns])


def _years(row: dict) -> range:
    """Years that a figure speaks of; none if its date is wider than two years."""
    years = range(row["date"].earliest.year, row["date"].latest.year + 1)
    return years if len(years) <= LONGEST else range(0)


@checked
def what_is_counted(book: Book, first: int | str = 1921, last: int | str = 1927) -> FigureView:
    """A grid of aspects and years: a number where a source has one, hatching where none has.

    Parameters
    ----------
    book : Book
        The tables.
    first, last : int
        First and last year.

    Returns
    -------
    FigureView

    Raises
    ------
    ValueError
        If the last year lies before the first.
    """
    first, last = dates.years(first, last)
    found, aspects = numbers(book, first, last), list(book.labels("army_aspect").values())
    years, whole = list(range(first, last + 1)), [first - 0.5, last + 0.5]
    rows_of = {aspect: -number for number, aspect in enumerate(aspects)}
    given = dict(list(found.groupby(["aspect", "year"])))
    said = {cell: _source_words(part) for cell, part in given.items()}
    cells = [(aspect, year) for aspect in aspects for year in years]
    plot = style.figure(
        [
            _cells([cell for cell in cells if cell in given], rows_of, said, known=True),
            _cells([cell for cell in cells if cell not in given], rows_of, said, known=False),
        ],
        height=120 + 52 * len(aspects),
        barmode="overlay",
        xaxis=style.fixed(type="linear", range=whole, tickvals=years, side="top", showgrid=False),
        yaxis=style.rows(-len(aspects) + 0.5, 0.85),
        annotations=[style.row_name(aspect, y + 0.42) for aspect, y in rows_of.items()]
        + [_number(part, rows_of[a], y) for (a, y), part in given.items()],
        margin={"l": 2, "r": 2, "t": 40, "b": 60},
    )
    empty = len(cells) - len(given)
    bare = [aspect for aspect in aspects if aspect not in set(found["aspect"])]
    grid = {
        "Aspect": aspects,
        **{str(y): ["; ".join(said.get((a, y), ["no figure"])) for a in aspects] for y in years},
    }
    words = (
        f"{len(aspects)} aspects in {len(years)} years make {len(cells)} places; {empty} of them "
        f"are empty, because no source that was read gives a figure. No figure for any year: "
        f"{', '.join(bare)}."
    )
    return FigureView(
        "counted",
        plot,
        "What anybody counts about the Mongolian army and the Soviet units in the country. "
        "Hatching means that nobody who was read gives a figure, not that there was nothing.",
        words,
        TableView("counted-data", "Figures by aspect and year", pd.DataFrame(grid)),
        [
            Button("all years", {"xaxis.range": whole}),
            Button("1923 to 1925", {"xaxis.range": [1922.5, 1925.5]}),
        ],
    )


def _cells(cells: list[tuple[str, int]], rows_of: dict, said: dict, known: bool) -> go.Bar:
    colour = style.THREAD_COLOURS["army"] if known else style.NEUTRAL
    return go.Bar(
        orientation="h",
        y=[rows_of[aspect] for aspect, _ in cells],
        base=[year - CELL / 2 for _, year in cells],
        x=[CELL] * len(cells),
        width=0.46,
        name="a figure" if known else MISSING,
        marker={
            "color": style.soft(colour, 0.25) if known else style.HOLLOW,
            "line": {"color": colour, "width": 1.5 if known else 0.5},
            "pattern": {"shape": "" if known else "/", "fgcolor": colour, "size": 7},
        },
        hovertext=[
            style.words(f"{aspect}, {year}", *said.get((aspect, year), [MISSING]))
            for aspect, year in cells
        ],
        hoverinfo="text",
    )


def _source_words(part: pd.DataFrame) -> list[str]:
    return [
        f"{number_words(row)} ({row['unit']}; {', '.join(row['sources'])})"
        for row in part.to_dict("records")
    ]


def _number(part: pd.DataFrame, y: float, year: int) -> dict:
    """The figures of a cell: one number, or the lowest and the highest."""
    ends = {"low": part["low"].min(), "high": part["high"].max()}
    text = number_words(ends).replace(" to ", "–")
    return {"text": text, "x": year, "y": y, "showarrow": False, "font": {"size": style.SMALL}}


@checked
def witnesses(book: Book, thread: str = "army") -> FigureView:
    """Events of a thread with one mark per source; the tested account has a mark of its own.

    Parameters
    ----------
    book : Book
        The tables.
    thread : str
        Key of a thread.

    Returns
    -------
    FigureView

    Raises
    ------
    ValueError
        If no event belongs to the thread.
    """
    thread = known_key("thread", thread, book.labels("thread"))
    events = book.events[book.events["thread"] == thread].sort_values("date", kind="stable")
    if events.empty:
        raise WrongArgument(f"no event belongs to the thread {thread!r} yet")
    sources, tested = sources_of_events(book), book.account
    keys = [sources.get(event, ()) for event in events["event_id"]]
    events = events.assign(sources=keys, y=range(0, -len(events), -1))
    # The tested account stands first in each row.
    events["marks"] = [sorted(row, key=lambda key: key != tested) for row in keys]
    marks = events.explode("marks").dropna(subset="marks")
    marks["x"] = marks.groupby("y").cumcount() + 1
    most = max(marks["x"], default=1)
    plot = style.figure(
        [
            _marks(marks[marks["marks"] == tested], "Airapetov", "diamond-open", "troops"),
            _marks(marks[marks["marks"] != tested], "another source", "square", "army"),
        ],
        height=150 + EVENT * len(events),
        xaxis=style.fixed(type="linear", title={"text": "sources"}, range=[0, most + 1], dtick=1),
        yaxis=style.rows(-len(events) + 0.7, 0.8),
        annotations=[
            style.row_name(style.wrapped(f"{date}: {title}", LINE), y + 0.48)
            for date, title, y in zip(events["date"], events["title_en"], events["y"], strict=True)
        ],
        shapes=[style.row_line(y - 0.25) for y in events["y"]],
    )
    alone = events["title_en"].loc[[row == (tested,) for row in keys]]
    words = (
        f"{len(events)} events of the thread. {len(alone)} of them rest on Airapetov alone: "
        f"{'; '.join(alone) or 'none'}."
    )
    table = {
        "Event": [event_cell(event) for event in events.to_dict("records")],
        "Date": events["date"].map(date_cell),
        "Sources": events["sources"].map(sources_text),
    }
    return FigureView(
        "witnesses",
        plot,
        "How many sources stand behind each event of the army. Several keys can be copies of one "
        "account.",
        words,
        TableView("witnesses-data", "Events of the army and their sources", pd.DataFrame(table)),
    )


def _marks(marks: pd.DataFrame, name: str, symbol: str, colour: str) -> go.Scatter:
    hover = marks["marks"] + "<br>" + marks["title_en"]
    colour = style.THREAD_COLOURS[colour]
    return style.marks(marks["x"], marks["y"], hover, name=name, symbol=symbol, colour=colour)

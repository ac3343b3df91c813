"""The Mongolian army: which numbers anybody gives, year by year, and who says what."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, event_cell, sources_text
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.attestation import LEVELS, sources_of_events
from treatybook.evidence.errors import WrongArgument, checked, known_key
from treatybook.evidence.identifiers import address, label_names, number_words
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, number
from treatybook.views.parts import Rows

LINE, WIDE_LINE = 48, 40  # characters in a line of a name, above its row and beside it
ASPECT, AROUND = 49, 40  # height of a row and of what lies around all, in CSS pixels
EVENTS = (8, 62, 56)  # rows at once, height of one, and of what lies around them
NAME, MARK = 0.25, -0.27  # heights of the name and the marks in a row of an event
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
    """A grid of aspects and years: a number where a source has one, an empty field where none has.

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
            _given(_colours(book), given, rows_of, said),
            _empty([cell for cell in cells if cell not in given], rows_of),
        ],
        height=AROUND + ASPECT * len(aspects),
        barmode="overlay",
        xaxis=style.fixed(type="linear", range=whole, tickvals=years, side="top", showgrid=False),
        yaxis=style.rows(-len(aspects) + 0.7, 0.7),
        annotations=[style.row_name(aspect, y + 0.42) for aspect, y in rows_of.items()]
        + [_number(part, rows_of[a], y) for (a, y), part in given.items()],
        margin={"l": 2, "r": 2, "t": 32, "b": 8},
    )
    empty = len(cells) - len(given)
    bare = [aspect for aspect in aspects if aspect not in set(found["aspect"])]
    grid = {
        _("Aspect"): aspects,
        **{str(y): ["; ".join(said.get((a, y), [_("no figure")])) for a in aspects] for y in years},
    }
    words = _(
        "No source that was read fills {n} of {all} places: {aspects} aspects of the army in "
        "{years} years. No figure for any year: {bare}."
    ).format(
        n=empty,
        all=len(cells),
        aspects=len(aspects),
        years=len(years),
        bare=", ".join(bare) or _("none"),
    )
    return FigureView(
        "counted",
        plot,
        _(
            "The Mongolian army and the Soviet units in the country, year by year. An empty field "
            "means that nobody who was read gives a figure, not that there was nothing."
        ),
        words,
        TableView("counted-data", _("Figures by aspect and year"), pd.DataFrame(grid)),
        [
            Button(_("all years"), {"xaxis.range": whole}),
            Button(
                _("{first} to {last}").format(first=1923, last=1925),
                {"xaxis.range": [1922.5, 1925.5]},
            ),
        ],
        headline=_("{n} of {all} numbers about the army: nobody gives them").format(
            n=empty, all=len(cells)
        ),
    )


def _colours(book: Book) -> dict[str, str]:
    """The colour of each aspect, by its words."""
    colours = style.party_colours(book, "army_aspect")
    return {words: colours[label] for label, words in book.labels("army_aspect").items()}


def _given(colours: dict[str, str], given: dict, rows_of: dict, said: dict) -> go.Bar:
    """Fields with a figure; the fill is that of the figure that is known least."""
    levels = [max(part["evidence"], key=LEVELS.index) for part in given.values()]
    looks = [
        style.bar_look(level, colours[aspect])
        for level, (aspect, _) in zip(levels, given, strict=True)
    ]
    outlines = [look["line"]["color"] for look in looks]
    return _fields(
        list(given),
        rows_of,
        name=_("a figure that a source gives"),
        marker={
            "color": [look["color"] for look in looks],
            "line": {"color": outlines, "width": 2},
        },
        hovertext=[style.words(f"{aspect}, {year}", *said[aspect, year]) for aspect, year in given],
    )


def _empty(cells: list[tuple[str, int]], rows_of: dict) -> go.Bar:
    return _fields(
        cells,
        rows_of,
        name=_missing(),
        marker={"color": style.HOLLOW, "line": {"color": style.NEUTRAL, "width": 0.5}},
        hovertext=[style.words(f"{aspect}, {year}", _missing()) for aspect, year in cells],
    )


def _missing() -> str:
    return _("no figure in what was read")


def _fields(cells: list[tuple[str, int]], rows_of: dict, **look) -> go.Bar:
    return go.Bar(
        orientation="h",
        y=[rows_of[aspect] for aspect, _ in cells],
        base=[year - CELL / 2 for _, year in cells],
        x=[CELL] * len(cells),
        width=0.46,
        hoverinfo="text",
        **look,
    )


def _source_words(part: pd.DataFrame) -> list[str]:
    return [
        f"{number_words(row)} ({row['unit']}; {', '.join(row['sources'])})"
        for row in part.to_dict("records")
    ]


def _number(part: pd.DataFrame, y: float, year: int) -> dict:
    """The figures of a cell: one number, or the lowest and the highest."""
    ends = {"low": part["low"].min(), "high": part["high"].max()}
    text = "–".join(dict.fromkeys(map(number, ends.values())))
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
    thread = known_key("thread", thread, label_names(book, "thread"))
    events = book.events[book.events["thread"] == thread].sort_values("date", kind="stable")
    if events.empty:
        told = _("no event belongs to the thread {thread!r} yet")
        raise WrongArgument(told.format(thread=thread))
    sources, tested = sources_of_events(book), book.account
    keys = [sources.get(event, ()) for event in events["event_id"]]
    events = events.assign(sources=keys, y=range(0, -len(events), -1))
    rows = Rows(len(events), *EVENTS)
    drawn = events[: rows.drawn]
    marks = _marks_of_sources(book, drawn)
    account = _name_of(book, tested)
    names = [f"{date}: {title}" for date, title in drawn[["date", "title"]].to_numpy()]
    plot = style.figure(
        _traces(marks, tested, account, style.party_colours(book, "thread")[thread]),
        height=rows.shown()["height"],
        xaxis=style.fixed(
            type="linear",
            title={"text": _("sources")},
            range=[0.6, max(marks["x"], default=1) + 0.6],
            dtick=1,
        ),
        yaxis=style.rows(*rows.shown()["yaxis.range"]),
        annotations=[
            style.row_name(style.wrapped(name, LINE), NAME - number)
            for number, name in enumerate(names)
        ],
        shapes=[style.row_line(0.5 - number) for number in range(1, rows.drawn)],
        margin={"b": 48},
    )
    alone = events["title"].loc[[len(row) == 1 and tested in (*row, "") for row in keys]]
    words = _("{n} of these {all} events rest on {account} alone: {events}.").format(
        n=len(alone),
        all=len(events),
        account=account,
        events="; ".join(alone) or _("none"),
    )
    table = {
        _("Event"): [event_cell(event) for event in events.to_dict("records")],
        _("Date"): events["date"].map(date_cell),
        _("Sources"): events["sources"].map(sources_text),
    }

    def names_beside(wide: go.Figure) -> None:
        """A name that was broken for a phone, broken for the room beside its row."""
        if wide.layout.yaxis.ticktext:
            wide.update_yaxes(ticktext=list(map(_in_two_lines, names)))

    return FigureView(
        "witnesses",
        plot,
        _(
            "Each mark is a source that tells of the event. Several sources can be copies of one "
            "account."
        )
        + rows.words,
        words,
        TableView("witnesses-data", _("Events and their sources"), pd.DataFrame(table)),
        rows.buttons(),
        headline=_("{thread}: {n} of {all} events rest on {account} alone").format(
            thread=book.labels("thread")[thread],
            n=len(alone),
            all=len(events),
            account=account,
        ),
        adapt=names_beside,
    )


def _in_two_lines(name: str) -> str:
    """A name beside its row, where a third line would meet the next name."""
    width = WIDE_LINE
    while (broken := style.wrapped(name, width)).count("<br>") > 1:
        width += 1
    return broken


def _name_of(book: Book, source: str) -> str:
    """The family name of the first author of a source, or its key; words for any if none is given."""
    people = book.sources[source].people if source in book.sources else []
    return people[0].split(",")[0] if people else source or _("one source")


def _marks_of_sources(book: Book, events: pd.DataFrame) -> pd.DataFrame:
    """One row per event and source, the tested account first, with the best of its levels."""
    said = book.claims[book.claims["stance"] == "attests"].explode("events")
    said = said.sort_values("evidence", key=lambda levels: levels.map(LEVELS.index))
    said = said.drop_duplicates(["events", "source"])[["events", "source", "evidence"]]
    marks = events[["event_id", "title", "y", "sources"]].explode("sources")
    marks = marks.dropna(subset="sources").rename(columns={"sources": "source"})
    marks = marks.merge(said, left_on=["event_id", "source"], right_on=["events", "source"])
    marks["other"] = marks["source"] != book.account
    marks = marks.sort_values(["y", "other"], ascending=[False, True], kind="stable")
    levels = marks["evidence"].map(book.labels("evidence"))
    return marks.assign(
        x=marks.groupby("y").cumcount() + 1,
        y=marks["y"] + MARK,
        hover=list(map(style.words, marks["source"], marks["title"], levels)),
    )


def _traces(marks: pd.DataFrame, tested: str, account: str, colour: str) -> list[go.Scatter]:
    """Marks of the tested account, with its name, and of the others; and what they mean."""
    traces, own = [], marks["source"] == tested
    looks = {
        "square": (account, {"mode": "markers+text", "textposition": "middle right"}),
        "circle": (_("another source"), {}),
    }
    for (symbol, (name, look)), part in zip(looks.items(), (marks[own], marks[~own]), strict=True):
        if part.empty:
            continue
        trace = style.marks_of(
            part,
            symbol=[style.filled(level, symbol) for level in part["evidence"]],
            colour=colour,
            text=[f" {name}"] * len(part),
            textfont={"size": style.SMALL},
            customdata=[address("event", event) for event in part["event_id"]],
            **look,
        )
        traces += [trace, style.key(name, 5, symbol=symbol + "-open")]
    return [*traces, *style.evidence_keys(marks["evidence"])]

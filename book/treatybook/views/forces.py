"""How many there were: figures for forces as ranges, each with its source."""

from __future__ import annotations

import math
import textwrap

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence import dates
from treatybook.evidence.bibliography import Source
from treatybook.evidence.errors import WrongArgument, checked, whole_number
from treatybook.evidence.identifiers import number_words
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, number

HEADS = ("men", "horsemen", "sabres", "bayonets")
MOST = 8  # rows of one view
ROW, WIDE_ROW, AROUND = 62, 52, 34  # height of a row and of the axis, in CSS pixels
# Of a row above its marks: its name, and who counts; and its end below them.
NAME_AT, SOURCES_AT, BELOW = 0.54, 0.28, 0.28
NOT_TRUSTED = "unverified"  # as which a number is drawn that the editors trust little
LINE, NAME = 58, 60  # characters in a line and in the name of a force
SOURCE = 18  # characters of the name of a source, where a row has many
TWICE = 2  # times, from which numbers for one force lie far apart
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
        told = _("no figure for a force between {first} and {last}")
        raise WrongArgument(told.format(first=first, last=last))
    return found.sort_values("date", kind="stable")


@checked
def strengths(
    book: Book, first: str = "1920-09-01", last: str = "1921-12-31", least: int = LEAST
) -> FigureView:
    """Numbers of men, one row for each force at one time; a range is a bar from low to high.

    The axis is logarithmic, so equal steps are equal ratios. The first view has the forces for
    which there are several numbers, the others have one side each, the largest forces first.
    Smaller forces, those of no side, arms, units and money stand in the table only.

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
        told = _("no force of {least} men or more between {first} and {last}")
        raise WrongArgument(told.format(least=least, first=first, last=last))
    men = _looks(book, men)
    views = _views(men, labels)
    left = least * 0.85
    keys = [
        *style.party_keys(book, "force_group", men["force_group"]),
        *style.evidence_keys(men["level"]),
    ]
    said = _said(men)
    buttons = [
        _button(label, men, forces, said, left, len(keys)) for label, forces in views.items()
    ]
    start = buttons[0].layout
    ends = [math.log10(left), math.log10(float(men["high"].max()) * 1.2)]
    ticks = {"tickvals": TICKS, "ticktext": [number(tick) for tick in TICKS]}
    plot = style.figure(
        [*_traces(men, next(iter(views.values())), said, left), *keys],
        height=start["height"],
        xaxis=style.fixed(type="log", range=ends, side="top", **ticks),
        yaxis=style.rows(*start["yaxis.range"]),
        annotations=start["annotations"],
        margin={"l": 8, "r": 8, "t": AROUND - 8, "b": 8},
    )
    told = _("{side}: {n} numbers, from {low} to {high}")
    words = "; ".join(
        told.format(
            side=labels[key],
            n=len(part),
            low=number(part["low"].min()),
            high=number(part["high"].max()),
        )
        for key, part in men.groupby("force_group", sort=False)
    )
    more = any(men.loc[men["force_group"] == key, "force"].nunique() > MOST for key in labels)
    caption = _(
        "One row is one force at one time. A bar is a range; hollow: the editors trust the number "
        "little. Equal steps are equal ratios."
    )
    if more:
        told = _("Of each side the {n} largest forces are drawn; the table has all.")
        caption += " " + told.format(n=MOST)
    rest = _(
        "{n} more figures stand in the table: forces under {least} men or of none of these sides, "
        "arms, units and money. Figures that count different things cannot be added up."
    ).format(n=len(rows) - len(men), least=number(least))
    return FigureView(
        "strengths",
        plot,
        caption,
        f"{_claim(men)}{words}. {rest}",
        force_table(book, rows, "strengths-data", _("Figures for forces, arms and money")),
        buttons,
        headline=_finding(men),
        adapt=_beside,
    )


def _beside(plot: go.Figure) -> None:
    """Rows whose names stand beside them need less height, but room for the sources."""
    if names := plot.layout.yaxis.ticktext:
        plot.update_layout(height=AROUND + WIDE_ROW * len(names))


def _looks(book: Book, men: pd.DataFrame) -> pd.DataFrame:
    """Numbers of men with the force that each counts, its colour and level, and who counts."""
    plain = men["unit"] + [f", {date}" for date in men["date"]]
    force = men["estimate_of"].replace("", pd.NA).fillna(plain)
    # Two measures of one unit are no two numbers for the same thing.
    measured = men["measure"].map(book.labels("measure"))
    heads = force + ": " + measured
    twice = men["measure"].groupby(force).transform("nunique") > 1
    trusted = men["confidence"] != "low"
    return men.assign(
        force=heads.where(twice & (force == plain), force),
        measured=measured,
        colour=men["force_group"].map(style.party_colours(book, "force_group")),
        level=men["evidence"].where(trusted, NOT_TRUSTED),
        who=[
            [_short(book.sources[key]) for key in keys] or [_("no source seen")]
            for keys in men["sources"]
        ],
    )


def _short(source: Source) -> str:
    """A source in few words: an encyclopaedia, or its first author, or else its title."""
    if "Wikipedia" in (where := source.entry.fields.get("howpublished", "")):
        return _("older Wikipedia") if "older" in where else _("Wikipedia")
    names = [name.split(",")[0] for name in source.people]
    return names[0] if names else source.words("title", "booktitle")


def _views(men: pd.DataFrame, labels: dict[str, str]) -> dict[str, list[str]]:
    """The forces of each view from the top, at most :data:`MOST`."""
    several = _several(men)
    views = {_("counted more than once"): list(several.index)} if len(several) else {}
    for key, label in labels.items():
        own = men[men["force_group"] == key].groupby("force")["high"].max()
        if len(own):
            views[label] = list(own.sort_values(ascending=False, kind="stable").index)
    return {label: forces[:MOST] for label, forces in views.items()}


def _several(men: pd.DataFrame) -> pd.DataFrame:
    """Forces with several numbers, the lowest and the highest; those farthest apart come first."""
    found = men.groupby("force", sort=False).agg(
        numbers=("low", "size"), low=("low", "min"), high=("high", "max")
    )
    found = found[found["numbers"] > 1]
    found["times"] = (found["high"] / found["low"]).astype(float)
    return found.sort_values("times", ascending=False, kind="stable")


def _button(
    label: str, men: pd.DataFrame, forces: list[str], said: dict[str, str], left: float, keys: int
) -> Button:
    """Some forces in their rows; the marks of the others have no height and are not drawn."""
    names = [
        style.row_name(f"<b>{textwrap.shorten(force, NAME, placeholder=' …')}</b>", y + NAME_AT)
        for y, force in zip(range(0, -len(forces), -1), forces, strict=True)
    ]
    layout = {
        "height": AROUND + ROW * len(forces),
        "yaxis.range": [1 - len(forces) - BELOW, 1 - BELOW],
        "yaxis.tickvals": list(range(0, -len(forces), -1)),
        "annotations": names,
    }
    heights = [trace.y for trace in _traces(men, forces, said, left)]
    return Button(label, layout, {"y": [*heights, *[[None]] * keys]})


def _traces(
    men: pd.DataFrame, forces: list[str], said: dict[str, str], left: float
) -> list[go.Scatter]:
    """The ranges, the numbers and those who give them, as far as their forces have a row."""
    rows = {force: -number for number, force in enumerate(forces)}
    men = men.assign(y=[rows.get(force) for force in men["force"]]).sort_values("low")
    men["y"] = men["y"].astype(object).where(men["y"].notna(), None)
    ranges = men[men["low"] < men["high"]]
    return [
        style.lines(
            ranges[["low", "high", "y"]].to_numpy(), width=8, name=_("a range"), opacity=0.5
        ),
        _points(men),
        _sources(men, said, left),
    ]


def _sources(men: pd.DataFrame, said: dict[str, str], left: float) -> go.Scatter:
    """For each force its numbers, each with who gives it."""
    heights = men.groupby("force", sort=False)["y"].first()
    return go.Scatter(
        x=[left] * len(heights),
        y=[None if y is None or pd.isna(y) else y + SOURCES_AT for y in heights],
        mode="text",
        text=[said[force] for force in heights.index],
        textposition="middle right",
        textfont={"size": style.SMALL},
        hoverinfo="skip",
        showlegend=False,
    )


def _said(men: pd.DataFrame) -> dict[str, str]:
    """For each force its numbers, the lowest first, each with who gives it, in one line."""
    told = men.sort_values("low").groupby("force", sort=False)
    return {force: _in_one_line(rows.to_dict("records")) for force, rows in told}


def _in_one_line(numbers: list[dict]) -> str:
    room, parts = max(SOURCE, LINE // len(numbers) - 8), []
    for row in numbers:
        first, *others = row["who"]
        more = " " + _("and {n} more").format(n=len(others)) if others else ""
        name = textwrap.shorten(first, room - len(more), placeholder=" …")
        parts.append(f"{number_words(row)} {name}{more}")
    return " · ".join(parts)


def _points(rows: pd.DataFrame) -> go.Scatter:
    """Single numbers; for a range only its two ends, never a middle."""
    spots = [
        {**row, "x": value, "said": f"{number_words(row)} {row['measured']}"}
        for row in rows.to_dict("records")
        for value in sorted({row["low"], row["high"]})
    ]
    return style.marks(
        [spot["x"] for spot in spots],
        [spot["y"] for spot in spots],
        [style.words(s["unit"], s["date"], s["said"], ", ".join(s["sources"])) for s in spots],
        symbol=[style.filled(spot["level"]) for spot in spots],
        size=11,
        colour=[spot["colour"] for spot in spots],
    )


def _finding(men: pd.DataFrame) -> str:
    """How far apart the numbers for one force lie."""
    if (several := _several(men)).empty:
        return _("For no force of {n} there are two numbers to compare").format(n=len(men))
    far = several[several["times"] >= TWICE]
    if len(far) > 1 and 2 * len(far) >= len(several):
        return _(
            "For {n} of {all} forces that are counted more than once, one number is at least twice "
            "another"
        ).format(n=len(far), all=len(several))
    return _widest(several)


def _widest(several: pd.DataFrame) -> str:
    name, most = several.index[0], several.iloc[0]
    return _(
        "Where several sources count one force they give up to {times} times as many men: "
        "{low} or {high} ({force})"
    ).format(
        times=number(most["times"], 1),
        low=number(most["low"]),
        high=number(most["high"]),
        force=name,
    )


def _claim(men: pd.DataFrame) -> str:
    """The finding in other words, with the force whose numbers lie farthest apart."""
    several = _several(men)
    return "" if several.empty else f"{_widest(several)}. "


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
        _("Force"): rows["unit"],
        _("Date"): rows["date"].map(date_cell),
        _("Side"): rows["side"],
        _("Number"): [number_words(row) for row in rows.to_dict("records")],
        _("Measure"): rows["measure"].map(lambda key: measures.get(key, key)),
        _("Evidence"): [evidence_cell(book, level) for level in rows["evidence"]],
        _("Confidence"): rows["confidence"].map(book.labels("confidence")),
        _("Note"): rows["note"],
        _("Sources"): rows["sources"].map(sources_cell),
    }
    return TableView(name, caption, pd.DataFrame(table))

"""The people: their names, lives and part in the story."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import events_cell, evidence_cell, sources_cell, told
from treatybook.display.content import Button, Cell, FigureView, TableView, linked
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.identifiers import anchor
from treatybook.evidence.tables import Book

YEARS = (1911, 1921, 1924, 1941)
END = dt.date(YEARS[-1], 12, 31)
MARGIN = 5  # years on both sides of the lives
NAMES = ("name_ru", "name_mn", "name_native")


@checked
def cards(book: Book) -> TableView:
    """Everybody in the tables, with name forms, role, fate and the events they were part of.

    Returns
    -------
    TableView
        Columns: Name, Who, Other names, Born, Died, What became of them, Events, Group,
        Evidence, Sources.
    """
    groups, people = book.labels("people_group"), book.rows("people")
    events = book.events.sort_values("date", kind="stable").explode("people")
    parts = events.groupby("people")["event_id"].agg(list)
    rows = [
        {
            "Name": row["name_en"],
            "Who": _who(row),
            "Other names": _names(row),
            "Born": _life_date(row, "born"),
            "Died": _life_date(row, "died"),
            "What became of them": row["fate"],
            "Events": events_cell(map(book.rows("events").get, parts.get(key, []))),
            "Group": groups[row["group"]],
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_cell(row["sources"]),
        }
        for key, row in people.items()
    ]
    return TableView(
        "people-table",
        f"People, {len(rows)} in all",
        pd.DataFrame(rows),
        row_ids=[anchor("person", key) for key in people],
        filters=("Group", "Evidence"),
        searchable=True,
        group="Name",
    )


def _names(row: dict) -> Cell:
    """The forms of a name; a long list folds like one of links."""
    forms = filter(None, [*map(row.get, NAMES), *row["other_names"]])
    return linked(((form, "") for form in forms), ", ")


def _who(row: dict) -> str:
    unchecked = row["unverified_part"] if row["evidence"] != "unverified" else ""
    return told(row["role"], unchecked, row["note"])


def _is_weak(row: dict, column: str) -> bool:
    """Whether a date of a life is only remembered."""
    return row["evidence"] == "unverified" or column in row["unverified_part"].split("; ")


def _life_date(row: dict, column: str) -> Cell | str:
    date = row[column]
    if date is None:
        return ""
    return Cell(f"{date}{' (not checked)' * _is_weak(row, column)}", sort=date.earliest.isoformat())


def _years(people: pd.DataFrame) -> list[str]:
    """From some years before the first birth to some after the last death."""
    first = min(date.earliest.year for date in people["born"])
    last = max(date.latest.year for date in people["died"])
    return [f"{first - MARGIN}-01-01", f"{last + MARGIN}-01-01"]


@checked
def lifelines(book: Book) -> FigureView:
    """Lives of those whose birth and death have a date; buttons mark a year.

    A life whose dates are only remembered is drawn hollow. A year without a month is drawn
    from its first to its last day, so that no bar claims to know more than its source.

    Raises
    ------
    WrongArgument
        If nobody has both dates.
    """
    people = book.people.dropna(subset=["born", "died"])
    if people.empty:
        raise WrongArgument("nobody in people.csv has both dates, born and died")
    people = people.sort_values("died", kind="stable", ascending=False, ignore_index=True)
    rows = people.to_dict("records")
    people["weak"] = [_is_weak(row, "born") or _is_weak(row, "died") for row in rows]
    groups = {k: v for k, v in book.labels("people_group").items() if k in set(people["group"])}
    traces = [
        _bars(people[people["group"] == group], style.GROUP_COLOURS[group]) for group in groups
    ]
    # A bar lends its own look to the key, and a hollow one would pass for that of its group.
    for group, label in groups.items():
        traces.append(style.key(label, 1, symbol="square", color=style.GROUP_COLOURS[group]))
    if people["weak"].any():
        traces.append(style.key("hollow: remembered, not checked", 2, symbol="square-open"))
    plot = style.figure(
        traces,
        height=160 + 33 * len(rows),
        barmode="overlay",
        xaxis={"type": "date", "range": _years(people), "fixedrange": True},
        yaxis=style.rows(-0.7, len(rows)),
        annotations=[style.row_name(name, y + 0.42) for y, name in people["name_en"].items()],
    )
    alive = people.loc[[date.earliest > END for date in people["died"]], "name_en"]
    dead = sum(date.latest <= END for date in people["died"])
    words = (
        f"{len(rows)} of {len(book.people)} people have both dates; {people['weak'].sum()} of these "
        f"lives have a date that is only remembered and are drawn hollow. {dead} had died by the end "
        f"of {END.year}; alive after it: {', '.join(sorted(alive)) or 'nobody'}."
    )
    frame = pd.DataFrame(
        {
            "Name": people["name_en"],
            "Born": [_life_date(row, "born") for row in rows],
            "Died": [_life_date(row, "died") for row in rows],
            "Group": people["group"].map(groups),
        }
    )
    table = TableView("lifelines-data", "Lives with both dates", frame)
    return FigureView(
        "lifelines",
        plot,
        "Who was alive when. A hollow bar has a date that is only remembered.",
        words,
        table,
        [Button("no line", {"shapes": []}), *(_year_button(year) for year in YEARS)],
    )


def _bars(people: pd.DataFrame, colour: str) -> go.Bar:
    born, died, weak = people["born"], people["died"], people["weak"]
    lives = zip(people["name_en"], born, died, weak, strict=True)
    return style.bars(
        [date.earliest for date in born],
        [(end.latest - start.earliest).days for start, end in zip(born, died, strict=True)],
        people.index,
        showlegend=False,
        width=0.32,
        marker={
            "color": [style.HOLLOW if hollow else colour for hollow in weak],
            "line": {"color": colour, "width": 2},
        },
        hovertext=[
            style.words(name, f"{start} to {end}", *["not checked"] * hollow)
            for name, start, end, hollow in lives
        ],
    )


def _year_button(year: int) -> Button:
    day, look = f"{year}-07-01", {"color": style.NEUTRAL, "width": 3, "dash": "dot"}
    line = {"type": "line", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": look}
    return Button(str(year), {"shapes": [line]})

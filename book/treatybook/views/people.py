"""The people: their names, lives and part in the story."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import events_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.identifiers import anchor
from treatybook.evidence.tables import Book

YEARS = (1911, 1921, 1924, 1941)
NAME_COLUMNS = (("name_ru", "ru"), ("name_mn", "mn"), ("name_native", ""))


def cards(book: Book) -> TableView:
    """Everybody in the tables, with name forms, role, fate and the events they were part of.

    Returns
    -------
    TableView
        Columns: Name, Who, Other names, Born, Died, What became of them, Events, Group,
        Evidence, Sources.
    """
    groups = book.labels("people_group")
    events = _events_of(book)
    people = book.people.to_dict("records")
    rows = [
        {
            "Name": row["name_en"],
            "Who": _who(row),
            "Other names": ", ".join(_forms(row)),
            "Born": _life_date(row["born"], _is_weak(row, "born")),
            "Died": _life_date(row["died"], _is_weak(row, "died")),
            "What became of them": row["fate"],
            "Events": events_cell(events.get(row["person_id"], [])),
            "Group": groups[row["group"]],
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_cell(row["sources"]) if row["sources"] else "no source seen",
        }
        for row in people
    ]
    return TableView(
        "people-table",
        f"People, {len(rows)} in all",
        pd.DataFrame(rows),
        row_ids=[anchor("person", row["person_id"]) for row in people],
        filters=("Group", "Evidence"),
        searchable=True,
    )


def _who(row: dict) -> str:
    parts = [row["role"]]
    if row["unverified_part"] and row["evidence"] != "unverified":
        parts.append(f"Not checked: {row['unverified_part'].rstrip('.')}.")
    if row["note"]:
        parts.append(row["note"])
    head = parts[0] if parts[0].endswith(".") or len(parts) == 1 else f"{parts[0]}."
    return " ".join([head, *parts[1:]])


def _forms(row: dict) -> list[str]:
    forms = [row[column] for column, _ in NAME_COLUMNS if row[column]]
    return [*forms, *row["other_names"]]


def _is_weak(row: dict, column: str) -> bool:
    """Whether a date of a life is only remembered."""
    return row["evidence"] == "unverified" or column in row["unverified_part"].split("; ")


def _has_weak_date(row: dict) -> bool:
    return _is_weak(row, "born") or _is_weak(row, "died")


def _life_date(date: EdtfDate | None, weak: bool) -> Cell | str:
    if date is None:
        return ""
    text = f"{date} (not checked)" if weak else str(date)
    return Cell(text, sort=date.earliest.isoformat())


def _events_of(book: Book) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for event in book.events.sort_values("date", kind="stable").to_dict("records"):
        for person in event["people"]:
            found.setdefault(person, []).append(event)
    return found


def lifelines(book: Book) -> FigureView:
    """Lives of those whose birth and death have a date; buttons mark a year.

    A life whose dates are only remembered is drawn hollow. A year without a month is drawn
    from its first to its last day, so that no bar claims to know more than its source.
    """
    people = book.people
    people = people[people["born"].notna() & people["died"].notna()]
    people = people.sort_values("died", kind="stable", ascending=False)
    rows = people.to_dict("records")
    groups = book.labels("people_group")
    shown = [group for group in groups if any(row["group"] == group for row in rows)]
    traces = [
        _bars(
            [(y, row) for y, row in enumerate(rows) if row["group"] == group],
            style.GROUP_COLOURS[group],
        )
        for group in shown
    ]
    # A bar lends its own look to the key, and a hollow one would pass for that of its group.
    for group in shown:
        look = {"symbol": "square", "color": style.GROUP_COLOURS[group]}
        traces.append(style.key(groups[group], 1, **look))
    if any(map(_has_weak_date, rows)):
        traces.append(style.key("hollow: remembered, not checked", 2, symbol="square-open"))
    plot = style.figure(
        traces,
        height=160 + 33 * len(rows),
        barmode="overlay",
        legend={"y": -0.05},
        xaxis={"type": "date", "range": ["1865-01-01", "1990-01-01"], "fixedrange": True},
        yaxis={"visible": False, "range": [-0.7, len(rows)], "fixedrange": True},
        annotations=[style.row_name(row["name_en"], y + 0.42) for y, row in enumerate(rows)],
    )
    dead = [row["died"].latest for row in rows]
    year = YEARS[-1]
    alive = [row["name_en"] for row in rows if row["died"].earliest > dt.date(year, 12, 31)]
    weak = sum(map(_has_weak_date, rows))
    words = (
        f"{len(rows)} of {len(book.people)} people have both dates; {weak} of these lives have a "
        f"date that is only remembered and are drawn hollow. "
        f"{sum(day < dt.date(1942, 1, 1) for day in dead)} had died by the end of 1941; "
        f"alive after it: {', '.join(sorted(alive)) or 'nobody'}."
    )
    table = TableView(
        "lifelines-data",
        "Lives with both dates",
        pd.DataFrame(
            [
                {
                    "Name": row["name_en"],
                    "Born": _life_date(row["born"], _is_weak(row, "born")),
                    "Died": _life_date(row["died"], _is_weak(row, "died")),
                    "Group": groups[row["group"]],
                }
                for row in rows
            ]
        ),
    )
    return FigureView(
        "lifelines",
        plot,
        "Who was alive when. A hollow bar has a date that is only remembered.",
        words,
        table,
        [Button("no line", {"shapes": []}), *(_year_button(year) for year in YEARS)],
    )


def _bars(rows: list[tuple[int, dict]], colour: str) -> go.Bar:
    hollow = [_has_weak_date(row) for _, row in rows]
    return go.Bar(
        orientation="h",
        showlegend=False,
        y=[y for y, _ in rows],
        base=[row["born"].earliest.isoformat() for _, row in rows],
        x=[(row["died"].latest - row["born"].earliest).days * style.DAY_MS for _, row in rows],
        width=0.32,
        marker={
            "color": [style.HOLLOW if h else colour for h in hollow],
            "line": {"color": colour, "width": 2},
        },
        hovertext=[
            f"<b>{row['name_en']}</b><br>{row['born']} to {row['died']}"
            + ("<br>not checked" if h else "")
            for (_, row), h in zip(rows, hollow, strict=True)
        ],
        hoverinfo="text",
    )


def _year_button(year: int) -> Button:
    line = {
        "type": "line",
        "yref": "paper",
        "x0": f"{year}-07-01",
        "x1": f"{year}-07-01",
        "y0": 0,
        "y1": 1,
        "line": {"color": style.NEUTRAL, "width": 3, "dash": "dot"},
    }
    return Button(str(year), {"shapes": [line]})

"""The gazetteer: places of the story, with their names then and now."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import events_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.errors import checked
from treatybook.evidence.identifiers import anchor
from treatybook.evidence.tables import Book, english, split
from treatybook.evidence.wording import _, number, plural, spoken
from treatybook.views import basemap

LEAST, MOST = 1, 10  # events between which marks grow
NAMED_FROM = 3  # events; on the whole map, more names would be a crowd
MOST_NAMED = 3  # places that the headline names
# West, east, south and north edge of each part, all of one shape, and the events from which a
# place has its name.
VIEWS = {
    "region": (basemap.REGION, NAMED_FROM),
    "urga": ((98, 114.5, 46.3, 52.35), 0),
    "west": ((82, 98.5, 46.1, 52.15), 0),
}


@checked
def places_table(book: Book) -> TableView:
    """Every place with its names, position, events and evidence.

    Returns
    -------
    TableView
        Columns: Place, Names of the time, Name today, Other scripts, Coordinates, Kind, Events,
        Note, Evidence, Sources.
    """
    kinds, places = book.labels("place_kind"), book.places.to_dict("records")
    by_date = book.events.sort_values("date", kind="stable").explode("places")
    events = {key: rows.to_dict("records") for key, rows in by_date.groupby("places")}
    rows = [
        {
            _("Place"): row["name"],
            _("Names of the time"): ", ".join(_forms(row, spoken())),
            _("Name today"): row["name_modern"],
            _("Other scripts"): "; ".join(
                name
                for code in ("en", "ru", "mn")
                if code != spoken()
                for name in _forms(row, code)
            ),
            _("Coordinates"): _position(row),
            _("Kind"): kinds[row["kind"]],
            _("Events"): events_cell(events.get(row["place_id"], [])),
            _("Note"): _note(row),
            _("Evidence"): evidence_cell(book, row["evidence"]),
            _("Sources"): sources_cell(row["sources"]),
        }
        for row in places
    ]
    return TableView(
        "places-table",
        _("Places, {n} in all").format(n=len(rows)),
        pd.DataFrame(rows),
        row_ids=[anchor("place", row["place_id"]) for row in places],
        filters=(_("Kind"), _("Evidence")),
        searchable=True,
        group=_("Place"),
    )


def _forms(row: dict, language: str) -> Sequence[str]:
    """The names of a place in a language; the Latin ones with those in Chinese characters."""
    return row["names_historic"] if language == "en" else split(row.get(f"name_{language}", ""))


def _position(row: dict) -> Cell | str:
    if pd.isna(row["latitude"]):
        return _("not known")
    text = _("{latitude}° N, {longitude}° E")
    text = text.format(latitude=number(row["latitude"], 2), longitude=number(row["longitude"], 2))
    return Cell(text, sort=f"{row['longitude']:09.4f}")


def _note(row: dict) -> str:
    if row["unverified_part"] and "not" not in english(row, "note"):
        unseen = _("Not checked: {what}.").format(what=row["unverified_part"])
        return f"{row['note']} {unseen}".strip()
    return row["note"]


@checked
def places_map(book: Book) -> FigureView:
    """The places with a position on the base map; buttons change the part that is shown.

    A larger mark has more events. Each part shows the names that find room in it. Places
    outside the region and places without a position are counted in the words, not drawn.
    """
    kinds, events = book.labels("place_kind"), book.events["places"].explode().value_counts()
    places = book.places
    places["events"] = [events.get(key, 0) for key in places["place_id"]]
    known = places.dropna(subset=["latitude", "longitude"])
    inside = basemap.inside(known, basemap.REGION)
    if inside.empty:
        raise ValueError(_("no place with a position lies on the map: see places.csv"))
    inside = inside.sort_values("events", ascending=False, kind="stable")
    parts = {"region": _("the whole region"), "urga": _("around Urga"), "west": _("the west")}
    buttons = [
        Button(
            parts[part],
            {**basemap.turned_to(view), "annotations": _names(book, inside, view, least)},
        )
        for part, (view, least) in VIEWS.items()
    ]
    plot = style.figure(
        [*basemap.base(book), _marks(inside), *style.evidence_keys(inside["evidence"])],
        height=basemap.height(basemap.REGION),
        annotations=buttons[0].layout["annotations"],
        **basemap.layout(basemap.REGION),
    )
    outside = known["name"][~known["place_id"].isin(inside["place_id"])]
    missing = places["latitude"].isna().sum()
    most = [f"{name} {number}" for name, number in _most(places)]
    words = _(
        "Of {events} events of the book, most are told of {most}. {n} of {all} places are drawn. "
        "{outside} with a position lie outside the map ({names}), and {missing} have no position."
    ).format(
        events=len(book.events),
        most=", ".join(most),
        n=len(inside),
        all=len(places),
        outside=len(outside),
        names=", ".join(outside),
        missing=missing,
    )
    rows = inside.to_dict("records")
    table = {
        _("Place"): [
            Cell(row["name"], href=f"#{anchor('place', row['place_id'])}") for row in rows
        ],
        _("Kind"): [kinds[row["kind"]] for row in rows],
        _("Coordinates"): [_position(row) for row in rows],
        _("Events"): [row["events"] for row in rows],
        _("Evidence"): [evidence_cell(book, row["evidence"]) for row in rows],
    }
    return FigureView(
        "places-map",
        plot,
        _(
            "A larger mark has more events in the book, up to {n} or more. Names of countries are "
            "those of 1921, borders are those of today, and railways are straight lines between "
            "towns."
        ).format(n=MOST),
        words,
        TableView("places-map-data", _("Places on the map"), pd.DataFrame(table)),
        buttons,
        headline=_finding(book, places),
        adapt=basemap.widened,
    )


def _most(places: pd.DataFrame) -> list[tuple[str, int]]:
    ordered = places.sort_values("events", ascending=False, kind="stable").head(MOST_NAMED)
    return list(ordered[["name", "events"]].itertuples(index=False, name=None))


def _finding(book: Book, places: pd.DataFrame) -> str:
    placed = sum(map(bool, book.events["places"]))
    (first, number), *others = _most(places)
    said = _("{place} has {n} of the {all} events that have a place")
    said = said.format(place=first, n=number, all=placed)
    if not others:
        return said
    more = _(" and ").join(f"{name} {events}" for name, events in others)
    return _("{finding}; next come {places}").format(finding=said, places=more)


def _size(events: int) -> int:
    return 6 + min(max(events, LEAST), MOST)


def _names(book: Book, places: pd.DataFrame, view: basemap.View, least: int) -> list[dict]:
    """Names in one part of the map, the busiest places first."""
    spots = [
        (
            row["name"] if row["events"] >= least else "",
            row["longitude"],
            row["latitude"],
            _size(row["events"]),
        )
        for row in places.to_dict("records")
    ]
    return basemap.names(spots, view, tracks=basemap.railway_spots(book))


def _marks(places: pd.DataFrame) -> go.Scatter:
    rows = places.to_dict("records")
    return style.marks(
        places["longitude"],
        places["latitude"],
        [
            style.words(
                row["name"], row["name_modern"], plural("{n} events", "{n} events", row["events"])
            )
            for row in rows
        ],
        symbol=[style.filled(row["evidence"]) for row in rows],
        size=[_size(row["events"]) for row in rows],
        customdata=[f"#{anchor('place', row['place_id'])}" for row in rows],
    )

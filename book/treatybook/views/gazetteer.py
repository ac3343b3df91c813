"""The gazetteer: places of the story, with their names then and now."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import events_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.identifiers import anchor
from treatybook.evidence.tables import Book
from treatybook.views import basemap

KIND_SYMBOLS = {"town": "circle", "site": "square", "water": "diamond", "region": "x"}

HEIGHT = 410
LEAST, MOST = 1, 10  # events between which marks grow
NAMED_FROM = 3  # events; on the whole map, more names would be a crowd
# West, east, south and north edge of each part, and the events from which a place has its name.
VIEWS = {
    "the whole region": ((70, 130, 38, 60), NAMED_FROM),
    "around Urga": ((98, 112, 46, 54), 0),
    "the west": ((82, 98, 45, 54), 0),
}


def places_table(book: Book) -> TableView:
    """Every place with its names, position, events and evidence.

    Returns
    -------
    TableView
        Columns: Place, Names of the time, Name today, Other scripts, Position, Kind, Events,
        Note, Evidence, Sources.
    """
    kinds = book.labels("place_kind")
    events = _events_at(book)
    places = book.places.to_dict("records")
    rows = [
        {
            "Place": row["name"],
            "Names of the time": ", ".join(row["names_historic"]),
            "Name today": row["name_modern"],
            "Other scripts": "; ".join(filter(None, (row["name_ru"], row["name_mn"]))),
            "Position": _position(row),
            "Kind": kinds[row["kind"]],
            "Events": events_cell(events.get(row["place_id"], [])),
            "Note": _note(row),
            "Evidence": evidence_cell(book, row["evidence"]),
            "Sources": sources_cell(row["sources"]) if row["sources"] else "no source seen",
        }
        for row in places
    ]
    return TableView(
        "places-table",
        f"Places, {len(rows)} in all",
        pd.DataFrame(rows),
        row_ids=[anchor("place", row["place_id"]) for row in places],
        filters=("Kind", "Evidence"),
        searchable=True,
    )


def _events_at(book: Book) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for event in book.events.sort_values("date", kind="stable").to_dict("records"):
        for place in event["places"]:
            found.setdefault(place, []).append(event)
    return found


def _position(row: dict) -> Cell | str:
    if pd.isna(row["latitude"]):
        return "not known"
    text = f"{row['latitude']:.2f}° N, {row['longitude']:.2f}° E"
    return Cell(text, sort=f"{row['longitude']:09.4f}")


def _note(row: dict) -> str:
    if row["unverified_part"] and "not" not in row["note"]:
        return f"{row['note']} Not checked: {row['unverified_part']}.".strip()
    return row["note"]


def places_map(book: Book) -> FigureView:
    """The places with a position on the base map; buttons change the part that is shown.

    A larger mark has more events. Each part shows the names that find room in it. Places
    outside the region and places without a position are counted in the words, not drawn.
    """
    events = _events_at(book)
    kinds = book.labels("place_kind")
    places = book.places.assign(
        events=[len(events.get(place, [])) for place in book.places["place_id"]]
    )
    known = places.dropna(subset=["latitude", "longitude"])
    west, south, east, north = basemap.REGION
    inside = known[known["longitude"].between(west, east) & known["latitude"].between(south, north)]
    if inside.empty:
        raise ValueError("no place with a position lies on the map: see places.csv")
    used = [kind for kind in kinds if (inside["kind"] == kind).any()]
    traces = [
        *basemap.base(book),
        *(_points(inside[inside["kind"] == kind], KIND_SYMBOLS[kind]) for kind in used),
        *_keys({kinds[kind]: KIND_SYMBOLS[kind] for kind in used}),
    ]
    buttons = [
        Button(
            label,
            {
                "xaxis.range": [view[0], view[1]],
                "yaxis.range": [view[2], view[3]],
                "annotations": _names(inside, view, least),
            },
        )
        for label, (view, least) in VIEWS.items()
    ]
    plot = style.figure(
        traces,
        height=HEIGHT,
        annotations=buttons[0].layout["annotations"],
        **basemap.layout(*next(iter(VIEWS.values()))[0]),
    )
    outside = known[~known["place_id"].isin(inside["place_id"])]
    missing = places[places["latitude"].isna()]
    words = (
        f"{len(inside)} of {len(places)} places are drawn. {len(outside)} with a position lie "
        f"outside the map ({', '.join(outside['name'])}), and {len(missing)} have no position. "
        f"Most events fall to {inside.sort_values('events').iloc[-1]['name']}."
    )
    rows = [
        {
            "Place": Cell(row["name"], href=f"#{anchor('place', row['place_id'])}"),
            "Kind": kinds[row["kind"]],
            "Position": _position(row),
            "Events": row["events"],
        }
        for row in inside.sort_values("events", ascending=False).to_dict("records")
    ]
    return FigureView(
        "places-map",
        plot,
        "The places of the story. A larger mark has more events in the book. Borders are those of "
        "today; railways are straight lines between towns.",
        words,
        TableView("places-map-data", "Places on the map", pd.DataFrame(rows)),
        buttons,
    )


def _size(events: int) -> int:
    return 6 + min(max(events, LEAST), MOST)


def _names(places: pd.DataFrame, view: basemap.View, least: int) -> list[dict]:
    """Names in one part of the map, the busiest places first."""
    rows = places.sort_values("events", ascending=False, kind="stable").to_dict("records")
    named = [row["name"] if row["events"] >= least else "" for row in rows]
    return basemap.names(
        [
            (name, row["longitude"], row["latitude"], _size(row["events"]))
            for name, row in zip(named, rows, strict=True)
        ],
        view,
    )


def _keys(symbols: dict[str, str]) -> list[go.Scatter]:
    orange = {"color": style.THREAD_COLOURS["troops"]}
    sizes = {f"{LEAST} event or none": _size(LEAST), f"{MOST} events or more": _size(MOST)}
    return [
        *(style.key(kind, 1001, symbol=symbol, **orange) for kind, symbol in symbols.items()),
        *(style.key(name, 1002, size=size, **orange) for name, size in sizes.items()),
    ]


def _points(places: pd.DataFrame, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=list(places["longitude"]),
        y=list(places["latitude"]),
        mode="markers",
        showlegend=False,
        marker={
            "symbol": symbol,
            "size": [_size(events) for events in places["events"]],
            "color": style.THREAD_COLOURS["troops"],
        },
        hovertext=[
            f"<b>{row['name']}</b><br>{row['name_modern']}<br>{row['events']} events"
            for row in places.to_dict("records")
        ],
        hoverinfo="text",
    )

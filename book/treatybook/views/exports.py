"""The data in forms that other programs read, each with its rule for uncertain dates."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import icalendar
import pandas as pd
from babel.dates import format_date
from markupsafe import escape

from treatybook.display.content import Cell, TableView
from treatybook.display.elements import element
from treatybook.evidence import dates
from treatybook.evidence.attestation import WEAK_LEVELS, disputed_events
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book

FOLDER = "downloads"
NAME = "moscow-urga-1921"
# Classes of GeoNames, which the Linked Places Format asks for.
FEATURE_CLASSES = {"town": "P", "site": "S", "water": "H", "region": "L"}
LPF_CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/"
    "linkedplaces-context-v1.1.jsonld"
)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest a zip file can hold: equal data, equal bytes


@dataclass(frozen=True)
class Export:
    """One file to download: how it is made and what it loses."""

    file: str
    title: str
    content: str
    rule: str
    make: Callable[[Book], bytes]


def timelinejs(book: Book, language: str = "en") -> dict:
    """The chronology for TimelineJS.

    A month stays a month and a year a year; a span gets both its ends; doubt is written
    out in ``display_date``. An open start falls back on the end that is known.

    Parameters
    ----------
    book : Book
        The tables.
    language : str
        ``en`` or ``ru``, the language of titles and summaries.

    Returns
    -------
    dict
        With ``title`` and ``events``, as TimelineJS 3 reads it. Texts are escaped, since
        TimelineJS shows them as HTML.

    Raises
    ------
    ValueError
        If the language is another one.
    """
    if language not in ("en", "ru"):
        raise ValueError(f"no titles in {language!r}; there are en and ru")
    threads = book.labels("thread", language)
    levels = book.labels("evidence", language)
    disputed = disputed_events(book)
    in_words = dates.phrase if language == "en" else _in_russian
    events = []
    for row in book.events.to_dict("records"):
        note = f"{levels[row['evidence']]}"
        if row["event_id"] in disputed:
            note += "; sources disagree" if language == "en" else "; источники расходятся"
        summary = element("p", row[f"summary_{language}"])
        text = summary + element("p", element("small", note))
        event = {
            "unique_id": row["event_id"],
            "group": threads[row["thread"]],
            "text": {"headline": escape(row[f"title_{language}"]), "text": text},
            "display_date": in_words(row["date"]),
        }
        event |= _timeline_dates(row["date"])
        events.append(event)
    title = {"text": {"headline": escape(book.descriptor["title"]), "text": ""}}
    return {"title": title, "events": events}


_RUSSIAN = {"day": "d MMMM y", "month": "LLLL y", "year": "y", "decade": "y-е"}


def _in_russian(date: EdtfDate) -> str:
    """A date in Russian words, with the signs of doubt that need no words."""
    if date.precision == "interval":
        ends = [_in_russian(part) if part else "…" for part in (date.start, date.end)]
        return " — ".join(ends)
    if date.precision == "season":
        seasons = {3: "весна", 6: "лето", 9: "осень", 12: "зима"}
        words = f"{seasons[date.earliest.month]} {date.earliest.year}"
    else:
        words = format_date(date.earliest, _RUSSIAN[date.precision], locale="ru")
    words = f"≈ {words}" if date.approximate else words
    return f"{words} (?)" if date.uncertain else words


def _timeline_dates(date: EdtfDate) -> dict:
    first, last = date.start, date.end
    if first is None:
        return {"start_date": _timeline_date(last)}
    found = {"start_date": _timeline_date(first)}
    if last is not None and (last != first or first.precision == "season"):
        found["end_date"] = _timeline_date(last, end=True)
    return found


def _timeline_date(date: EdtfDate, end: bool = False) -> dict:
    day = date.latest if end else date.earliest
    parts = {"year": day.year}
    if date.precision not in ("year", "decade"):
        parts["month"] = day.month
    if date.precision == "day":
        parts["day"] = day.day
    return parts


def in_calendar(book: Book) -> pd.DataFrame:
    """Events that a calendar can hold.

    Returns
    -------
    pandas.DataFrame
        Rows of ``events`` whose days are certain and whose level of evidence is neither
        ``topic`` nor ``unverified``. A calendar has no sign for "about" or "some day in May".
    """
    events = book.events
    known = events["date"].map(
        lambda date: (
            all(part is not None and part.precision == "day" for part in (date.start, date.end))
            and not date.uncertain
            and not date.approximate
        )
    )
    return events[known & ~events["evidence"].isin(WEAK_LEVELS)]


def calendar(book: Book) -> bytes:
    """The chronology as iCalendar (RFC 5545): whole-day events, first day to last."""
    created = dt.datetime.fromisoformat(book.descriptor["created"])
    disputed = disputed_events(book)
    found = icalendar.Calendar()
    found.add("prodid", f"-//{NAME}//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", book.descriptor["title"])
    places = dict(zip(book.places["place_id"], book.places["name"], strict=True))
    for row in in_calendar(book).to_dict("records"):
        event = icalendar.Event()
        event.add("uid", f"{row['event_id']}@{NAME}")
        event.add("dtstamp", created)
        event.add("dtstart", row["date"].earliest)
        event.add("dtend", row["date"].latest + dt.timedelta(days=1))  # RFC 5545: exclusive
        event.add("summary", row["title_en"])
        doubt = " Sources disagree on this event." if row["event_id"] in disputed else ""
        event.add("description", f"{row['summary_en']} Evidence: {row['evidence']}.{doubt}")
        if row["places"]:
            event.add("location", ", ".join(places[place] for place in row["places"]))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return found.to_ical()


def linked_places(book: Book) -> dict:
    """The places in the Linked Places Format (GeoJSON with a JSON-LD context).

    Returns
    -------
    dict
        A FeatureCollection. A place without a position has an empty list of geometries.
        A place is given the time of the events that happened there; the format has the
        signs ``?``, ``~`` and ``%`` of EDTF, so nothing is lost.
    """
    when: dict[str, list[EdtfDate]] = {}
    for row in book.events.to_dict("records"):
        for place in row["places"]:
            when.setdefault(place, []).append(row["date"])
    features = [_feature(row, when) for row in book.places.to_dict("records")]
    return {"type": "FeatureCollection", "@context": LPF_CONTEXT, "features": features}


def _feature(row: dict, when: dict[str, list[EdtfDate]]) -> dict:
    position = pd.notna(row["latitude"])
    point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    feature = {
        "@id": f"#place-{row['place_id']}",
        "type": "Feature",
        "properties": {
            "title": row["name"],
            "fclasses": [FEATURE_CLASSES[row["kind"]]],
            "evidence": row["evidence"],
        },
        "names": _names(row),
        "geometry": {
            "type": "GeometryCollection",
            "geometries": [point] if position else [],
        },
        "links": [
            {"type": "exactMatch", "identifier": address + row[column]}
            for column, address in (
                ("geonames", "https://www.geonames.org/"),
                ("wikidata", "https://www.wikidata.org/entity/"),
            )
            if row[column]
        ],
    }
    if row["note"]:
        feature["descriptions"] = [{"value": row["note"], "lang": "en"}]
    if spans := when.get(row["place_id"]):
        feature["when"] = {"timespans": [_timespan(date) for date in sorted(set(spans))]}
    return feature


def _names(row: dict) -> list[dict]:
    citations = [{"label": key, "@id": address("source", key)} for key in row["sources"]]
    found = {row["name"]: "en"}
    for name in row["names_historic"]:
        found.setdefault(name, "en")
    for column, language in (("name_modern", "en"), ("name_mn", "mn")):
        if row[column]:
            found.setdefault(row[column], language)
    for name in row["name_ru"].split("; ") if row["name_ru"] else []:
        found.setdefault(name, "ru")
    return [
        {"toponym": name, "lang": language} | ({"citations": citations} if citations else {})
        for name, language in found.items()
    ]


def _timespan(date: EdtfDate) -> dict:
    if date.precision == "season":  # ISO 8601-2 seasons are not among the format's dates
        return {
            "start": {
                "earliest": date.earliest.isoformat(),
                "latest": date.latest.isoformat(),
            }
        }
    start, end = date.start, date.end
    if start is None:
        return {"start": {"latest": end.text}}
    span = {"start": {"in": start.text}}
    if end is not None and end != start:
        span["end"] = {"in": end.text}
    return span


def dataset(book: Book) -> dict:
    """Description of the data for search engines: a schema.org ``Dataset``.

    Returns
    -------
    dict
        JSON-LD with addresses relative to a page of the book. ``temporalCoverage`` is an ISO
        interval from the earliest to the latest possible day, since it has no sign for doubt.
    """
    descriptor = book.descriptor
    events = book.events["date"]
    first = min(date.earliest for date in events if date.earliest > dt.date.min)
    last = max(date.latest for date in events if date.latest < dt.date.max)
    places = book.places.dropna(subset=["latitude", "longitude"])
    near = places[places["longitude"].between(70, 135)]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": descriptor["title"],
        "description": descriptor["description"],
        "version": descriptor["version"],
        "dateModified": descriptor["created"][:10],
        "license": descriptor["licenses"][0]["path"],
        "inLanguage": ["en", "ru"],
        "isAccessibleForFree": True,
        "keywords": descriptor["keywords"],
        "url": "data.html",
        "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}",
        "spatialCoverage": {
            "@type": "Place",
            "name": "Mongolia and its neighbours",
            "geo": {
                "@type": "GeoShape",
                "box": f"{near['latitude'].min():.1f} {near['longitude'].min():.1f} "
                f"{near['latitude'].max():.1f} {near['longitude'].max():.1f}",
            },
        },
        "variableMeasured": [f"{r['title']}: {r['description']}" for r in descriptor["resources"]],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": export.title,
                "encodingFormat": MEDIA_TYPES[Path(export.file).suffix],
                "contentUrl": f"../{FOLDER}/{export.file}",
            }
            for export in EXPORTS
        ],
    }


def package(book: Book) -> bytes:
    """The Data Package as a zip: descriptor, tables, sources, notes and licence.

    Equal data give equal bytes.
    """
    return zipped({f"{NAME}/{name}": content for name, content in book.files().items()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by name; equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _json(content: dict) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


MEDIA_TYPES = {
    ".zip": "application/zip",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".geojson": "application/geo+json",
}
EXPORTS = (
    Export(
        f"{NAME}-data.zip",
        "The whole Data Package",
        "All tables, their descriptor, the sources and the licence.",
        "Nothing is lost: dates stay in EDTF.",
        package,
    ),
    Export(
        f"{NAME}-timeline-en.json",
        "TimelineJS, English",
        "The chronology for TimelineJS.",
        "A month stays a month; about and uncertain are said in words.",
        lambda book: _json(timelinejs(book, "en")),
    ),
    Export(
        f"{NAME}-timeline-ru.json",
        "TimelineJS, Russian",
        "The same with Russian titles, summaries and dates.",
        "As in the English file.",
        lambda book: _json(timelinejs(book, "ru")),
    ),
    Export(
        f"{NAME}.ics",
        "Calendar",
        "Whole-day events for a calendar program (iCalendar).",
        "Only events whose days are certain and whose evidence is at least secondary.",
        calendar,
    ),
    Export(
        f"{NAME}-places.geojson",
        "Gazetteer",
        "The places in the Linked Places Format.",
        "Dates keep their signs; a place without a position has no point.",
        lambda book: _json(linked_places(book)),
    ),
)


def write(book: Book, folder: str | Path, exports: Sequence[Export] | None = None) -> list[Path]:
    """Write exports into a folder.

    Parameters
    ----------
    book : Book
        The tables.
    folder : path
        Where the files go.
    exports : sequence of Export, optional
        What to write; all of :data:`EXPORTS` if left out.

    Returns
    -------
    list of pathlib.Path
        The files, in the order of the exports.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for export in EXPORTS if exports is None else exports:
        path = folder / export.file
        path.write_bytes(export.make(book))
        written.append(path)
    return written


def downloads(book: Book, exports: Sequence[Export] | None = None) -> TableView:
    """The files to download, what they hold, and how they treat uncertain dates.

    Parameters
    ----------
    book : Book
        The tables.
    exports : sequence of Export, optional
        The files to list; all of :data:`EXPORTS` if left out.
    """
    kept, everything = len(in_calendar(book)), len(book.events)
    held = {f"{NAME}.ics": f" {kept} of {everything} events are in it."}
    rows = [
        {
            "File": Cell(export.title, href=f"../{FOLDER}/{export.file}"),
            "Name": export.file,
            "What it holds": export.content + held.get(export.file, ""),
            "Uncertain dates": export.rule,
        }
        for export in (EXPORTS if exports is None else exports)
    ]
    return TableView("downloads", "Files to download", pd.DataFrame(rows))

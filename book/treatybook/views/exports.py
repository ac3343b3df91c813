"""The data in forms that other programs read, each with its rule for uncertain dates."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid
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
from treatybook.evidence.errors import checked, known_key
from treatybook.evidence.files import writing
from treatybook.evidence.tables import Book, english, split
from treatybook.evidence.wording import _, translated

FOLDER = "downloads"
NAME = "moscow-urga-1921"
# Classes of GeoNames, which the Linked Places Format asks for.
HAN = re.compile(r"[\u4e00-\u9fff]")
# Concepts of the Art & Architecture Thesaurus, as the World Historical Gazetteer uses them.
CONCEPTS = {"town": "300008375", "region": "300182722"}
FEATURE_CLASSES = {"town": "P", "site": "S", "water": "H", "region": "L"}
AUTHORITIES = {
    "geonames": "https://www.geonames.org/",
    "wikidata": "https://www.wikidata.org/entity/",
}
LPF_CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/"
    "linkedplaces-context-v1.1.jsonld"
)
PARTS = ("year", "month", "day")
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest a zip file can hold: equal data, equal bytes


@dataclass(frozen=True)
class Export:
    """One file to download: how it is made and what it loses; its words are English."""

    file: str
    title: str
    content: str
    rule: str
    make: Callable[[Book], bytes]


@checked
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
    titles = [name for name in book.events if name.startswith("title_")]
    language = known_key("language", language, [name.removeprefix("title_") for name in titles])
    threads = book.labels("thread", language)
    levels = book.labels("evidence", language)
    disputed = disputed_events(book)
    in_words, doubt = {
        "en": (dates.phrase, "; sources disagree"),
        "ru": (_in_russian, "; источники расходятся"),
    }[language]
    events = []
    for row in book.events.to_dict("records"):
        note = levels[row["evidence"]] + (doubt if row["event_id"] in disputed else "")
        summary = element("p", row[f"summary_{language}"] or row["summary_en"])
        text = summary + element("p", element("small", note))
        events.append(
            {
                "unique_id": row["event_id"],
                "group": escape(threads[row["thread"]]),
                "text": {
                    "headline": escape(row[f"title_{language}"] or row["title_en"]),
                    "text": text,
                },
                "display_date": in_words(row["date"]),
                **_timeline_dates(row["date"]),
            }
        )
    name = _title(book, language)
    licence = book.descriptor["licenses"][0]
    terms = element("p", element("a", licence["title"], href=licence["path"]))
    title = {"text": {"headline": escape(name), "text": terms}}
    return {"title": title, "events": events}


def _title(book: Book, language: str) -> str:
    return book.descriptor.get(f"title_{language}") or book.descriptor["title"]


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
    start, end = date.start, date.end
    found = {"start_date": _timeline_date(start or end)}
    if start and end and (start != end or start.precision == "season"):
        # TimelineJS would end a month on its first day: a span is told to its last day.
        found["end_date"] = dict(zip(PARTS, end.latest.timetuple(), strict=False))
    return found


def _timeline_date(date: EdtfDate) -> dict:
    known = {"year": 1, "decade": 1, "day": 3}.get(date.precision, 2)
    return dict(zip(PARTS[:known], date.earliest.timetuple(), strict=False))


@checked
def in_calendar(book: Book) -> pd.DataFrame:
    """Events that a calendar can hold.

    Returns
    -------
    pandas.DataFrame
        Rows of ``events`` whose days are certain and whose level of evidence is neither
        ``topic`` nor ``unverified``. A calendar has no sign for "about" or "some day in May".
    """
    events = book.events[~book.events["evidence"].isin(WEAK_LEVELS)]
    return events.loc[[_is_certain(date) for date in events["date"]]]


def _is_certain(date: EdtfDate) -> bool:
    ends = all(part and part.precision == "day" for part in (date.start, date.end))
    return ends and not (date.uncertain or date.approximate)


@checked
def calendar(book: Book) -> bytes:
    """The chronology as iCalendar (RFC 5545): whole-day events, first day to last."""
    created = dt.datetime.fromisoformat(book.descriptor["created"])
    disputed = disputed_events(book)
    found = icalendar.Calendar()
    found.add("prodid", f"-//{NAME}//{book.language.upper()}")
    found.add("version", "2.0")
    found.add("x-wr-calname", _title(book, book.language))
    places, levels = book.by_key("places", "name"), book.labels("evidence")
    for row in in_calendar(book).to_dict("records"):
        event = icalendar.Event()
        event.add("uid", f"{row['event_id']}@{NAME}")
        event.add("dtstamp", created)
        event.add("dtstart", row["date"].earliest)
        event.add("dtend", row["date"].latest + dt.timedelta(days=1))  # RFC 5545: exclusive
        event.add("summary", row["title"])
        told = _("{summary} Evidence: {level}.")
        told = told.format(summary=row["summary"], level=levels[row["evidence"]])
        doubt = [_("Sources disagree on this event.")] * (row["event_id"] in disputed)
        event.add("description", " ".join([told, *doubt]))
        if row["places"]:
            event.add("location", ", ".join(places[place] for place in row["places"]))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return found.to_ical()


@checked
def linked_places(book: Book) -> dict:
    """The places in the Linked Places Format 1.2.2 (GeoJSON with a JSON-LD context).

    Returns
    -------
    dict
        A FeatureCollection. A place without a position has no geometry. A place is given the time
        of the events that happened there, else that of the book; the format has the signs ``?``,
        ``~`` and ``%`` of EDTF, so nothing is lost. Addresses are made of the key of a place alone,
        so they last wherever the file lies.
    """
    when = book.events.explode("places").groupby("places")["date"].agg(set)
    rows = book.rows("places").values()
    features = [_feature(book, row, when.get(row["place_id"], set())) for row in rows]
    return {"type": "FeatureCollection", "@context": LPF_CONTEXT, "features": features}


def _feature(book: Book, row: dict, when: set[EdtfDate]) -> dict:
    kind, key = row["kind"], row["place_id"]
    kinds = {
        "label": kind,
        "sourceLabels": [{"label": book.labels("place_kind")[kind], "lang": book.language}],
    }
    if kind in CONCEPTS:
        kinds["identifier"] = f"http://vocab.getty.edu/aat/{CONCEPTS[kind]}"
    known = pd.notna(row["latitude"])
    spans = [_timespan(date) for date in sorted(when)] or [_whole(book)]
    feature = {
        "@id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{NAME}/places/{key}')}",
        "type": "Feature",
        "properties": {
            "title": toponym(row["name"]),
            "fclasses": [FEATURE_CLASSES[kind]],
            "evidence": row["evidence"],
            "place_id": key,
        },
        "when": {"timespans": spans},
        "names": _names(book, row),
        "types": [kinds],
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        if known
        else None,
        "links": [
            {"type": "exactMatch", "identifier": start + row[column]}
            for column, start in AUTHORITIES.items()
            if row[column]
        ],
    }
    if row["note"]:
        feature["descriptions"] = [{"value": row["note"], "lang": book.language}]
    return feature


def _whole(book: Book) -> dict:
    """The years of the book, for a place of which no event is told."""
    days = [date for date in book.events["date"] if not date.is_open]
    first, last = min(x.earliest for x in days), max(x.latest for x in days)
    return {"start": {"earliest": first.isoformat()}, "end": {"latest": last.isoformat()}}


@checked
def toponym(text: str) -> str:
    """A name alone, without the region behind a comma or a word in brackets; none of a description.

    "near Ulaanbaatar" and "Gusinoozyorsk and lake" say where a place is, and are no names of it.
    """
    name = re.sub(r" \(.*\)", "", text.partition(", ")[0])
    return "" if name[:1].islower() or " and " in name else name


def _names(book: Book, row: dict) -> list[dict]:
    """Names with their languages and sources; a name of two languages is said in each.

    Names in Chinese characters are told from the rest by their letters.
    """
    texts = {
        "en": [english(row, "name"), *row["names_historic"], english(row, "name_modern")],
        "mn": split(row["name_mn"]),
        "ru": split(row["name_ru"]),
    }
    found = {
        (name, "zh" if HAN.search(name) else language): None  # a set would lose the order
        for language, names in texts.items()
        for name in filter(None, map(toponym, names))
    }
    cited = [_citation(book, key) for key in row["sources"]]
    citations = cited or [{"label": _title(book, book.language)}]
    return [{"toponym": name, "lang": language, "citations": citations} for name, language in found]


def _citation(book: Book, key: str) -> dict:
    """A source by its title, with its own address where it has one."""
    source = book.sources[key]
    label = ", ".join(filter(None, [*source.people, source.words("title"), source.year]))
    doi, url = source.field("doi"), source.field("url")
    where = f"https://doi.org/{doi}" if doi else url
    return {"label": label, **({"@id": where} if where else {})}


def _timespan(date: EdtfDate) -> dict:
    if date.precision == "season":  # ISO 8601-2 seasons are not among the format's dates
        ends = {"earliest": date.earliest.isoformat(), "latest": date.latest.isoformat()}
        return {"start": ends}
    start, end = date.start, date.end
    if start is None:
        return {"start": {"latest": end.text}}
    span = {"start": {"in": start.text}}
    if end is not None and end != start:
        span["end"] = {"in": end.text}
    return span


@checked
def dataset(book: Book) -> dict:
    """Description of the data for search engines: a schema.org ``Dataset``.

    Returns
    -------
    dict
        JSON-LD with addresses relative to a page of the book. ``temporalCoverage`` is an ISO
        interval from the earliest to the latest possible day, since it has no sign for doubt.
    """
    descriptor, events, places = book.descriptor, book.events["date"], book.places
    first = min(date.earliest for date in events if date.earliest > dt.date.min)
    last = max(date.latest for date in events if date.latest < dt.date.max)
    near = places[places["longitude"].between(70, 135)][["latitude", "longitude"]]
    edges = [*near.min(), *near.max()]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": _title(book, book.language),
        "description": translated(descriptor["description"]),
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
            "name": _("Mongolia and its neighbours"),
            "geo": {"@type": "GeoShape", "box": " ".join(f"{edge:.1f}" for edge in edges)},
        },
        "variableMeasured": [
            f"{_(r['title'])}: {translated(r['description'])}" for r in descriptor["resources"]
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": _(export.title),
                "encodingFormat": MEDIA_TYPES[Path(export.file).suffix],
                "contentUrl": f"../{FOLDER}/{export.file}",
            }
            for export in EXPORTS
        ],
    }


@checked
def package(book: Book) -> bytes:
    """The Data Package as a zip with its descriptor at the root, as tools that open it expect.

    Equal data give equal bytes.
    """
    return zipped(book.files())


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


@checked
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
    exports = EXPORTS if exports is None else exports
    made = {export.file: export.make(book) for export in exports}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    return [folder / export.file for export in exports]


@checked
def downloads(book: Book, exports: Sequence[Export] | None = None) -> TableView:
    """The files to download, what they hold, and how they treat uncertain dates.

    Parameters
    ----------
    book : Book
        The tables.
    exports : sequence of Export, optional
        The files to list; all of :data:`EXPORTS` if left out.
    """
    exports = EXPORTS if exports is None else exports
    held = _("{n} of {all} events are in it.")
    held = held.format(n=len(in_calendar(book)), all=len(book.events))
    table = {
        _("File"): [Cell(_(export.title), href=f"../{FOLDER}/{export.file}") for export in exports],
        _("Name"): [export.file for export in exports],
        _("What it holds"): [
            " ".join([_(export.content), *[held] * (export.make is calendar)]) for export in exports
        ],
        _("Uncertain dates"): [_(export.rule) for export in exports],
    }
    return TableView("downloads", _("Files to download"), pd.DataFrame(table))

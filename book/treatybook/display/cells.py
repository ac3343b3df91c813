"""How rows show where they come from: labels, links to sources, marks for weak evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from treatybook.display.content import Cell, linked
from treatybook.evidence.attestation import sources_of_events
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.identifiers import address, reference
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _


def evidence_cell(book: Book, level: str) -> Cell:
    """Level of evidence as a marked cell; sorting follows the codebook."""
    labels = book.labels("evidence")
    return Cell(labels[level], sort=str(list(labels).index(level)), sign=level)


def date_cell(date: EdtfDate, old_style: str = "") -> Cell:
    """A date in words, sorted by its earliest and latest day; its Old Style day if one is given."""
    told = _("{date} (Old Style {old})") if old_style else "{date}"
    words = told.format(date=date, old=old_style)
    return Cell(words, sort=f"{date.earliest.isoformat()} {date.latest.isoformat()}")


def row_cell(kind: str, key: str, text: str = "") -> Cell:
    """Words for a row of a kind, its key if none are given, linked to where it stands."""
    return Cell(text or key, href=address(kind, key))


def row_links(book: Book, kind: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """For each row of a kind its words in prose and its address, as ``linked`` takes them."""
    return [(reference(book, kind, key).text, address(kind, key)) for key in keys]


def event_cell(event: dict) -> Cell:
    """Title of a row of ``events``, linked to the chronology."""
    return row_cell("event", event["event_id"], event["title"])


def events_cell(events: Iterable[dict]) -> Cell:
    """Titles of rows of ``events``, each linked to the chronology."""
    return linked((event["title"], address("event", event["event_id"])) for event in events)


def event_frame(book: Book, events: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``events`` as tables show them: Event, Date, Thread, Evidence, Sources."""
    threads, sources = book.labels("thread"), sources_of_events(book)
    return pd.DataFrame(
        {
            _("Event"): list(map(event_cell, events.to_dict("records"))),
            _("Date"): list(map(date_cell, events["date"])),
            _("Thread"): [threads[thread] for thread in events["thread"]],
            _("Evidence"): [evidence_cell(book, level) for level in events["evidence"]],
            _("Sources"): [sources_cell(sources.get(key, ())) for key in events["event_id"]],
        }
    )


def told(words: str, unchecked: str, note: str) -> str:
    """Words for a row, then what of it was not checked, and its note, as sentences."""
    unseen = _("Not checked: {what}.").format(what=unchecked.rstrip(".")) if unchecked else ""
    more = [text for text in (unseen, note) if text]
    stop = "." if more and not words.endswith(".") else ""
    return " ".join([words + stop, *more])


def treaty_cell(treaty: dict, name: str = "title") -> Cell:
    """A name of a row of ``treaties``, linked to the list of instruments."""
    return row_cell("treaty", treaty["treaty_id"], treaty[name])


def yes_or_no(found: Iterable[object]) -> list[str]:
    """For each thing whether it is so, in a word."""
    return [_("yes") if one else _("no") for one in found]


def answer_cell(book: Book, answer: str) -> Cell:
    """What an instrument says to a question of the codebook, as a marked cell."""
    return Cell(book.labels("answer")[answer], sign=f"answer-{answer}")


def source_cell(key: str) -> Cell | str:
    """One source key, linked to its entry in the bibliography."""
    return row_cell("source", key) if key else _("no source seen")


def sources_cell(keys: Sequence[str]) -> Cell:
    """Source keys, each linked to its entry in the bibliography."""
    return Cell(sources_text(keys), links=[(key, address("source", key)) for key in keys])


def sources_text(keys: Sequence[str], limit: int = 0) -> str:
    """Source keys as text; with a limit, the rest is counted, not dropped in silence."""
    if limit and len(keys) > limit:
        first = ", ".join(keys[:limit])
        return _("{sources} and {n} more").format(sources=first, n=len(keys) - limit)
    return ", ".join(keys) or _("no source seen")


def count_words(levels: Iterable[str], labels: dict[str, str]) -> str:
    """Counts by level in words: ``3 text read, 12 secondary source``."""
    found = list(levels)
    counted = _("{n} {label}")
    parts = [
        counted.format(n=found.count(level), label=label)
        for level, label in labels.items()
        if level in found
    ]
    return ", ".join(parts)

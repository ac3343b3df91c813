"""How rows show where they come from: labels, links to sources, marks for weak evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from treatybook.display.content import Cell, linked
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.identifiers import address
from treatybook.evidence.tables import Book


def evidence_cell(book: Book, level: str) -> Cell:
    """Level of evidence as a marked cell; sorting follows the codebook."""
    labels = book.labels("evidence")
    return Cell(labels[level], sort=str(list(labels).index(level)), sign=level)


def date_cell(date: EdtfDate) -> Cell:
    """A date in words, sorted by its earliest and latest day."""
    return Cell(str(date), sort=f"{date.earliest.isoformat()} {date.latest.isoformat()}")


def event_cell(event: dict) -> Cell:
    """Title of a row of ``events``, linked to the chronology."""
    return Cell(event["title_en"], href=address("event", event["event_id"]))


def events_cell(events: Iterable[dict]) -> Cell:
    """Titles of rows of ``events``, each linked to the chronology."""
    return linked((event["title_en"], address("event", event["event_id"])) for event in events)


def treaty_cell(treaty: dict, name: str = "title_en") -> Cell:
    """A name of a row of ``treaties``, linked to the list of instruments."""
    return Cell(treaty[name], href=address("treaty", treaty["treaty_id"]))


def answer_cell(book: Book, answer: str) -> Cell:
    """What an instrument says to a question of the codebook, as a marked cell."""
    return Cell(book.labels("answer")[answer], sign=f"answer-{answer}")


def source_cell(key: str) -> Cell | str:
    """One source key, linked to its entry in the bibliography."""
    return Cell(key, href=address("source", key)) if key else "no source seen"


def sources_cell(keys: Sequence[str]) -> Cell:
    """Source keys, each linked to its entry in the bibliography."""
    return Cell(sources_text(keys), links=[(key, address("source", key)) for key in keys])


def sources_text(keys: Sequence[str], limit: int = 0) -> str:
    """Source keys as text; with a limit, the rest is counted, not dropped in silence."""
    if limit and len(keys) > limit:
        return f"{', '.join(keys[:limit])} and {len(keys) - limit} more"
    return ", ".join(keys) or "no source seen"


def count_words(levels: Iterable[str], labels: dict[str, str]) -> str:
    """Counts by level in words: ``3 text read, 12 secondary source``."""
    found = list(levels)
    parts = [f"{found.count(level)} {label}" for level, label in labels.items() if level in found]
    return ", ".join(parts)

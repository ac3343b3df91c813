"""How rows show where they come from: labels, links to sources, marks for weak evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from treatybook.display.content import Cell, linked
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.identifiers import event_address, source_address
from treatybook.evidence.tables import Book


def evidence_cell(book: Book, level: str) -> Cell:
    """Level of evidence as a marked cell; sorting follows the codebook."""
    labels = book.labels("evidence")
    return Cell(labels[level], sort=str(list(labels).index(level)), sign=level)


def is_doubtful(row: dict) -> bool:
    """Whether a dated row is drawn hollow: its date is marked ``?``, or its level is weak."""
    return row["date"].uncertain or row["evidence"] in WEAK_LEVELS


def event_cell(event: dict) -> Cell:
    """Title of a row of ``events``, linked to the chronology."""
    return Cell(event["title_en"], href=event_address(event["event_id"]))


def events_cell(events: Iterable[dict]) -> Cell:
    """Titles of rows of ``events``, each linked to the chronology."""
    return linked((event["title_en"], event_address(event["event_id"])) for event in events)


def source_cell(key: str) -> Cell | str:
    """One source key, linked to its entry in the bibliography."""
    return Cell(key, href=source_address(key)) if key else "no source seen"


def sources_of_events(book: Book) -> dict[str, list[str]]:
    """Source keys of each event, in the order of the claims."""
    sources: dict[str, list[str]] = {}
    for claim in book.claims.to_dict("records"):
        for event in claim["events"]:
            keys = sources.setdefault(event, [])
            if claim["source"] and claim["source"] not in keys:
                keys.append(claim["source"])
    return sources


def sources_cell(keys: Sequence[str]) -> Cell:
    """Source keys, each linked to its entry in the bibliography."""
    return Cell(sources_text(keys), links=[(key, source_address(key)) for key in keys])


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

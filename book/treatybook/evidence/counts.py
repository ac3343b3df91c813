"""Numbers that prose may quote, each computed from the tables.

Rows at the levels ``topic`` and ``unverified`` are left out, except where the name says
that everything is counted.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from treatybook.evidence.attestation import WEAK_LEVELS, disputed_events, resting_on
from treatybook.evidence.tables import Book

COMPARED = ("A", "B")  # a third coder, or a clause that only one has coded, changes no number


def _clauses(book: Book):
    clauses = book.clauses
    return clauses[clauses["treaty_id"] == book.agreement]


def _clauses_at(*levels: str) -> Callable[[Book], int]:
    return lambda book: int(_clauses(book)["evidence"].isin(levels).sum())


def _events_at(*levels: str) -> Callable[[Book], int]:
    return lambda book: int(book.events["evidence"].isin(levels).sum())


def _points_at(*levels: str) -> Callable[[Book], int]:
    return lambda book: int(book.points["evidence"].isin(levels).sum())


def _coders_differ(column: str, where: Callable[[str, str], bool] = operator.ne):
    """Clauses that coders A and B both coded, and differ on; of the topics, the main one counts."""

    def count(book: Book) -> int:
        codings = book.codings
        coders = [codings[codings["coder"] == coder] for coder in COMPARED]
        first, second = [c.set_index("clause_id")[column] for c in coders]
        if column == "topics":
            first, second = first.str[0], second.str[0]
        both = first.index.intersection(second.index)
        return sum(map(where, first[both], second[both]))

    return count


COUNTS: dict[str, Callable[[Book], int]] = {
    "all-events": lambda book: len(book.events),
    "all-claims": lambda book: len(book.claims),
    "all-sources": lambda book: len(book.sources),
    "all-clauses": lambda book: len(book.clauses),
    "all-people": lambda book: len(book.people),
    "all-places": lambda book: len(book.places),
    "places-without-position": lambda book: int(book.places["latitude"].isna().sum()),
    "people-without-dates": lambda book: int(
        (book.people["born"].isna() & book.people["died"].isna()).sum()
    ),
    "all-cases": lambda book: len(book.verdicts),
    "airapetov-events": lambda book: int((book.events["in_airapetov"] == "yes").sum()),
    "airapetov-alone": lambda book: len(resting_on(book, book.account)),
    "one-source-events": lambda book: len(resting_on(book)),
    "open-questions": lambda book: len(book.checks),
    "disputed-events": lambda book: len(disputed_events(book)),
    "weak-events": _events_at(*WEAK_LEVELS),
    "coders-differ-topic": _coders_differ("topics"),
    "coders-differ-direction": _coders_differ("direction"),
    "coders-differ-type": _coders_differ("clause_type"),
    "coders-mutual-declaratory": _coders_differ(
        "direction", lambda one, other: {one, other} == {"mutual", "declaratory"}
    ),
    "agreement-clauses": lambda book: len(_clauses(book)),
    "agreement-clauses-read": _clauses_at("text"),
    "agreement-clauses-read-in-part": _clauses_at("text-part"),
    "agreement-clauses-secondary": _clauses_at("secondary"),
    "agreement-clauses-topic": _clauses_at("topic"),
    "agreement-clauses-unverified": _clauses_at("unverified"),
    "agreement-points": lambda book: len(book.points),
    "agreement-points-unverified": _points_at("unverified"),
}

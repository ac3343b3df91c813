"""Words and links that stand for rows of the tables.

Prose names an event, person, place, clause, instrument or count by its key. The Sphinx
roles and the notebook converter both ask here, so that prose cannot drift from the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from docutils.nodes import make_id

from treatybook.evidence import counts
from treatybook.evidence.errors import InputError, WrongArgument, nearest
from treatybook.evidence.tables import Book, read

# Parts of an instrument that are not articles; their paragraphs are numbered points.
UNNUMBERED = {
    "supplement": "the supplement",
    "note": "the notes",
    "CN-note": "the Chinese note",
    "SU-note": "the Soviet note",
}


class UnknownReference(InputError, LookupError):
    """Prose names a key that no table has."""


@dataclass(frozen=True)
class Reference:
    """Text a reader sees, and the page and anchor it leads to (empty for none)."""

    text: str
    page: str = ""
    anchor: str = ""


def event_anchor(event_id: str) -> str:
    """Anchor of an event on the page ``chronology``."""
    return f"event-{event_id}"


@cache
def _own_agreement() -> str:
    """The agreement that has the page ``clauses``: pages are made of the book's own data."""
    return read().agreement


def clause_page(clause_id: str) -> str:
    """Page with the row of a clause: ``clauses`` for the agreement of 1921, else ``comparison``."""
    return "clauses" if clause_id.startswith(f"{_own_agreement()}/") else "comparison"


def clause_anchor(clause_id: str) -> str:
    """Anchor of a clause on its page; clauses of other instruments carry their key."""
    treaty, rest = clause_id.split("/", 1)
    key = "" if treaty == _own_agreement() else f"{treaty.lower()}-"
    return f"clause-{key}{rest.replace('/', '-')}"


def treaty_anchor(treaty_id: str) -> str:
    """Anchor of an instrument on the page ``comparison``."""
    return f"treaty-{treaty_id.lower()}"


def person_anchor(person_id: str) -> str:
    """Anchor of a person on the page ``people``."""
    return f"person-{person_id}"


def place_anchor(place_id: str) -> str:
    """Anchor of a place on the page ``places``."""
    return f"place-{place_id}"


def case_anchor(case_id: str) -> str:
    """Anchor of a case on the page ``disagreements``."""
    return f"case-{case_id.lower()}"


def claim_anchor(claim_id: str) -> str:
    """Anchor of a claim on the page ``disagreements``."""
    return f"claim-{claim_id.lower()}"


def event_address(event_id: str) -> str:
    """Address of an event."""
    return f"chronology.html#{event_anchor(event_id)}"


def clause_address(clause_id: str) -> str:
    """Address of a clause of any instrument."""
    return f"{clause_page(clause_id)}.html#{clause_anchor(clause_id)}"


def treaty_address(treaty_id: str) -> str:
    """Address of an instrument."""
    return f"comparison.html#{treaty_anchor(treaty_id)}"


def person_address(person_id: str) -> str:
    """Address of a person."""
    return f"people.html#{person_anchor(person_id)}"


def place_address(place_id: str) -> str:
    """Address of a place."""
    return f"places.html#{place_anchor(place_id)}"


def case_address(case_id: str) -> str:
    """Address of a case."""
    return f"disagreements.html#{case_anchor(case_id)}"


def claim_address(claim_id: str) -> str:
    """Address of a claim."""
    return f"disagreements.html#{claim_anchor(claim_id)}"


def source_address(key: str) -> str:
    """Address of a source in the bibliography; docutils writes its anchors in this form."""
    return f"sources.html#{make_id(f'source-{key}')}"


def _event(row: dict) -> Reference:
    return Reference(row["title_en"], "chronology", event_anchor(row["event_id"]))


def _date(row: dict) -> Reference:
    return Reference(str(row["date"]), "chronology", event_anchor(row["event_id"]))


def _person(row: dict) -> Reference:
    return Reference(row["name_en"], "people", person_anchor(row["person_id"]))


def _place(row: dict) -> Reference:
    return Reference(row["name"], "places", place_anchor(row["place_id"]))


def _treaty(row: dict) -> Reference:
    return Reference(row["title_en"], "comparison", treaty_anchor(row["treaty_id"]))


def _case(row: dict) -> Reference:
    return Reference(f"case {row['case_id']}", "disagreements", case_anchor(row["case_id"]))


def _claim(row: dict) -> Reference:
    return Reference(f"claim {row['claim_id']}", "disagreements", claim_anchor(row["claim_id"]))


def _said(row: dict) -> Reference:
    return Reference(said(row), "disagreements", claim_anchor(row["claim_id"]))


def said(claim: dict) -> str:
    """What a claim states: its date in words, or else its value."""
    return str(claim["date"]) if claim["date"] else claim["value"]


def case_key(book: Book, written: str) -> str:
    """The key of a case, written with or without capitals, hyphen and leading nought.

    Parameters
    ----------
    book : Book
        The tables.
    written : str
        ``D-01``, ``d-01``, ``D01`` or ``d 1``.

    Raises
    ------
    WrongArgument
        If there is no such case; the message names the nearest, and the first and last.
    """
    cases = list(book.verdicts["case_id"])
    meant = {_bare(case): case for case in cases}
    if isinstance(written, str) and _bare(written) in meant:
        return meant[_bare(written)]
    between = f"the cases run from {cases[0]} to {cases[-1]}" if cases else "there is no case yet"
    raise WrongArgument(f"no case {written!r}; {between}{nearest(written, cases)}")


def _bare(case: str) -> str:
    """Letters and digits of a case, without what a reader leaves out."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", case.casefold()))


def _force(row: dict) -> Reference:
    return Reference(number_words(row))


def number_words(row: dict) -> str:
    """A figure of ``forces`` in words: ``10,000``, or ``15,000 to 18,000`` for a range."""
    low, high = row["low"], row["high"]
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _clause(row: dict) -> Reference:
    key = row["clause_id"]
    return Reference(
        article_name(row["article"], row["paragraph"]), clause_page(key), clause_anchor(key)
    )


def article_name(article: str, paragraph: str) -> str:
    """Name of a clause in prose: ``Article 3(1)``, ``Article 4``, ``the preamble``."""
    if article == "preamble":
        return "the preamble"
    if article in UNNUMBERED:
        return f"{UNNUMBERED[article]}, point {paragraph}"
    return f"Article {article}" if paragraph == "all" else f"Article {article}({paragraph})"


_KINDS: dict[str, tuple[str, str, Callable[[dict], Reference]]] = {
    "event": ("events", "event_id", _event),
    "date": ("events", "event_id", _date),
    "person": ("people", "person_id", _person),
    "place": ("places", "place_id", _place),
    "treaty": ("treaties", "treaty_id", _treaty),
    "clause": ("clauses", "clause_id", _clause),
    "case": ("verdicts", "case_id", _case),
    "claim": ("claims", "claim_id", _claim),
    "said": ("claims", "claim_id", _said),
    "force": ("forces", "force_id", _force),
}
KINDS = (*_KINDS, "count")


@cache
def _rows(book: Book, table: str, key: str) -> dict[str, dict]:
    return {row[key]: row for row in book.table(table).to_dict("records")}


def reference(book: Book, kind: str, key: str, title: str = "") -> Reference:
    """Look up what a role of the prose stands for.

    Parameters
    ----------
    book : Book
        The tables.
    kind : str
        One of ``event``, ``date``, ``person``, ``place``, ``treaty``, ``clause``, ``case``,
        ``claim``, ``said`` (what a claim states), ``force`` (a number of men or things),
        ``count``.
    key : str
        Key of the row, or name of the count.
    title : str
        Words that stand instead of those of the row.

    Raises
    ------
    UnknownReference
        If there is no such row or count; the message names the nearest one.
    """
    if kind == "count":
        known = counts.COUNTS
        if key in known:
            return Reference(title or f"{known[key](book):,}")
    else:
        table, column, make = _KINDS[kind]
        known = _rows(book, table, column)
        if key in known:
            found = make(known[key])
            return replace(found, text=title) if title else found
    raise UnknownReference(f"no {kind} {key!r} in the tables{nearest(key, list(known))}")

"""Words and links that stand for rows of the tables.

Prose names an event, person, place, clause, instrument or count by its key. The Sphinx
roles and the notebook converter both ask here, so that prose cannot drift from the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from docutils.nodes import make_id

from treatybook.evidence import counts, grammar, wording
from treatybook.evidence.dates import phrase
from treatybook.evidence.errors import InputError, WrongArgument, meant, nearest, seen
from treatybook.evidence.tables import LANGUAGES, Book, read
from treatybook.evidence.wording import _, number

# Parts of an instrument that are not articles; their paragraphs are numbered points.
NOTES = ("note", "CN-note", "SU-note")
# The page on which rows of each kind stand; clauses of other instruments have another.
PAGES = {
    "event": "chronology",
    "clause": "clauses",
    "treaty": "comparison",
    "person": "people",
    "place": "places",
    "case": "disagreements",
    "claim": "claims",
    "source": "sources",
}


# Columns that hold a name of their row, as pages print it.
NAMES = re.compile(r"(map_|other_)?(name|title|short|label|subject)s?(_\w+)?")


class UnknownReference(InputError, LookupError):
    """Prose names a key that no table has."""


@dataclass(frozen=True)
class Reference:
    """Text a reader sees, and the page and anchor it leads to (empty for none)."""

    text: str
    page: str = ""
    anchor: str = ""


@cache
def _own_agreement() -> str:
    """The agreement that has the page ``clauses``: pages are made of the book's own data."""
    return read().agreement


def anchor(kind: str, key: str) -> str:
    """Anchor of a row on its page.

    Parameters
    ----------
    kind : str
        A key of :data:`PAGES`.
    key : str
        Key of the row.
    """
    if kind == "source":  # docutils writes the anchors of a bibliography in this form
        return make_id(f"source-{key}")
    if kind == "clause":  # clauses of other instruments carry the key of theirs
        treaty, rest = key.split("/", 1)
        own = "" if treaty == _own_agreement() else f"{treaty}-"
        return f"clause-{own.lower()}{rest.replace('/', '-')}"
    return f"{kind}-{key.lower()}"


def page(kind: str, key: str) -> str:
    """Page on which a row stands."""
    other = kind == "clause" and not key.startswith(f"{_own_agreement()}/")
    return "comparison" if other else PAGES[kind]


def address(kind: str, key: str) -> str:
    """Address of a row from a page of the book; parameters as for :func:`anchor`."""
    return f"{page(kind, key)}.html#{anchor(kind, key)}"


def said(claim: dict, case: str = "") -> str:
    """What a claim states: its date in words, or else its value."""
    if claim["date"]:
        return phrase(claim["date"], case)
    if case:
        raise WrongArgument(_("it states no date, and only a date has cases"))
    return claim["value"]


def case_key(book: Book, written: str) -> str:
    """The key of a case, written with or without capitals, hyphen and leading nought.

    Parameters
    ----------
    book : Book
        The tables.
    written : str
        ``D-01``, ``d-01``, ``D01`` or ``d 1``, or what the case is about.

    Raises
    ------
    WrongArgument
        If there is no such case; the message names the nearest, and the first and last.
    """
    cases = list(book.verdicts["case_id"])
    keys = {_bare(case): case for case in cases}
    # Pages print "case D-01".
    if isinstance(written, str):
        by_number = keys.get(_bare(written).removeprefix("case"))
        if key := by_number or meant(written, printed_names(book, "verdicts")):
            return key
    told = _("no case {found}; there is no case yet")
    if cases:
        told = _("no case {found}; the cases run from {first} to {last}")
    told = told.format(found=seen(written), first="".join(cases[:1]), last="".join(cases[-1:]))
    raise WrongArgument(told + nearest(written, cases))


def _bare(case: str) -> str:
    """Letters and digits of a case, without what a reader leaves out."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", case.casefold()))


def printed_names(book: Book, table: str) -> dict[str, tuple[str, ...]]:
    """The names that the book prints for each row of a table with a single key, by that key."""
    columns = [name for field in book.fields(table) if NAMES.fullmatch(name := field["name"])]
    if table == "clauses":
        return {key: _clause_names(book, row) for key, row in book.rows(table).items()}
    found = {}
    for key, row in book.rows(table).items():
        cells = [row[name] for name in columns]
        parts = (cell if isinstance(cell, tuple) else (str(cell),) for cell in cells)
        found[key] = tuple(filter(None, chain.from_iterable(parts)))
    return found


def _clause_names(book: Book, row: dict) -> tuple[str, ...]:
    """``Kyakhta 1915: Article 17(1)``, also without the word; of the own agreement also alone."""
    treaty, name = row["treaty_id"], article_name(row["article"], row["paragraph"])
    short = book.by_key("treaties", "short").get(treaty, treaty)
    bare = bare_name(row["article"], row["paragraph"])
    own = (name, bare) if treaty == book.agreement else ()
    return (f"{short}: {name}", f"{short}: {bare}", f"{treaty} {name}", *own)


def label_names(book: Book, list_name: str) -> dict[str, tuple[str, ...]]:
    """The words that the book prints for each label of a closed list, in each language."""
    words = [book.labels(list_name, language) for language in LANGUAGES]
    return {label: tuple(of[label] for of in words) for label in words[0]}


def number_words(row: dict) -> str:
    """A figure of ``forces`` in words: ``10,000``, or ``15,000 to 18,000`` for a range."""
    low, high = row["low"], row["high"]
    if low == high:
        return number(low)
    return _("{low} to {high}").format(low=number(low), high=number(high))


def article_name(article: str, paragraph: str) -> str:
    """Name of a clause in prose: ``Article 3(1)``, ``Article 4``, ``the preamble``."""
    parts = {
        "preamble": _("the preamble"),
        "supplement": _("the supplement, point {n}"),
        "note": _("the notes, point {n}"),
        "CN-note": _("the Chinese note, point {n}"),
        "SU-note": _("the Soviet note, point {n}"),
    }
    number = article if paragraph == "all" else f"{article}({paragraph})"
    return parts.get(article, _("Article {number}")).format(n=paragraph, number=number)


def bare_name(article: str, paragraph: str) -> str:
    """The same without the word for an article: ``3(1)``, ``4``, ``preamble``."""
    name = article_name(article, paragraph).removeprefix("the ")
    return name.removeprefix(_("Article {number}").format(number=""))


def _in_case(name: str, case: str) -> str:
    """A name with its number, in a language whose words change; as it is in others."""
    words = grammar.needed(case)
    return words.name(name, case) if words else name


def _clause(row: dict, case: str = "") -> str:
    return _in_case(article_name(row["article"], row["paragraph"]), case)


def _case(row: dict, case: str = "") -> str:
    return _in_case(_("case {key}").format(key=row["case_id"]), case)


def _claim(row: dict, case: str = "") -> str:
    return _in_case(_("claim {key}").format(key=row["claim_id"]), case)


# What a role of the prose stands for: its table, what the row is on its page, and its words.
ROWS: dict[str, tuple[str, str, Callable[..., str]]] = {
    "event": ("events", "event", lambda row: row["title"]),
    "date": ("events", "event", lambda row, case="": phrase(row["date"], case)),
    "person": ("people", "person", lambda row: row["name"]),
    "place": ("places", "place", lambda row: row["name"]),
    "treaty": ("treaties", "treaty", lambda row: row["title"]),
    "clause": ("clauses", "clause", _clause),
    "case": ("verdicts", "case", _case),
    "claim": ("claims", "claim", _claim),
    "said": ("claims", "claim", said),
    "force": ("forces", "", number_words),
}
KINDS = (*ROWS, "count")
# Those whose words have cases, which a role names behind its key.
CASED = ("date", "said", "clause", "case", "claim")
COMMA = re.compile(r"\s*,\s*")


def key_and_forms(written: str) -> tuple[str, list[str]]:
    """Key of a row or count, and the forms that are asked for: a case, or those of a noun.

    English has none, so that a comma there belongs to the key.
    """
    if wording.spoken() == wording.SOURCE:
        return written, []
    key, *forms = COMMA.split(written)
    return key, forms


def reference(book: Book, kind: str, written: str, title: str = "") -> Reference:
    """Look up what a role of the prose stands for.

    Parameters
    ----------
    book : Book
        The tables.
    kind : str
        One of ``event``, ``date``, ``person``, ``place``, ``treaty``, ``clause``, ``case``,
        ``claim``, ``said`` (what a claim states), ``force`` (a number of men or things),
        ``count``.
    written : str
        Key of the row, or name of the count. Behind a comma may stand the case that is needed,
        or the forms of what is counted, in a language that has them (:mod:`.grammar`).
    title : str
        Words that stand instead of those of the row.

    Raises
    ------
    UnknownReference
        If there is no such row, count or form; the message says what there is.
    """
    key, forms = key_and_forms(written)
    known = counts.COUNTS if kind == "count" else book.rows(ROWS[kind][0])
    if key not in known:
        told = _("no {kind} {key} in the tables{hint}")
        hint = nearest(key, list(known))
        raise UnknownReference(told.format(kind=kind, key=repr(key), hint=hint))
    found, target = known[key], ROWS[kind][1] if kind in ROWS else ""
    try:
        text = _told(kind, found(book) if kind == "count" else found, forms, title)
    except WrongArgument as error:
        raise UnknownReference(f"{kind} {written!r}: {error}") from error
    return Reference(text, page(target, key), anchor(target, key)) if target else Reference(text)


def _told(kind: str, found: dict | int, forms: list[str], title: str) -> str:
    """The words of a row or a number, in the forms that are asked for."""
    words = grammar.needed(forms)
    if forms and title:
        raise WrongArgument("words of its own need no case")
    if title or kind == "count":
        return title or (words.counted(found, forms) if forms else number(found))
    if forms and (kind not in CASED or len(forms) > 1):
        raise WrongArgument(f"one case behind the key, and only of: {', '.join(CASED)}")
    return ROWS[kind][2](found, *forms)

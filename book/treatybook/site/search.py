"""What the search page knows: every row a reader may look for, under each of its names.

The search that comes with Sphinx finds pages. It cannot find ``Sükhbaatar`` by ``Sukhbaatar``,
takes ``5`` for a part of ``15`` and drops numbers, so rows are found by a list of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from treatybook.evidence import identifiers
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.languages import Languages, known
from treatybook.evidence.tables import Book
from treatybook.teaching.lessons import all_lessons

# Kinds in the order in which rows that fit equally well are shown: one row, many rows.
KINDS = {
    "person": ("Person", "People"),
    "place": ("Place", "Places"),
    "event": ("Event", "Events"),
    "clause": ("Clause", "Clauses"),
    "treaty": ("Instrument", "Instruments"),
    "word": ("Word", "Words"),
    "lesson": ("Lesson", "Lessons"),
    "case": ("Case", "Cases where sources disagree"),
    "claim": ("Claim", "What a source says"),
    "source": ("Source", "Sources"),
}
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
Name = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """One row as the search page shows it.

    Attributes
    ----------
    kind, key : str
        One of :data:`KINDS`, and the key of the row.
    title, detail : str
        What is shown first, and what after it.
    page, anchor : str
        Where the row stands.
    names : tuple of (str, str)
        Other names the row is found by, each with its language (empty for English).
    text : str
        Further words it is found by, which are not shown.
    spans : tuple of (str, str)
        First and last day of each of its dates.
    level : str
        Level of evidence; empty for none.
    """

    kind: str
    key: str
    title: str
    detail: str
    page: str
    anchor: str
    names: tuple[Name, ...] = ()
    text: str = ""
    spans: tuple[tuple[str, str], ...] = ()
    level: str = ""


def rows(book: Book) -> list[Found]:
    """Every event, clause, person, place, case, claim, instrument and source.

    Returns
    -------
    list of Found
        In the order of :data:`KINDS`, then of the tables; clauses of 1921 first.
    """
    languages = known(book)
    return [
        *_people(book, languages),
        *_places(book, languages),
        *_events(book),
        *_clauses(book),
        *_treaties(book, languages),
        *_cases(book),
        *_claims(book),
        *_sources(book, languages),
    ]


def _found(book: Book, kind: str, key: str, **fields) -> Found:
    place = identifiers.reference(book, kind, key)
    fields.setdefault("title", place.text)
    return Found(kind, key, page=place.page, anchor=place.anchor, **fields)


def _names(languages: Languages, *texts: str) -> tuple[Name, ...]:
    return tuple((text, languages.of(text)) for text in texts if text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _people(book: Book, languages: Languages) -> Iterator[Found]:
    for row in book.people.to_dict("records"):
        # A column says its language; a form in another column is told by its letters.
        names = [(row["name_ru"], "ru"), (row["name_mn"], "mn")]
        names += _names(languages, row["name_native"], *row["other_names"])
        yield _found(
            book,
            "person",
            row["person_id"],
            detail=row["role"],
            names=tuple(name for name in names if name[0]),
            level=row["evidence"],
        )


def _places(book: Book, languages: Languages) -> Iterator[Found]:
    for row in book.places.to_dict("records"):
        names = _names(languages, *row["names_historic"], row["name_modern"])
        names += tuple((name, "ru") for name in row["name_ru"].split("; ") if name)
        names += tuple((name, "mn") for name in row["name_mn"].split("; ") if name)
        yield _found(
            book,
            "place",
            row["place_id"],
            detail=f"today {row['name_modern']}" if row["name_modern"] else "",
            names=tuple(name for name in names if name[0] != row["name"]),
            level=row["evidence"],
        )


def _spans(*found: EdtfDate | None) -> tuple[tuple[str, str], ...]:
    return tuple(
        (date.earliest.isoformat(), date.latest.isoformat())
        for date in found
        if date and not date.is_open
    )


def _events(book: Book) -> Iterator[Found]:
    places = dict(zip(book.places["place_id"], book.places["name"], strict=True))
    people = dict(zip(book.people["person_id"], book.people["name_en"], strict=True))
    for row in book.events.to_dict("records"):
        old = row["date_old_style"]
        here = [places[key] for key in row["places"]] + [people[key] for key in row["people"]]
        yield _found(
            book,
            "event",
            row["event_id"],
            detail=f"{row['date']} (Old Style {old})" if old else str(row["date"]),
            names=((row["title_ru"], "ru"),),
            text=" ".join([row["summary_en"], *here]),
            # The Old Style day is a day somebody may look for, though it is written otherwise.
            spans=_spans(row["date"]) + (((old, old),) if old else ()),
            level=row["evidence"],
        )


def lessons() -> list[Found]:
    """The lessons of the teacher's page."""
    return [
        Found("lesson", name, lesson.title, lesson.length, "teach", name)
        for name, lesson in all_lessons().items()
    ]


def roman(number: int) -> str:
    """A number in Roman figures: ``13`` gives ``XIII``."""
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _clauses(book: Book) -> Iterator[Found]:
    short = dict(zip(book.treaties["treaty_id"], book.treaties["short_en"], strict=True))
    clauses = book.clauses
    clauses = clauses.assign(other=clauses["treaty_id"] != book.agreement)
    for row in clauses.sort_values("other", kind="stable").to_dict("records"):
        name = identifiers.article_name(row["article"], row["paragraph"])
        article = row["article"]
        names: tuple[Name, ...] = ()
        if article.isdecimal():
            names = (
                (f"Article {article}", ""),
                (f"Article {roman(int(article))}", ""),
                (f"Статья {article}", "ru"),
            )
        yield _found(
            book,
            "clause",
            row["clause_id"],
            title=_capital(f"{name}, {short[row['treaty_id']]}"),
            detail=row["digest_en"],
            names=names,
            level=row["evidence"],
        )


def _treaties(book: Book, languages: Languages) -> Iterator[Found]:
    for row in book.treaties.to_dict("records"):
        # Titles in other languages are written "zh: title; mn: title".
        others = re.findall(r"(?:^|; )[\w-]+: ([^;]+)", row["title_other"])
        yield _found(
            book,
            "treaty",
            row["treaty_id"],
            detail=str(row["date"]),
            names=((row["short_en"], ""), (row["title_ru"], "ru"), *_names(languages, *others)),
            text=" ".join(row["parties"]),
            spans=_spans(row["date"]),
            level=row["evidence"],
        )


def _cases(book: Book) -> Iterator[Found]:
    for row in book.verdicts.to_dict("records"):
        yield _found(
            book,
            "case",
            row["case_id"],
            title=f"{row['case_id']}: {row['subject']}",
            detail="",
            text=row["verdict"],
        )


def _claims(book: Book) -> Iterator[Found]:
    for row in book.claims.to_dict("records"):
        found = _found(
            book,
            "claim",
            row["claim_id"],
            title=_capital(f"{row['subject']}: {identifiers.said(row)}"),
            detail=f"{row['claim_id']}, {row['source'] or 'no source seen'}",
            text=row["value"],
            spans=_spans(row["date"]),
            level=row["evidence"],
        )
        if row["field"] != "account":
            yield found
        elif row["events"]:
            # The table of claims leaves out plain accounts: they lead to what they tell of.
            told = identifiers.reference(book, "event", row["events"][0])
            yield replace(found, page=told.page, anchor=told.anchor)


def _sources(book: Book, languages: Languages) -> Iterator[Found]:
    for key, source in sorted(book.sources.items()):
        titles = [source.words(field) for field in ("title", "journal", "booktitle")]
        page, anchor = identifiers.page("source", key), identifiers.anchor("source", key)
        yield Found(
            "source",
            key,
            key,
            ", ".join(filter(None, [*source.people, source.year])),
            page,
            anchor,
            names=_names(languages, *titles),
        )


def index(book: Book, found: list[Found], folder: str, descriptions: dict[str, str]) -> dict:
    """What the script of the search page reads.

    Parameters
    ----------
    book : Book
        The tables.
    found : list of Found
        The rows to be found.
    folder : str
        Folder of the pages in the site.
    descriptions : dict of str to str
        What each page is about, by its name.
    """
    kinds = list(KINDS)
    return {
        "kinds": [list(words) for words in KINDS.values()],
        "levels": book.labels("evidence"),
        "pages": descriptions,
        "rows": [
            [
                kinds.index(row.kind),
                row.title,
                row.detail,
                f"{folder}{row.page}.html#{row.anchor}",
                [list(name) for name in row.names],
                row.text,
                [list(span) for span in row.spans],
                row.level,
            ]
            for row in found
        ],
    }

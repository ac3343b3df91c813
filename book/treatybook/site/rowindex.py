"""What the search page knows: every row a reader may look for, under each of its names.

The search that comes with Sphinx finds pages. It cannot find ``Sükhbaatar`` by ``Sukhbaatar``,
takes ``5`` for a part of ``15`` and drops numbers, so rows are found by a list of our own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from treatybook.evidence import identifiers
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.languages import known
from treatybook.evidence.tables import Book, split
from treatybook.evidence.wording import SOURCE, _
from treatybook.teaching.lessons import all_lessons
from treatybook.views import exports

# Kinds in the order in which rows that fit equally well are shown: one row, many rows.
KINDS = (
    "person",
    "place",
    "event",
    "clause",
    "treaty",
    "word",
    "lesson",
    "case",
    "claim",
    "source",
)
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
Name = tuple[str, str]


def kinds() -> dict[str, tuple[str, str]]:
    """The words for one row of a kind, and for many."""
    return {
        "person": (_("Person"), _("People")),
        "place": (_("Place"), _("Places")),
        "event": (_("Event"), _("Events")),
        "clause": (_("Clause"), _("Clauses")),
        "treaty": (_("Instrument"), _("Instruments")),
        "word": (_("Word"), _("Words")),
        "lesson": (_("Lesson"), _("Lessons")),
        "case": (_("Case"), _("Cases where sources disagree")),
        "claim": (_("Claim"), _("What a source says")),
        "source": (_("Source"), _("Sources")),
    }


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
    names : sequence of (str, str)
        Other names the row is found by, each with its language (empty for English).
    text : str
        Further words it is found by, which are not shown.
    spans : sequence of (str, str)
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
    names: Sequence[Name] = ()
    text: str = ""
    spans: Sequence[tuple[str, str]] = ()
    level: str = ""


def names(book: Book) -> list[list[str]]:
    """All forms under which one person, place or instrument is asked for, one list for each.

    The last word of a person's name stands alone too, if no other person has it.
    """
    people = [*_people(book)]
    last = Counter(row.title.split()[-1] for row in people)
    groups = []
    for row in (*people, *_places(book), *_treaties(book)):
        short = row.title.split()[-1]
        alone = [short] if row.kind == "person" and last[short] == 1 and len(short) > 3 else []
        groups.append([row.title, *alone, *(name for name, _ in row.names)])
    return groups


@lru_cache(maxsize=1)
def rows(book: Book) -> list[Found]:
    """Every event, clause, person, place, case, claim, instrument and source.

    Returns
    -------
    list of Found
        In the order of :data:`KINDS`, then of the tables; clauses of 1921 first.
    """
    makers = (_people, _places, _events, _clauses, _treaties, _cases, _claims, _sources)
    return [row for found in makers for row in found(book)]


def _found(book: Book, kind: str, key: str, **said) -> Found:
    """A row with its place and level; its title is what prose calls it, if nothing else is said."""
    place = identifiers.reference(book, kind, key)
    row = book.rows(identifiers.ROWS[kind][0])[key]
    shown = {"title": place.text, "detail": "", "level": row.get("evidence", "")} | said
    # What is the title already is no other name.
    if "names" in said:
        shown["names"] = [name for name in said["names"] if name[0] != shown["title"]]
    return Found(kind, key, page=place.page, anchor=place.anchor, **shown)


def _named(language: str, *texts: str) -> list[Name]:
    return [(text, language) for text in texts if text]


def _told(book: Book, *texts: str) -> list[Name]:
    """Names whose language is told by their letters."""
    return [(text, known(book).of(text)) for text in texts if text]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _people(book: Book) -> Iterator[Found]:
    for key, row in book.rows("people").items():
        # A column says its language; a form in another column is told by its letters.
        names = _named("ru", row["name_ru"]) + _named("mn", row["name_mn"])
        names += _named("en", row["name_en"])
        names += _told(book, row["name_native"], *row["other_names"])
        yield _found(book, "person", key, detail=row["role"], names=names)


def _places(book: Book) -> Iterator[Found]:
    english = replace(book, language=SOURCE).by_key("places", "name")
    for key, row in book.rows("places").items():
        # "near Ulaanbaatar" says where a place is, and is no name of it.
        names = _told(book, *row["names_historic"], exports.toponym(row["name_modern"]))
        names += _named("ru", *split(row["name_ru"])) + _named("mn", *split(row["name_mn"]))
        # In another language a place may have several names in one cell.
        title = split(row["name"])[0]
        names += [one for one in _named("en", english[key]) if one[0] not in dict(names)]
        today = _("today {place}").format(place=row["name_modern"]) if row["name_modern"] else ""
        yield _found(book, "place", key, title=title, detail=today, names=names)


def _spans(date: EdtfDate | None) -> list[tuple[str, str]]:
    if not date or date.is_open:
        return []
    return [(date.earliest.isoformat(), date.latest.isoformat())]


def _events(book: Book) -> Iterator[Found]:
    places, people = book.by_key("places", "name"), book.by_key("people", "name")
    for key, row in book.rows("events").items():
        old = row["date_old_style"]
        here = [*map(places.get, row["places"]), *map(people.get, row["people"])]
        # The Old Style day is a day somebody may look for, though it is written otherwise.
        spans = _spans(row["date"]) + ([(old, old)] if old else [])
        when = _("{date} (Old Style {old})").format(date=row["date"], old=old)
        said = {"detail": when if old else str(row["date"])}
        said["text"] = " ".join([row["summary"], *here])
        names = _named("ru", row["title_ru"]) + _named("en", row["title_en"])
        yield _found(book, "event", key, names=names, spans=spans, **said)


def lessons() -> list[Found]:
    """The lessons, each with its page."""
    return [
        Found("lesson", name, lesson.title, lesson.length, name, name)
        for name, lesson in all_lessons().items()
    ]


def roman(number: int) -> str:
    """A number in Roman figures: ``13`` gives ``XIII``."""
    text = ""
    for value, sign in ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _clauses(book: Book) -> Iterator[Found]:
    short = book.by_key("treaties", "short")
    rows = book.rows("clauses")
    for key in sorted(rows, key=lambda key: rows[key]["treaty_id"] != book.agreement):
        row, article = rows[key], rows[key]["article"]
        names = []
        if article.isdecimal():
            latin = roman(int(article))
            names = _named("", f"Article {article}", f"Article {latin}")
            names += _named("ru", f"Статья {article}", f"Статья {latin}", f"ст. {article}")
            # The ending of a Mongolian numeral follows its sound; people write any of them.
            names += _named("mn", *(f"{article} {end} зүйл" for end in ("дугаар", "дүгээр", "р")))
        name = identifiers.article_name(article, row["paragraph"])
        title = _capital(f"{name}, {short[row['treaty_id']]}")
        yield _found(book, "clause", key, title=title, detail=row["digest"], names=names)


def _treaties(book: Book) -> Iterator[Found]:
    for key, row in book.rows("treaties").items():
        # Titles in other languages are written "zh: title; mn: title".
        others = re.findall(r"(?:^|; )[\w-]+: ([^;]+)", row["title_other"])
        names = [(row["short_en"], ""), (row["title_ru"], "ru"), *_told(book, *others)]
        names += _named("en", row["title_en"])
        said = {"detail": str(row["date"]), "text": " ".join(row["parties"])}
        yield _found(book, "treaty", key, names=names, spans=_spans(row["date"]), **said)


def _cases(book: Book) -> Iterator[Found]:
    for key, row in book.rows("verdicts").items():
        names = _named("", key.replace("-", ""))
        said = {"title": f"{key}: {row['subject']}", "text": row["verdict"]}
        yield _found(book, "case", key, names=names, **said)


def _claims(book: Book) -> Iterator[Found]:
    for key, row in book.rows("claims").items():
        title = _capital(f"{row['subject']}: {identifiers.said(row)}")
        detail = f"{key}, {row['source'] or _('no source seen')}"
        said = {"text": row["value"], "spans": _spans(row["date"])}
        found = _found(book, "claim", key, title=title, detail=detail, **said)
        if row["field"] != "account":
            yield found
        elif row["events"]:
            # The table of claims leaves out plain accounts: they lead to what they tell of.
            told = identifiers.reference(book, "event", row["events"][0])
            yield replace(found, page=told.page, anchor=told.anchor)


def _sources(book: Book) -> Iterator[Found]:
    for key, source in sorted(book.sources.items()):
        titles = [source.words(field) for field in ("title", "journal", "booktitle")]
        detail = ", ".join(filter(None, [*source.people, source.year]))
        place = identifiers.page("source", key), identifiers.anchor("source", key)
        yield Found("source", key, key, detail, *place, names=_told(book, *titles))


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
    shown = [
        [
            KINDS.index(row.kind),
            *(row.title, row.detail, f"{folder}{row.page}.html#{row.anchor}"),
            *(row.names, row.text, row.spans, row.level),
        ]
        for row in found
    ]
    return {
        "kinds": [[kind, *words] for kind, words in kinds().items()],
        "levels": book.labels("evidence"),
        "pages": descriptions,
        "rows": shown,
    }

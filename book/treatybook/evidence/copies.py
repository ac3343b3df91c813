"""Private copies of the tables, and empty ones for another agreement.

Nothing here changes the book's own data. Each function that writes gives back the folder
opened anew, so that every view shows the change.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from pybtex.database import BibliographyData, Entry

from treatybook.evidence.errors import NEAR, InputError, WrongArgument, known_key, nearest
from treatybook.evidence.tables import BASEMAP, BIBLIOGRAPHY, DATA_FOLDER, SEPARATOR, Book, read

# Lists of the codebook that another agreement needs in its own words.
OWN_LISTS = ("thread", "direction", "people_group")
OTHERS = ("others", "others", "Everybody else.")
KEY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
ADDED = "added.json"  # in a copy: keys of the rows and sources that its owner added
SOURCES = "sources"  # where that file names the added sources; no table has this name


class Taken(InputError, FileExistsError):
    """A folder is there already; the message says how to go on."""


class OwnTables(InputError, PermissionError):
    """The tables are those of the book, which the workshop does not change."""


def copy(book: Book, folder: str | Path = "") -> Book:
    """A private copy of all tables and of the bibliography.

    Its check does not ask for Russian words.

    Parameters
    ----------
    book : Book
        The tables to copy.
    folder : path, optional
        Where the copy shall lie; a new temporary folder, lost when the computer stops, if empty.

    Returns
    -------
    Book
        The copy, opened.

    Raises
    ------
    FileExistsError
        If the folder is there already and holds something.
    """
    target = _new_folder(folder, f'open it with read("{folder}")')
    shutil.copytree(book.folder, target, dirs_exist_ok=True)
    shutil.copyfile(book.bibliography_file, target / BIBLIOGRAPHY)
    (target / ADDED).unlink(missing_ok=True)
    _describe(target, _relaxed(book.descriptor))
    return read(target)


def new(
    folder: str | Path,
    title: str,
    agreement: str,
    parties: Mapping[str, str],
    threads: Mapping[str, str],
) -> Book:
    """Empty tables for a book about another agreement.

    The codebook keeps its general lists. Directions are made from the parties, and the
    Russian columns need not be filled.

    Parameters
    ----------
    folder : path
        Where the tables shall lie; a new temporary folder if empty.
    title : str
        Title of the book.
    agreement : str
        Key of its agreement, in capitals: ``"GYM-2026"``.
    parties : mapping of str to str
        Letters and name of each party: ``{"A": "Class A", "B": "Class B"}``.
    threads : mapping of str to str
        Key and name of each thread of the chronology: ``{"talks": "The talks"}``.

    Returns
    -------
    Book
        The empty tables, opened.

    Raises
    ------
    ValueError
        If the key of the agreement has a wrong form, or a party or thread is missing.
    FileExistsError
        If the folder is there already and holds something.
    """
    if not KEY.fullmatch(agreement):
        raise WrongArgument(
            f"key {agreement!r}: capitals and digits, joined by hyphens: 'GYM-2026'"
        )
    if len(parties) < 2 or not threads:
        raise WrongArgument("an agreement needs two parties or more, and a chronology one thread")
    target, own = _new_folder(folder, f'open it with read("{folder}")'), read()
    # Its examples are clauses of this book.
    general = [row for row in _records(own, "codebook") if row["list"] not in OWN_LISTS]
    codebook = [row | {"clauses": ""} for row in general]
    codebook += _rows("thread", [(key, name, f"{name}.") for key, name in threads.items()])
    codebook += _rows("direction", _directions(parties))
    sides = [(key.lower(), name, f"People who acted for {name}.") for key, name in parties.items()]
    codebook += _rows("people_group", [*sides, OTHERS])
    for resource in own.descriptor["resources"]:
        header = [field["name"] for field in resource["schema"]["fields"]]
        rows = codebook if resource["name"] == "codebook" else []
        _write(target / resource["path"], header, rows)
    code, name = next(iter(parties.items()))
    settings = {"agreement": agreement, "party": {"code": code, "name": name}}
    descriptor = _relaxed(own.descriptor) | {
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or agreement.lower(),
        "title": title,
        "description": f"Events, claims, clauses and codings on {title}.",
        "keywords": [],
        "book": settings,
    }
    _describe(target, descriptor)
    (target / BIBLIOGRAPHY).write_text("", encoding="utf-8")
    (target / BASEMAP).parent.mkdir(exist_ok=True)
    shutil.copyfile(own.folder / BASEMAP, target / BASEMAP)
    return read(target)


def add(book: Book, table: str, row: Mapping[str, object] | None = None, **cells: object) -> Book:
    """Add one row to a table of a private copy, or write a row of your own anew.

    Parameters
    ----------
    book : Book
        A copy made by :func:`copy` or :func:`new`.
    table : str
        Name of the table.
    row : mapping of str to object, optional
        Columns and their cells; a list or tuple becomes ``"one; two"``. What is left out
        stays empty. A label may be written in words. Whether the row is in order is told by
        :func:`problems`.
    **cells
        The same, column by column.

    Returns
    -------
    Book
        The copy with the row. A row that was added before under the same key is replaced.

    Raises
    ------
    PermissionError
        If the folder is the book's own.
    WrongArgument
        If there is no such table or column (the message names the nearest one), or if the key belongs
        to a row that was not added with this function.
    """
    _refuse_own(book)
    known_key("table", table, book.names)
    header = [field["name"] for field in book.fields(table)]
    given = {**(row or {}), **cells}
    for column in given:
        if column not in header:
            raise WrongArgument(f"{table} has no column {column!r}{nearest(column, header, NEAR)}")
    new_row = dict.fromkeys(header, "") | _written(book, table, given)
    rows, key = _records(book, table), _key(book, table, new_row)
    place = [_key(book, table, old) for old in rows]
    if key not in place:
        rows.append(new_row)
    elif key in added(book, table):
        rows[place.index(key)] = new_row
    else:
        words = " / ".join(key)
        raise WrongArgument(f"{table} has a row {words!r} that is not yours: choose another key")
    _write(book.folder / book.resource(table)["path"], header, rows)
    _note(book, table, [*(old for old in added(book, table) if old != key), key])
    return _again(book)


def take_back(book: Book, table: str) -> Book:
    """Take the row of a private copy away again that was added last to a table.

    Raises
    ------
    PermissionError
        If the folder is the book's own.
    ValueError
        If no row was added to the table.
    """
    _refuse_own(book)
    known_key("table", table, book.names)
    rows = _records(book, table)
    there = [_key(book, table, row) for row in rows]
    mine = [key for key in added(book, table) if key in there]
    if not mine:
        raise WrongArgument(f"you have added no row to {table}, so there is none to take back")
    del rows[there.index(mine[-1])]
    header = [field["name"] for field in book.fields(table)]
    _write(book.folder / book.resource(table)["path"], header, rows)
    _note(book, table, mine[:-1])
    return _again(book)


def add_source(book: Book, key: str, title: str, **fields: str) -> Book:
    """Add one source to the bibliography of a private copy, or write your own anew.

    Parameters
    ----------
    book : Book
        A copy made by :func:`copy` or :func:`new`.
    key : str
        Key by which rows name the source, in capitals: ``"CLASS-DIARY"``.
    title : str
        Its title.
    **fields
        Other fields of BibTeX, for example ``year`` or ``author``.

    Raises
    ------
    PermissionError
        If the folder is the book's own.
    ValueError
        If the key belongs to a source that was not added with this function, or has a wrong
        form.
    """
    _refuse_own(book)
    if not KEY.fullmatch(key):
        raise WrongArgument(
            f"key {key!r}: only capitals and digits, joined by hyphens: 'CLASS-DIARY'"
        )
    text = book.bibliography_file.read_text(encoding="utf-8")
    mine = added(book, SOURCES)
    if key in book.bibliography.entries:
        if (key,) not in mine:
            raise WrongArgument(f"key {key!r}: it is taken by a source that is not yours")
        text = re.sub(rf"\n@\w+\{{{key},.*?\n\}}\n", "", text, flags=re.DOTALL)
    entry = BibliographyData({key: Entry("misc", {"title": title, **fields})})
    # The new entry goes behind the others, which stay as they were written.
    text += "\n" + entry.to_string("bibtex")
    book.bibliography_file.write_text(text, encoding="utf-8", newline="\n")
    _note(book, SOURCES, [*(old for old in mine if old != (key,)), (key,)])
    return _again(book)


def _written(book: Book, table: str, cells: Mapping[str, object]) -> dict[str, str]:
    """Cells as the table writes them: lists joined, and labels by their codes."""
    lists = {field["name"]: field.get("vocabulary") for field in book.fields(table)}
    made = {column: _cell(cell) for column, cell in cells.items()}
    for column, name in lists.items():
        if name and made.get(column):
            codes = {words.casefold(): code for code, words in book.labels(name).items()}
            items = made[column].split(SEPARATOR)
            made[column] = SEPARATOR.join(codes.get(item.casefold(), item) for item in items)
    return made


def _key(book: Book, table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in book.resource(table)["schema"]["primaryKey"])


def added(book: Book, table: str) -> list[tuple[str, ...]]:
    """Keys of the rows that were added to a table of a copy, the latest last."""
    path = book.folder / ADDED
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return [tuple(key) for key in found.get(table, [])]


def _note(book: Book, table: str, keys: list[tuple[str, ...]]) -> None:
    path = book.folder / ADDED
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(found | {table: keys}, ensure_ascii=False), encoding="utf-8")


def _again(book: Book) -> Book:
    return read(book.folder, book.bibliography_file)


def _new_folder(folder: str | Path, instead: str) -> Path:
    target = Path(folder or tempfile.mkdtemp(prefix="workshop-")).resolve()
    if target.exists() and any(target.iterdir()):
        raise taken(folder, instead)
    target.mkdir(parents=True, exist_ok=True)
    return target


def taken(folder: str | Path, instead: str) -> Taken:
    return Taken(f"{folder} is there already: choose another name, or {instead}")


def _describe(folder: Path, descriptor: dict) -> None:
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _refuse_own(book: Book) -> None:
    if book.folder == DATA_FOLDER.resolve():
        raise OwnTables("these are the book's own tables: work on workshop.copy(book)")


def _records(book: Book, table: str) -> list[dict[str, str]]:
    """Rows of a table as they are written."""
    path = book.folder / book.resource(table)["path"]
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: list[str], rows: list[dict[str, str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _cell(cell: object) -> str:
    return SEPARATOR.join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)


def _rows(name: str, labels: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [
        {
            "list": name,
            "label": label,
            "position": str(place),
            "label_en": words,
            "label_ru": words,
            "definition": definition,
        }
        for place, (label, words, definition) in enumerate(labels, start=1)
    ]


def _directions(parties: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Every way in which one side can owe another, and two sides a third."""
    found = [
        ("mutual", "mutual", "The same norm binds all sides."),
        ("declaratory", "declaratory", "States a fact, and nobody carries a burden."),
    ]
    for owing, gaining in _sides(sorted(parties)):
        names = [" and ".join(parties[key] for key in side) for side in (owing, gaining)]
        label = f"{'+'.join(owing)}->{'+'.join(gaining)}"
        verb = "owe" if len(owing) > 1 else "owes"
        words = f"{names[0]} {verb} {names[1]}"
        found.append((label, words, f"The burden is with {names[0]}, the gain with {names[1]}."))
    return found


def _sides(keys: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    sides = [side for size in (1, 2) for side in combinations(keys, size)]
    for owing in sides:
        for gaining in sides:
            if not set(owing) & set(gaining) and len(owing) + len(gaining) < 4:
                yield owing, gaining


def _relaxed(descriptor: dict) -> dict:
    """The descriptor without what only this book must fill: Russian words, one account."""
    made = json.loads(json.dumps(descriptor))
    for resource in made["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"].endswith("_ru") or field["name"] == "in_airapetov":
                field.get("constraints", {}).pop("required", None)
    return made

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
from collections.abc import Iterable, Mapping
from copy import deepcopy
from itertools import chain, combinations, product, starmap
from pathlib import Path

import pandas as pd
from pybtex.database import BibliographyData, Entry

from treatybook.evidence.errors import NEAR, InputError, WrongArgument, known_key, nearest
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import BASEMAP, BIBLIOGRAPHY, DATA_FOLDER, SEPARATOR, Book, read

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
    target = _new_folder(folder)
    shutil.copytree(book.folder, target, dirs_exist_ok=True)
    shutil.copyfile(book.bibliography_file, target / BIBLIOGRAPHY)
    (target / ADDED).unlink(missing_ok=True)
    _describe(target, book.descriptor)
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
        rule = "capitals and digits, joined by hyphens: 'GYM-2026'"
        raise WrongArgument(f"key {agreement!r}: {rule}")
    if len(parties) < 2 or not threads:
        raise WrongArgument("an agreement needs two parties or more, and a chronology one thread")
    target, own = _new_folder(folder), read()
    sides = [(key.lower(), name, f"People who acted for {name}.") for key, name in parties.items()]
    lists = {
        "thread": [(key, name, f"{name}.") for key, name in threads.items()],
        "direction": _directions(parties),
        "people_group": [*sides, ("others", "others", "Everybody else.")],
    }
    # The examples of the general lists are clauses of this book.
    general = [
        row | {"clauses": ""} for row in _records(own, "codebook") if row["list"] not in lists
    ]
    codebook = [*general, *chain.from_iterable(starmap(_rows, lists.items()))]
    for name in own.names:
        _write(own, name, codebook if name == "codebook" else [], target)
    code, name = next(iter(parties.items()))
    about = {
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or agreement.lower(),
        "title": title,
        "description": f"Events, claims, clauses and codings on {title}.",
        "keywords": [],
        "book": {"agreement": agreement, "party": {"code": code, "name": name}},
    }
    # Another story has another region.
    tables = [
        {k: v for k, v in table.items() if k != "region"} for table in own.descriptor["resources"]
    ]
    _describe(target, own.descriptor | about | {"resources": tables})
    (target / BIBLIOGRAPHY).touch()
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
    (rows, keys), mine = _own_rows(book, table), added(book, table)
    header = [field["name"] for field in book.fields(table)]
    given = {**(row or {}), **cells}
    for column in given:
        if column not in header:
            raise WrongArgument(f"{table} has no column {column!r}{nearest(column, header, NEAR)}")
    new_row = dict.fromkeys(header, "") | _written(book, table, given)
    key = _key(book, table, new_row)
    if key not in keys:
        rows.append(new_row)
    elif key in mine:
        rows[keys.index(key)] = new_row
    else:
        words = " / ".join(key)
        raise WrongArgument(f"{table} has a row {words!r} that is not yours: choose another key")
    _write(book, table, rows)
    return _noted(book, table, [*(old for old in mine if old != key), key])


def take_back(book: Book, table: str) -> Book:
    """Take the row of a private copy away again that was added last to a table.

    Raises
    ------
    PermissionError
        If the folder is the book's own.
    ValueError
        If no row was added to the table.
    """
    rows, keys = _own_rows(book, table)
    mine = [key for key in added(book, table) if key in keys]
    if not mine:
        raise WrongArgument(f"you have added no row to {table}, so there is none to take back")
    del rows[keys.index(mine[-1])]
    _write(book, table, rows)
    return _noted(book, table, mine[:-1])


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
        rule = "only capitals and digits, joined by hyphens: 'CLASS-DIARY'"
        raise WrongArgument(f"key {key!r}: {rule}")
    text = book.bibliography_file.read_text("utf-8")
    mine = added(book, SOURCES)
    if key in book.bibliography.entries:
        if (key,) not in mine:
            raise WrongArgument(f"key {key!r}: it is taken by a source that is not yours")
        text = re.sub(rf"\n@\w+\{{{key},.*?\n\}}\n", "", text, flags=re.DOTALL)
    entry = BibliographyData({key: Entry("misc", {"title": title, **fields})})
    # The new entry goes behind the others, which stay as they were written.
    write_text(book.bibliography_file, f"{text}\n{entry.to_string('bibtex')}")
    return _noted(book, SOURCES, [*(old for old in mine if old != (key,)), (key,)])


def _written(book: Book, table: str, cells: Mapping[str, object]) -> dict[str, str]:
    """Cells as the table writes them: lists joined, and labels by their codes."""
    lists = {field["name"]: field.get("vocabulary") for field in book.fields(table)}
    made = {}
    for column, cell in cells.items():
        made[column] = (
            SEPARATOR.join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)
        )
        if lists[column]:
            codes = {words.casefold(): code for code, words in book.labels(lists[column]).items()}
            items = made[column].split(SEPARATOR)
            made[column] = SEPARATOR.join(codes.get(item.casefold(), item) for item in items)
    return made


def _key(book: Book, table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in book.resource(table)["schema"]["primaryKey"])


def added(book: Book, table: str) -> list[tuple[str, ...]]:
    """Keys of the rows that were added to a table of a copy, the latest last."""
    return [tuple(key) for key in _notes(book).get(table, [])]


def _notes(book: Book) -> dict[str, list]:
    path = book.folder / ADDED
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _noted(book: Book, table: str, keys: list[tuple[str, ...]]) -> Book:
    """The copy opened anew, once its owner's rows are noted down."""
    write_text(book.folder / ADDED, json.dumps(_notes(book) | {table: keys}, ensure_ascii=False))
    return read(book.folder, book.bibliography_file)


def _new_folder(folder: str | Path) -> Path:
    target = Path(folder or tempfile.mkdtemp(prefix="workshop-")).resolve()
    if target.exists() and any(target.iterdir()):
        raise taken(folder, f'open it with read("{folder}")')
    target.mkdir(parents=True, exist_ok=True)
    return target


def taken(folder: str | Path, instead: str) -> Taken:
    return Taken(f"{folder} is there already: choose another name, or {instead}")


def _describe(folder: Path, descriptor: dict) -> None:
    """Write a descriptor without what only this book must fill: Russian words, one account."""
    made = deepcopy(descriptor)
    for field in (x for resource in made["resources"] for x in resource["schema"]["fields"]):
        if field["name"].endswith("_ru") or field["name"] == "in_airapetov":
            field.get("constraints", {}).pop("required", None)
    text = json.dumps(made, ensure_ascii=False, indent=2)
    write_text(folder / "datapackage.json", text + "\n")


def _refuse_own(book: Book) -> None:
    if book.folder == DATA_FOLDER.resolve():
        raise OwnTables("these are the book's own tables: work on workshop.copy(book)")


def _own_rows(book: Book, table: str) -> tuple[list[dict[str, str]], list[tuple[str, ...]]]:
    """Rows of a table of a copy, as they are written, and their keys."""
    _refuse_own(book)
    known_key("table", table, book.names)
    rows = _records(book, table)
    return rows, [_key(book, table, row) for row in rows]


def _records(book: Book, table: str) -> list[dict[str, str]]:
    """Rows of a table as they are written."""
    path = book.folder / book.resource(table)["path"]
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(book: Book, table: str, rows: Iterable[dict], folder: Path | None = None) -> None:
    """Write a table as the descriptor of a book has it, into its folder or another."""
    header = [field["name"] for field in book.fields(table)]
    path = (folder or book.folder) / book.resource(table)["path"]
    pd.DataFrame(rows, columns=header).to_csv(path, index=False, lineterminator="\n")


def _rows(name: str, labels: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    columns = ("list", "position", "label", "label_en", "definition")
    return [
        dict(zip(columns, (name, str(place), label, words, definition), strict=True))
        for place, (label, words, definition) in enumerate(labels, start=1)
    ]


def _directions(parties: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Every way in which one side can owe another, and two sides a third."""
    found = [
        ("mutual", "mutual", "The same norm binds all sides."),
        ("declaratory", "declaratory", "States a fact, and nobody carries a burden."),
    ]
    sides = [side for size in (1, 2) for side in combinations(sorted(parties), size)]
    for owing, gaining in product(sides, sides):
        if not set(owing) & set(gaining) and len(owing) + len(gaining) < 4:
            debtor, other = (
                " and ".join(parties[key] for key in side) for side in (owing, gaining)
            )
            words = f"{debtor} {'owe' if len(owing) > 1 else 'owes'} {other}"
            label = f"{'+'.join(owing)}->{'+'.join(gaining)}"
            found.append((label, words, f"The burden is with {debtor}, the gain with {other}."))
    return found

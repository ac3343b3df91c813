"""Private copies of the tables, and empty ones for another agreement.

Nothing here changes the book's own data. Each function that writes gives back the folder
opened anew, so that every view shows the change.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from itertools import chain, combinations, product, starmap
from pathlib import Path

import pandas as pd
from pybtex.database import BibliographyData, Entry, parse_string

from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import (
    NEAR,
    InputError,
    WrongArgument,
    checked,
    known_key,
    meant,
    nearest,
    seen,
)
from treatybook.evidence.files import LOCK, alone, write_text, writing
from treatybook.evidence.identifiers import label_names, printed_names
from treatybook.evidence.reading import Unreadable, read_table
from treatybook.evidence.tables import (
    BASEMAP,
    BIBLIOGRAPHY,
    DATA_FOLDER,
    NOTEBOOK_FOLDER,
    ROOT,
    SEPARATOR,
    Book,
    read,
)
from treatybook.evidence.wording import _, spoken

KEY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
ADDED = "added.json"  # in a copy: keys of the rows and sources that its owner added
PARTY = re.compile(r"[A-Z][A-Z0-9]*")
THREAD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELD = re.compile(r"[a-z]+")
MOST_PARTIES = 8  # every two of them and a third make a direction
SOURCES = "sources"  # where that file names the added sources; no table has this name


class Taken(InputError, FileExistsError):
    """A folder is there already; the message says how to go on."""


class OwnTables(InputError, PermissionError):
    """The tables are those of the book, which the workshop does not change."""


@checked
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
    with _new_folder(folder) as target:
        left_out = shutil.ignore_patterns(ADDED, LOCK)
        shutil.copytree(book.folder, target, dirs_exist_ok=True, ignore=left_out)
        shutil.copyfile(book.bibliography_file, target / BIBLIOGRAPHY)
        _describe(target, book.descriptor)
    return read(target)


@checked
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
    rule = _("key of the agreement, {key!r}: capitals and digits, joined by hyphens: 'GYM-2026'")
    unnamed = _("the agreement {key!r} needs a name in quotes, not {found}")
    _named({agreement: title}, KEY, rule, unnamed)
    rule = _("key of a party, {key!r}: capitals and digits: 'CN'")
    _named(parties, PARTY, rule, _("a party {key!r} needs a name in quotes, not {found}"))
    rule = _("key of a thread, {key!r}: small letters and digits, joined by hyphens: 'talks'")
    _named(threads, THREAD, rule, _("a thread {key!r} needs a name in quotes, not {found}"))
    if not 2 <= len(parties) <= MOST_PARTIES or not threads:
        rule = _("an agreement needs two parties or more, {n} at most, and a chronology one thread")
        raise WrongArgument(rule.format(n=MOST_PARTIES))
    own = read()
    acted = _("People who acted for {name}.")
    sides = [(key.lower(), name, acted.format(name=name)) for key, name in parties.items()]
    lists = {
        "thread": [(key, name, f"{name}.") for key, name in threads.items()],
        "direction": _directions(parties),
        "people_group": [*sides, ("others", _("others"), _("Everybody else."))],
    }
    # The examples of the general lists are clauses of this book.
    general = [
        row | {"clauses": ""} for row in _records(own, "codebook") if row["list"] not in lists
    ]
    codebook = [*general, *chain.from_iterable(starmap(_rows, lists.items()))]
    code, name = next(iter(parties.items()))
    about = {
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or agreement.lower(),
        "title": title,
        "description": _("Events, claims, clauses and codings on {title}.").format(title=title),
        "keywords": [],
        "book": {"agreement": agreement, "party": {"code": code, "name": name}},
    }
    with _new_folder(folder) as target:
        for name in own.names:
            _write(own, name, codebook if name == "codebook" else [], target)
        # Another story has another region.
        tables = [
            {k: v for k, v in table.items() if k != "region"}
            for table in own.descriptor["resources"]
        ]
        _describe(target, own.descriptor | about | {"resources": tables})
        (target / BIBLIOGRAPHY).touch()
        (target / BASEMAP).parent.mkdir(exist_ok=True)
        shutil.copyfile(own.folder / BASEMAP, target / BASEMAP)
    return read(target)


@checked
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
    table = _own_table(book, table)
    header = [field["name"] for field in book.fields(table)]
    given = {**({} if row is None else row), **cells}
    for column in given:
        if column not in header:
            told = _("{table} has no column {column!r}").format(table=table, column=column)
            raise WrongArgument(told + nearest(column, header, NEAR))
    new_row = dict.fromkeys(header, "") | _written(book, table, given)
    key = _key(book, table, new_row)
    if not any(key):
        names = _(" and ").join(book.resource(table)["schema"]["primaryKey"])
        told = _("a row of {table} needs a name of its own: give it {columns}")
        raise WrongArgument(told.format(table=table, columns=names))
    with alone(book.folder):
        rows, keys = _own_rows(book, table)
        mine = added(book, table)
        if key not in keys:
            rows.append(new_row)
        elif key in mine:
            rows[keys.index(key)] = new_row
        else:
            told = _("{table} has a row {key!r} that is not yours: choose another key")
            raise WrongArgument(told.format(table=table, key=" / ".join(key)))
        # If the computer stops between the two, a key too many is noted, which does no harm.
        _note(book, table, [*(old for old in mine if old != key), key])
        _write(book, table, rows)
    return read(book.folder, book.bibliography_file)


@checked
def take_back(book: Book, table: str) -> Book:
    """Take the row of a private copy away again that was added last to a table.

    Raises
    ------
    PermissionError
        If the folder is the book's own.
    ValueError
        If no row was added to the table.
    """
    table = _own_table(book, table)
    with alone(book.folder):
        rows, keys = _own_rows(book, table)
        mine = [key for key in added(book, table) if key in keys]
        if not mine:
            told = _("you have added no row to {table}, so there is none to take back")
            raise WrongArgument(told.format(table=table))
        del rows[keys.index(mine[-1])]
        _write(book, table, rows)
        _note(book, table, mine[:-1])
    return read(book.folder, book.bibliography_file)


@checked
def add_source(book: Book, key: str, title: str, **fields: object) -> Book:
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
        form, or if a text would make the bibliography unreadable.
    """
    _refuse_own(book)
    if not KEY.fullmatch(key):
        rule = _("key {key!r}: only capitals and digits, joined by hyphens: 'CLASS-DIARY'")
        raise WrongArgument(rule.format(key=key))
    entry = Entry("misc", _bibtex_fields({"title": title, **fields}))
    with alone(book.folder):
        text, mine = _bibliography_text(book), added(book, SOURCES)
        known = list(_entries(text, book.bibliography_file.name))
        if key in known:
            if (key,) not in mine:
                rule = _("key {key!r}: it is taken by a source that is not yours")
                raise WrongArgument(rule.format(key=key))
            text = re.sub(rf"\n@\w+\{{{key},.*?\n\}}\n", "", text, flags=re.DOTALL)
        # The new entry goes behind the others, which stay as they were written.
        text = f"{text}\n{BibliographyData({key: entry}).to_string('bibtex')}"
        if list(_entries(text, _("your text"))) != [*(old for old in known if old != key), key]:
            rule = _("the bibliography cannot hold {title!r}: leave out @, {{ and }}")
            raise WrongArgument(rule.format(title=title))
        _note(book, SOURCES, [*(old for old in mine if old != (key,)), (key,)])
        write_text(book.bibliography_file, text)
    return read(book.folder, book.bibliography_file)


def _bibtex_fields(fields: Mapping[str, object]) -> dict[str, str]:
    """Fields of a source, each on one line, if the bibliography can hold them."""
    made = {}
    for name, value in fields.items():
        text = " ".join(_cell(name, value).split())
        if not FIELD.fullmatch(name):
            rule = _("a field of a source is named in small letters, not {name!r}")
            raise WrongArgument(rule.format(name=name))
        if name == "title" and not text:
            raise WrongArgument(_("a source needs a title"))
        if not _balanced(text):
            rule = _("{name}: {{ and }} must come in pairs, and in {text!r} they do not")
            raise WrongArgument(rule.format(name=name, text=text))
        made[name] = text
    return made


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _bibliography_text(book: Book) -> str:
    file = book.bibliography_file
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = _("{file} cannot be read: {fault}").format(file=file.name, fault=error)
        raise Unreadable(told) from error


def _entries(text: str, name: str) -> list[str]:
    """Keys of the sources of a bibliography."""
    try:
        return list(parse_string(text, "bibtex").entries)
    except Exception as error:  # pybtex has an error of its own for each kind of fault
        told = _("{file}: the bibliography cannot be read: {fault}")
        told = told.format(file=name, fault=" ".join(str(error).split()))
        raise Unreadable(told) from error


def _written(book: Book, table: str, cells: Mapping[str, object]) -> dict[str, str]:
    """Cells as the table writes them: lists joined, labels and rows by their keys."""
    fields = {field["name"]: field for field in book.fields(table)}
    made = {}
    for column, cell in cells.items():
        items = cell if isinstance(cell, list | tuple) else [cell]
        texts = [_cell(column, item) for item in items]
        if fields[column].get("list"):
            parts = re.split(rf"\s*{SEPARATOR.strip()}\s*", SEPARATOR.join(texts))
            texts = [part for part in parts if part.strip()]
        if names := _names(book, fields[column]):
            texts = [meant(text, names) or text for text in texts]
        made[column] = SEPARATOR.join(texts)
    return made


def _names(book: Book, field: dict) -> dict[str, tuple[str, ...]]:
    """What a column may name, a label or a row, with the words that the book prints for it."""
    if name := field.get("vocabulary"):
        return label_names(book, name)
    table, key = field.get("refersTo", "").partition(".")[::2]
    return printed_names(book, table) if table in book.names and key else {}


def _cell(column: str, value: object) -> str:
    """A cell as a text; what pandas or Python has for "nothing" is an empty one."""
    if isinstance(value, EdtfDate):
        return value.text
    if not isinstance(value, str | int | float) and not pd.api.types.is_scalar(value):
        rule = _("{column}: a text or a number is wanted, not {found}")
        raise WrongArgument(rule.format(column=column, found=seen(value)))
    if pd.isna(value):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    text = str(int(value) if whole else value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        rule = _("{column}: {text!r} holds half a character")
        raise WrongArgument(rule.format(column=column, text=text)) from error
    return text


def _named(given: Mapping[str, str], form: re.Pattern[str], rule: str, unnamed: str) -> None:
    """Refuse keys of a wrong form by a rule, and names that are none."""
    for key, name in given.items():
        if not isinstance(key, str) or not form.fullmatch(key):
            raise WrongArgument(rule.format(key=key))
        if not isinstance(name, str) or not name.strip():
            raise WrongArgument(unnamed.format(key=key, found=seen(name)))


def _key(book: Book, table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in book.resource(table)["schema"]["primaryKey"])


def added(book: Book, table: str) -> list[tuple[str, ...]]:
    """Keys of the rows that were added to a table of a copy, the latest last."""
    return [tuple(key) for key in _notes(book).get(table, [])]


def _notes(book: Book) -> dict[str, list]:
    path = book.folder / ADDED
    try:
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError as error:
        told = _(
            "{file} in {folder} is damaged: delete it, and the rows that you added stay but cannot "
            "be changed by {function}"
        )
        told = told.format(file=ADDED, folder=book.folder, function=add.__name__)
        raise Unreadable(told) from error


def _note(book: Book, table: str, keys: list[tuple[str, ...]]) -> None:
    """Note which rows of a table their owner added."""
    write_text(book.folder / ADDED, json.dumps(_notes(book) | {table: keys}, ensure_ascii=False))


@contextmanager
def _new_folder(folder: str | Path) -> Iterator[Path]:
    """A new folder to fill; if that fails, it is taken away again."""
    with writing(Path(folder)):
        target = Path(folder or tempfile.mkdtemp(prefix="workshop-")).resolve()
        refuse_own_place(target)
        if target.exists() and not target.is_dir():
            raise taken(folder, _("an empty folder"))
        if target.exists() and any(target.iterdir()):
            raise taken(folder, _('open it with read("{folder}")').format(folder=folder))
        missing = [path for path in (target, *target.parents) if not path.exists()]
        target.mkdir(parents=True, exist_ok=True)
        try:
            yield target
        except BaseException:
            shutil.rmtree(missing[-1] if missing else target, ignore_errors=True)
            raise


def refuse_own_place(target: Path) -> None:
    """Refuse to write among the files of the book; beside its notebooks a reader may.

    Raises
    ------
    OwnTables
        If the place lies in the repository of the book, but not beside its notebooks.
    """
    target = target.resolve()
    if target.is_relative_to(ROOT) and NOTEBOOK_FOLDER not in target.parents:
        told = _("{path} lies among the book's own files: choose a place outside of it")
        raise OwnTables(told.format(path=target))


def taken(folder: str | Path, instead: str) -> Taken:
    told = _("{folder} is there already: choose another name, or {instead}")
    return Taken(told.format(folder=folder, instead=instead))


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
        raise OwnTables(_("these are the book's own tables: work on workshop.copy(book)"))


def _own_table(book: Book, table: str) -> str:
    """Name of a table of a copy that may be changed."""
    _refuse_own(book)
    return known_key("table", table, {name: f"{name}.csv" for name in book.names})


def _own_rows(book: Book, table: str) -> tuple[list[dict[str, str]], list[tuple[str, ...]]]:
    """Rows of a table of a copy, as they are written, and their keys."""
    rows = _records(book, table)
    return rows, [_key(book, table, row) for row in rows]


def _records(book: Book, table: str) -> list[dict[str, str]]:
    """Rows of a table as they are written; Unreadable if one of them cannot be read."""
    rows, problems = read_table(book.folder, book.resource(table))
    if problems:
        raise Unreadable(_("{fault}; nothing was written").format(fault=problems[0]))
    return [row.cells for row in rows]


def _write(book: Book, table: str, rows: Iterable[dict], folder: Path | None = None) -> None:
    """Write a table as the descriptor of a book has it, into its folder or another.

    What could not be read again is refused before anything is written.
    """
    resource = book.resource(table)
    header = [field["name"] for field in book.fields(table)]
    text = pd.DataFrame(rows, columns=header).to_csv(index=False, lineterminator="\n")
    with tempfile.TemporaryDirectory() as draft:
        write_text(Path(draft) / resource["path"], text)
        problems = read_table(Path(draft), resource)[1]
    if problems:
        told = _("the table could not be read again: {fault}")
        raise WrongArgument(told.format(fault=problems[0]))
    write_text((folder or book.folder) / resource["path"], text)


def _rows(name: str, labels: list[tuple[str, ...]]) -> list[dict[str, str]]:
    """Rows of the codebook; last comes the label in the language in use, where there is one."""
    columns = ("list", "position", "label", "label_en", "definition", f"label_{spoken()}")
    return [
        dict(zip(columns, (name, str(place), *told), strict=False))
        for place, told in enumerate(labels, start=1)
    ]


def _directions(parties: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Every way in which one side can owe another, and two sides a third."""
    fact = _("States a fact, and nobody carries a burden.")
    found = [
        ("mutual", "mutual", _("The same norm binds all sides."), _("mutual")),
        ("declaratory", "declaratory", fact, _("declaratory")),
    ]
    sides = [side for size in (1, 2) for side in combinations(sorted(parties), size)]
    for owing, gaining in product(sides, sides):
        if not set(owing) & set(gaining) and len(owing) + len(gaining) < 4:
            names = [[parties[key] for key in side] for side in (owing, gaining)]
            debtor, other = map(" and ".join, names)
            words = f"{debtor} {'owe' if len(owing) > 1 else 'owes'} {other}"
            label = f"{'+'.join(owing)}->{'+'.join(gaining)}"
            debtor, other = map(_(" and ").join, names)
            meaning = _("The burden is with {debtor}, the gain with {other}.")
            told = _("{debtors} owe {other}") if len(owing) > 1 else _("{debtor} owes {other}")
            given = {"debtor": debtor, "debtors": debtor, "other": other}
            found.append((label, words, meaning.format(**given), told.format(**given)))
    return found

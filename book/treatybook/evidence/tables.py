"""The tables of the book, read and typed as their descriptor says.

Nothing else in the package knows where the data lies. The descriptor
``datapackage.json`` (a Frictionless Data Package) is the schema of record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd
from pybtex.database import BibliographyData, parse_file
from pybtex.exceptions import PybtexError

from treatybook.evidence import bibtex, dates, descriptor, landmap, wording
from treatybook.evidence.bibliography import Source
from treatybook.evidence.descriptor import BIBLIOGRAPHY, DESCRIPTOR
from treatybook.evidence.errors import InputError, WrongArgument, known_key, nearest, seen
from treatybook.evidence.landmap import BASEMAP
from treatybook.evidence.reading import Problem, Row, Unreadable, read_table
from treatybook.evidence.wording import _

SEPARATOR = "; "
ARROW = " => "
PLACEHOLDER = "your answer"  # stands where a learner writes the answer to a question
BOOK_FOLDER = Path(__file__).resolve().parents[2]
ROOT = BOOK_FOLDER.parent  # the repository
DATA_FOLDER = ROOT / "data"
NOTEBOOK_FOLDER = ROOT / "notebooks"  # written from the pages, and a reader's own beside them
LANGUAGES = tuple(wording.LANGUAGES)
# Claims are compared by these words; in every language the same rows must have the same.
COMPARED = ("subject", "value")
LICENCE = "LICENSE-CONTENT"


class NoFolder(InputError, FileNotFoundError):
    """A folder is not there, or holds no tables; the message says what to do."""


class NoRow(InputError, KeyError):
    """A table, row or label is asked for that is not there."""

    __str__ = Exception.__str__  # a KeyError shows its text in quotes


class NoTable(InputError, AttributeError):
    """A book is asked for a table under a name that none has."""


class Found(dict):
    """Cells by the key of their row; a key that no row has is told with the nearest."""

    def __init__(self, cells: dict, table: str) -> None:
        super().__init__(cells)
        self.table = table

    def __missing__(self, key: object) -> object:
        near = nearest(key, [known for known in self if isinstance(known, str)])
        raise NoRow(_("no {key} in {place}").format(key=seen(key), place=self.table) + near)


@lru_cache(maxsize=8)
def _described(folder: Path, stamp: int, language: str) -> tuple[dict, list[Problem]]:
    return descriptor.load(folder)


@lru_cache(maxsize=8)
def _parsed(bibliography: Path, stamp: int) -> BibliographyData:
    return parse_file(str(bibliography), bib_format="bibtex")


@dataclass(frozen=True)
class Book:
    """All tables of one data folder, each read when it is first asked for.

    ``book.table("events")`` and ``book.events`` give the same pandas DataFrame.

    Attributes
    ----------
    folder : pathlib.Path
        The folder with ``datapackage.json`` and the CSV files.
    bibliography_file : pathlib.Path
        The BibTeX file with the sources.
    stamp : int
        When the files were last written; it tells a folder from the same folder changed.
    language : str
        Language of the reader, ``en`` or ``ru``: that of the columns which stand in both.
    """

    folder: Path
    bibliography_file: Path
    stamp: int = 0
    language: str = LANGUAGES[0]

    @cached_property
    def descriptor(self) -> dict:
        """The Data Package descriptor, as a dictionary.

        Raises
        ------
        Unreadable
            If it is damaged; the message is that of the check.
        """
        if self.descriptor_faults:
            raise Unreadable(str(self.descriptor_faults[0]))
        return _described(self.folder, self.stamp, wording.spoken())[0]

    @property
    def descriptor_faults(self) -> list[Problem]:
        """What is wrong with the descriptor by itself."""
        return _described(self.folder, self.stamp, wording.spoken())[1]

    @property
    def agreement(self) -> str:
        """Key of the instrument that the book is about, or an empty text."""
        return self.settings.get("agreement", "")

    @property
    def account(self) -> str:
        """Key of the source whose account the book tests, or an empty text."""
        return self.settings.get("account", "")

    @property
    def settings(self) -> dict:
        """What the descriptor says of the book: its agreement, account, party, neighbours, spans."""
        return self.descriptor.get("book", {})

    @cached_property
    def names(self) -> list[str]:
        """Names of the tables, in the order of the descriptor."""
        return [resource["name"] for resource in self.descriptor["resources"]]

    @cached_property
    def bibliography(self) -> BibliographyData:
        """The sources, as pybtex reads them.

        Raises
        ------
        Unreadable
            If the file cannot be read; the message is that of the check.
        """
        try:
            return _parsed(self.bibliography_file, self.stamp)
        except (PybtexError, UnicodeDecodeError, OSError) as error:
            faults = bibtex.examine(self.bibliography_file)[1]
            raise Unreadable(str(faults[0]) if faults else str(error)) from error

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources by their key, in the order of the bibliography."""
        return {key: Source(key, entry) for key, entry in self.bibliography.entries.items()}

    @cached_property
    def basemap(self) -> dict:
        """The base map as GeoJSON: land, lakes, rivers and today's borders.

        An empty collection where the data folder has no base map.

        Raises
        ------
        Unreadable
            If it is broken; the message is that of the check.
        """
        collection, fault = landmap.read_map(self.folder)
        if fault:
            raise Unreadable(str(fault))
        return collection

    def files(self) -> dict[str, bytes]:
        """Every file of the data by its name: tables, descriptor, notes, sources, map, licence."""
        paths = {path.name: path for path in sorted(_files(self.folder))}
        paths[self.bibliography_file.name] = self.bibliography_file
        paths[BASEMAP] = self.folder / BASEMAP
        paths[LICENCE] = self.folder.parent / LICENCE
        return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}

    def resource(self, name: str) -> dict:
        """Description of one table in the descriptor.

        Raises
        ------
        KeyError
            If the descriptor has no table of that name.
        """
        for resource in self.descriptor["resources"]:
            if resource["name"] == name:
                return resource
        near = nearest(name, self.names)
        told = _("no table {name}; there are: {names}")
        raise NoRow(told.format(name=seen(name), names=", ".join(self.names)) + near)

    def fields(self, name: str) -> list[dict]:
        """Descriptions of the columns of one table."""
        return self.resource(name)["schema"]["fields"]

    def table(self, name: str) -> pd.DataFrame:
        """One table as a new DataFrame.

        Lists become tuples, numbers become nullable numbers, dates become
        :class:`~treatybook.evidence.dates.EdtfDate` (``None`` where empty), other cells stay text.
        Beside ``title_en`` and ``title_ru`` there is ``title``, in the reader's language, and so
        for every text that the file has in both.

        Raises
        ------
        KeyError
            If the descriptor has no table of that name.
        Unreadable
            If the file cannot be read; the message is that of the check.
        """
        return self._typed(name).copy()

    @lru_cache(maxsize=256)  # noqa: B019 - a Book lives as long as the page that uses it
    def _typed(self, name: str) -> pd.DataFrame:
        rows, problems = read_table(self.folder, self.resource(name))
        if problems:
            raise Unreadable(str(problems[0]))
        columns = {field["name"]: _column(field, rows) for field in self.fields(name)}
        return _with_readers_words(pd.DataFrame(columns), self.language)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.names:
            near = "" if name.startswith("_") else nearest(name, self.names)
            raise NoTable(_("the book has no {name!r}").format(name=name) + near)
        return self.table(name)

    def by_key(self, table: str, column: str) -> dict[str, object]:
        """One column of a table whose rows have a single key: from the key to the cell."""
        rows, (key,) = self._typed(table), self.resource(table)["schema"]["primaryKey"]
        cells = dict(zip(rows[key], rows[column], strict=True))
        return Found(cells, self.resource(table)["path"])

    @lru_cache(maxsize=64)  # noqa: B019 - as above
    def rows(self, table: str) -> Mapping[str, dict]:
        """The rows of a table with a single key, each as a dictionary, by that key."""
        (key,) = self.resource(table)["schema"]["primaryKey"]
        found = {row[key]: row for row in self._typed(table).to_dict("records")}
        return MappingProxyType(Found(found, self.resource(table)["path"]))

    def labels(self, list_name: str, language: str = "") -> dict[str, str]:
        """Labels of one closed list, in the order of the codebook.

        Returns
        -------
        dict of str to str
            From the label in the tables to the words a reader sees, in English where there are
            none in the language.

        Raises
        ------
        WrongArgument
            If neither the codebook nor a column knows the list, or if there is no such language.
        """
        list_name = known_key("list", list_name, self._lists, "codebook.csv")
        # The tables may speak a language in which the site has no pages.
        told = (name for name in self._typed("codebook") if name.startswith("label_"))
        known = dict.fromkeys((*LANGUAGES, *(name.removeprefix("label_") for name in told)))
        language = known_key("language", language or self.language, known)
        words = self._labels(list_name, language)
        return Found(words, _("the list {name!r} of codebook.csv").format(name=list_name))

    def told(self, english: str) -> str:
        """What the reader is told in place of an English heading or label; itself if nothing is."""
        if (words := _(english)) != english or self.language == wording.SOURCE:
            return words
        return self._named.get(english) or english

    @cached_property
    def _named(self) -> dict[str, str]:
        """Labels and short names of instruments: what stands in the first column of tables."""
        found = {}
        for table, column in (("treaties", "short"), ("codebook", "label")):
            rows = self._typed(table)
            english = rows[f"{column}_en"]
            words = rows.get(f"{column}_{self.language}", english)
            found |= dict(zip(english, words, strict=True))
        return found

    def parties(self, list_name: str) -> dict[str, str]:
        """The party of each label of a closed list, empty for none.

        Raises
        ------
        WrongArgument
            If the codebook does not know the list.
        """
        list_name = known_key("list", list_name, self._lists, "codebook.csv")
        rows = self._typed("codebook")
        rows = rows[rows["list"] == list_name]
        return dict(zip(rows["label"], rows["party"], strict=True))

    @cached_property
    def _lists(self) -> list[str]:
        """Closed lists: those of the codebook, and those that a column asks for."""
        fields = (field for name in self.names for field in self.fields(name))
        asked = [field["vocabulary"] for field in fields if field.get("vocabulary")]
        return sorted({*self._typed("codebook")["list"], *asked})

    @lru_cache(maxsize=64)  # noqa: B019 - as above
    def _labels(self, list_name: str, language: str) -> dict[str, str]:
        rows = self._typed("codebook")
        rows = rows[rows["list"] == list_name].sort_values("position")
        words = rows.get(f"label_{language}", rows["label_en"])
        words = words.where(words != "", rows["label_en"])
        return dict(zip(rows["label"], words, strict=True))


def _with_readers_words(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """A table with a column ``title`` where the file has ``title_en`` and ``title_ru``.

    It stands before them, in English where there is no other; a column of the file keeps its own.
    A column that stands beside its translation, as ``note`` and ``note_ru``, takes the words of
    that where it has any; the English ones are then in ``note_en``.
    """
    for name in list(table) if language != wording.SOURCE else ():
        if f"{name}_{language}" in table and f"{name}_en" not in table:
            words = _told_in(table, name, f"{name}_{language}")
            table.insert(table.columns.get_loc(name) + 1, f"{name}_en", table[name])
            table[name] = words
    for place, english in reversed(list(enumerate(table.columns))):
        name = english.removesuffix("_en")
        if name == english or name in table:
            continue
        other = f"{name}_{language}"
        table.insert(place, name, _told_in(table, english, other if other in table else english))
    return table


def _told_in(table: pd.DataFrame, name: str, other: str) -> pd.Series:
    words = translations(table, name, other)
    if name == "name":  # of several names of a place the first one stands in prose
        words = words.str.split(SEPARATOR).str[0]
    return words.where(words.map(bool), table[name])


def english(row: Mapping[str, object], name: str) -> object:
    """A cell of a row in English, whatever the reader's language is."""
    return row.get(f"{name}_en", row[name])


def translations(table: pd.DataFrame, name: str, other: str) -> pd.Series:
    """The cells of a column in another language, empty where nobody has translated them.

    Words by which rows are compared need one translation, in whichever row.
    """
    if name not in COMPARED:
        return table[other]
    words, filled = table[name].str.casefold(), table[other] != ""
    known = dict(zip(words[filled], table[other][filled], strict=True))
    return words.map(lambda word: known.get(word, ""))


def _column(field: dict, rows: list[Row]) -> pd.Series:
    name, made = field["name"], []
    make, dtype = _maker(field)
    for row in rows:
        try:
            made.append(make(row[name]))
        except ValueError as error:
            # A date says itself what is wrong with it; of a number Python says little.
            kind = error
            if not isinstance(error, InputError):
                kind = _("it must be a {kind}").format(kind=field["type"])
            raise Unreadable(str(row.fault(name, str(kind)))) from error
    return pd.Series(made, dtype=dtype)


def _maker(field: dict) -> tuple[Callable[[str], object], object]:
    """What makes a cell of a column out of its text, and the type of the column."""
    if field.get("list"):
        return split, object
    if field.get("dateFormat") == "edtf" and field.get("calendar") != "julian":
        return lambda cell: dates.parse(cell) if cell else None, object
    if field["type"] == "integer":
        return lambda cell: int(cell) if cell else None, "Int64"
    if field["type"] == "number":
        return lambda cell: float(cell) if cell else None, "Float64"
    return str, object


def _files(folder: Path) -> list[Path]:
    """Files of a folder without those that come and go while somebody writes."""
    return [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]


def pair(item: str) -> tuple[str, str]:
    """The two sides of ``"1921-11 => That is later."``.

    Raises
    ------
    ValueError
        If the item does not have this form.
    """
    left, arrow, right = item.partition(ARROW)
    if not (left and arrow and right):
        raise ValueError(f"{item!r} is not written as 'one{ARROW}other'")
    return left, right


def split(cell: str) -> tuple[str, ...]:
    """Split a list cell, ``"urga; kyakhta"``, into its items."""
    return tuple(cell.split(SEPARATOR)) if cell else ()


_read: list[Book] = []  # the book that was read last


def read(
    folder: str | Path = DATA_FOLDER,
    bibliography: str | Path | None = None,
    language: str = "",
) -> Book:
    """Open a data folder.

    Parameters
    ----------
    folder : path, optional
        A folder with ``datapackage.json`` and its CSV files; the book's own by default.
    bibliography : path, optional
        A BibTeX file; by default ``references.bib`` in the folder, or else the book's own.
    language : str, optional
        Language of the reader, ``en`` or ``ru``; by default that of the edition, or English. Words
        of the tables, figures and messages are in it.

    Returns
    -------
    Book

    Raises
    ------
    FileNotFoundError
        If the folder has no ``datapackage.json``.
    Unreadable
        If the folder cannot be opened, or its descriptor is damaged; the message is that of the
        check.
    WrongArgument
        If there is no such language.
    """
    language = known_key("language", language or wording.spoken(), LANGUAGES)
    wording.speak(language)
    book = replace(opened(folder, bibliography), language=language)
    if book.descriptor_faults:
        raise Unreadable(str(book.descriptor_faults[0]))
    _read[:] = [book]
    return book


def last_read() -> Book:
    """The book that was read last, whose words ``show`` takes; the book's own if none was."""
    return _read[0] if _read else read()


def opened(folder: str | Path = DATA_FOLDER, bibliography: str | Path | None = None) -> Book:
    """Open a data folder like :func:`read`, but also one whose descriptor is damaged.

    Raises
    ------
    FileNotFoundError, Unreadable
        As for :func:`read`.
    """
    for asked in (folder, bibliography):
        if not isinstance(asked, str | Path | None):
            told = _("a folder is named in quotes, and this is not: {found}")
            raise WrongArgument(told.format(found=seen(asked)))
    folder = Path(folder).resolve()
    try:
        if not (folder / DESCRIPTOR).is_file():
            # Newer Pythons say so of a folder that cannot be opened, too: listing it fails.
            list(folder.iterdir() if folder.is_dir() else ())
            near = sorted({file.parent.name for file in folder.parent.glob(f"*/{DESCRIPTOR}")})
            told = _("{folder} has no {file}, so it is not a data folder")
            told = told.format(folder=folder, file=DESCRIPTOR)
            raise NoFolder(told + nearest(folder.name, near))
        if bibliography is None:
            own = folder / BIBLIOGRAPHY
            bibliography = own if own.is_file() else BOOK_FOLDER / BIBLIOGRAPHY
        bibliography = Path(bibliography).resolve()
        files = [path for path in (bibliography, folder, *_files(folder)) if path.exists()]
        stamp = max(path.stat().st_mtime_ns for path in files)
    except PermissionError as error:
        told = _("{folder} cannot be opened: make the folder readable").format(folder=folder)
        raise Unreadable(told) from error
    return Book(folder, bibliography, stamp)

"""Reading a table: from the bytes of a CSV file to rows, or to one line that says what is wrong.

What the standard of CSV (RFC 4180) allows is read as it is: a byte-order mark, line ends of
Windows, any cell in quotes. Everything else that cannot be read is one fault of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from treatybook.evidence.errors import NEAR, InputError, nearest, shortened
from treatybook.evidence.wording import _, number

LONGEST_CELL = 20_000  # characters
LONGEST_FILE = 200_000_000  # bytes
MERGE = re.compile(r"^(<{7}|={7}|>{7})(?= |$)", re.MULTILINE)
ENDLESS = 131_072  # characters from which a cell has swallowed others
FIELD_LARGER, UNENDED = "field larger", "unexpected end"  # as the module csv says it


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what was found, what is allowed.

    ``str(problem)`` gives ``events.csv, line 4, column date: found "...": message``. The key
    of the row is empty where the row could not be read.
    """

    file: str
    line: int
    column: str
    found: str
    allowed: str
    key: str = ""

    def __str__(self) -> str:
        column = _(", column {column}").format(column=self.column) if self.column else ""
        return self._told(at_line(self.file, self.line) + column)

    def _told(self, place: str) -> str:
        said = _("{place}: found {found!r}; {allowed}")
        return said.format(place=place, found=shortened(self.found), allowed=self.allowed)


@dataclass(frozen=True)
class FileProblem(Problem):
    """One fault of a file that is no table: its column says in words where inside it is.

    ``str(problem)`` gives ``datapackage.json: resource rules, field reason: found ...``.
    """

    def __str__(self) -> str:
        inside = f": {self.column}" if self.column else ""
        return self._told(at_line(self.file, self.line) + inside)


def at_line(file: str, line: int) -> str:
    """A place in a file: ``events.csv, line 4``, or the file alone."""
    return _("{file}, line {line}").format(file=file, line=line) if line else file


def nothing() -> str:
    """What stands in a message for what was found in an empty cell."""
    return _("nothing")


class Unreadable(InputError, ValueError):
    """A file of the data cannot be read; the message is that of the check."""


@dataclass(frozen=True)
class Row:
    """One row of a file: its table, the line it starts on (as an editor counts) and its cells."""

    resource: dict
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def key(self) -> str:
        """Key of the row as one text."""
        return " / ".join(self[name] for name in self.resource["schema"]["primaryKey"])

    def fault(self, column: str, allowed: str, found: str | None = None) -> Problem:
        """What is wrong with a cell, or with the part of it that was found."""
        found = self[column] if found is None else found
        return Problem(self.resource["path"], self.line, column, found, allowed, self.key)


def read_table(folder: Path, resource: dict) -> tuple[list[Row], list[Problem]]:
    """Read one table as far as it can be read.

    Parameters
    ----------
    folder : pathlib.Path
        The data folder.
    resource : dict
        What the descriptor says of the table.

    Returns
    -------
    (list of Row, list of Problem)
        The rows, and what is wrong. There are no rows if the file cannot be read as a table.
    """
    file = resource["path"]
    text, fault = _text(folder, file)
    if fault:
        return [], [fault]
    header = [field["name"] for field in resource["schema"]["fields"]]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    start = 1
    try:
        if wrong := _wrong_header(text, next(reader, []), header):
            return [], [Problem(file, 1, "", *wrong)]
        start = reader.line_num + 1
        for cells in reader:
            # The limit of the module csv is one for the whole process: others change it.
            if max(map(len, cells), default=0) > ENDLESS:
                raise csv.Error(FIELD_LARGER)
            if not any(cells):
                problems.append(Problem(file, start, "", _("an empty line"), _("take it out")))
            elif len(cells) == len(header):
                rows.append(Row(resource, start, dict(zip(header, cells, strict=True))))
            else:
                rule = _('{n} cells are expected; a text with a comma needs "quotes"')
                rule = rule.format(n=len(header))
                found = _("{n} cells").format(n=len(cells))
                problems.append(Problem(file, start, "", found, rule))
            start = reader.line_num + 1
    except csv.Error as error:
        rest = list(io.StringIO(text, newline=""))[start - 1 :]
        endless = UNENDED in str(error) and sum(map(len, rest)) > ENDLESS
        return [], [Problem(file, start, "", *_broken(FIELD_LARGER if endless else str(error)))]
    return rows, problems


def _text(folder: Path, file: str) -> tuple[str, Problem | None]:
    """The text of a file, or why there is none: what spreadsheets, editors and merges do."""
    path = folder / file
    if not path.is_file():
        others = [p.name for p in folder.iterdir() if p.name.casefold() == file.casefold()]
        rule = _("the descriptor names this table")
        if others:
            rule = _("the descriptor names this table; there is {other}, and capitals count")
            rule = rule.format(other=others[0])
        return "", Problem(file, 0, "", _("no such file"), rule)
    if (size := path.stat().st_size) > LONGEST_FILE:
        rule = _("at most {n} bytes in a table").format(n=number(LONGEST_FILE))
        return "", Problem(file, 0, "", _("{n} bytes").format(n=number(size)), rule)
    text, fault = text_of(path, file)
    if not fault and not text.strip():
        fault = Problem(file, 1, "", _("an empty file"), _("the first line must be the header"))
    return text, fault


def text_of(path: Path, file: str) -> tuple[str, Problem | None]:
    """The text of a file, or why there is none.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    file : str
        Its name in messages.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        rule = _("make it readable: {reason}").format(reason=reason)
        return "", Problem(file, 0, "", _("a file that cannot be opened"), rule)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = _("byte {code}").format(code=f"{raw[error.start]:02x}")
        if file.endswith(".csv"):
            rule = _('not UTF-8; in Excel choose "CSV UTF-8"')
        else:
            rule = _("not UTF-8; save it as UTF-8")
        return "", Problem(file, line, "", bad, rule)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        return "", Problem(file, line, "", _("a null byte"), _("only text is allowed"))
    if found := MERGE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return "", Problem(file, line, "", found.group(), _("resolve the merge conflict first"))
    return text, None


def _wrong_header(text: str, found: Sequence[str], header: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with the first line of a file, and what is allowed."""
    if list(found) == list(header):
        return None
    first = text.splitlines()[0]
    rules = {
        ";": _("the cells are split by semicolons: save the file with commas between them"),
        "\t": _("the cells are split by tabs: save the file with commas between them"),
    }
    for sign, rule in rules.items():
        if first.count(sign) >= len(header) - 1:
            return first, rule
    parts = []
    if twice := [name for name in dict.fromkeys(found) if found.count(name) > 1]:
        parts.append(_("only once: {names}").format(names=", ".join(twice)))
    if lacking := [name for name in header if name not in found]:
        parts.append(_("lacking: {names}").format(names=", ".join(lacking)))
    if unknown := [name for name in dict.fromkeys(found) if name not in header]:
        told = [f"{name!r}{nearest(name, lacking, NEAR)}" for name in unknown]
        parts.append(_("not known: {names}").format(names=", ".join(told)))
    order = _("the columns must stand in this order: {names}").format(names=", ".join(header))
    rule = _("the header must name every column once; {faults}")
    return first, rule.format(faults="; ".join(parts or [order]))


def _broken(error: str) -> tuple[str, str]:
    """What the reader of CSV stumbled over, in words, and what to do."""
    if FIELD_LARGER in error:
        rule = _("at most {n} characters; is a quote missing?").format(n=number(LONGEST_CELL))
        return _("a cell without an end"), rule
    return _("a stray quote ({error})").format(error=error), _('double it: ""')

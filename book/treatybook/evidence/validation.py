"""Checks of the data that the descriptor cannot state, with one plain form for every error.

``python -m treatybook check`` checks the book's own data and exits with 1 if anything is wrong.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pybtex.database import parse_file
from pybtex.exceptions import PybtexError

from treatybook.evidence import dates
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.tables import ARROW, BIBLIOGRAPHY, SEPARATOR, Book, pair, read, split

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
MAX_SHOWN_CHOICES = 12


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
        place = f"{self.file}, line {self.line}"
        column = f", column {self.column}" if self.column else ""
        return f"{place}{column}: found {self.found!r}; {self.allowed}"


@dataclass(frozen=True)
class Row:
    """One row of a file: the line it starts on (as an editor counts) and its cells."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Loaded:
    """A file that could be read, and the column types its descriptor gives."""

    name: str
    file: str
    fields: list[dict]
    key: list[str]
    rows: list[Row]


def check(book: Book) -> list[Problem]:
    """Find every fault of a data folder.

    Parameters
    ----------
    book : Book
        The tables to check; nothing is assumed about them but a readable descriptor.

    Returns
    -------
    list of Problem
        All faults, in the order of files and lines; empty if there is none.
    """
    problems: list[Problem] = []
    tables: dict[str, Loaded] = {}
    for resource in book.descriptor["resources"]:
        rows, faults = _load(book.folder, resource)
        problems += faults
        schema = resource["schema"]
        fields, key = schema["fields"], schema["primaryKey"]
        tables[resource["name"]] = Loaded(resource["name"], resource["path"], fields, key, rows)
    keys, faults = _source_keys(book.bibliography_file)
    problems += faults
    for table in tables.values():
        problems += _check_cells(table)
        problems += _check_key(table)
    problems += _check_references(tables, keys)
    problems += _check_vocabularies(tables)
    problems += _check_old_style(tables)
    problems += _check_evidence(tables)
    problems += _check_event_dates(tables)
    problems += _check_order(tables)
    problems += _check_quizzes(tables)
    keys_of = {(t.file, row.line): row_key(t, row) for t in tables.values() for row in t.rows}
    problems = [replace(p, key=keys_of.get((p.file, p.line), "")) for p in problems]
    order = {resource["path"]: n for n, resource in enumerate(book.descriptor["resources"])}
    return sorted(problems, key=lambda p: (order.get(p.file, -1), p.line, p.column, p.found))


def row_key(table: Loaded, row: Row) -> str:
    """Key of a row as one text."""
    return " / ".join(row.cells[name] for name in table.key)


def _load(folder: Path, resource: dict) -> tuple[list[Row], list[Problem]]:
    """Read one file as far as it can be read; say what is wrong with the rest."""
    file = resource["path"]
    path = folder / file
    if not path.is_file():
        return [], [Problem(file, 0, "", "no such file", "the descriptor names this table")]
    raw = path.read_bytes()
    problems = list(_check_bytes(file, raw))
    if problems:
        return [], problems
    text = raw.decode("utf-8")
    header = [field["name"] for field in resource["schema"]["fields"]]
    first = text.split("\n", 1)[0]
    if first != ",".join(header):
        hint = "; the cells are split by semicolons" if ";" in first and "," not in first else ""
        return [], [Problem(file, 1, "", first, f"the header must be {','.join(header)}{hint}")]
    return _read_rows(file, text, header)


def _check_bytes(file: str, raw: bytes) -> Iterator[Problem]:
    """File sanity: what spreadsheets, editors and merges do to a file."""
    if not raw.strip():
        yield Problem(file, 1, "", "an empty file", "the first line must be the header")
        return
    if raw.startswith(b"\xef\xbb\xbf"):
        yield Problem(file, 1, "", "a byte-order mark", 'save as "UTF-8" without BOM')
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        bad = raw[error.start : error.start + 1].hex()
        yield Problem(file, line, "", f"byte {bad}", 'not UTF-8; in Excel choose "CSV UTF-8"')
        return
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        yield Problem(file, line, "", "a Windows line end (CR)", "end lines with LF only")
        return
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        yield Problem(file, line, "", "a null byte", "only text is allowed")
        return
    marker = re.search(r"^(<{7}|={7}|>{7})( |$)", text, re.MULTILINE)
    if marker:
        line = text[: marker.start()].count("\n") + 1
        yield Problem(file, line, "", marker.group(1), "resolve the merge conflict first")


def _read_rows(file: str, text: str, header: list[str]) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if start == 1:
                continue
            if len(cells) == len(header):
                rows.append(Row(start, dict(zip(header, cells, strict=True))))
            elif not cells:
                problems.append(Problem(file, start, "", "an empty line", "take it out"))
            else:
                rule = f'{len(header)} cells are expected; a text with a comma needs "quotes"'
                problems.append(Problem(file, start, "", f"{len(cells)} cells", rule))
    except csv.Error as error:
        problems.append(Problem(file, line, "", f"a stray quote ({error})", 'double it: ""'))
    return rows, problems


def _source_keys(path: Path) -> tuple[set[str], list[Problem]]:
    if not path.is_file():
        return set(), [Problem(path.name, 0, "", "no such file", "the sources stand there")]
    try:
        return set(parse_file(str(path), bib_format="bibtex").entries.keys()), []
    except (PybtexError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 0
        return set(), [Problem(path.name, line, "", str(error), "the file must be valid BibTeX")]


def _check_cells(table: Loaded) -> Iterator[Problem]:
    for row in table.rows:
        for field in table.fields:
            name = field["name"]
            for found, allowed in _check_cell(field, row.cells[name]):
                yield Problem(table.file, row.line, name, found, allowed)


def _check_cell(field: dict, cell: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one cell, by its own column alone."""
    rules = field.get("constraints", {})
    if not cell:
        if rules.get("required"):
            yield "nothing", f"this cell must be filled: {field['description']}"
        return
    if cell != cell.strip() or "\n" in cell:
        yield cell, "no blanks at the ends and no line breaks"
        return
    if cell.startswith(FORMULA_SIGNS) and field["type"] == "string":
        yield cell, "a cell must not begin like a spreadsheet formula (= + - @)"
    if re.search(r"<[a-zA-Z/!][^>]*>", cell):
        yield cell, "plain text only, no HTML"
    items = cell.split(SEPARATOR) if field.get("list") else [cell]
    for item in items:
        yield from _check_item(field, rules, item)
    if len(set(items)) != len(items):
        yield cell, "each item only once"


def _check_item(field: dict, rules: dict, item: str) -> Iterator[tuple[str, str]]:
    if field.get("list") and (not item or item != item.strip() or ";" in item):
        yield item, f'items are separated by "{SEPARATOR}" (semicolon and one blank)'
    elif field["type"] in ("integer", "number"):
        yield from _check_number(field, rules, item)
    elif field.get("dateFormat") == "edtf":
        try:
            parsed = dates.parse(item)
        except dates.DateError as error:
            yield item, str(error)
        else:
            if not 1500 <= (parsed.earliest.year if parsed.earliest.year > 1 else 1900) <= 2100:
                yield item, "a year between 1500 and 2100"
    elif (pattern := rules.get("pattern")) and not re.fullmatch(pattern, item):
        yield item, f"it must look like {field.get('example', pattern)!r} ({pattern})"


def _check_number(field: dict, rules: dict, item: str) -> Iterator[tuple[str, str]]:
    shape = r"-?\d+" if field["type"] == "integer" else r"-?\d+(\.\d+)?"
    if not re.fullmatch(shape, item):
        kind = "a whole number" if field["type"] == "integer" else "a number with a point"
        yield item, f"{kind}, digits only"
        return
    low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
    if not low <= float(item) <= high:
        yield item, f"a number from {low} to {high}"


def _check_key(table: Loaded) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in table.rows:
        key = row_key(table, row)
        if key in seen:
            rule = f"it stands already on line {seen[key]}; each key only once"
            yield Problem(table.file, row.line, table.key[0], key, rule)
        seen.setdefault(key, row.line)


def _items(field: dict, cell: str) -> list[str]:
    if not cell:
        return []
    return cell.split(SEPARATOR) if field.get("list") else [cell]


def _unknown(item: str, known: Mapping[str, str], where: str) -> str:
    """What is allowed instead: codes with their words, where both are known and few enough."""
    meant = nearest(item, list(known), NEAR)
    if len(known) > MAX_SHOWN_CHOICES:
        return f"not in {where}{meant}"
    shown = [
        code if words.casefold() in ("", code) else f"{code} ({words})"
        for code, words in sorted(known.items())
    ]
    return f"allowed in {where}: {', '.join(shown)}{meant}"


def _check_references(tables: dict[str, Loaded], source_keys: set[str]) -> Iterator[Problem]:
    for table in tables.values():
        for field in table.fields:
            target = field.get("refersTo")
            if not target:
                continue
            if target == BIBLIOGRAPHY:
                known = dict.fromkeys(source_keys, "")
            else:
                name, column = target.split(".")
                known = {row.cells[column]: "" for row in tables[name].rows}
            for row in table.rows:
                for item in _items(field, row.cells[field["name"]]):
                    if item not in known:
                        rule = _unknown(item, known, target)
                        yield Problem(table.file, row.line, field["name"], item, rule)


def _check_vocabularies(tables: dict[str, Loaded]) -> Iterator[Problem]:
    lists: dict[str, dict[str, str]] = {}
    for row in tables["codebook"].rows:
        lists.setdefault(row.cells["list"], {})[row.cells["label"]] = row.cells["label_en"]
    for table in tables.values():
        for field in table.fields:
            name = field.get("vocabulary")
            if not name:
                continue
            known = lists.get(name, {})
            for row in table.rows:
                for item in _items(field, row.cells[field["name"]]):
                    if item not in known:
                        rule = _unknown(item, known, f"the list {name!r} of the codebook")
                        yield Problem(table.file, row.line, field["name"], item, rule)


def _parsed(cell: str) -> dates.EdtfDate | None:
    try:
        return dates.parse(cell) if cell else None
    except dates.DateError:
        return None  # told where the cell itself is checked


def _check_old_style(tables: dict[str, Loaded]) -> Iterator[Problem]:
    """Old Style and New Style must be the same day, by computation."""
    for table in tables.values():
        if not any(field.get("calendar") == "julian" for field in table.fields):
            continue
        for row in table.rows:
            old, new = row.cells["date_old_style"], row.cells["date"]
            if not old:
                continue
            try:
                computed = dates.new_style(old)
            except dates.DateError as error:
                yield Problem(table.file, row.line, "date_old_style", old, str(error))
                continue
            if computed != new.rstrip("?~%"):
                rule = f"in the New Style that is {computed}, but the column date has {new}"
                yield Problem(table.file, row.line, "date_old_style", old, rule)


def _check_evidence(tables: dict[str, Loaded]) -> Iterator[Problem]:
    """No row may stand higher than what supports it."""
    best: dict[str, int] = {}
    for row in tables["claims"].rows:
        level = row.cells["evidence"]
        if level in LEVELS:
            for event in _items({"list": True}, row.cells["events"]):
                best[event] = min(best.get(event, len(LEVELS)), LEVELS.index(level))
    for row in tables["events"].rows:
        level = row.cells["evidence"]
        has = best.get(row.cells["event_id"], LEVELS.index("unverified"))
        if level in LEVELS and LEVELS.index(level) < has:
            rule = (
                f"no claim about {row.cells['event_id']} reaches this level; "
                f"the best is {LEVELS[min(has, len(LEVELS) - 1)]!r}"
            )
            yield Problem("events.csv", row.line, "evidence", level, rule)
    for table in tables.values():
        names = {field["name"] for field in table.fields}
        column = "source" if "source" in names else "sources" if "sources" in names else ""
        if "evidence" not in names or not column:
            continue
        for row in table.rows:
            level = row.cells["evidence"]
            if level not in ("unverified", "computed", "") and not row.cells[column]:
                rule = f"a row without {column} can only be 'unverified' or 'computed'"
                yield Problem(table.file, row.line, "evidence", level, rule)


def _check_event_dates(tables: dict[str, Loaded]) -> Iterator[Problem]:
    """An event lies within what at least one claim says of its date.

    What is only *about* a day may lie beside it, and a computed date has no claim of its own.
    """
    claimed: dict[str, list[tuple[str, dates.EdtfDate]]] = {}
    for row in tables["claims"].rows:
        said = _parsed(row.cells["date"]) if row.cells["field"] == "date" else None
        for event in split(row.cells["events"]) if said else ():
            claimed.setdefault(event, []).append((row.cells["claim_id"], said))
    for row in tables["events"].rows:
        event, when = row.cells["event_id"], _parsed(row.cells["date"])
        claims = claimed.get(event)
        if not when or not claims or row.cells["evidence"] == "computed":
            continue
        if not any(_may_be_one(when, said) for _, said in claims):
            told = "; ".join(f"{claim} says {said}" for claim, said in claims)
            rule = f"{event} is dated {when}, but no claim about it has such a date: {told}"
            yield Problem("events.csv", row.line, "date", row.cells["date"], rule)


def _may_be_one(when: dates.EdtfDate, said: dates.EdtfDate) -> bool:
    overlap = when.earliest <= said.latest and said.earliest <= when.latest
    return overlap or when.approximate or said.approximate


def _check_order(tables: dict[str, Loaded]) -> Iterator[Problem]:
    """Chronology rules, people's lives and ranges of figures."""
    when = {row.cells["event_id"]: _parsed(row.cells["date"]) for row in tables["events"].rows}
    for row in tables["rules"].rows:
        earlier, later = when.get(row.cells["earlier"]), when.get(row.cells["later"])
        if earlier and later and later.before(earlier):
            rule = f"{row.cells['reason']}: {earlier.text} must not be after {later.text}"
            yield Problem("rules.csv", row.line, "later", row.cells["later"], rule)
    for row in tables["people"].rows:
        born, died = _parsed(row.cells["born"]), _parsed(row.cells["died"])
        if born and died and died.before(born):
            rule = f"nobody dies before being born ({row.cells['born']})"
            yield Problem("people.csv", row.line, "died", row.cells["died"], rule)
    for name, low, high in (
        ("forces", "low", "high"),
        ("presence", "strength_low", "strength_high"),
    ):
        for row in tables[name].rows:
            try:
                fits = float(row.cells[low] or 0) <= float(row.cells[high] or "inf")
            except ValueError:
                continue
            if not fits:
                rule = f"it must not be less than {low} ({row.cells[low]})"
                yield Problem(f"{name}.csv", row.line, high, row.cells[high], rule)
    for row in tables["places"].rows:
        if bool(row.cells["latitude"]) != bool(row.cells["longitude"]):
            rule = "a position needs both latitude and longitude"
            yield Problem("places.csv", row.line, "latitude", row.cells["latitude"], rule)


def _check_quizzes(tables: dict[str, Loaded]) -> Iterator[Problem]:
    """Questions: what is said to wrong answers, and the answer among the options."""
    for row in tables["quizzes"].rows:
        options = split(row.cells["options"])
        if options and row.cells["answer"] not in options:
            rule = f"the answer must be one of the options: {', '.join(options)}"
            yield Problem("quizzes.csv", row.line, "answer", row.cells["answer"], rule)
        for item in split(row.cells["feedback"]):
            try:
                pair(item)
            except ValueError:
                rule = f"write 'wrong answer{ARROW}what is said to it', several separated by '; '"
                yield Problem("quizzes.csv", row.line, "feedback", item, rule)


def main(*arguments: str) -> int:
    """Check a data folder (the book's own by default) and print every fault."""
    try:
        book = read(*arguments)
        problems = check(book)
    except (FileNotFoundError, json.JSONDecodeError, KeyError) as error:
        print(f"datapackage.json: {error}", file=sys.stderr)
        return 1
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} faults in the data.")
        return 1
    rows = sum(len(book.table(name)) for name in book.names)
    print(f"The data are in order: {rows:,} rows in {len(book.names)} tables.")
    return 0

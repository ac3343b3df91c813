"""Checks of the data that the descriptor cannot state, with one plain form for every error.

``python -m treatybook check`` checks the book's own data and exits with 1 if anything is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pybtex.database import parse_file
from pybtex.exceptions import PybtexError

from treatybook.evidence import dates
from treatybook.evidence.attestation import LEVELS
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.reading import Problem, Row, read_table
from treatybook.evidence.tables import ARROW, BIBLIOGRAPHY, SEPARATOR, Book, pair, read, split

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
MAX_SHOWN_CHOICES = 12
NUMBERS = {
    "integer": (r"-?\d+", "a whole number, digits only"),
    "number": (r"-?\d+(\.\d+)?", "a number with a point, digits only"),
}

Tables = dict[str, list[Row]]


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
    tables: Tables = {}
    for resource in book.descriptor["resources"]:
        rows, faults = read_table(book.folder, resource)
        problems += [*faults, *_check_rows(resource["schema"], rows)]
        tables[resource["name"]] = rows
    keys, faults = _source_keys(book.bibliography_file)
    problems += [
        *faults,
        *_check_known(book, tables, keys),
        *_check_old_style(tables),
        *_check_evidence(tables),
        *_check_event_dates(tables),
        *_check_order(tables),
        *_check_quizzes(tables),
    ]
    order = {resource["path"]: n for n, resource in enumerate(book.descriptor["resources"])}
    return sorted(problems, key=lambda p: (order.get(p.file, -1), p.line, p.column, p.found))


def _source_keys(path: Path) -> tuple[set[str], list[Problem]]:
    if not path.is_file():
        return set(), [Problem(path.name, 0, "", "no such file", "the sources stand there")]
    try:
        return set(parse_file(str(path), bib_format="bibtex").entries.keys()), []
    except (PybtexError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 0
        return set(), [Problem(path.name, line, "", str(error), "the file must be valid BibTeX")]


def _check_rows(schema: dict, rows: list[Row]) -> Iterator[Problem]:
    """Each cell by itself, and the key, which no other row has."""
    lines: dict[str, int] = {}
    for row in rows:
        for field in schema["fields"]:
            for found, allowed in _check_cell(field, row[field["name"]]):
                yield row.fault(field["name"], allowed, found)
        first = lines.setdefault(row.key, row.line)
        if first != row.line:
            rule = f"it stands already on line {first}; each key only once"
            yield row.fault(schema["primaryKey"][0], rule, row.key)


def _check_cell(field: dict, cell: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one cell, by its own column alone: what was found, what is allowed."""
    if not cell:
        if field.get("constraints", {}).get("required"):
            yield "nothing", f"this cell must be filled: {field['description']}"
        return
    if cell != cell.strip() or "\n" in cell:
        yield cell, "no blanks at the ends and no line breaks"
        return
    if cell.startswith(FORMULA_SIGNS) and field["type"] == "string":
        yield cell, "a cell must not begin like a spreadsheet formula (= + - @)"
    if re.search(r"<[a-zA-Z/!][^>]*>", cell):
        yield cell, "plain text only, no HTML"
    items = _items(field, cell)
    for item in items:
        if rule := _broken_rule(field, item):
            yield item, rule
    if len(set(items)) != len(items):
        yield cell, "each item only once"


def _broken_rule(field: dict, item: str) -> str:
    """What is allowed instead of an item; empty if nothing is wrong with it."""
    rules = field.get("constraints", {})
    if field.get("list") and (not item or item != item.strip() or ";" in item):
        return f'items are separated by "{SEPARATOR}" (semicolon and one blank)'
    if field["type"] in NUMBERS:
        shape, words = NUMBERS[field["type"]]
        if not re.fullmatch(shape, item):
            return words
        low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
        return "" if low <= float(item) <= high else f"a number from {low} to {high}"
    if field.get("dateFormat") == "edtf":
        try:
            date = dates.parse(item)
        except dates.DateError as error:
            return str(error)
        # An open start, in the year 1, is not a year that anybody wrote.
        fits = date.earliest.year == 1 or 1500 <= date.earliest.year <= 2100
        return "" if fits else "a year between 1500 and 2100"
    pattern = rules.get("pattern")
    fits = not pattern or re.fullmatch(pattern, item)
    return "" if fits else f"it must look like {field.get('example', pattern)!r} ({pattern})"


def _items(field: dict, cell: str) -> tuple[str, ...]:
    return split(cell) if field.get("list") or not cell else (cell,)


def _check_known(book: Book, tables: Tables, source_keys: set[str]) -> Iterator[Problem]:
    """Keys stand in the table or the bibliography that they refer to, labels in the codebook."""
    known = {BIBLIOGRAPHY: dict.fromkeys(source_keys, "")}
    for name, rows in tables.items():
        for column in book.resource(name)["schema"]["primaryKey"]:
            known[f"{name}.{column}"] = dict.fromkeys((row[column] for row in rows), "")
    for row in tables["codebook"]:
        known.setdefault(row["list"], {})[row["label"]] = row["label_en"]
    for name, rows in tables.items():
        for field in book.fields(name):
            for place in filter(None, (field.get("refersTo"), field.get("vocabulary"))):
                choices = known.get(place, {})
                for row in rows:
                    for item in _items(field, row[field["name"]]):
                        if item not in choices:
                            yield row.fault(field["name"], _unknown(item, choices, place), item)


def _unknown(item: str, known: Mapping[str, str], place: str) -> str:
    """What is allowed instead: codes with their words, where both are known and few enough."""
    where = place if "." in place else f"the list {place!r} of the codebook"
    meant = nearest(item, list(known), NEAR)
    if len(known) > MAX_SHOWN_CHOICES:
        return f"not in {where}{meant}"
    shown = [
        code if words.casefold() in ("", code) else f"{code} ({words})"
        for code, words in sorted(known.items())
    ]
    return f"allowed in {where}: {', '.join(shown)}{meant}"


def _parsed(cell: str) -> dates.EdtfDate | None:
    with suppress(dates.DateError):  # told where the cell itself is checked
        return dates.parse(cell)
    return None


def _filled(tables: Tables, column: str) -> Iterator[Row]:
    """Rows of all tables in which a column is filled."""
    return (row for rows in tables.values() for row in rows if row.cells.get(column))


def _check_old_style(tables: Tables) -> Iterator[Problem]:
    """Old Style and New Style must be the same day, by computation."""
    for row in _filled(tables, "date_old_style"):
        try:
            computed = dates.new_style(row["date_old_style"])
        except dates.DateError as error:
            yield row.fault("date_old_style", str(error))
        else:
            if computed != row["date"].rstrip("?~%"):
                rule = f"in the New Style that is {computed}, but the column date has {row['date']}"
                yield row.fault("date_old_style", rule)


def _check_evidence(tables: Tables) -> Iterator[Problem]:
    """No row may stand higher than what supports it."""
    best: dict[str, str] = {}
    for row in tables["claims"]:
        level = row["evidence"]
        for event in split(row["events"]) if level in LEVELS else ():
            best[event] = min(best.get(event, level), level, key=LEVELS.index)
    for row in tables["events"]:
        event, level = row["event_id"], row["evidence"]
        reached = best.get(event, "unverified")
        if level in LEVELS and LEVELS.index(level) < LEVELS.index(reached):
            rule = f"no claim about {event} reaches this level; the best is {reached!r}"
            yield row.fault("evidence", rule)
    for row in _filled(tables, "evidence"):
        column = "source" if "source" in row.cells else "sources"
        unsourced = row.cells.get(column) == ""
        if unsourced and row["evidence"] not in ("unverified", "computed"):
            rule = f"a row without {column} can only be 'unverified' or 'computed'"
            yield row.fault("evidence", rule)


def _check_event_dates(tables: Tables) -> Iterator[Problem]:
    """An event lies within what at least one claim says of its date.

    What is only *about* a day may lie beside it, and a computed date has no claim of its own.
    """
    claimed: dict[str, list[tuple[str, dates.EdtfDate]]] = {}
    for row in tables["claims"]:
        said = _parsed(row["date"]) if row["field"] == "date" else None
        for event in split(row["events"]) if said else ():
            claimed.setdefault(event, []).append((row["claim_id"], said))
    for row in tables["events"]:
        event, when = row["event_id"], _parsed(row["date"])
        claims = claimed.get(event)
        if not when or not claims or row["evidence"] == "computed":
            continue
        if not any(_may_be_one(when, said) for _, said in claims):
            told = "; ".join(f"{claim} says {said}" for claim, said in claims)
            rule = f"{event} is dated {when}, but no claim about it has such a date: {told}"
            yield row.fault("date", rule)


def _may_be_one(when: dates.EdtfDate, said: dates.EdtfDate) -> bool:
    overlap = when.earliest <= said.latest and said.earliest <= when.latest
    return overlap or when.approximate or said.approximate


def _check_order(tables: Tables) -> Iterator[Problem]:
    """Chronology rules, people's lives and ranges of figures."""
    when = {row["event_id"]: _parsed(row["date"]) for row in tables["events"]}
    for row in tables["rules"]:
        earlier, later = when.get(row["earlier"]), when.get(row["later"])
        if earlier and later and later.before(earlier):
            rule = f"{row['reason']}: {earlier.text} must not be after {later.text}"
            yield row.fault("later", rule)
    for row in tables["people"]:
        born, died = _parsed(row["born"]), _parsed(row["died"])
        if born and died and died.before(born):
            yield row.fault("died", f"nobody dies before being born ({row['born']})")
    for name, start in (("forces", ""), ("presence", "strength_")):
        low, high = f"{start}low", f"{start}high"
        for row in tables[name]:
            with suppress(ValueError):  # told where the cell itself is checked
                if not float(row[low] or 0) <= float(row[high] or "inf"):
                    yield row.fault(high, f"it must not be less than {low} ({row[low]})")
    for row in tables["places"]:
        if bool(row["latitude"]) != bool(row["longitude"]):
            yield row.fault("latitude", "a position needs both latitude and longitude")


def _check_quizzes(tables: Tables) -> Iterator[Problem]:
    """Questions: what is said to wrong answers, and the answer among the options."""
    for row in tables["quizzes"]:
        options = split(row["options"])
        if options and row["answer"] not in options:
            rule = f"the answer must be one of the options: {', '.join(options)}"
            yield row.fault("answer", rule)
        for item in split(row["feedback"]):
            try:
                pair(item)
            except ValueError:
                rule = f"write 'wrong answer{ARROW}what is said to it', several separated by '; '"
                yield row.fault("feedback", rule, item)


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

"""The check of a data folder: cells by themselves, keys and labels, then the register of checks.

``python -m treatybook check`` checks the book's own data and exits with 1 if anything is wrong.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from treatybook.evidence import (  # noqa: F401 - the rules fill the register
    bibtex,
    consistency,
    dates,
    figures,
    keyrules,
    landmap,
    levels,
    quizrules,
)
from treatybook.evidence.characters import wrong_key, wrong_text
from treatybook.evidence.descriptor import DESCRIPTOR, LONGEST_KEY, unknown_keys
from treatybook.evidence.errors import NEAR, InputError, nearest
from treatybook.evidence.reading import Problem, Row, nothing, read_table
from treatybook.evidence.register import CHECKS, Check, Tables
from treatybook.evidence.tables import (
    BIBLIOGRAPHY,
    SEPARATOR,
    Book,
    opened,
    split,
    translations,
)
from treatybook.evidence.wording import FURTHER, _, number, plural, spoken, translated

MAX_SHOWN_CHOICES = 12
ALIKE = 10  # faults of one kind that are printed; the rest is counted
NUMBERS = {"integer": r"-?[0-9]{1,15}", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?"}


@dataclass(frozen=True)
class Report:
    """What a check of a folder has found.

    Attributes
    ----------
    problems : list of Problem
        All faults, in the order of files and lines.
    unread : list of str
        Tables and the bibliography, as far as they could not be read.
    left_out : list of Check
        Checks that did not run, because they need one of these.
    """

    problems: list[Problem]
    unread: list[str]
    left_out: list[Check]


def check(book: Book) -> list[Problem]:
    """Find every fault of a data folder.

    Parameters
    ----------
    book : Book
        The tables to check; nothing is assumed about them.

    Returns
    -------
    list of Problem
        All faults, in the order of files and lines; empty if there is none.
    """
    return examine(book).problems


def examine(book: Book) -> Report:
    """Find every fault of a data folder, and say which checks could not run.

    One fault gives one message: what needs a table that cannot be read is left out.
    """
    if book.descriptor_faults:
        return Report(list(book.descriptor_faults), [DESCRIPTOR], list(CHECKS))
    problems: list[Problem] = []
    tables: dict[str, list[Row]] = {}
    for resource in book.descriptor["resources"]:
        rows, faults = read_table(book.folder, resource)
        problems += [*faults, *_check_rows(resource["schema"], rows)]
        if rows or not faults:
            tables[resource["name"]] = rows
    keys, faults = bibtex.examine(book.bibliography_file)
    # A cell that is wrong by itself is not looked up.
    told = {(problem.file, problem.line, problem.column) for problem in problems}
    looked_up = _check_known(book, tables, keys)
    problems += faults
    problems += unknown_keys(book.descriptor, tables, keys)
    problems += filter(None, [landmap.read_map(book.folder)[1]])
    problems += [p for p in looked_up if (p.file, p.line, p.column) not in told]
    ready = [check for check in CHECKS if set(check.tables) <= set(tables)]
    for unit in ready:
        problems += unit.find(tables)
    order = {resource["path"]: n for n, resource in enumerate(book.descriptor["resources"])}
    problems.sort(key=lambda p: (order.get(p.file, -1), p.file, p.line, p.column, p.found))
    unread = [name for name in book.names if name not in tables] + [BIBLIOGRAPHY] * (keys is None)
    return Report(problems, unread, [unit for unit in CHECKS if unit not in ready])


def _check_rows(schema: dict, rows: list[Row]) -> Iterator[Problem]:
    """Each cell by itself, and the key, which no other row has."""
    for field in schema["fields"]:
        name = field["name"]
        # Most cells repeat what another one says, or the last check: each text is looked at once.
        told = _told_of(json.dumps(field, sort_keys=True), spoken())
        for cell in {row.cells[name] for row in rows}.difference(told):
            told[cell] = [*_check_cell(field, cell)]
        for row in rows:
            for found, allowed in told[row.cells[name]]:
                yield row.fault(name, allowed, found)
    lines: dict[str, int] = {}
    for row in rows:
        first = lines.setdefault(row.key, row.line)
        if first != row.line:
            rule = _("it stands already on line {line}; each key only once").format(line=first)
            yield row.fault(schema["primaryKey"][0], rule, row.key)


@lru_cache(maxsize=1024)
def _told_of(field: str, language: str) -> dict[str, list[tuple[str, str]]]:
    """What was told before of the texts of a column, by its description and the language."""
    return {}


def _check_cell(field: dict, cell: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one cell, by its own column alone: what was found, what is allowed."""
    if not cell:
        if field.get("constraints", {}).get("required"):
            rule = _("this cell must be filled: {description}")
            yield nothing(), rule.format(description=translated(field["description"]))
        return
    # A number and a date have rules of their own, which say more.
    plain = field["type"] == "string" and "dateFormat" not in field
    is_key = {"refersTo", "vocabulary"} & set(field) or "pattern" in field.get("constraints", {})
    odd = wrong_key(cell) if plain and is_key else None
    if faults := [odd] if odd else wrong_text(field["name"], cell) if plain else ():
        yield from faults
        return
    items = _items(field, cell)
    for item in items:
        if rule := _broken_rule(field, item):
            yield item, rule
    if len(set(items)) != len(items):
        yield cell, _("each item only once")


def _broken_rule(field: dict, item: str) -> str:
    """What is allowed instead of an item; empty if nothing is wrong with it."""
    rules = field.get("constraints", {})
    if field.get("list") and (not item or item != item.strip() or ";" in item):
        rule = _('items are separated by "{separator}" (semicolon and one blank)')
        return rule.format(separator=SEPARATOR)
    few = [str(one) for one in rules.get("enum", ())]
    if few and item not in few:
        return _("one of {names}").format(names=", ".join(few))
    if field["type"] in NUMBERS:
        if not re.fullmatch(NUMBERS[field["type"]], item):
            if field["type"] == "integer":
                return _("a whole number, at most 15 digits")
            return _("a number with a point, digits only")
        low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
        fits = low <= float(item) <= high
        return "" if fits else _("a number from {low} to {high}").format(low=low, high=high)
    # An Old Style day need not be one of our calendar; it is looked at beside the New Style.
    if field.get("dateFormat") == "edtf" and field.get("calendar") != "julian":
        try:
            dates.in_table(item)
        except dates.DateError as error:
            return str(error)
        return ""
    pattern = rules.get("pattern")
    if pattern and len(item) > LONGEST_KEY:
        return _("at most {n} characters").format(n=LONGEST_KEY)
    fits = not pattern or re.fullmatch(pattern, item)
    rule = _("it must look like {example!r} ({pattern})")
    return "" if fits else rule.format(example=field.get("example", pattern), pattern=pattern)


def _items(field: dict, cell: str) -> tuple[str, ...]:
    return split(cell) if field.get("list") or not cell else (cell,)


def _check_known(book: Book, tables: Tables, source_keys: set[str] | None) -> Iterator[Problem]:
    """Keys stand in the table or the bibliography that they refer to, labels in the codebook.

    Where that could not be read, nothing is said about them.
    """
    known = {} if source_keys is None else {BIBLIOGRAPHY: dict.fromkeys(source_keys, "")}
    read = {*tables, *known}
    for name, rows in tables.items():
        for column in book.resource(name)["schema"]["primaryKey"]:
            known[f"{name}.{column}"] = dict.fromkeys((row[column] for row in rows), "")
    for row in tables.get("codebook", ()):
        words = row.cells.get(f"label_{book.language}") or row["label_en"]
        known.setdefault(row["list"], {})[row["label"]] = words
    for name, rows in tables.items():
        for field in book.fields(name):
            place = field.get("refersTo") or field.get("vocabulary")
            if not place or _home(place) not in read:
                continue
            # A list that the codebook lacks is a fault of the descriptor, told there.
            if "vocabulary" in field and place not in known:
                continue
            choices, told = known.get(place, {}), {}
            for row in rows:
                for item in _items(field, row[field["name"]]):
                    if item not in choices:
                        # The nearest known key takes long to find: once for each wrong one.
                        told[item] = told.get(item) or _unknown(item, choices, place)
                        yield row.fault(field["name"], told[item], item)


def _home(place: str) -> str:
    """The table or file in which a key or a label must stand."""
    if place == BIBLIOGRAPHY:
        return place
    return place.partition(".")[0] if "." in place else "codebook"


def _unknown(item: str, known: Mapping[str, str], place: str) -> str:
    """What is allowed instead: codes with their words, where both are known and few enough."""
    where = place if "." in place else _("the list {name!r} of the codebook").format(name=place)
    meant = nearest(item, list(known), NEAR)
    if len(known) > MAX_SHOWN_CHOICES:
        return _("not in {place}").format(place=where) + meant
    shown = [
        code if words.casefold() in ("", code) else f"{code} ({words})"
        for code, words in sorted(known.items())
    ]
    return _("allowed in {place}: {names}").format(place=where, names=", ".join(shown)) + meant


def main(*arguments: str) -> int:
    """Check a data folder (the book's own by default) and print what is wrong."""
    if len(arguments) > 1:
        told = _("the check takes one folder, and {n} were named").format(n=len(arguments))
        print(told, file=sys.stderr)
        return 1
    try:
        book = opened(*arguments)
        report = examine(book)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    for line in summary(report):
        print(line)
    if report.problems:
        return 1
    rows = sum(len(book.table(name)) for name in book.names)
    told = _("The data are in order: {rows} rows in {tables} tables.")
    print(told.format(rows=number(rows), tables=len(book.names)))
    for line in untranslated(book):
        print(line)
    return 0


def untranslated(book: Book) -> Iterator[str]:
    """For each further language in which the tables have words, how many cells lack them, and where.

    A cell without a letter, such as a date, has nothing to translate.
    """
    for language in FURTHER:
        filled, lacking = 0, Counter()
        for name in book.names:
            table = book.table(name)
            for other in table.filter(regex=f"_{language}$"):
                own = other.removesuffix(f"_{language}")
                own = f"{own}_en" if f"{own}_en" in table else own
                worded = table[own].astype(str).str.contains(r"[^\W\d_]")
                done = translations(table, own, other).map(bool)
                filled += done.sum()
                lacking[f"{name}.csv"] += int((worded & ~done).sum())
        if filled and lacking.total():
            places = ", ".join(f"{file} {number(n)}" for file, n in lacking.most_common() if n)
            lack = plural("{n} cell has", "{n} cells have", lacking.total())
            told = _("{language}: {lacking} no translation yet: {places}.")
            yield told.format(language=language, lacking=lack, places=places)


def summary(report: Report) -> Iterator[str]:
    """Lines that tell what was found; of many faults of one column, the first ten."""
    counted = Counter((problem.file, problem.column) for problem in report.problems)
    told: Counter = Counter()
    for problem in report.problems:
        place = problem.file, problem.column
        told[place] += 1
        if told[place] <= ALIKE:
            yield str(problem)
        if told[place] == ALIKE < counted[place]:
            column = _(", column {column}").format(column=problem.column) if problem.column else ""
            more = _("{place}: {n} more like these")
            yield more.format(place=problem.file + column, n=number(counted[place] - ALIKE))
    if report.problems:
        yield plural("{n} fault in the data.", "{n} faults in the data.", len(report.problems))
    if report.unread == [DESCRIPTOR]:
        yield _("No table is checked until {file} is in order.").format(file=DESCRIPTOR)
    elif report.unread:
        subjects = [unit.subject[:1].lower() + unit.subject[1:] for unit in report.left_out]
        left = [_("keys and labels that stand there"), *subjects]
        unread = _("Not checked until {files} can be read: {checks}.")
        yield unread.format(files=", ".join(report.unread), checks="; ".join(left))

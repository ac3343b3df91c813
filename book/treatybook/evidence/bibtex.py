"""The check of the bibliography: each entry by itself, with the line on which it begins.

BibTeX drops what it does not understand in silence, and one open brace swallows all that
follows. So the file is cut where entries begin, and each piece is read alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pybtex.scanner import PrematureEOF, PybtexSyntaxError
from pybtex.utils import CaseInsensitiveDict

from treatybook.evidence import wording
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.reading import FileProblem, Problem, nothing, text_of
from treatybook.evidence.wording import _

BEGINNING = re.compile(r"^[ \t]*@", re.MULTILINE)
HEAD = re.compile(r"\s*@\s*(?P<type>[^\s{(]*)\s*[{(]\s*(?P<key>[^\s,{}=]*)")
# What may be meant for a key, where an entry cannot be read.
LIKE_A_KEY = re.compile(r"[{(]\s*([^\s,{}()=]+)\s*,")
NO_ENTRIES = ("string", "preamble", "comment")
# The types of BibTeX, and those of its successors for what is online.
TYPES = (
    *("article", "book", "booklet", "conference", "inbook", "incollection", "inproceedings"),
    *("manual", "mastersthesis", "misc", "phdthesis", "proceedings", "techreport", "unpublished"),
    *("collection", "dataset", "online", "report", "thesis"),
)
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]*")
ADDRESSES = ("url", "urlextra")  # several are separated by blanks
ADDRESS = re.compile(r"https?://[^\s<>\"{}\\]+", re.I)
ACTIVE = re.compile(r"\b(javascript|vbscript|file|data):\S+", re.I)
COMMENT = re.compile(r"(?<!\\)%")
COMMAND = re.compile(r"\\([A-Za-z]+|.?)")
PEOPLE = ("author", "editor")


def examine(path: Path) -> tuple[set[str] | None, list[Problem]]:
    """Read a bibliography, and find what is wrong with it.

    Parameters
    ----------
    path : pathlib.Path
        The BibTeX file.

    Returns
    -------
    (set of str or None, list of Problem)
        The keys of its entries, also of those with a fault, and the faults. There are no keys
        at all if the file cannot be read.
    """
    file = path.name
    try:
        there = path.is_file()
    except OSError:  # in a folder that cannot be entered
        there = True
    if not there:
        return None, [Problem(file, 0, "", _("no such file"), _("the sources stand there"))]
    text, fault = text_of(path, file)
    if fault:
        return None, [fault]
    keys, problems = _examined(file, text, wording.spoken())
    return {*keys}, [*problems]


@lru_cache(maxsize=4)
def _examined(file: str, text: str, language: str) -> tuple[set[str], list[Problem]]:
    """The same of the text of a file; the faults are told in a language."""
    starts = [found.start() for found in BEGINNING.finditer(text)]
    macros = CaseInsensitiveDict(month_names)
    problems = [*_between(file, 1, text[: starts[0] if starts else len(text)])]
    keys: dict[str, tuple[str, int]] = {}
    line, before = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line, before = line + text.count("\n", before, start), start
        piece, head = text[start:end], HEAD.match(text, start, end)
        kind = head["type"].lower() if head else ""
        if kind == "comment":
            continue
        is_entry = kind and head["key"] and kind not in NO_ENTRIES
        entry = _("entry {key}").format(key=head["key"]) if is_entry else ""
        faults, outside = _piece(file, piece, line, kind, macros)
        problems += [
            FileProblem(file, line, ", ".join(filter(None, [entry, inside])), found, allowed)
            for inside, found, allowed in faults
        ]
        # A brace that closes too early makes one fault, not two.
        problems += [] if faults else outside
        if not entry:
            continue
        key, first = keys.setdefault(head["key"].lower(), (head["key"], line))
        if first != line:
            rule = _("{key} stands already on line {line}; each key only once")
            rule = rule.format(key=key, line=first)
            problems.append(FileProblem(file, line, entry, head["key"], rule))
    # Rows that name an entry with a fault are in order themselves.
    meant = LIKE_A_KEY.findall(text) if problems else []
    return {*(key for key, _ in keys.values()), *meant}, problems


Fault = tuple[str, str, str]  # field, what was found, what is allowed


def _between(file: str, line: int, text: str) -> Iterator[Problem]:
    """Words outside entries, which BibTeX drops; a percent sign begins a remark."""
    for number, words in enumerate(text.split("\n"), start=line):
        if words.strip() and not words.lstrip().startswith("%"):
            rule = _("outside entries, and so dropped in silence: an entry begins with @type{KEY,")
            yield FileProblem(file, number, "", words.strip(), rule)
            return


def _piece(
    file: str, piece: str, line: int, kind: str, macros: CaseInsensitiveDict
) -> tuple[list[Fault], list[Problem]]:
    """What is wrong with one entry, and with the words that stand behind it."""
    parser = LowLevelParser(piece, macros=macros)
    try:
        parsed = next(iter(parser), None)
    except PybtexSyntaxError as error:
        return [_broken(error, line, parser)], []
    except RecursionError:
        return [("", _("braces within braces"), _("valid BibTeX"))], []
    end = line + piece.count("\n", 0, parser.pos)
    outside = list(_between(file, end, piece[parser.pos :]))
    if kind in NO_ENTRIES or not parsed:
        return [], outside
    return list(_entry(kind, *parsed[1])), outside


def _broken(error: PybtexSyntaxError, line: int, parser: LowLevelParser) -> Fault:
    """Why an entry cannot be read, in words."""
    place = _field(parser.current_field_name) if parser.current_field_name else ""
    if isinstance(error, UndefinedMacro):
        word = str(error).rpartition(": ")[2]
        rule = _("an abbreviation that BibTeX does not know: write words in {braces}")
        return place, word, rule
    if isinstance(error, PrematureEOF) or "braces" in str(error):
        rule = _('valid BibTeX: every "{" and every quote of the entry must be closed')
        return place, _("an entry without an end"), rule
    near = line + error.lineno - 1
    words = str(error).partition(": ")[2]
    rule = _("valid BibTeX: {words} on line {line}; is a comma missing before it?")
    rule = rule.format(words=words, line=near)
    return "", parser.text.splitlines()[error.lineno - 1].strip(), rule


def _field(name: str) -> str:
    return _("field {name}").format(name=name)


def _entry(kind: str, key: str, fields: list[tuple[str, list[str]]]) -> Iterator[Fault]:
    """What is wrong with an entry that can be read."""
    if kind not in TYPES:
        rule = _("the entry types are {types}").format(types=", ".join(TYPES))
        yield "", f"@{kind}", rule + nearest(kind, TYPES, NEAR)
    if not KEY.fullmatch(key):
        yield "", key, _("a key has letters from A to Z, digits and hyphens")
    seen: list[str] = []
    for name, parts in fields:
        place, value = _field(name), " ".join("".join(parts).split())
        if name.lower() in seen:
            yield place, value, _("each field only once in an entry")
        seen.append(name.lower())
        if fault := _value(name.lower(), value):
            yield place, *fault
    filled = {name.lower() for name, parts in fields if "".join(parts).strip(" {}\n\t")}
    if "title" not in filled:
        yield _field("title"), nothing(), _("every source has a title")


def _value(name: str, value: str) -> tuple[str, str] | None:
    """What is wrong with one field: addresses that are none, and LaTeX that cannot be shown."""
    if name.startswith("url"):
        wrong = [word for word in value.split() if not ADDRESS.fullmatch(word)]
        wrong += [value] if name == "url" and len(value.split()) > 1 else []
        return (wrong[0], _("a web address, with https:// or http://")) if wrong else None
    if name == "doi":
        return None
    if found := ACTIVE.search(value):
        rule = _("plain words: an address belongs into url, with https:// or http://")
        return found.group(), rule
    if COMMENT.search(value):
        return value, _(r"LaTeX drops what follows a percent sign: write \%")
    if "\\" in value and (found := _left_over(value)):
        return found, _("LaTeX that the list of sources cannot show: write plain words")
    if name in PEOPLE:
        try:
            [Person(person) for person in split_name_list(value)]
        except PybtexError as error:
            rule = _("names like 'Family, Given and Family, Given': {fault}")
            return value, rule.format(fault=error)
    return None


def _left_over(value: str) -> str:
    """The first command that stays when a text is read as LaTeX; empty if none does."""
    try:
        shown = str(Text.from_latex(value))
    except (PybtexError, UnicodeError, ValueError):
        return COMMAND.search(value).group()
    found = COMMAND.search(shown)
    return found.group() if found else ""

"""What a cell of text may not hold: lost, invisible or foreign letters, and words of spreadsheets.

The signs are those of Unicode; every message names the character, or the word, that is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from treatybook.evidence.reading import LONGEST_CELL
from treatybook.evidence.wording import SOURCE, _, number, spoken

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
SPREADSHEET = re.compile(r"#(REF|NAME|VALUE|DIV/0|NUM|NULL|N/A)[!?]?|#{4,}|NULL|NaN|N/A|#N/A", re.I)
LOST = re.compile(r"\?{3,}")
LOST_SIGN = "\ufffd"
TAG = re.compile(r"<[a-zA-Z/!]")
ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
ROLE = re.compile(r"\{[a-z]+\}`")
WORD = re.compile(r"[^\W\d_]+")
# Letters of these alphabets look alike.
ALIKE = ("LATIN", "CYRILLIC", "GREEK")
# Which alphabet a column is written in, by the end of its name.
ALPHABETS = {"_ru": "CYRILLIC", "_mn": "CYRILLIC"}
MONGOLIAN_ONLY = re.compile("[өүӨҮ]")


def wrong_text(column: str, cell: str) -> tuple[tuple[str, str], ...]:
    """What is wrong with a cell of text: what was found, and what is allowed instead.

    Parameters
    ----------
    column : str
        Name of the column; its end may say the language.
    cell : str
        The cell, which is not empty.
    """
    return _faults(column, cell, spoken())


@lru_cache(maxsize=65_536)  # the same words stand in many cells, and are checked again and again
def _faults(column: str, cell: str, language: str) -> tuple[tuple[str, str], ...]:
    return tuple(_wrong_text(column, cell, language))


def _wrong_text(column: str, cell: str, language: str) -> Iterator[tuple[str, str]]:
    if len(cell) > LONGEST_CELL:
        yield cell, _("at most {n} characters in a cell").format(n=number(LONGEST_CELL))
    elif SPREADSHEET.fullmatch(cell):
        rule = _("an error of a spreadsheet, and no word: write what is meant, or leave it empty")
        yield cell, rule
    elif fault := _hidden(cell) or _letters(cell):
        yield fault
    elif cell != cell.strip() or "  " in cell:
        yield cell, _("no blanks at the ends, and one between words")
    elif found := LOST.search(cell):
        rule = _("question marks stand where letters were lost: write the words again")
        yield found.group(), rule
    else:
        yield from _markup(cell)
        yield from _language(column, cell, language)


def wrong_key(cell: str) -> tuple[str, str] | None:
    """The first sign of a key or a label that is none of those on every keyboard."""
    odd = next((sign for sign in cell if not sign.isascii()), "")
    rule = _("keys and labels have no such letter: {cell!r}")
    return (_named(odd), rule.format(cell=cell)) if odd else None


def _hidden(cell: str) -> tuple[str, str] | None:
    """The first character that nobody can see, or that stands for a lost one."""
    if cell.isprintable() and LOST_SIGN not in cell:  # as nearly every cell
        return None
    for sign in cell:
        if sign in "\n\r":
            return cell, _("no line breaks")
        if sign == LOST_SIGN or unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs"):
            return _named(sign), _hidden_rule(unicodedata.category(sign))
    return None


def _hidden_rule(category: str) -> str:
    rules = {
        "Cc": _("a control character: take it out, or write the words again"),
        "Cf": _("an invisible character: take it out, or write the words again"),
        "Co": _("a character without a meaning of its own: take it out, or write the words again"),
        "Cn": _("a character that Unicode does not know: take it out, or write the words again"),
        "Cs": _("half a character: take it out, or write the words again"),
    }
    lost = _("the sign for a lost letter: take it out, or write the words again")
    return rules.get(category, lost)


def _letters(cell: str) -> tuple[str, str] | None:
    """Decomposed letters, digits of other scripts, and words of two alphabets."""
    if cell.isascii():
        return None
    composed = unicodedata.normalize("NFC", cell)
    if composed != cell:
        mark = next((sign for sign in cell if unicodedata.combining(sign)), cell[0])
        return _named(mark), _("letter and accent are two signs here: write them as one (NFC)")
    scripts = _scripts(cell)
    for sign in filter(str.isdecimal, cell):
        # Persian words have Persian digits beside them.
        persian = "ARABIC" in scripts and "ARABIC" in unicodedata.name(sign, "")
        if not (sign.isascii() or persian):
            return _named(sign), _("digits are 0 to 9")
    for word in WORD.findall(cell) if len(scripts.intersection(ALIKE)) > 1 else ():
        of_word = [_script(sign) for sign in word]
        used = [script for script in ALIKE if script in of_word]
        if len(used) > 1:
            # The alphabet with fewer letters of the word is the one that slipped in.
            odd = min(used, key=of_word.count)
            sign = word[of_word.index(odd)]
            rules = {
                "LATIN": _("a Latin letter in the word {word!r}: one alphabet per word"),
                "CYRILLIC": _("a Cyrillic letter in the word {word!r}: one alphabet per word"),
                "GREEK": _("a Greek letter in the word {word!r}: one alphabet per word"),
            }
            return _named(sign), rules[odd].format(word=word)
    return None


def _markup(cell: str) -> Iterator[tuple[str, str]]:
    """Signs that another program would take for more than words."""
    if cell.startswith(FORMULA_SIGNS):
        yield cell, _("a cell must not begin like a spreadsheet formula (= + - @)")
    if TAG.search(cell) or ENTITY.search(cell):
        yield cell, _("plain text only, no HTML")
    if ROLE.search(cell):
        yield cell, _("plain text only: roles belong to the pages")


def _language(column: str, cell: str, language: str) -> Iterator[tuple[str, str]]:
    """A column that names its language is written in its letters.

    Who reads in another language writes a copy or a book of their own in that: there only an
    English reader is told of words that are not English.
    """
    scripts = _scripts(cell)
    wanted = next((name for end, name in ALPHABETS.items() if column.endswith(end)), "")
    if wanted and scripts and wanted not in scripts:
        yield cell, _("this column is written in Cyrillic letters")
    elif language == SOURCE and column.endswith("_en") and "CYRILLIC" in scripts:
        yield cell, _("this column is English: no Cyrillic words")
    elif column.endswith("_ru") and (found := MONGOLIAN_ONLY.search(cell)):
        yield _named(found.group()), _("a Mongolian letter in a Russian column")


def _scripts(cell: str) -> set[str]:
    """The alphabets of the letters of a cell."""
    return {_script(sign) for sign in set(cell) if sign.isalpha()}


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").partition(" ")[0]


def _named(sign: str) -> str:
    """A character as messages name it."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'CONTROL')}"

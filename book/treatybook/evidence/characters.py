"""What a cell of text may not hold: lost, invisible or foreign letters, and words of spreadsheets.

The signs are those of Unicode; every message names the character, or the word, that is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from treatybook.evidence.reading import LONGEST_CELL

FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
SPREADSHEET = re.compile(r"#(REF|NAME|VALUE|DIV/0|NUM|NULL|N/A)[!?]?|#{4,}|NULL|NaN|N/A|#N/A", re.I)
LOST = re.compile(r"\?{3,}")
TAG = re.compile(r"<[a-zA-Z/!]")
ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
ROLE = re.compile(r"\{[a-z]+\}`")
WORD = re.compile(r"[^\W\d_]+")
HIDDEN = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Co": "a character without a meaning of its own",
    "Cn": "a character that Unicode does not know",
    "Cs": "half a character",
}
# Letters of these alphabets look alike.
ALIKE = ("LATIN", "CYRILLIC", "GREEK")
# Which alphabet a column is written in, by the end of its name.
ALPHABETS = {"_ru": "CYRILLIC", "_mn": "CYRILLIC"}
MONGOLIAN_ONLY = re.compile("[өүӨҮ]")


@lru_cache(maxsize=65_536)  # the same words stand in many cells, and are checked again and again
def wrong_text(column: str, cell: str) -> tuple[tuple[str, str], ...]:
    """What is wrong with a cell of text: what was found, and what is allowed instead.

    Parameters
    ----------
    column : str
        Name of the column; its end may say the language.
    cell : str
        The cell, which is not empty.
    """
    return tuple(_wrong_text(column, cell))


def _wrong_text(column: str, cell: str) -> Iterator[tuple[str, str]]:
    if len(cell) > LONGEST_CELL:
        yield cell, f"at most {LONGEST_CELL:,} characters in a cell"
    elif SPREADSHEET.fullmatch(cell):
        yield cell, "an error of a spreadsheet, and no word: write what is meant, or leave it empty"
    elif fault := _hidden(cell) or _letters(cell):
        yield fault
    elif cell != cell.strip() or "  " in cell:
        yield cell, "no blanks at the ends, and one between words"
    elif found := LOST.search(cell):
        yield found.group(), "question marks stand where letters were lost: write the words again"
    else:
        yield from _markup(cell)
        yield from _language(column, cell)


def wrong_key(cell: str) -> tuple[str, str] | None:
    """The first sign of a key or a label that is none of those on every keyboard."""
    odd = next((sign for sign in cell if not sign.isascii()), "")
    return (_named(odd), f"keys and labels have no such letter: {cell!r}") if odd else None


def _hidden(cell: str) -> tuple[str, str] | None:
    """The first character that nobody can see, or that stands for a lost one."""
    for sign in cell:
        kind = HIDDEN.get(unicodedata.category(sign))
        if sign in "\n\r":
            return cell, "no line breaks"
        if kind or sign == "\ufffd":
            kind = kind or "the sign for a lost letter"
            return _named(sign), f"{kind}: take it out, or write the words again"
    return None


def _letters(cell: str) -> tuple[str, str] | None:
    """Decomposed letters, digits of other scripts, and words of two alphabets."""
    if cell.isascii():
        return None
    composed = unicodedata.normalize("NFC", cell)
    if composed != cell:
        mark = next((sign for sign in cell if unicodedata.combining(sign)), cell[0])
        return _named(mark), "letter and accent are two signs here: write them as one (NFC)"
    scripts = {_script(sign) for sign in cell if sign.isalpha()}
    for sign in cell:
        # Persian words have Persian digits beside them.
        persian = "ARABIC" in scripts and "ARABIC" in unicodedata.name(sign, "")
        if unicodedata.category(sign) == "Nd" and not (sign.isascii() or persian):
            return _named(sign), "digits are 0 to 9"
    for word in WORD.findall(cell):
        of_word = [_script(sign) for sign in word]
        used = [script for script in ALIKE if script in of_word]
        if len(used) > 1:
            # The alphabet with fewer letters of the word is the one that slipped in.
            odd = min(used, key=of_word.count)
            sign = word[of_word.index(odd)]
            return _named(
                sign
            ), f"a {odd.capitalize()} letter in the word {word!r}: one alphabet per word"
    return None


def _markup(cell: str) -> Iterator[tuple[str, str]]:
    """Signs that another program would take for more than words."""
    if cell.startswith(FORMULA_SIGNS):
        yield cell, "a cell must not begin like a spreadsheet formula (= + - @)"
    if TAG.search(cell) or ENTITY.search(cell):
        yield cell, "plain text only, no HTML"
    if ROLE.search(cell):
        yield cell, "plain text only: roles belong to the pages"


def _language(column: str, cell: str) -> Iterator[tuple[str, str]]:
    """A column that names its language is written in its letters."""
    scripts = {_script(sign) for sign in cell if sign.isalpha()}
    wanted = next((name for end, name in ALPHABETS.items() if column.endswith(end)), "")
    if wanted and scripts and wanted not in scripts:
        yield cell, f"this column is written in {wanted.capitalize()} letters"
    elif column.endswith("_en") and "CYRILLIC" in scripts:
        yield cell, "this column is English: no Cyrillic words"
    elif column.endswith("_ru") and (found := MONGOLIAN_ONLY.search(cell)):
        yield _named(found.group()), "a Mongolian letter in a Russian column"


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").partition(" ")[0]


def _named(sign: str) -> str:
    """A character as messages name it."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'CONTROL')}"

"""Which language a piece of text is in.

A screen reader pronounces a name by its language. The tables say which column is Russian and
which Mongolian; what they say decides for every name on the pages, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from treatybook.evidence.tables import Book

# Words of one script, joined by blanks, hyphens or quotation marks, but not by commas:
# on the two sides of a comma there may be two languages.
RUN = re.compile(
    r"[\u0400-\u04ff]+(?:[ \n\-–.’«»…0-9]+[\u0400-\u04ff]+)*"
    r"|[\u3040-\u30ff\u3400-\u9fff]+"
    r"|[\u0600-\u06ff]+(?: [\u0600-\u06ff]+)*"
)
CYRILLIC_WORD = re.compile(r"[\u0400-\u04ff]+")
KANA = re.compile(r"[\u3040-\u30ff]")
MONGOLIAN_LETTERS = re.compile(r"[өүӨҮ]")


@dataclass(frozen=True)
class Languages:
    """What the tables and the bibliography know of languages.

    Attributes
    ----------
    mongolian : frozenset of str
        Words that stand in Mongolian texts and in no Russian one.
    names : frozenset of str
        Whole texts that stand in a Mongolian column and in no Russian one.
    japanese : frozenset of str
        Texts in Chinese characters alone that belong to Japanese sources.
    """

    mongolian: frozenset[str]
    names: frozenset[str]
    japanese: frozenset[str]

    def of(self, text: str) -> str:
        """Language code of a text that is not in Latin letters; empty if it is."""
        if CYRILLIC_WORD.search(text):
            words = set(CYRILLIC_WORD.findall(text.lower()))
            is_known = text in self.names or words & self.mongolian
            return "mn" if is_known or MONGOLIAN_LETTERS.search(text) else "ru"
        if re.search(r"[\u3040-\u9fff]", text):
            return "ja" if KANA.search(text) or text in self.japanese else "zh"
        return "fa" if re.search(r"[\u0600-\u06ff]", text) else ""


@lru_cache(maxsize=8)
def known(book: Book) -> Languages:
    """Collect what the tables and the bibliography know of languages."""
    texts = {language: _texts(book, f"_{language}") for language in ("ru", "mn")}
    words = {language: _found(CYRILLIC_WORD, map(str.lower, texts[language])) for language in texts}
    # A person's name may stand alone in other Russian columns too, and be Mongolian for all that.
    names = _found(RUN, texts["mn"]) - _found(RUN, _texts(book, "name_ru"))
    japanese: set[str] = set()
    for source in book.sources.values():
        fields = " ".join(source.entry.fields.values())
        if source.field("language") == "mn":
            words["mn"] |= _found(CYRILLIC_WORD, [fields.lower()])
        if source.field("language") == "ja":
            japanese |= _found(RUN, [fields])
    mongolian = words["mn"] - words["ru"]
    return Languages(frozenset(mongolian), frozenset(names), frozenset(japanese))


def _texts(book: Book, ending: str) -> list[str]:
    """Cells of all columns whose name ends so."""
    tables = [book.table(name) for name in book.names]
    found = [table[name] for table in tables for name in table if name.endswith(ending)]
    return [" ".join(cell) if isinstance(cell, tuple) else cell for c in found for cell in c]


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in pattern.findall(text)}

"""Which language a piece of text is in, and how a page says so.

A screen reader pronounces a name by its ``lang``. The tables say which column is Russian and
which Mongolian; what they say decides for every name on the pages, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
LANG = re.compile(r"\slang=", re.IGNORECASE)


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

    def mark(self, html: str) -> str:
        """Wrap what is not in Latin letters in ``span lang``, unless an element has said it.

        Parameters
        ----------
        html : str
            Part of a page.

        Returns
        -------
        str
            The same, with marks; everything else stays as it was, byte for byte.
        """
        parts: list[str] = []
        marked, depth, position = "", 0, 0
        for found in SCRIPT.finditer(html):
            text = html[position : found.start()]
            parts.append(text if marked else RUN.sub(self._span, text))
            tag = found.group()
            parts.append(tag)
            position = found.end()
            name = TAG.match(tag)
            if name is None or tag.endswith("/>"):
                continue
            if marked and name[1] == marked:
                depth += -1 if tag.startswith("</") else 1
                marked = marked if depth else ""
            elif not marked and LANG.search(tag):
                marked, depth = name[1], 1
        parts.append(RUN.sub(self._span, html[position:]))
        return "".join(parts)

    def _span(self, found: re.Match[str]) -> str:
        return f'<span lang="{self.of(found.group())}">{found.group()}</span>'


def known(book: Book) -> Languages:
    """Collect what the tables and the bibliography know of languages."""
    columns = {language: _texts(book, f"_{language}") for language in ("ru", "mn")}
    texts = {language: _found(RUN, cells) for language, cells in columns.items()}
    words = {
        language: _found(CYRILLIC_WORD, map(str.lower, cells))
        for language, cells in columns.items()
    }
    japanese: set[str] = set()
    for entry in book.bibliography.entries.values():
        text = " ".join(entry.fields.values())
        if entry.fields.get("language") == "mn":
            words["mn"] |= _found(CYRILLIC_WORD, [text.lower()])
        if entry.fields.get("language") == "ja":
            japanese |= _found(RUN, [text])
    return Languages(
        mongolian=frozenset(words["mn"] - words["ru"]),
        names=frozenset(texts["mn"] - texts["ru"]),
        japanese=frozenset(japanese),
    )


def _texts(book: Book, ending: str) -> list[str]:
    """Cells of all columns whose name ends so."""
    return [
        cell
        for name in book.names
        for field in book.fields(name)
        if field["name"].endswith(ending)
        for cell in book.table(name)[field["name"]]
    ]


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in pattern.findall(text)}

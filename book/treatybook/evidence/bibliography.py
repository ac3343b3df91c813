"""The sources: who wrote what and when, and how much of it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pybtex.database import Entry, Person

from treatybook.evidence.wording import spoken, translated

NOT_RECORDED = "not recorded"
# Fields in words of our own; a title is one where the source has none.
IN_WORDS = ("note", "readextent", "licence", "locator", "howpublished", "supports")
# Of a source in other letters they may stand in Latin ones, or with a word of ours.
OTHER_LETTERS = ("ru", "mn", "bua", "zh", "ja")
WRITTEN_OVER = ("title", "booktitle", "journal", "publisher")
SIGNS = str.maketrans("", "", "{}\\")  # by which BibTeX marks letters


@dataclass(frozen=True)
class Source:
    """One source of the bibliography.

    Attributes
    ----------
    key : str
        Its key, as the tables name it.
    entry : pybtex.database.Entry
        What the bibliography says of it.
    """

    key: str
    entry: Entry

    def field(self, *names: str) -> str:
        """The first of some fields that is filled, in the reader's words; empty if none is."""
        found = next(filter(None, map(self.entry.fields.get, names)), "")
        return translated(found) if found in self.messages else found

    @cached_property
    def messages(self) -> list[str]:
        """What a translator is given: our own words, and the names of its authors."""
        names = (*IN_WORDS, "title") if "titlenote" in self.entry.fields else IN_WORDS
        if self.entry.fields.get("language") in OTHER_LETTERS:
            names = (*names, *filter(self._is_latin, WRITTEN_OVER))
        people = map(str, self.entry.persons.get("author", []))
        found = [*people, *filter(None, map(self.entry.fields.get, names))]
        # Of a copy the place is said in short where its name is one of several words.
        is_new = "howpublished" in self.entry.fields and " " in self._place
        return [*found, self._place] if is_new and self._place not in found else found

    def _is_latin(self, name: str) -> bool:
        return bool(re.search("[A-Za-z]{3}", self.entry.fields.get(name, "")))

    @property
    def authors(self) -> list[Person]:
        """Its authors, as the reader's language writes them."""
        return [Person(translated(str(person))) for person in self.entry.persons.get("author", [])]

    def words(self, *names: str) -> str:
        """The same without the signs of BibTeX."""
        return self.field(*names).translate(SIGNS)

    @property
    def people(self) -> list[str]:
        """Its authors, family names first."""
        return [str(person).translate(SIGNS) for person in self.authors]

    @property
    def addon(self) -> str:
        """Its title in Latin letters, for readers of a language with others than its own."""
        return "" if self.field("language") == spoken() else self.field("titleaddon")

    @property
    def short(self) -> str:
        """It in a few words: its first author, or where it stands, or its title."""
        if people := self.authors or self.entry.persons.get("editor"):
            return " ".join(people[0].last_names).translate(SIGNS) or str(people[0])
        return translated(self._place) or self.words("title")

    @property
    def _place(self) -> str:
        places = map(self.entry.fields.get, ("howpublished", "booktitle", "journal"))
        where = re.split(r"[,;(]| at | in ", next(filter(None, places), ""))[0].translate(SIGNS)
        return re.sub("^(copy|copies|mirrors?) of ", "", where).strip()

    @property
    def year(self) -> str:
        """Its year; one that is only remembered carries a question mark."""
        year = self.field("year")
        return f"{year}?" if year and self.field("yearcheck") else year

    @property
    def extent(self) -> str:
        """How much of it was read."""
        return self.field("readextent") or NOT_RECORDED

"""The sources: who wrote what and when, and how much of it was read."""

from __future__ import annotations

from dataclasses import dataclass

from pybtex.database import Entry

NOT_RECORDED = "not recorded"
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
        """The first of some fields that is filled, as it is written; empty if none is."""
        return next(filter(None, map(self.entry.fields.get, names)), "")

    def words(self, *names: str) -> str:
        """The same without the signs of BibTeX."""
        return self.field(*names).translate(SIGNS)

    @property
    def people(self) -> list[str]:
        """Its authors, family names first."""
        return [str(person).translate(SIGNS) for person in self.entry.persons.get("author", [])]

    @property
    def year(self) -> str:
        """Its year; one that is only remembered carries a question mark."""
        year = self.field("year")
        return f"{year}?" if year and self.field("yearcheck") else year

    @property
    def extent(self) -> str:
        """How much of it was read."""
        return self.field("readextent") or NOT_RECORDED

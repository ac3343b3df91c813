"""The Russian text as a whole: nothing English left, and one word for one thing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from treatybook.evidence import wording
from treatybook.evidence.tables import Book, opened
from treatybook.site import translation

LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*[A-Za-zÀ-ɏ]")
# What is code or written in a language of its own.
CODE = "script, style, noscript, pre, code, kbd, .highlight, .math, .tb-language"
OTHER = "[lang=mn], [lang=zh], [lang=ja], [lang=fa], [lang=de], [lang=fr]"
SAID = ("alt", "title", "aria-label", "placeholder", "data-label", "data-group", "data-recall")
# Names of programs, formats and licences, and the letters of coders and of sides of a clause.
KEPT = """
BY-SA Binder Book CC CSV Chromium Colab Ctrl Data EDTF Excel False Files Frictionless GeoJSON
GeoNames GitHub HTML ID JSON Jupyter JupyterHub JupyterLab Lab LibreOffice Linux MIT Markdown
Natural Earth None PDF Package Pandas Plotly Python SQL SVG Settings True URL UTF-8 Unicode Wikidata
Windows ZIP bib csv html iCalendar ics ipynb json krippendorff md nbgitpuller pandas pdf plotly pip
png svg timeline TimelineJS xlsx zip CN MN RU JP TR IR AF GMT
""".split()


@cache
def names(book: Book) -> re.Pattern[str]:
    """What the tables and the bibliography call by its own name."""
    found = set()
    for source in book.sources.values():
        own = {k: v for k, v in source.entry.fields.items() if k not in source.messages}
        found |= {source.key, *own.values(), *source.messages, *source.people}
        people = (person for role in source.entry.persons.values() for person in role)
        found |= {" ".join(part) for p in people for part in (p.last_names, p.first_names)}
    for name in book.names:
        found |= {name, *(field["name"] for field in book.fields(name))}
        for field in book.fields(name):
            is_name = field["name"] in ("names_historic", "other_names", "title_other")
            if field.get("vocabulary") or field.get("refersTo") or is_name:
                cells = book.table(name)[field["name"]]
                found |= {item for c in cells for item in ([c] if isinstance(c, str) else c or ())}
    words = sorted(filter(LATIN.search, map(str, found)), key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, words))})(?![A-Za-z])")

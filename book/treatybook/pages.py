"""What the pages of the book name: the rows that their prose refers to by key."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from treatybook.tables import BOOK_FOLDER, Book

ROLE = re.compile(r"\{(?P<kind>[a-z]+)\}`(?P<body>[^`]+)`")
EXPLICIT = re.compile(r"(?P<title>.+?)\s*<(?P<key>[^<>]+)>$", re.DOTALL)
# An open task: what its directive says, and its text with the folded hint and answer.
TASK = re.compile(
    r"^:{4}\{task\} (?P<name>[\w-]+)\n:kind: (?P<kind>[\w-]+)\n:aim: (?P<aim>[^\n]+)\n"
    r"(?P<text>.*?)^:{4}$",
    re.MULTILINE | re.DOTALL,
)
# Roles whose rows carry a level of evidence, with the table and its key.
TABLES = {
    "event": ("events", "event_id"),
    "date": ("events", "event_id"),
    "person": ("people", "person_id"),
    "place": ("places", "place_id"),
    "treaty": ("treaties", "treaty_id"),
    "clause": ("clauses", "clause_id"),
    "claim": ("claims", "claim_id"),
    "said": ("claims", "claim_id"),
    "force": ("forces", "force_id"),
}


def named(book: Book, folder: Path = BOOK_FOLDER) -> pd.DataFrame:
    """The rows that each page names in its prose.

    Parameters
    ----------
    book : Book
        The tables.
    folder : pathlib.Path
        Where the pages lie.

    Returns
    -------
    pandas.DataFrame
        Columns ``page`` (file name without ending), ``title``, ``table``, ``key`` and
        ``evidence``; each row of a table once for each page.
    """
    levels = {
        table: dict(zip(book.table(table)[key], book.table(table)["evidence"], strict=True))
        for table, key in TABLES.values()
    }
    rows = []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        found = {
            (TABLES[match["kind"]][0], _key(match["body"]))
            for match in ROLE.finditer(text)
            if match["kind"] in TABLES
        }
        rows += [
            {
                "page": path.stem,
                "title": title[1] if title else path.stem,
                "table": table,
                "key": key,
                "evidence": levels[table].get(key, "unverified"),
            }
            for table, key in sorted(found)
        ]
    return pd.DataFrame(rows, columns=["page", "title", "table", "key", "evidence"])


def tasks(folder: Path = BOOK_FOLDER) -> pd.DataFrame:
    """The open tasks of all pages, in the order of the page.

    Parameters
    ----------
    folder : pathlib.Path
        Where the pages lie.

    Returns
    -------
    pandas.DataFrame
        Columns ``page`` (file name without ending), ``name``, ``kind`` (a label of the codebook),
        ``aim`` and ``text`` (Markdown, with the hint and the model answer).
    """
    rows = [
        {"page": path.stem, **match.groupdict()}
        for path in sorted(folder.glob("*.md"))
        for match in TASK.finditer(path.read_text(encoding="utf-8"))
    ]
    return pd.DataFrame(rows, columns=["page", "name", "kind", "aim", "text"])


def cases_named(folder: Path = BOOK_FOLDER) -> dict[str, frozenset[str]]:
    """The cases that each page names in its prose, by the name of the page."""
    return {
        path.stem: frozenset(
            _key(match["body"])
            for match in ROLE.finditer(path.read_text(encoding="utf-8"))
            if match["kind"] == "case"
        )
        for path in sorted(folder.glob("*.md"))
    }


def _key(body: str) -> str:
    explicit = EXPLICIT.match(body)
    return explicit["key"] if explicit else body

"""What the pages of the book name: the rows that their prose refers to by key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from treatybook.evidence.identifiers import ROWS
from treatybook.evidence.tables import BOOK_FOLDER, Book

ROLE = re.compile(r"\{(?P<kind>[a-z]+)\}`(?P<body>[^`]+)`")
EXPLICIT = re.compile(r"(?P<title>.+?)\s*<(?P<key>[^<>]+)>$", re.DOTALL)
# An open task: what its directive says, and its text with the folded hint and answer.
TASK = re.compile(
    r"^:{4}\{task\} (?P<name>[\w-]+)\n:kind: (?P<kind>[\w-]+)\n:aim: (?P<aim>[^\n]+)\n"
    r"(?P<text>.*?)^:{4}$",
    re.MULTILINE | re.DOTALL,
)
# A lesson of the teacher's page: its anchor, its heading with the length, and all below it.
LESSON = re.compile(
    r"^\((?P<name>[\w-]+)\)=\n## (?P<title>[^\n]+?) \((?P<length>[^()\n]+)\)\n"
    r"(?P<text>.*?)(?=^\(|^## |\Z)",
    re.MULTILINE | re.DOTALL,
)
GLOSSARY = re.compile(r"^```\{glossary\}\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"^(?P<word>\S[^\n]*)\n  (?P<meaning>[^\n]+(?:\n  [^\n]+)*)", re.MULTILINE)
LESSON_ITEM = re.compile(
    r"^- \*\*(?P<name>[^*]+?)\.\*\* (?P<text>[^\n]+(?:\n  [^\n]+)*)", re.MULTILINE
)
LESSON_STEP = re.compile(r"^\| (?P<when>[^|\n]+?) +\| (?P<what>[^|\n]+?) +\|$", re.MULTILINE)
CELL = re.compile(
    r"^##+ (?P<heading>[^\n]+)$|^```\{code-cell\}[^\n]*\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
CELL_OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(?P<signs>##+) (?P<text>[^\n]+)$")
FENCE = re.compile(r"^(?P<fence>:{3,}|`{3,})\{[^\n]*$")


@dataclass(frozen=True)
class Lesson:
    """A lesson as the teacher's page has it.

    Attributes
    ----------
    name : str
        Its anchor.
    title, length : str
        Its heading and how long it takes.
    items : dict of str to str
        What stands behind each label, such as ``Question`` or ``Expected``, in Markdown.
    steps : tuple of (str, str)
        When something happens, and what, in Markdown.
    """

    name: str
    title: str
    length: str
    items: dict[str, str]
    steps: tuple[tuple[str, str], ...]


def lessons() -> dict[str, Lesson]:
    """The lessons of the teacher's page, by their anchor; none if there is no such page."""
    path = BOOK_FOLDER / "teach.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {
        found["name"]: Lesson(
            found["name"],
            found["title"],
            found["length"],
            {item["name"]: item["text"] for item in LESSON_ITEM.finditer(found["text"])},
            # The first row is the head of the table.
            tuple(LESSON_STEP.findall(found["text"])[1:]),
        )
        for found in LESSON.finditer(text)
    }


def texts() -> dict[str, str]:
    """The Markdown of every page, by the name of the page, in the order of the table of contents."""
    place = order()
    paths = sorted(BOOK_FOLDER.glob("*.md"), key=lambda path: (place.get(path.stem, 99), path.stem))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def words() -> dict[str, str]:
    """Words of the glossary with what they mean, in Markdown."""
    path = BOOK_FOLDER / "glossary.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    blocks = "\n".join(block["text"] for block in GLOSSARY.finditer(text))
    return {found["word"]: " ".join(found["meaning"].split()) for found in WORD.finditer(blocks)}


def order() -> dict[str, int]:
    """Place of each page in the table of contents."""
    contents = (BOOK_FOLDER.parent / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"book/([a-z-]+)$", contents, re.MULTILINE)
    return {name: place for place, name in enumerate(names)}


def cells(page: str) -> list[tuple[str, str]]:
    """The code cells of a page, each with the heading of the part that it stands in.

    Parameters
    ----------
    page : str
        File name of the page without its ending.
    """
    heading, found = "", []
    for match in CELL.finditer((BOOK_FOLDER / f"{page}.md").read_text(encoding="utf-8")):
        if match["heading"]:
            heading = match["heading"]
        else:
            found.append((heading, CELL_OPTIONS.sub("", match["code"], count=1)))
    return found


def passage(page: str, heading: str) -> str:
    """The running text below a heading, in Markdown, up to the next heading.

    Parameters
    ----------
    page : str
        File name of the page without its ending.
    heading : str
        The heading, without its signs.

    Raises
    ------
    KeyError
        If the page has no such heading.
    """
    kept, inside, fence, found = [], False, "", False
    for line in (BOOK_FOLDER / f"{page}.md").read_text(encoding="utf-8").split("\n"):
        opening = FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opening:
            fence = opening["fence"]
        elif title := HEADING.match(line):
            inside = title["text"] == heading
            found = found or inside
        elif inside:
            kept.append(line)
    if not found:
        raise KeyError(f"{page}.md has no heading {heading!r}")
    return "\n".join(kept).strip()


def cases_of(lesson: Lesson) -> list[str]:
    """The cases that the text of a lesson names, in its order."""
    text = " ".join(lesson.items.values())
    found = [
        key_and_title(match["body"])[0] for match in ROLE.finditer(text) if match["kind"] == "case"
    ]
    return list(dict.fromkeys(found))


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
    tables = {kind: table for kind, (table, *_) in ROWS.items() if "evidence" in book.table(table)}
    rows = []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        found = {
            (tables[match["kind"]], key_and_title(match["body"])[0])
            for match in ROLE.finditer(text)
            if match["kind"] in tables
        }
        rows += [
            {
                "page": path.stem,
                "title": title[1] if title else path.stem,
                "table": table,
                "key": key,
                "evidence": book.rows(table).get(key, {}).get("evidence", "unverified"),
            }
            for table, key in sorted(found)
        ]
    return pd.DataFrame(rows, columns=["page", "title", "table", "key", "evidence"])


def tasks() -> pd.DataFrame:
    """The open tasks of all pages, in the order of the page.

    Returns
    -------
    pandas.DataFrame
        Columns ``page`` (file name without ending), ``name``, ``kind`` (a label of the codebook),
        ``aim`` and ``text`` (Markdown, with the hint and the model answer).
    """
    rows = [
        {"page": path.stem, **match.groupdict()}
        for path in sorted(BOOK_FOLDER.glob("*.md"))
        for match in TASK.finditer(path.read_text(encoding="utf-8"))
    ]
    return pd.DataFrame(rows, columns=["page", "name", "kind", "aim", "text"])


def cases_named() -> dict[str, frozenset[str]]:
    """The cases that each page names in its prose, by the name of the page."""
    return {
        path.stem: frozenset(
            key_and_title(match["body"])[0]
            for match in ROLE.finditer(path.read_text(encoding="utf-8"))
            if match["kind"] == "case"
        )
        for path in sorted(BOOK_FOLDER.glob("*.md"))
    }


def key_and_title(body: str) -> tuple[str, str]:
    """Key of a role, and the words that are written for it: ``("D-16", "a riddle")``."""
    explicit = EXPLICIT.match(body)
    return (explicit["key"], explicit["title"]) if explicit else (body, "")

"""The prose of the pages: the rows that it names, its passages, cells, tasks and hard words.

The pages are MyST Markdown. They are read by markdown-it with the plugins that MyST uses, so
that what stands in code or in a comment is not taken for prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from treatybook.evidence.identifiers import KINDS, ROWS, key_and_forms
from treatybook.evidence.tables import BOOK_FOLDER, ROOT, Book

MARKDOWN = MarkdownIt("commonmark").enable("table")
for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin):
    MARKDOWN.use(plugin)
ROLE = re.compile(r"\{(?P<kind>[a-z]+)\}`(?P<body>[^`]+)`")
EXPLICIT = re.compile(r"(?P<title>.+?)\s*<(?P<key>[^<>]+)>$", re.DOTALL)
DIRECTIVE = re.compile(r"\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)")
# What stands at the head of a directive: lines of its own, or a block between two fences.
OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^:(?P<name>[\w-]+):[ ]*(?P<value>.*)$", re.MULTILINE)
WORD = re.compile(r"^(?P<word>\S[^\n]*)\n  (?P<meaning>[^\n]+(?:\n  [^\n]+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Directive:
    """A directive of a page.

    Attributes
    ----------
    name, argument : str
        What it is, and what stands behind its name.
    options : dict of str to str
        Its options of one line.
    content : str
        Markdown below the options.
    lines : (int, int)
        The line that it begins on and the one after its last, counted from 0.
    """

    name: str
    argument: str
    options: dict[str, str]
    content: str
    lines: tuple[int, int]


@cache
def tokens(text: str) -> tuple[Token, ...]:
    """A text as markdown-it reads it."""
    return tuple(MARKDOWN.parse(text))


def directive(token: Token) -> Directive | None:
    """The directive that a token is; nothing for any other token."""
    found = DIRECTIVE.match(token.info) if token.type in ("fence", "colon_fence") else None
    if not found:
        return None
    head = OPTIONS.match(token.content)[0]
    options = {option["name"]: option["value"] for option in OPTION.finditer(head)}
    content = token.content.removeprefix(head)
    return Directive(found["name"], found["argument"].strip(), options, content, tuple(token.map))


def directives(text: str, name: str = "") -> list[Directive]:
    """The directives of one kind in a text, in its order; all of them if no kind is named."""
    found = map(directive, tokens(text))
    return [item for item in found if item and name in ("", item.name)]


def rewritten(text: str, write: Callable[[Directive, str], list[str]]) -> str:
    """A text with the lines that are written for each directive and its indent."""
    lines = text.split("\n")
    for item in reversed(directives(text)):
        start, end = item.lines
        lines[start:end] = write(item, re.match(r"\s*", lines[start])[0])
    return "\n".join(lines)


def text_of_page(page: str) -> str:
    """The Markdown of a page, by its file name without ending; empty if there is none."""
    path = BOOK_FOLDER / f"{page}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def texts(folder: Path = BOOK_FOLDER) -> dict[str, str]:
    """The Markdown of every page of a folder by its name, in the order of the table of contents."""
    contents = (ROOT / "_toc.yml").read_text("utf-8")
    order = re.findall(r"book/([a-z0-9-]+)$", contents, re.MULTILINE)
    found = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
    return {name: found[name] for name in dict.fromkeys([*order, *found]) if name in found}


def title(text: str, otherwise: str = "") -> str:
    """Title of a page: its first heading."""
    start = text.partition("\n## ")[0]  # reading all of every page would take its time
    return next((heading for level, heading, _ in headings(start) if level == 1), otherwise)


def headings(text: str) -> list[tuple[int, str, tuple[int, int]]]:
    """Level, words and lines of each heading."""
    return [
        (int(token.tag[1]), inline.content, tuple(token.map))
        for token, inline in pairwise(tokens(text))
        if token.type == "heading_open"
    ]


def parts(text: str, deepest: int = 6) -> list[tuple[str, int, int]]:
    """The parts of a text below its title: heading, first line behind it, first of the next."""
    found = [(words, lines) for level, words, lines in headings(text) if 1 < level <= deepest]
    ends = [start for _, (start, _) in found[1:]] + [len(text.split("\n"))]
    return [(words, begin, end) for (words, (_, begin)), end in zip(found, ends, strict=False)]


def words() -> dict[str, str]:
    """Words of the glossary with what they mean, in Markdown."""
    blocks = "\n".join(item.content for item in directives(text_of_page("glossary"), "glossary"))
    return {found["word"]: " ".join(found["meaning"].split()) for found in WORD.finditer(blocks)}


def cells(page: str) -> list[tuple[str, str]]:
    """The code cells of a page, each with the heading of the part that it stands in."""
    text = text_of_page(page)
    found = []
    for cell in directives(text, "code-cell"):
        above = [words for words, begin, _ in parts(text) if begin <= cell.lines[0]]
        found.append((above[-1] if above else "", cell.content))
    return found


def passage(page: str, heading: str) -> str:
    """The running text below a heading, in Markdown, up to the next heading.

    Raises
    ------
    KeyError
        If the page has no such heading.
    """
    text = text_of_page(page)
    for words, begin, end in parts(text):
        if words == heading:
            return running_text("\n".join(text.split("\n")[begin:end]))
    raise KeyError(f"{page}.md has no heading {heading!r}")


def named_passage(argument: str) -> tuple[str, str, str]:
    """Page, heading and running text of a passage that is written ``page > heading``.

    Raises
    ------
    KeyError
        If there is no such heading.
    """
    page, _, heading = argument.partition(" > ")
    return page, heading, passage(page, heading)


def running_text(text: str) -> str:
    """Markdown without its directives."""
    return rewritten(text, lambda item, indent: []).strip()


def tasks() -> pd.DataFrame:
    """The open tasks of all pages, in the order of the page.

    Returns
    -------
    pandas.DataFrame
        Columns ``page`` (file name without ending), ``name``, ``kind`` (a label of the codebook),
        ``aim`` and ``text`` (Markdown, with the hint and the model answer).
    """
    rows = [
        {"page": page, "name": task.argument, **task.options, "text": task.content}
        for page, text in sorted(texts().items())
        for task in directives(text, "task")
    ]
    return pd.DataFrame(rows, columns=["page", "name", "kind", "aim", "text"])


def key_and_title(body: str) -> tuple[str, str]:
    """Key of a role, and the words that are written for it: ``("D-16", "a riddle")``."""
    explicit = EXPLICIT.match(body)
    return (explicit["key"], explicit["title"]) if explicit else (body, "")


def roles(text: str) -> Iterator[tuple[str, str]]:
    """Kind and key of every role in a text, those within directives too."""
    for token in tokens(text):
        for child in token.children or ():
            if child.type == "myst_role":
                kind, key = child.meta["name"], key_and_title(child.content)[0]
                yield kind, key_and_forms(key)[0] if kind in KINDS else key
        within = directive(token)
        if within and within.name != "code-cell":
            yield from roles(within.content)


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
    for page, text in sorted(texts(folder).items()):
        for table, key in sorted({(tables[k], key) for k, key in roles(text) if k in tables}):
            level = book.rows(table).get(key, {}).get("evidence", "unverified")
            rows.append((page, title(text, page), table, key, level))
    return pd.DataFrame(rows, columns=["page", "title", "table", "key", "evidence"])

"""The book in another language: whole sources, written with the catalogues in ``locale``.

For each further language there is a tree like that of the repository under ``_build``: pages in that
language, with the package and the data as they are. Jupyter Book and jupytext read it like any
other book.
"""

from __future__ import annotations

import json
import re
import shutil
from functools import cache, partial
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from docutils.nodes import make_id

from treatybook.evidence import prose, wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT, opened, translations
from treatybook.site import fresh
from treatybook.site.cutting import parts

LANGUAGE_CALL = re.compile(r"^book = read\(\)$", re.MULTILINE)
PASSAGE = re.compile(
    r"(?P<start>^[`:]{3,}\{passage\} (?P<page>[\w-]+) > )(?P<heading>.+)$", re.MULTILINE
)
CAPTION = re.compile(r"(?<=- caption: ).+$", re.MULTILINE)
PACKAGE = "book/treatybook/**/*.py"
# What the book of a language takes as it is; its pages, contents and settings are written anew.
TAKEN = (
    "data/**/*",
    "book/treatybook/**/*",
    "book/_static/**/*",
    "book/*.bib",
    "locale/**/*",
    "requirements.txt",
    "LICENSE*",
)
# The title of the book, the captions of its contents, its footer: what stands on no page.
BOOK = "book"
EDITION = "edition.json"  # what the build of a language needs to know of its pages


def catalogue_file(language: str, page: str) -> Path:
    """Where the messages of a page stand: ``locale/ru/pages/clauses.po``."""
    return ROOT / "locale" / language / "pages" / f"{page}.po"


@cache
def catalogue_of(path: Path, language: str) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def found(language: str, page: str, message: str) -> str:
    """The translation of a message of a page; empty if there is none or it is to be looked at."""
    kept = catalogue_of(catalogue_file(language, page), language).get(message)
    return str(kept.string) if kept and kept.string and not kept.fuzzy else ""


def tree(language: str) -> Path:
    """The folder in which the book of a language is built."""
    return ROOT / "_build" / language


def write(language: str) -> Path:
    """Write the sources of the book in a language; a file that is as it was stays untouched.

    Returns
    -------
    pathlib.Path
        The folder, which is laid out like the repository.
    """
    folder = tree(language)
    sources = {folder / path.relative_to(ROOT): path for path in fresh.files(*TAKEN)}
    # Drawings with words are drawn in each language; pages show them under one name.
    drawn = fresh.files(f"book/art/{language}/*")
    sources |= {folder / "book" / "_static" / path.name: path for path in drawn}
    pages = {folder / "book" / f"{page}.md": page for page in prose.texts()}
    for old in fresh.files(
        *(f"_build/{language}/{part}/**/*" for part in ("book", "data", "locale"))
    ):
        if old not in sources and old not in pages:
            old.unlink()
    for target, source in sources.items():
        if not (target.is_file() and target.read_bytes() == source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    _write_pages(language, pages, folder / EDITION)
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    say = partial(_or_itself, language, BOOK)
    config["title"], config["author"] = say(config["title"]), say(config["author"])
    config["html"]["extra_footer"] = say(config["html"]["extra_footer"])
    own = config["sphinx"]["config"]
    own["language"] = language
    own["numbered_parts"] = list(map(say, own["numbered_parts"]))
    write_text(folder / "_config.yml", yaml.safe_dump(config, allow_unicode=True, sort_keys=False))
    write_text(folder / "_toc.yml", contents(language))
    return folder


def _write_pages(language: str, pages: dict[Path, str], edition: Path) -> None:
    """Write the pages that are not as their last writing left them, and what is known of all."""
    kept = json.loads(edition.read_text("utf-8")) if edition.is_file() else {}
    words = fresh.digest(fresh.files(f"locale/{language}/**/*.po", "data/*.csv", PACKAGE))
    known = {}
    for target, page in pages.items():
        made_of = fresh.digest([], words, prose.text_of_page(page))
        known[page] = kept.get(page, {})
        if known[page].get("made_of") != made_of or not target.is_file():
            text, told = page_in(language, page)
            write_text(target, text)
            known[page] = {**told, "made_of": made_of}
    write_text(edition, json.dumps(known, indent=0))


def contents(language: str, root: Path = ROOT) -> str:
    """The table of contents with its captions in a language."""
    toc = (root / "_toc.yml").read_text("utf-8")
    return CAPTION.sub(lambda found: _or_itself(language, BOOK, found[0]), toc)


def of_book(message: str) -> str:
    """A message of the book as a whole in the language in use."""
    return _or_itself(wording.spoken(), BOOK, message)


def _or_itself(language: str, page: str, message: str) -> str:
    return found(language, page, message) or message


def page_in(language: str, page: str) -> tuple[str, dict[str, list]]:
    """A page in a language, and what its build needs to know of it.

    Returns
    -------
    (str, dict)
        The Markdown; and ``anchors``, those of the English headings in their order, so that an
        address leads to the same place in every language, with ``english``, the lines (counted
        from 1) that are not translated.
    """
    source = prose.text_of_page(page)
    lines, english, shift = source.split("\n"), [], 0
    for part in parts(source):
        given = [found(language, page, message) for message in part.messages]
        words = [one or message for one, message in zip(given, part.messages, strict=True)]
        written = part.write(words)
        start = part.start + shift
        lines[start : start + part.end - part.start] = written
        if not all(given):
            english += range(start + 1, start + 1 + len(written))
        shift += len(written) - (part.end - part.start)
    text = LANGUAGE_CALL.sub(f'book = read(language="{language}")', "\n".join(lines))
    text = PASSAGE.sub(partial(_passage_in, language), text)
    for named, told in named_by_data(language).items():
        text = text.replace(f'"{named}"', f'"{told}"')
    anchors = [make_id(prose.running_text(words)) for _, words, _ in prose.headings(source)]
    return text, {"anchors": anchors, "english": english}


def _passage_in(language: str, passage: re.Match[str]) -> str:
    """A passage is named by the heading that stands on the page of this language."""
    return passage["start"] + _or_itself(language, passage["page"], passage["heading"])


@cache
def named_by_data(language: str) -> dict[str, str]:
    """Words of the tables by which cells choose rows, and what the tables have in a language."""
    book, found = opened(), {}
    for table, english, column in (
        ("treaties", "short_en", "short"),
        ("claims", "subject", "subject"),
    ):
        rows, other = book.table(table), f"{column}_{language}"
        if other in rows:  # a language that is new has no columns yet
            words = translations(rows, english, other)
            found |= {own: told for own, told in zip(rows[english], words, strict=True) if told}
    return found

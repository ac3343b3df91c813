"""Finding things on the built site: rows on the search page, the inventory, a page for lost readers."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType

from treatybook.display.elements import element
from treatybook.display.markdown import words_alone
from treatybook.evidence import prose, tables, wording
from treatybook.evidence.files import write_text
from treatybook.evidence.wording import _
from treatybook.site import edition, rowindex
from treatybook.site.heads import LOST, NAMES, description

# Not below book/_static: Jupyter Book loads every script it finds there on every page.
SOURCES = Path(__file__).resolve().parent / "assets" / "rowsearch"
FOLDER = "_static/rowsearch"
ROWS_FILE = "rows.js"
ADDRESS = re.compile(
    r'(\s(?:href|src|action|data-content_root|data-fonts)=")(?!#|/|[a-z][a-z0-9+.-]*:)([^"]*)"'
)


class RowDomain(Domain):
    """Lists the rows in ``objects.inv``, so that other books can link to them by key."""

    name = "treatybook"
    label = "Moscow–Urga 1921"
    object_types: ClassVar = {kind: ObjType(kind) for kind in rowindex.KINDS}

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for row in known_rows(self.env):
            # A negative priority keeps them out of Sphinx's own search: see rowsearch.js.
            page = f"{page_folder(self.env.config)}{row.page}"
            yield row.key, row.title, row.kind, page, row.anchor, -1

    def resolve_any_xref(self, *arguments, **options) -> list:
        return []

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict) -> None:
        """Nothing is kept with the pages, so there is nothing to merge."""


def page_folder(config) -> str:
    """Folder of the pages, with a slash at its end."""
    folder = posixpath.dirname(config.root_doc)
    return f"{folder}/" if folder else ""


def known_rows(env) -> list[rowindex.Found]:
    """Rows whose page is in the book: a book of a few pages has no dead results."""
    return _in_book(env, rowindex.rows(tables.read()))


def _in_book(env, rows: list[rowindex.Found]) -> list[rowindex.Found]:
    folder = page_folder(env.config)
    return [row for row in rows if f"{folder}{row.page}" in env.found_docs]


def words_of_glossary(env) -> list[rowindex.Found]:
    """Words that the glossary explains, with what they mean."""
    folder, book = page_folder(env.config), tables.read()
    meanings = {word: words_alone(text, book) for word, text in prose.words().items()}
    return [
        rowindex.Found(
            "word", name, shown, meanings.get(shown, ""), page.removeprefix(folder), anchor
        )
        for name, shown, kind, page, anchor, _rank in sorted(env.get_domain("std").get_objects())
        if kind == "term"
    ]


def search_tags(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Give the search page the list of rows and the script that searches it."""
    if pagename == "search":
        own = [f"{FOLDER}/{name}" for name in ("rowsearch.css", ROWS_FILE, "rowsearch.js")]
        files = [own[0], "_static/finding.js", NAMES, *own[1:]]
        style, *scripts = (context["pathto"](name, 1) for name in files)
        tags = [element("link", rel="stylesheet", href=style)]
        tags += [element("script", defer=True, src=script) for script in scripts]
        context["metatags"] += "".join(f"{tag}\n" for tag in tags)


def rows_script(app: Sphinx) -> str:
    """The list of rows as a script: a page in a folder may not read data files."""
    env = app.env
    found = known_rows(env) + words_of_glossary(env) + _in_book(env, rowindex.lessons())
    pages = {name: description(env, name) for name in sorted(env.found_docs)}
    content = rowindex.index(tables.read(), found, page_folder(app.config), pages)
    content["languages"] = [
        (language, wording.LANGUAGES[language], edition.address("search.html", language))
        for language in wording.others()
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"window.treatybookRows = {text};\n"


def names_script() -> str:
    """The forms of names as a script, which the tables of other pages fetch when they are searched."""
    text = json.dumps(rowindex.names(tables.read()), ensure_ascii=False, separators=(",", ":"))
    return f"window.treatybookNames = {text};\n"


def _lost_links() -> dict[str, str]:
    return {
        "index": _("The book from its beginning"),
        "chronology": _("What happened, and when: all events"),
        "clauses": _("What was promised: the agreement, article by article"),
        "people": _("Who was who: all people, under all forms of their names"),
        "glossary": _("What the words mean"),
    }


def lost_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The page that a web server shows where there is none."""
    folder = page_folder(app.config)
    links = [
        element("li", element("a", words, href=f"{folder}{page}.html"))
        for page, words in _lost_links().items()
        if f"{folder}{page}" in app.env.found_docs
    ]
    title = _("There is no page here")
    # The search needs a script: without one the form would be a dead control.
    about = {"class": "pst-js-only", "action": "search.html", "method": "get", "role": "search"}
    controls = (
        element("label", _("Search this book:"), for_="tb-lost"),
        *(" ", element("input", id="tb-lost", type="search", name="q"), " "),
        element("button", _("Search"), type="submit"),
    )
    parts = (
        element("h1", title),
        element("p", _("The address may be mistyped, or the page has another name now.")),
        element("form", *controls, **about),
        element("h2", _("Where to go from here")),
        element("ul", *links),
    )
    body = element("section", *parts)
    yield LOST, {"title": title, "body": body}, "page.html"


def finish(app: Sphinx) -> None:
    """Write what belongs to the whole site, once all pages are there."""
    outdir, site = Path(app.outdir), app.config.html_baseurl
    shutil.copytree(SOURCES, outdir / FOLDER, dirs_exist_ok=True)
    write_text(outdir / FOLDER / ROWS_FILE, rows_script(app))
    write_text(outdir / NAMES, names_script())
    root_addresses(outdir / f"{LOST}.html", site)
    if wording.spoken() == wording.SOURCE:  # one for the pages of all languages
        write_sitemap(outdir, site, app.env.found_docs)


def root_addresses(path: Path, site: str) -> None:
    """Let the addresses of the lost page begin at the site's root.

    A server shows this page at any depth, where addresses that begin at the page lead nowhere.
    """
    if site and path.is_file():
        root = urlsplit(site).path
        html = path.read_text("utf-8")
        write_text(path, ADDRESS.sub(lambda m: f'{m[1]}{root}{m[2].removeprefix("./")}"', html))


def write_sitemap(outdir: Path, site: str, pages: Iterable[str]) -> None:
    """Write ``sitemap.xml`` and ``robots.txt``, or take old ones away where no address is known."""
    sitemap, robots = outdir / "sitemap.xml", outdir / "robots.txt"
    if not site:
        sitemap.unlink(missing_ok=True)
        robots.unlink(missing_ok=True)
        return
    # No dates: a build of the same text gives the same file.
    named = [
        edition.address(page, language) for language in wording.LANGUAGES for page in sorted(pages)
    ]
    urls = [f"<url><loc>{escape(site + quote(page))}.html</loc></url>\n" for page in named]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    head += '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    write_text(sitemap, f"{head}{''.join(urls)}</urlset>\n")
    write_text(robots, f"User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n")

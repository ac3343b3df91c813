"""Sphinx extension for finding things: search by row, lost pages, descriptions, languages.

The search page gets a list of all rows and a small script. Every page says what it is about,
and where it lies if the book has a public address. A page that is not there leads on.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape as xml_escape

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain, ObjType
from sphinx.errors import ExtensionError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from treatybook import finding, languages, tables
from treatybook_sphinx import repository_url

# Not below book/_static: Jupyter Book loads every script it finds there on every page.
SOURCES = Path(__file__).resolve().parent / "finding"
FOLDER = "_static/finding"
ROWS_FILE = "rows.js"
SOCIAL_IMAGE = "_static/social.png"
SOCIAL_WORDS = "The name of the book and its sign"
LOCALE = "en_GB"
SHORTEST, LONGEST = 60, 160  # characters of a description that search engines show
DESCRIPTION = "description"
LOST = "404"
# Pages that Sphinx makes itself, and what they are for.
OTHER_PAGES = {
    "search": "Search the pages, people, places, events, clauses, claims and sources of the book.",
    "genindex": "The words of the glossary in alphabetical order, each with a link to its meaning.",
    LOST: "There is no page at this address. Links to the parts of the book, and a search.",
}
LOST_LINKS = (
    ("index", "The book from its beginning"),
    ("chronology", "What happened, and when: all events"),
    ("clauses", "What was promised: the agreement, article by article"),
    ("people", "Who was who: all people, under all forms of their names"),
    ("glossary", "What the words mean"),
)
ADDRESS = re.compile(
    r'(\s(?:href|src|action|data-content_root)=")(?!#|/|[a-z][a-z0-9+.-]*:)([^"]*)"'
)


class RowDomain(Domain):
    """Lists the rows in ``objects.inv``, so that other books can link to them by key."""

    name = "treatybook"
    label = "Moscow–Urga 1921"

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for row in known_rows(self.env):
            # A negative priority keeps them out of Sphinx's own search: see finding.js.
            page = f"{page_folder(self.env.config)}{row.page}"
            yield row.key, row.title, row.kind, page, row.anchor, -1

    def resolve_any_xref(self, *arguments, **options) -> list:
        return []

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict) -> None:
        """Nothing is kept with the pages, so there is nothing to merge."""


RowDomain.object_types = {kind: ObjType(words[0]) for kind, words in finding.KINDS.items()}


@cache
def read_book() -> tables.Book:
    return tables.read()


@cache
def read_rows() -> list[finding.Found]:
    return finding.rows(read_book())


@cache
def read_languages() -> languages.Languages:
    return languages.known(read_book())


def page_folder(config) -> str:
    """Folder of the pages, with a slash at its end."""
    folder = posixpath.dirname(config.root_doc)
    return f"{folder}/" if folder else ""


def known_rows(env) -> list[finding.Found]:
    """Rows whose page is in the book: a book of a few pages has no dead results."""
    folder = page_folder(env.config)
    return [row for row in read_rows() if f"{folder}{row.page}" in env.found_docs]


def words_of_glossary(env) -> list[finding.Found]:
    """Words that the glossary explains."""
    folder = page_folder(env.config)
    return [
        finding.Found("word", name, shown, "", page.removeprefix(folder), anchor)
        for name, shown, kind, page, anchor, _ in sorted(env.get_domain("std").get_objects())
        if kind == "term"
    ]


def lessons_found(env) -> list[finding.Found]:
    """Lessons, if the teacher's page is in the book."""
    folder = page_folder(env.config)
    return [row for row in finding.lessons() if f"{folder}{row.page}" in env.found_docs]


def public_address() -> str:
    """Web address of the built book with a slash at its end, or an empty text.

    Looked for in ``BOOK_SITE``; else, on GitHub Actions, made from the repository's name.

    Raises
    ------
    ExtensionError
        If ``BOOK_SITE`` is not a web address.
    """
    if address := os.environ.get("BOOK_SITE"):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ExtensionError(
                f"BOOK_SITE is {address!r}; write it like https://example.org/book/"
            )
        return f"{address.rstrip('/')}/"
    match = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+)", repository_url())
    if not (match and os.environ.get("GITHUB_REPOSITORY")):
        return ""
    owner, name = match[1].lower(), match[2]
    is_root = name.lower() == f"{owner}.github.io"
    return f"https://{owner}.github.io/" if is_root else f"https://{owner}.github.io/{name}/"


def set_address(app: Sphinx, config) -> None:
    """Canonical links follow the public address."""
    config.html_baseurl = public_address()


def page_text(doctree: nodes.document) -> str:
    """What a page says first: its paragraphs of running text, up to the length needed."""
    told = ""
    for paragraph in doctree.findall(nodes.paragraph):
        is_running = isinstance(paragraph.parent, nodes.section | nodes.document)
        if not is_running or _is_label(paragraph):
            continue
        told = f"{told} {_words(paragraph)}".strip()
        if len(told) > LONGEST:
            break
    return told


def _is_label(paragraph: nodes.paragraph) -> bool:
    """Whether a paragraph is all bold or italic: "In this chapter", "About 20 minutes"."""
    return all(
        isinstance(part, nodes.strong | nodes.emphasis) or not part.astext().strip()
        for part in paragraph.children
    )


def _words(paragraph: nodes.paragraph) -> str:
    """Text of a paragraph without its references to sources."""
    copy = paragraph.deepcopy()
    for link in list(copy.findall(pending_xref)):
        if link.get("refdomain") == "cite":
            link.parent.remove(link)
    return re.sub(r"\s+([.,;:?!])", r"\1", " ".join(copy.astext().split()))


def shorten(text: str) -> str:
    """Whole sentences that fit; if they would say too little, whole words and three dots."""
    if len(text) <= LONGEST:
        return text
    ends = [found.end() for found in re.finditer(r"[.?!](?=\s)", text[: LONGEST + 1])]
    if ends and ends[-1] >= SHORTEST:
        return text[: ends[-1]]
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"


def keep_description(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page is about with what Sphinx knows of it, also when it is not read again."""
    app.env.metadata[app.env.docname][DESCRIPTION] = shorten(page_text(doctree))


def description(env, pagename: str) -> str:
    """What a page is about, in plain text."""
    return env.metadata[pagename].get(DESCRIPTION, "") or OTHER_PAGES.get(pagename, "")


def page_title(env, pagename: str, context: dict) -> str:
    """Title of a page in plain text."""
    if pagename in env.titles:
        return env.titles[pagename].astext()
    return re.sub(r"<[^>]+>", "", context.get("title") or "") or "Search"


def head_tags(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Say in the head of a page what it is about and where it lies; mark its languages."""
    described = description(app.env, pagename)
    is_made = pagename in OTHER_PAGES
    context["body"] = read_languages().mark(context.get("body", ""))
    address = None if is_made else context.get("pageurl")
    context["pageurl"] = address
    tags = [_meta("name", "description", described)]
    if is_made:
        tags.append(_meta("name", "robots", "noindex"))
    else:
        tags += _open_graph(app, pagename, context, described, address)
    if pagename == "search":
        tags += _search_tags(app, context)
    context["metatags"] = "\n".join([context.get("metatags", ""), *filter(None, tags), ""])


def _meta(kind: str, name: str, content: str | None) -> str:
    return f'<meta {kind}="{name}" content="{escape(content, quote=True)}">' if content else ""


def _open_graph(app: Sphinx, pagename, context, described, address) -> list[str]:
    """Tags that other sites show a link to the page with."""
    config = app.config
    is_root = pagename == config.root_doc
    values = {
        "og:title": page_title(app.env, pagename, context),
        "og:description": described,
        "og:type": "website" if is_root else "article",
        "og:locale": LOCALE,
        "og:site_name": config.html_title or config.project,
        "og:url": address,
    }
    # A picture needs a whole address, and there may be none of either.
    if address and (tables.BOOK_FOLDER / SOCIAL_IMAGE).is_file():
        values["og:image"] = config.html_baseurl + SOCIAL_IMAGE
        values["og:image:alt"] = SOCIAL_WORDS
    card = "summary_large_image" if "og:image" in values else "summary"
    return [
        *(_meta("property", name, value) for name, value in values.items()),
        _meta("name", "twitter:card", card),
    ]


def _search_tags(app: Sphinx, context) -> list[str]:
    """The list of rows and the script that searches it: on this page only."""

    def address(name: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()[:8]
        return f"{context['pathto'](f'{FOLDER}/{name}', 1)}?v={digest}"

    style, script = (SOURCES / "finding.css"), (SOURCES / "finding.js")
    rows = rows_script(app).encode()
    return [
        f'<link rel="stylesheet" href="{address(style.name, style.read_bytes())}">',
        f'<script defer src="{address(ROWS_FILE, rows)}"></script>',
        f'<script defer src="{address(script.name, script.read_bytes())}"></script>',
    ]


def rows_script(app: Sphinx) -> str:
    """The list of rows as a script: a page in a folder may not read data files."""
    env = app.env
    found = known_rows(env) + words_of_glossary(env) + lessons_found(env)
    pages = {name: description(env, name) for name in sorted(env.found_docs)}
    content = finding.index(read_book(), found, page_folder(app.config), pages)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"window.treatybookRows = {text};\n"


def lost_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The page that a web server shows where there is none."""
    folder = page_folder(app.config)
    links = "".join(
        f'<li><a href="{folder}{page}.html">{escape(words)}</a></li>'
        for page, words in LOST_LINKS
        if f"{folder}{page}" in app.env.found_docs
    )
    body = (
        "<section><h1>There is no page here</h1>"
        "<p>The address may be mistyped, or the page has another name now.</p>"
        # The search needs a script: without one the form would be a dead control.
        '<form class="pst-js-only" action="search.html" method="get" role="search">'
        '<label for="tb-lost">Search this book:</label> '
        '<input id="tb-lost" type="search" name="q"> <button type="submit">Search</button></form>'
        f"<h2>Where to go from here</h2><ul>{links}</ul></section>"
    )
    yield LOST, {"title": "There is no page here", "body": body}, "page.html"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write what belongs to the whole site, once all pages are there."""
    if exception or app.builder.format != "html":
        return
    outdir, site = Path(app.outdir), app.config.html_baseurl
    folder = outdir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ROWS_FILE).write_text(rows_script(app), encoding="utf-8", newline="\n")
    for path in sorted(SOURCES.glob("finding.*")):
        shutil.copyfile(path, folder / path.name)
    root_addresses(outdir / f"{LOST}.html", site)
    write_sitemap(outdir, site, app.env.found_docs)


def root_addresses(path: Path, site: str) -> None:
    """Let the addresses of the lost page begin at the site's root.

    A server shows this page at any depth, where addresses that begin at the page lead nowhere.
    """
    if site and path.is_file():
        root = urlsplit(site).path
        html = path.read_text(encoding="utf-8")
        html = ADDRESS.sub(lambda m: f'{m[1]}{root}{m[2].removeprefix("./")}"', html)
        path.write_text(html, encoding="utf-8", newline="\n")


def write_sitemap(outdir: Path, site: str, pages: Iterable[str]) -> None:
    """Write ``sitemap.xml`` and ``robots.txt``, or take old ones away where no address is known."""
    sitemap, robots = outdir / "sitemap.xml", outdir / "robots.txt"
    if not site:
        sitemap.unlink(missing_ok=True)
        robots.unlink(missing_ok=True)
        return
    # No dates: a build of the same text gives the same file.
    urls = "".join(
        f"<url><loc>{xml_escape(site + quote(page))}.html</loc></url>\n" for page in sorted(pages)
    )
    sitemap.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
        encoding="utf-8",
        newline="\n",
    )
    robots.write_text(
        f"User-agent: *\nAllow: /\nSitemap: {site}sitemap.xml\n", encoding="utf-8", newline="\n"
    )


def setup(app: Sphinx) -> dict:
    app.add_domain(RowDomain)
    app.connect("config-inited", set_address)
    # After Sphinx's own collector, which gathers the rest of what is known of a page.
    app.connect("doctree-read", keep_description, priority=900)
    app.connect("html-collect-pages", lost_page)
    # After everything that writes into the body of a page.
    app.connect("html-page-context", head_tags, priority=950)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

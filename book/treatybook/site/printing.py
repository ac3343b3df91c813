"""From the built site to paper: PDFs of handouts, of the whole book, and an offline copy.

``python -m treatybook printing`` is what ``make site`` runs after ``make book``. It reads the
pages of the site and no tables: what is printed is what a reader sees. Nothing is made again
as long as the site stays the same.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pikepdf
import yaml

from treatybook.evidence import wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import ROOT
from treatybook.evidence.wording import _
from treatybook.site import browser, edition, fresh, translation, wholebook
from treatybook.site.addresses import git
from treatybook.views.exports import FOLDER, NAME, zipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SITE = ROOT / "_build" / "html"
NODE = re.compile(rb"node(\d{8})")  # name of a tag; always as long, so places stay
WHOLE = f"{NAME}.pdf"
OFFLINE = f"{NAME}-offline.zip"
# Width of the paper inside the margins of printing.css, in CSS pixels.
WIDTHS = {"A4": 680, "Letter": 696}
RUNNING = """@page { @bottom-left { content: %r; font: 8pt sans-serif; color: #444 }
@bottom-right { content: counter(page); font: 8pt sans-serif; color: #444 } }"""
NOT_FIRST = "@page :first { @bottom-left { content: none } @bottom-right { content: none } }"
# A link to another file of the site means nothing on paper.
DROP_LOCAL_LINKS = """() => {
  const here = location.href.split('#')[0];
  for (const link of document.querySelectorAll('a[href]')) {
    const other = !/^(https?|mailto):/.test(link.href) || link.origin === location.origin;
    if (other && link.href.split('#')[0] !== here) link.removeAttribute('href');
  }
}"""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .map((heading) => heading.textContent.trim().replace(/\\s+/g, ' ')).filter(Boolean)"""
FILL_NUMBERS = """(numbers) => {
  for (const place of document.querySelectorAll('[data-page-of]'))
    place.textContent = numbers[place.dataset.pageOf];
}"""


def print_page(
    address: str | Path, target: str | Path, paper: str = "A4", engine: Browser | None = None
) -> Path:
    """Print one page of the site, as a reader's browser would, into a PDF.

    Parameters
    ----------
    address : str or pathlib.Path
        Web address of the page, or path of its file.
    target : str or pathlib.Path
        The PDF to write.
    paper : str
        ``A4`` or ``Letter``.
    engine : playwright.sync_api.Browser, optional
        A running browser; without one a browser is started and closed.

    Returns
    -------
    pathlib.Path
        ``target``.
    """
    url = str(address) if "://" in str(address) else Path(address).resolve().as_uri()
    with nullcontext(engine) if engine else browser.running() as engine:
        page = _open(engine, url, paper)
        page.evaluate(DROP_LOCAL_LINKS)
        title = page.title()
        page.add_style_tag(content=RUNNING % title)
        content = _pdf(page, paper)
        page.close()
    return _write(content, target, title)


def _sheets(site: Path) -> list[tuple[Path, str, str]]:
    """Every handout with the PDF that is made of it, on A4 and on Letter."""
    return [
        (page, f"{page.stem}-{paper.lower()}.pdf", paper)
        for page in sorted(site.glob("book/sheet-*.html"))
        for paper in WIDTHS
    ]


def print_book(site: Path, target: Path, engine: Browser, root: Path = ROOT) -> Path:
    """Print all pages of the table of contents as one book, in the language in use.

    Parameters
    ----------
    site : pathlib.Path
        The built pages of that language.
    target : pathlib.Path
        The PDF to write.
    engine : playwright.sync_api.Browser
        A running browser.
    root : pathlib.Path
        The repository, for ``_toc.yml`` and ``CITATION.cff``.

    Returns
    -------
    pathlib.Path
        ``target``.
    """
    toc = yaml.safe_load(translation.contents(wording.spoken(), root))
    files = [file for _caption, files in wholebook.parts(toc) for file in files]
    pages = {file: (site / f"{file}.html").read_text("utf-8") for file in files}
    front = _front(pages[toc["root"]], root)
    text = wholebook.compose(pages, toc, front)
    # What all languages share lies beside the pages of the first one.
    for up, folder in (("../../_static", site.parent), ("../_static", site), ("../_images", site)):
        text = text.replace(f'"{up}/', f'"{(folder / Path(up).name).resolve().as_uri()}/')
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "book.html")
        write_text(file, text)
        page = _open(engine, file.as_uri(), "A4")
        page.add_style_tag(content=RUNNING % front.title + NOT_FIRST)
        # The numbers of the pages are known only after a first print, which need not paint. None
        # is longer than the place that is kept for it: the second print breaks at the same lines.
        cover = page.add_style_tag(content="body { visibility: hidden }")
        numbers = page_numbers(page.pdf(format="A4", prefer_css_page_size=True))
        cover.evaluate("(style) => style.remove()")
        page.evaluate(FILL_NUMBERS, numbers)
        content = _pdf(page, "A4")
        headings = page.evaluate(HEADINGS)
        page.close()
    return _write(content, target, f"{front.title}: {front.subtitle}", headings)


def page_numbers(content: bytes) -> dict[str, int]:
    """Number of the page on which each named place of a PDF stands."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = {page.objgen: place for place, page in enumerate(pdf.pages, start=1)}
        places = pdf.Root.get("/Dests", {})
        return {name.removeprefix("/"): number[place[0].objgen] for name, place in places.items()}


def _open(engine: Browser, url: str, paper: str) -> Page:
    """A page laid out for paper."""
    page = engine.new_page(viewport={"width": WIDTHS[paper], "height": 900})
    page.emulate_media(media="print", color_scheme="light")
    page.route("**/{book,treatybook-looks}.css*", _wait_for_letters)
    page.goto(url)
    # Asked for by name: on a busy machine the page may not have begun to ask for them.
    page.evaluate(
        "Promise.all([...document.fonts].map((face) => face.load().catch(() => {}))).then(() => {})"
    )
    return page


def _wait_for_letters(route: Route) -> None:
    """On a screen a font that comes late is left out; paper waits for it."""
    parts = urlsplit(route.request.url)
    if parts.scheme == "file":
        style = Path(url2pathname(parts.path)).read_text(encoding="utf-8")
    else:
        style = route.fetch().text()
    style = style.replace("font-display: optional", "font-display: block")
    route.fulfill(content_type="text/css", body=style)


def _pdf(page: Page, paper: str) -> bytes:
    more = {"print_background": True, "outline": True, "tagged": True}
    return page.pdf(format=paper, prefer_css_page_size=True, **more)


def _front(first: str, root: Path) -> wholebook.Front:
    """The title page, from the citation file and from what the site says about its data."""
    cited = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    whole = translation.of_book(cited["title"])
    title, _colon, subtitle = whole.partition(": ")
    authors = ", ".join(translation.of_book(author["name"]) for author in cited["authors"])
    version = _("Version {version}").format(version=cited["version"])
    changed = wholebook.description(first).get("dateModified")
    dated = _("{version}, data of {day}").format(version=version, day=changed)
    lines = (
        authors,
        dated if changed else version,
        _("Text and data: CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Code: MIT."),
        _("How to cite: {authors}. {title}. {version}. CC BY 4.0.").format(
            authors=authors, title=whole, version=version
        ),
        _(
            "Printed from the pages of the book. Figures that can be changed on a page are shown "
            "as they first stand. Code that is folded on a page is left out. Hints and answers "
            "stand at the end."
        ),
    )
    return wholebook.Front(title, subtitle[:1].upper() + subtitle[1:], lines)


def _name_bookmarks(pdf: pikepdf.Pdf, headings: Sequence[str]) -> None:
    """Give the bookmarks the words of their headings.

    The browser joins the lines of a heading without a blank, and says some lines twice.
    """
    begun = 0  # headings before this one have their bookmark
    with pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting[:0] = item.children
            told = _squeezed(item.title)
            for place in range(begun, len(headings)):
                if told.endswith(_squeezed(headings[place])):
                    item.title, begun = headings[place], place + 1
                    break


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _write(content: bytes, target: str | Path, title: str, headings: Sequence[str] = ()) -> Path:
    """Give a PDF its description; equal pages give equal bytes."""
    made = moment().strftime("D:%Y%m%d%H%M%SZ")
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    about = {"Title": title, "Author": translation.of_book("The authors of Moscow–Urga 1921")}
    with pikepdf.open(io.BytesIO(_numbered_anew(content))) as pdf:
        described = pikepdf.Dictionary(**about, CreationDate=made, ModDate=made)
        pdf.docinfo = pdf.make_indirect(described)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        if "/Outlines" in pdf.Root:
            pdf.Root.PageMode = pikepdf.Name.UseOutlines
        if headings:
            _name_bookmarks(pdf, headings)
        # Tags and links are many small objects: packed, the book has a third of its size.
        packed = pikepdf.ObjectStreamMode.generate
        pdf.save(target, object_stream_mode=packed, deterministic_id=True)
    return target


def _numbered_anew(content: bytes) -> bytes:
    """A PDF whose tags are counted from its own first one.

    The browser goes on counting where an earlier page stopped, now and then one further.
    """
    first = min(map(int, NODE.findall(content)), default=0)
    return NODE.sub(lambda found: b"node%08d" % (int(found[1]) - first), content)


def moment() -> dt.datetime:
    """When the book was last changed: ``SOURCE_DATE_EPOCH``, or the date of the last commit."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct")
    return dt.datetime.fromtimestamp(int(seconds or 0), dt.UTC)


def zip_site(site: Path, target: Path) -> Path:
    """Pack the site for reading without a network.

    Equal sites give equal bytes. Neither the zip itself nor the builder's own files are in it, nor
    the page for lost readers, which only a server shows.
    """
    found = [path for path in site.rglob("*") if path.is_file() and path != target]
    names = [path.relative_to(site) for path in found]
    files = {
        f"{NAME}/{name.as_posix()}": (site / name).read_bytes()
        for name in names
        if name.parts[0] not in ("reports", ".buildinfo", "404.html")
    }
    target.write_bytes(zipped(files))
    return target


def make(site: Path = SITE, root: Path = ROOT, engine: Browser | None = None) -> list[Path]:
    """Make PDFs and offline copy, unless those of just this site are there.

    Parameters
    ----------
    site : pathlib.Path
        The built site.
    root : pathlib.Path
        The repository.
    engine : playwright.sync_api.Browser, optional
        A running browser; without one a browser is started once for everything.

    Returns
    -------
    list of pathlib.Path
        The files that were made; none if nothing had changed.
    """
    note, folder = site.parent / "printed.sha256", site / FOLDER
    editions = {
        language: pages
        for language in wording.LANGUAGES
        if (pages := edition.pages(site, language)).is_dir()
    }
    made = [folder / OFFLINE]
    for language, pages in editions.items():
        names = [WHOLE, *(name for _page, name, _paper in _sheets(pages))]
        made += [site / edition.printed(name, language) for name in names]
    printed = {path for path in site.rglob("*") if path.is_file()} - set(made)
    # What is printed, by what code, and with which words on its first page.
    words = fresh.files("locale/*/package.po", "locale/*/pages/book.po")
    now = fresh.digest([*sorted(printed), Path(__file__), Path(wholebook.__file__), *words])
    if all(path.is_file() for path in (note, *made)) and note.read_text("utf-8") == now:
        return []
    for old in [*folder.glob("sheet-*.pdf"), *made]:
        old.unlink(missing_ok=True)
    with nullcontext(engine) if engine else browser.running() as engine:
        for language, pages in editions.items():
            wording.speak(language)
            for page, name, paper in _sheets(pages):
                print_page(page, site / edition.printed(name, language), paper, engine)
            print_book(pages, site / edition.printed(WHOLE, language), engine, root)
        wording.speak(wording.SOURCE)
    zip_site(site, folder / OFFLINE)
    write_text(note, now)
    return made


def main() -> int:
    if not (SITE / "index.html").is_file():
        print("There is no site to print: run make site.", file=sys.stderr)
        return 1
    try:
        made = make()
    except browser.NoBrowser as error:
        print(f"Printing needs a browser: {error}", file=sys.stderr)
        return 1
    for path in made:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")
    if not made:
        print("PDFs and offline copy are those of this site already.")
    return 0

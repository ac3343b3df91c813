"""Paper and the copy to take along: pages without answers, the whole book, the zip, no other host."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import yaml
from bs4 import Tag
from conftest import PAGES, ROOT, Visit, draw, every_page
from playwright.sync_api import Browser
from pypdf import PdfReader
from treatybook.evidence import wording
from treatybook.site import edition, printing

ANSWER = "one of the sources is a translation of another"


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def links(pdf: pikepdf.Pdf) -> tuple[list[str], set[str]]:
    """Links of a PDF: addresses outside it, and names of places in it."""
    found = [link for page in pdf.pages for link in page.get("/Annots", [])]
    outside = [str(link.A.URI) for link in found if "/URI" in link.get("/A", ())]
    return outside, {str(link.Dest) for link in found if "/Dest" in link}


def fonts_not_embedded(pdf: pikepdf.Pdf) -> list[str]:
    things = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
    # A font of the kind Type3 is drawn in the file itself.
    fonts = [
        thing.FontDescriptor
        for thing in things
        if "/FontDescriptor" in thing and thing.get("/Subtype") != "/Type3"
    ]
    assert fonts
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    return [str(font.FontName) for font in fonts if not files & set(font.keys())]


@pytest.mark.parametrize(
    ("paper", "size"),
    [("A4", (595, 842)), pytest.param("Letter", (612, 792), marks=pytest.mark.rare)],
)
def test_a_page_prints_its_data_and_tasks_but_no_answers(
    site, book, browser, tmp_path, paper, size
):
    page = site / "book" / "mission.html"
    target = printing.print_page(page, tmp_path / "page.pdf", paper, browser)
    with pikepdf.open(target) as pdf:
        assert [float(side) for side in pdf.pages[0].MediaBox[2:]] == pytest.approx(size, abs=2)
        assert [url for url in links(pdf)[0] if not url.startswith("http")] == []
    text = " ".join(text_of(target).split())
    assert "Events in the calendar" in text, "the data of the figure"
    assert "one of several possible days" in text, "the legend of the figure"
    assert "Tell a witness from a copy" in text, "a task"
    answers = list(book.quizzes.loc[book.quizzes["page"] == "mission", "why"])
    assert answers
    hidden = [*answers, "Hint", "Model answer", "one of the sources is a translation", "Check Aim"]
    controls = ["previous", "Search this table", "Show code", "Contents"]
    assert [words for words in hidden + controls if words in text] == []


def test_printing_from_the_dark_is_light_and_leaves_the_page_as_it_was(visit: Visit, site: Path):
    visit.page.emulate_media(color_scheme="dark")
    page = visit.open((site / "book" / "mission.html").as_uri(), "dark")
    draw(page)
    state = """() => [document.documentElement.dataset.theme,
      document.querySelectorAll('details[open]').length,
      [...document.querySelectorAll('.tb-plot')].map((plot) => plot.offsetHeight),
      document.querySelectorAll('.tb-plot path').length]"""
    before = page.evaluate(state)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    theme, opened, heights, _ = page.evaluate(state)
    assert theme == "light" and opened and heights, "a page with folded data and a figure"
    assert opened == page.locator("details:is(.tb-data, .tb-more)").count()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(300)
    assert page.evaluate(state) == before


def small_root(folder: Path) -> Path:
    chapters = [{"file": "book/mission"}, {"file": "book/run"}]
    parts = [{"caption": "Two chapters", "chapters": chapters}]
    toc = {"format": "jb-book", "root": "book/index", "parts": parts}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (folder / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())
    return folder


def test_tags_are_counted_from_their_own_first_one():
    pdf = b"/Limits [ (node00000588) (node00000601) ] /ID (node00000590)"
    later = pdf.replace(b"588", b"687").replace(b"601", b"700").replace(b"590", b"689")
    assert printing._numbered_anew(later) == printing._numbered_anew(pdf)
    assert len(printing._numbered_anew(pdf)) == len(pdf), "places in the file stay"


@pytest.mark.rare
def test_a_small_book_is_printed_byte_for_byte_again(site: Path, browser: Browser, tmp_path: Path):
    root = small_root(tmp_path)
    first = printing.print_book(site, tmp_path / "first.pdf", browser, root)
    again = printing.print_book(site, tmp_path / "again.pdf", browser, root)
    assert first.read_bytes() == again.read_bytes()


def test_a_small_book_has_contents_links_and_answers_at_the_end(
    site: Path, soup, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    first = printing.print_book(site, tmp_path / "first.pdf", browser, small_root(tmp_path))
    numbers = printing.page_numbers(first.read_bytes())
    reader = PdfReader(first)
    assert reader.metadata.creation_date.year == 2001
    cover, contents, *rest = (" ".join(page.extract_text().split()) for page in reader.pages)
    assert "How to cite" in cover
    assert "Version" in cover
    places = [numbers[name] for name in ("index", "mission", "run", "hints-and-answers")]
    assert places == sorted(set(places))
    assert [number for number in places if not re.search(rf"\b{number}\b", contents)] == []
    assert ANSWER not in " ".join([cover, contents, *rest[: places[-1] - 3]])
    assert ANSWER in " ".join(rest[places[-1] - 3 :])
    # Instead of a picture that is not found stand its words.
    (alt,) = (image["alt"] for image in soup("book/index.html").select("article figure img"))
    assert alt[:40] not in " ".join(rest)
    with pikepdf.open(first) as pdf:
        outside, inside = links(pdf)
    assert {"/mission", "/mission--task-mission-witnesses", "/run"} <= inside
    assert inside <= {f"/{name}" for name in numbers}
    assert [url for url in outside if not url.startswith("http")] == []


@pytest.fixture(params=[wording.SOURCE, *wording.FURTHER])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """A language of the site, in use while its book is printed."""
    wording.speak(request.param)
    yield request.param
    wording.speak(wording.SOURCE)


@pytest.mark.rare
def test_the_whole_book(site: Path, soup, browser: Browser, tmp_path: Path, language: str):
    pages = edition.pages(site, language)
    target = printing.print_book(pages, tmp_path / "book.pdf", browser)
    assert target.stat().st_size < 15e6
    numbers = printing.page_numbers(target.read_bytes())
    order = [numbers[name] for name in PAGES]
    assert order == sorted(set(order))
    with pikepdf.open(target) as pdf:
        assert 100 < len(pdf.pages) < 700
        with pdf.open_outline() as found:
            parts = list(found.root)
            titles = [item.title for part in parts for item in (part, *part.children)]
        files = [(pages / "book" / f"{name}.html").relative_to(site) for name in PAGES]
        heads = [soup(str(file)).h1.find(string=True).strip() for file in files]
        assert [head for head in heads if head not in titles] == []
        assert titles[0] == wording._("Contents")
        outside, inside = links(pdf)
        assert [url for url in outside if not url.startswith(("http", "mailto:"))] == []
        assert inside <= {f"/{name}" for name in numbers}
        assert fonts_not_embedded(pdf) == []
        # The running foot alone shows two texts.
        shown = [len(re.findall(rb"T[jJ]\b", _content(page))) for page in pdf.pages]
        assert [number for number, texts in enumerate(shown, start=1) if texts < 3] == []
    person = PdfReader(target).pages[numbers["people--person-chicherin"] - 1]
    assert "Чичерин" in person.extract_text()


def _content(page: pikepdf.Page) -> bytes:
    page.contents_coalesce()
    return page.Contents.read_bytes()


def tiny_site(folder: Path) -> Path:
    site = folder / "html"
    (site / "book").mkdir(parents=True)
    (site / "index.html").write_text("<title>Start</title>", encoding="utf-8")
    page = '<title>Cards</title><p>Карточки <a href="other.html">elsewhere</a></p>'
    (site / "book" / "sheet-cards.html").write_text(page, encoding="utf-8")
    return site


def test_handouts_are_printed_on_both_papers_and_only_when_the_site_has_changed(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(printing, "print_book", lambda site, target, *_: target.write_bytes(b""))
    site = tiny_site(tmp_path)
    names = [path.name for path in printing.make(site, engine=browser)]
    assert {"sheet-cards-a4.pdf", "sheet-cards-letter.pdf", printing.WHOLE} < set(names)
    assert "Карточки" in text_of(site / "downloads" / "sheet-cards-a4.pdf")
    with pikepdf.open(site / "downloads" / "sheet-cards-letter.pdf") as pdf:
        assert float(pdf.pages[0].MediaBox[2]) == pytest.approx(612, abs=1)
        assert links(pdf)[0] == []
    assert printing.make(site, engine=browser) == []
    (site / "index.html").write_text("<title>New</title>", encoding="utf-8")
    assert len(printing.make(site, engine=browser)) == len(names)


def test_every_language_is_printed_and_a_file_says_which_it_has(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    told = []
    monkeypatch.setattr(
        printing,
        "print_book",
        lambda pages, target, *_: (target.write_bytes(b""), told.append((pages, wording.spoken()))),
    )
    site = tiny_site(tmp_path)
    shutil.copytree(site / "book", site / "ru" / "book")
    names = {path.name for path in printing.make(site, engine=browser)}
    assert {"moscow-urga-1921.pdf", "moscow-urga-1921-ru.pdf", "sheet-cards-a4-ru.pdf"} < names
    assert {path.parent for path in site.rglob("*.pdf")} == {site / "downloads"}
    assert told == [(site, "en"), (site / "ru", "ru")]
    assert wording.spoken() == "en"


def test_the_title_page_of_the_russian_book_is_russian(tmp_path: Path):
    wording.speak("ru")
    try:
        front = printing._front("<html></html>", ROOT)
    finally:
        wording.speak("en")
    assert front.title == "Москва — Урга, 1921"
    said = re.sub(r"CC BY 4\.0|MIT|https://\S+", "", " ".join([front.subtitle, *front.lines]))
    assert not re.search("[A-Za-z]{2}", said)


def test_the_offline_copy_is_the_whole_site_repeatable_and_not_in_itself(site, tmp_path: Path):
    """What is read in a folder without a network is the copy, byte by byte.

    Addresses of the page for lost readers begin at the root of a server, and lead nowhere there.
    """
    first = printing.zip_site(site, tmp_path / "a.zip")
    assert first.read_bytes() == printing.zip_site(site, tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(first) as archive:
        copied = {name: archive.read(name) for name in archive.namelist()}
    files = {path.relative_to(site): path for path in site.rglob("*") if path.is_file()}
    assert copied == {
        f"moscow-urga-1921/{name.as_posix()}": path.read_bytes()
        for name, path in files.items()
        if name.parts[0] not in ("reports", ".buildinfo", "404.html")
    }
    inside = tiny_site(tmp_path)
    printing.zip_site(inside, inside / "site.zip")
    with zipfile.ZipFile(inside / "site.zip") as archive:
        assert "moscow-urga-1921/site.zip" not in archive.namelist()


PROJECT = """
from treatybook.site import roles

html_theme = "basic"


def setup(app):
    app.add_config_value("tb_site", False, "html", bool)
    app.add_node(roles.made_file)
    app.add_role("made", roles.MadeRole())
    app.connect("doctree-resolved", roles.resolve)
"""


@pytest.mark.parametrize("made", [True, False])
def test_a_page_links_to_made_files_only_if_they_are_made(tmp_path: Path, made: bool):
    files = {
        "conf.py": PROJECT,
        "index.rst": "Book\n====\n\n.. toctree::\n\n   sub/page\n",
        "sub/page.rst": "Page\n====\n\nTake :made:`the whole book <moscow-urga-1921.pdf>`.\n"
        "Or :made:`a sheet <sheet.pdf>` and :made:`a key <key.pdf>`.\nRead on.\n\n"
        "- A link\n- :made:`of its own <x.pdf>`\n\n* :made:`alone <y.pdf>`\n\nThe end.\n",
    }
    (tmp_path / "sub").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-D", f"tb_site={int(made)}"]
    done = subprocess.run([*command, ".", "out"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built = (tmp_path / "out" / "sub" / "page.html").read_text(encoding="utf-8")
    assert ('href="../downloads/moscow-urga-1921.pdf"' in built) == made
    words = " ".join(re.sub(r"<[^>]+>", "", built).split())
    assert "A link" in words and "Read on." in words
    for said in ("Take the whole book.", "Or a sheet and a key.", "of its own", "alone"):
        assert (said in words) == made
    assert "make site" not in words and built.count("<li><p>") == (3 if made else 1)


OUTSIDE = re.compile("(https?:)?//")
LOADING = re.compile(
    r"""(?:url\(|@import\b|\bimport\(|\bfetch\(|importScripts\(|\.src\s*=|\.href\s*=|\.open\([^,()]*,)"""
    r"""\s*["'`]?((?:https?:)?//[\w.-]+)"""
)
# Addresses inside minified scripts of others that no page of this book makes them use; that
# nothing is asked of them is shown by the tour.
UNUSED = {
    # plotly: icons of points on tiled maps; the maps of this book have neither tiles nor icons.
    ("plotly.min.js", "https://cdn.jsdelivr.net"),
    # plotly: links behind a logo, and behind a sign on tiled maps, that this book does not show.
    ("plotly.min.js", "https://maplibre.org"),
    ("plotly.min.js", "https://plotly.com"),
}


def is_followed_or_named(tag: Tag, name: str) -> bool:
    """Whether an address is a link, or only named: of a language of markup, of the page itself."""
    own = {"canonical", "alternate"} & set(tag.get("rel", []))
    named = name.startswith("xmlns") or name == "placeholder" or own
    return bool(named) or (tag.name, name) in {("a", "href"), ("meta", "content")}


def test_no_page_style_or_script_loads_anything_from_another_host(site: Path, soup):
    found = set()
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            addresses = LOADING.findall(path.read_text(encoding="utf-8"))
            found |= {(path.name, address) for address in addresses}
    for page in every_page(site):
        for tag in soup(page).find_all(True):
            for name, value in tag.attrs.items():
                if OUTSIDE.match(str(value)) and not is_followed_or_named(tag, name):
                    found.add((page, f"{tag.name} {name}"))
    assert found - UNUSED == set()

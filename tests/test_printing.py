"""Paper and the copy to take along: pages without answers, the whole book, the zip, no other host."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
import yaml
from conftest import ROOT
from playwright.sync_api import Browser
from pypdf import PdfReader
from treatybook.site import printing, wholebook

A4, LETTER = (595, 842), (612, 792)
LANGUAGES = {"Cyrillic": "Чичерин", "Chinese": "徐世昌"}


def text_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def addresses(pdf: pikepdf.Pdf) -> list[str]:
    """Addresses of the links of a PDF that leave it."""
    return [
        str(link.A.URI)
        for page in pdf.pages
        for link in page.get("/Annots", [])
        if "/A" in link and "/URI" in link.A
    ]


def inner_links(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(link.Dest) for page in pdf.pages for link in page.get("/Annots", []) if "/Dest" in link
    ]


def outline(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as found:
        top = list(found.root)
        return [item.title for item in top] + [sub.title for item in top for sub in item.children]


def fonts_not_embedded(pdf: pikepdf.Pdf) -> list[str]:
    # A font of the kind Type3 is drawn in the file itself.
    fonts = [
        thing.FontDescriptor
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary)
        and "/FontDescriptor" in thing
        and thing.get("/Subtype") != "/Type3"
    ]
    assert fonts
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return [str(font.FontName) for font in fonts if not any(file in font for file in files)]


@pytest.mark.parametrize(("paper", "size"), [("A4", A4), ("Letter", LETTER)])
def test_a_page_prints_its_tables_and_tasks_but_no_answers_and_no_controls(
    site: Path, browser: Browser, tmp_path: Path, paper: str, size: tuple[int, int]
):
    target = printing.print_page(
        site / "book" / "mission.html", tmp_path / "page.pdf", paper, browser
    )
    with pikepdf.open(target) as pdf:
        width, height = (float(side) for side in pdf.pages[0].MediaBox[2:])
        assert abs(width - size[0]) < 2
        assert abs(height - size[1]) < 2
        assert [url for url in addresses(pdf) if not url.startswith("http")] == []
    text = " ".join(text_of(target).split())
    assert "Events in the calendar" in text, "the data of the figure"
    assert "one of several possible days" in text, "the legend of the figure, drawn"
    assert "Tell a witness from a copy" in text, "a task"
    for hidden in ("Hint", "Model answer", "one of the sources is a translation", "Check Aim"):
        assert hidden not in text
    for control in ("previous", "Search this table", "Show code", "Contents"):
        assert control not in text


def test_printing_from_the_dark_theme_is_light_and_leaves_the_page_as_it_was(
    site: Path, browser: Browser
):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.add_init_script("localStorage.setItem('mode', 'dark')")
    page.goto((site / "book" / "disagreements.html").as_uri())
    page.evaluate("window.tbDrawAll()")
    state = """() => [document.documentElement.dataset.theme,
      document.querySelectorAll('details[open]').length,
      [...document.querySelectorAll('.tb-plot')].map((plot) => plot.offsetHeight + plot.style.zoom),
      document.querySelectorAll('.tb-plot path').length]"""
    before = page.evaluate(state)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    theme, opened, *_ = page.evaluate(state)
    assert theme == "light"
    assert opened == page.locator("details:is(.tb-data, .tb-more)").count()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(300)
    assert page.evaluate(state) == before
    context.close()


def small_root(folder: Path) -> Path:
    toc = {
        "format": "jb-book",
        "root": "book/index",
        "parts": [{"caption": "Two chapters", "chapters": [{"file": "book/mission"}]}],
    }
    toc["parts"][0]["chapters"].append({"file": "book/run"})
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    (folder / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())
    return folder


def test_a_small_book_has_contents_links_and_answers_at_the_end_and_is_repeatable(
    site: Path, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    root = small_root(tmp_path)
    first = printing.print_book(site, tmp_path / "first.pdf", browser, root)
    again = printing.print_book(site, tmp_path / "again.pdf", browser, root)
    assert first.read_bytes() == again.read_bytes()
    numbers = printing.page_numbers(first.read_bytes())
    reader = PdfReader(first)
    assert reader.metadata.creation_date.year == 2001
    contents = reader.pages[1].extract_text()
    for name in ("index", "mission", "run", "hints-and-answers"):
        assert re.search(rf"\b{numbers[name]}\b", contents), name
    text = [" ".join(page.extract_text().split()) for page in reader.pages]
    answer = "one of the sources is a translation of another"
    assert [answer in page for page in text].index(True) + 1 >= numbers["hints-and-answers"]
    assert numbers["index"] < numbers["mission"] < numbers["run"] < numbers["hints-and-answers"]
    assert "How to cite" in text[0]
    assert "Version" in text[0]
    with pikepdf.open(first) as pdf:
        links = set(inner_links(pdf))
        assert {"/mission", "/mission--task-mission-witnesses", "/run"} <= links
        assert links <= {f"/{name}" for name in numbers}
        assert [url for url in addresses(pdf) if not url.startswith("http")] == []


@pytest.mark.rare
def test_the_whole_book(site: Path, browser: Browser, tmp_path: Path):
    target = printing.print_book(site, tmp_path / "book.pdf", browser)
    assert target.stat().st_size < 15e6
    numbers = printing.page_numbers(target.read_bytes())
    chapters = [
        f
        for _, files in wholebook.parts(yaml.safe_load((ROOT / "_toc.yml").read_text()))
        for f in files
    ]
    order = [numbers[file.removeprefix("book/")] for file in chapters]
    assert order == sorted(set(order))
    with pikepdf.open(target) as pdf:
        assert 100 < len(pdf.pages) < 500
        titles = outline(pdf)
        for file in chapters:
            page = (site / f"{file}.html").read_text(encoding="utf-8")
            assert html.unescape(re.search(r"<h1>([^<]+)<", page)[1]) in titles
        assert titles[0] == "Contents"
        assert [url for url in addresses(pdf) if not url.startswith(("http", "mailto:"))] == []
        assert set(inner_links(pdf)) <= {f"/{name}" for name in numbers}
        assert fonts_not_embedded(pdf) == []
        # The running foot alone shows two texts.
        shown = [len(re.findall(rb"T[jJ]\b", _content(page))) for page in pdf.pages]
        assert [number for number, texts in enumerate(shown, start=1) if texts < 3] == []
    reader = PdfReader(target)
    person = numbers["people--person-chicherin"]
    assert LANGUAGES["Cyrillic"] in reader.pages[person - 1].extract_text()


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
    def book(site, target, engine, root):
        target.write_bytes(b"book")

    monkeypatch.setattr(printing, "print_book", book)
    site = tiny_site(tmp_path)
    names = [path.name for path in printing.make(site, engine=browser)]
    assert {"sheet-cards-a4.pdf", "sheet-cards-letter.pdf", printing.WHOLE} < set(names)
    assert "Карточки" in text_of(site / "downloads" / "sheet-cards-a4.pdf")
    with pikepdf.open(site / "downloads" / "sheet-cards-letter.pdf") as pdf:
        assert float(pdf.pages[0].MediaBox[2]) == pytest.approx(612, abs=1)
        assert addresses(pdf) == []
    assert printing.make(site, engine=browser) == []
    (site / "index.html").write_text("<title>New</title>", encoding="utf-8")
    assert len(printing.make(site, engine=browser)) == len(names)


def test_the_offline_copy_is_complete_repeatable_and_not_in_itself(site: Path, tmp_path: Path):
    first = printing.zip_site(site, tmp_path / "a.zip")
    assert first.read_bytes() == printing.zip_site(site, tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(first.read_bytes())) as archive:
        names = set(archive.namelist())
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {f"moscow-urga-1921/{page}" for page in pages} <= names
    inside = tiny_site(tmp_path)
    printing.zip_site(inside, inside / "site.zip")
    with zipfile.ZipFile(inside / "site.zip") as archive:
        assert "moscow-urga-1921/site.zip" not in archive.namelist()


def test_the_unpacked_copy_opens_and_searches_without_a_network(
    site: Path, browser: Browser, tmp_path: Path
):
    with zipfile.ZipFile(printing.zip_site(site, tmp_path / "copy.zip")) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "moscow-urga-1921"
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto((folder / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    page.goto((folder / "search.html").as_uri() + "?q=danzan")
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/book/*.html*")
    assert page.locator("article h1").is_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
    context.close()


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
    (tmp_path / "conf.py").write_text(PROJECT, encoding="utf-8")
    text = "Book\n====\n\n.. toctree::\n\n   sub/page\n"
    (tmp_path / "index.rst").write_text(text, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    page = "Page\n====\n\nTake :made:`the whole book <moscow-urga-1921.pdf>`.\n"
    (tmp_path / "sub" / "page.rst").write_text(page, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-D", f"tb_site={int(made)}"]
    done = subprocess.run([*command, ".", "out"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    built = (tmp_path / "out" / "sub" / "page.html").read_text(encoding="utf-8")
    assert ('href="../downloads/moscow-urga-1921.pdf"' in built) == made
    words = " ".join(re.sub(r"<[^>]+>", "", built).split())
    assert ("Take the whole book (made by make site)." in words) != made
    assert "Take the whole book" in words


TAG = re.compile(r"<([a-zA-Z][\w-]*)\b([^>]*)>")
OUTSIDE = re.compile(r"""([\w:-]+)\s*=\s*["'](?:https?:)?//""")
LOADING = re.compile(
    r"""(?:url\(|@import\b|\bimport\(|\bfetch\(|importScripts\(|\.src\s*=|\.href\s*=|\.open\([^,()]*,)"""
    r"""\s*["'`]?((?:https?:)?//[\w.-]+)"""
)
# Addresses inside minified scripts of others that no page of this book makes them use; that
# nothing is asked of them is shown by test_no_other_host_is_asked_and_nothing_fails.
UNUSED = {
    # plotly: icons of points on tiled maps; the maps of this book have neither tiles nor icons.
    ("plotly.min.js", "https://cdn.jsdelivr.net"),
    # plotly: links behind a logo, and behind a sign on tiled maps, that this book does not show.
    ("plotly.min.js", "https://maplibre.org"),
    ("plotly.min.js", "https://plotly.com"),
}


def test_no_page_style_or_script_loads_anything_from_another_host(site: Path):
    found = set()
    for path in sorted(site.rglob("*")):
        if path.suffix not in (".html", ".css", ".js"):
            continue
        text = path.read_text(encoding="utf-8")
        found |= {(path.name, address) for address in LOADING.findall(text)}
        for tag, attributes in TAG.findall(text) if path.suffix == ".html" else ():
            for name in OUTSIDE.findall(attributes):
                followed = tag == "a" and name == "href"
                # An address that is only named: of a language of markup, of the page itself.
                named = name.startswith("xmlns") or (tag == "meta" and name == "content")
                named |= name == "placeholder"
                named |= tag == "link" and 'rel="canonical"' in attributes
                found |= set() if followed or named else {(path.name, f"{tag} {name}")}
    assert found - UNUSED == set()

"""The built pages, read without a browser; and proof that each fault breaks the build."""

from __future__ import annotations

import calendar
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, build, copy_repository, every_page
from treatybook.display.content import Cell, TableView
from treatybook.display.rendering import table_html
from treatybook.evidence.identifiers import address
from treatybook.teaching.lessons import all_lessons

DECKS = tuple(all_lessons())
MONTH = f"(?:{'|'.join(calendar.month_name[1:])})"
# A day stands behind "on", a month or a year behind "in", and "about" once.
MISPLACED = re.compile(
    rf"[Aa]bout about|\b[Oo]n about|\b[Ii]n \d{{1,2}} (?:(?:to|and|or) \d{{1,2}} )?{MONTH}"
    rf"|\b[Oo]n (?:{MONTH} \d{{4}}|(?:early|late) {MONTH}|the (?:spring|summer|autumn|winter))"
)
# A cell that a reader fills in, and that shows nothing by itself.
FORM = re.compile(r"mine = \{.*\}", re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_exists_with_its_outputs(soup, name: str):
    page = soup(f"book/{name}.html")
    assert page.select_one("article h1")
    cells = page.select("div.cell")
    # A cell may prepare what a later one shows, but none stands there for nothing.
    shows = [bool(cell.select(".cell_output")) for cell in cells]
    silent = [
        cell.get_text().strip() for cell, shown in zip(cells, shows, strict=True) if not shown
    ]
    assert [
        text[:80] for text in silent if text and not (FORM.fullmatch(text) or "=" in text)
    ] == []
    assert not cells or any(shows)


@pytest.mark.parametrize("name", [f"book/{n}" for n in PAGES] + [f"slides/{n}" for n in DECKS])
def test_figures_and_tables_are_labelled_described_and_have_their_data(soup, name: str):
    page = soup(f"{name}.html")
    for labelled in page.select("figure.tb-figure, [aria-labelledby]"):
        assert page.find(id=labelled["aria-labelledby"]).get_text(strip=True)
    for drawn in page.select("figure.tb-figure"):
        assert len(page.find(id=f"{drawn['id']}-words").get_text()) > 40
        assert drawn.select("details table tbody tr")


def test_every_table_has_a_caption_and_heads_that_say_what_they_head(site: Path, soup):
    faults = []
    for name in every_page(site):
        for table in soup(name).select("table"):
            heads = table.select("th")
            told = table.caption and table.caption.get_text(strip=True) and heads
            if not told or [head for head in heads if not head.get("scope") or not head.get_text()]:
                faults.append(f"{name}: {table}"[:200])
    assert faults == []


def test_the_word_before_a_date_goes_with_it(soup):
    said = [" ".join(p.get_text().split()) for n in PAGES for p in soup(f"book/{n}.html")("p")]
    assert len(said) > 1000
    assert [text for text in said if MISPLACED.search(text)] == []


@pytest.mark.parametrize("name", DECKS)
def test_an_id_stands_once_in_a_deck(soup, name: str):
    ids = [tag["id"] for tag in soup(f"slides/{name}.html").select("[id]")]
    assert [key for key in ids if ids.count(key) > 1] == []


def test_every_local_link_and_anchor_leads_somewhere(site: Path, soup):
    # The page for lost readers is served at any depth, so its addresses are whole.
    pages = {site / name: soup(name) for name in every_page(site) if name != "404.html"}
    ids = {path: {tag["id"] for tag in page.select("[id]")} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for link in page.select("a[href]"):
            parts = urlsplit(link["href"])
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and anchor not in ids.get(target, {anchor})):
                broken.append(f"{path.name}: {link['href']}")
    assert broken == []


def test_cyrillic_titles_stand_whole_in_the_bibliography(soup):
    sources = soup("book/sources.html")
    title = sources.find(id="source-airapetov").get_text()
    assert "Внешняя политика Советской России" in title
    assert "missing in" not in sources.select_one("main").get_text().lower()


def test_the_dictionary_has_every_column(soup, book):
    text = soup("book/data.html").get_text()
    for name in book.names:
        for field in book.fields(name):
            assert field["description"] in text, f"{name}.{field['name']}"


def test_weak_evidence_is_marked_where_it_is_shown(soup, book):
    clauses = book.clauses[book.clauses["treaty_id"] == book.agreement]
    for clause in clauses.loc[clauses["evidence"].isin(["topic", "unverified"]), "clause_id"]:
        anchor = address("clause", clause).partition("#")[2]
        assert soup("book/clauses.html").find(id=anchor).select(".tb-topic, .tb-unverified")


@pytest.mark.parametrize("name", ["index", "chronology"])
def test_launch_and_edit_links_follow_the_repository_that_builds(soup, name: str):
    links = " ".join(link["href"] for link in soup(f"book/{name}.html").select("a[href]"))
    assert "mybinder.org/v2/gh/example/fork/main" in links
    assert "github.com/example/fork/edit/main/book" in links.replace("blob", "edit")


# The head of any page, with what tells Jupyter Book which kernel runs it.
PAGE = (ROOT / "book" / "index.md").read_text(encoding="utf-8").split("\n# ")[0] + "\n# A page\n\n"
CELL = "```{code-cell} ipython3\n%s\n```\n"
# A page with one fault each, and what the build says of it; each would break the build alone.
FAULTS = {
    "a-failing-cell": (CELL % "1 / 0", "ZeroDivisionError"),
    "a-wrong-argument": (
        CELL
        % (
            "from treatybook import days, read\n"
            'days.calendar(read(), "1921-09-05", "1921-11-20", "pekng")'
        ),
        "no thread 'pekng'",
    ),
    "a-missing-citation": ("{cite}`NOBODY-1921`\n", "NOBODY-1921"),
    "an-unknown-event": ("{event}`no-such-event`\n", "no event 'no-such-event'"),
    "an-unknown-count": ("{count}`events-of-1921`\n", "no count 'events-of-1921'"),
    "a-broken-link": ("[there](nowhere.md)\n", "nowhere"),
    "a-figure-without-alternative": (
        CELL
        % (
            "import plotly.graph_objects as go, pandas as pd\n"
            "from treatybook import show\nfrom treatybook.display.content import FigureView, TableView\n"
            "table = TableView('t', 'Data', pd.DataFrame({'a': [1]}))\n"
            "show(FigureView('f', go.Figure(layout={'height': 100}), 'Caption', ' ', table))"
        ),
        "a figure needs its alternative",
    ),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """A book of a sound page and one page for each fault: how its build ends, and what it says."""
    folder = copy_repository(tmp_path_factory.mktemp("faulty"))
    for page in (folder / "book").glob("*.md"):
        page.unlink()
    # In English alone: another language would tell the same once more.
    listed = folder / "book" / "treatybook" / "evidence" / "wording.py"
    text = listed.read_text("utf-8")
    assert ', "ru": "Русский"' in text
    listed.write_text(text.replace(', "ru": "Русский"', ""), "utf-8")
    sound = {"index": ("Text.\n" + CELL % "1 + 1", "")}
    for name, (text, _) in {**sound, **FAULTS}.items():
        (folder / "book" / f"{name}.md").write_text(PAGE + text, encoding="utf-8")
    chapters = "".join(f"  - file: book/{name}\n" for name in FAULTS)
    toc = f"format: jb-book\nroot: book/index\nchapters:\n{chapters}"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    done = build(folder)
    logs = [log.read_text() for log in folder.glob("_build/html/reports/**/*.log")]
    return done.returncode, "".join([done.stdout, done.stderr, *logs]), folder


@pytest.mark.built
def test_a_fault_on_a_page_breaks_the_build_and_is_told_with_its_page(faulty, subtests):
    code, said, _ = faulty
    assert code != 0
    for name, (_, told) in FAULTS.items():
        with subtests.test(name):
            assert re.search(rf"book/{name}\.md.*(WARNING|ERROR)", said), said[-3000:]
            assert told in said


@pytest.mark.built
def test_a_sound_page_among_faulty_ones_is_written_and_gets_no_warning(faulty):
    _, said, folder = faulty
    assert not re.search(r"book/index\.md.*(WARNING|ERROR)", said)
    page = (folder / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")
    assert "mybinder.org" not in page, "a launch button that leads nowhere"


def test_html_in_the_address_of_a_cell_stays_an_address():
    """Words in any other place are those of test_hostile_data.py."""
    bad = '"></a></script><img src=x onerror=alert(1)>'
    table = TableView("t", "Data", pd.DataFrame({"a": [Cell("words", href=bad)]}))
    shown = BeautifulSoup(table_html(table), "html.parser")
    assert not shown.select("img, script")
    assert shown.tbody.a["href"] == bad


# Addresses that readers may have kept since the first edition of the tables; none may die.
KEPT = (Path(__file__).parent / "addresses.txt").read_text("utf-8").split()


def test_old_addresses_lead_on(site: Path):
    known: dict[str, set[str]] = {}
    claims = (site / "book/claims.html").read_text("utf-8")
    claims = set(re.findall(r'\bid="([^"]+)"', claims))
    lost = []
    for kept in KEPT:
        page, _, anchor = kept.partition("#")
        if page not in known:
            text = (site / page).read_text("utf-8") if (site / page).is_file() else ""
            known[page] = set(re.findall(r'\bid="([^"]+)"', text)) | {""} if text else set()
        # The page's script leads on from an anchor that it lacks: see test_browser.py.
        if anchor not in known[page] and not (
            anchor.startswith("claim-") and page == "book/disagreements.html" and anchor in claims
        ):
            lost.append(kept)
    assert lost == []
    assert len(KEPT) > 900

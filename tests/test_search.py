"""Finding things: search by row, the page for lost readers, descriptions, addresses, languages."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import NO_STORAGE, PAGES, PHONE, SITE, WIDE, Visit, visiting
from playwright.sync_api import Locator, Page, expect
from sphinx.util.inventory import InventoryFile
from treatybook.display.marking import mark
from treatybook.evidence import identifiers, languages
from treatybook.site import addresses, search_page
from treatybook.site import rowindex as index
from treatybook.site.heads import shorten

LEADER = "book/people.html#person-sukhbaatar"
# What people type, in all scripts of the sources, and the row that each means.
with (Path(__file__).parent / "asked.csv").open(encoding="utf-8", newline="") as file:
    QUERIES = {row["typed"]: row["link"] for row in csv.DictReader(file)}
FIND = (
    "([queries, count]) => queries.map((q) => treatybookFind(q).slice(0, count).map((r) => r.href))"
)


def search(page: Page, start: str, query: str) -> Locator:
    """Search, and give what is found."""
    page.goto(f"{start}/search.html?q={quote(query)}")
    results = page.locator("#search-results")
    expect(results.get_by_role("status")).not_to_be_empty()
    return results


def missed(page: Page, site: Path, asked: Iterable[tuple[str, str]], count: int) -> list:
    """Words, each with the row they ask for, that is not among so many first results."""
    asked = list(asked)
    search(page, site.as_uri(), "Urga")
    found = page.evaluate(FIND, [[query for query, _ in asked], count])
    return [one for one, links in zip(asked, found, strict=True) if one[1] not in links]


def test_every_way_of_asking_leads_to_the_row(page: Page, site: Path):
    assert missed(page, site, QUERIES.items(), 3) == []


COUNTED = "([query, word]) => treatybookFind(query).filter((r) => `${r.title} ${r.detail}`.includes(word)).length"


def test_another_name_leads_to_all_that_is_told_of_somebody(page: Page, site: Path):
    search(page, site.as_uri(), "Urga")
    for query, name in (
        ("Sukhe-Bator", "Sükhbaatar"),
        ("張作霖", "Zhang Zuolin"),
        ("庫倫", "Urga"),
    ):
        own = page.evaluate(COUNTED, [name, name])
        asked = page.evaluate(COUNTED, [query, name])
        assert asked >= own > 5, query


def test_a_day_that_can_be_read_in_two_ways_is_asked_for(page: Page, site: Path):
    results = search(page, site.as_uri(), "05/11/1921")
    asked = results.locator("p", has_text="Which day is meant")
    expect(asked.locator("a")).to_have_text(["5 November 1921", "11 May 1921"])
    results = search(page, site.as_uri(), "25/11/1921")
    expect(results.locator("p", has_text="Which day is meant")).to_have_count(0)


def test_a_word_of_the_glossary_shows_its_meaning(page: Page, site: Path):
    results = search(page, site.as_uri(), "suzerainty")
    expect(results.locator("li", has_text="Word").first).to_contain_text("full state")


def test_the_search_works_where_storage_is_refused(browser, site: Path):
    with visiting(browser) as visit:
        visit.page.add_init_script(NO_STORAGE)
        results = search(visit.page, site.as_uri(), "Сухэ-Батор")
        expect(results.locator("a").first).to_be_visible()


def test_scripts_have_no_look_behind(site: Path):
    for script in (site / "_static").rglob("*.js"):
        if script.name in ("finding.js", "treatybook.js", "rowsearch.js", "lesson.js"):
            assert "(?<!" not in script.read_text("utf-8") and "(?<=" not in script.read_text(
                "utf-8"
            )


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        (
            "chronology.html",
            {
                "Sukhbaatar": "Sükhbaatar",
                "Сухэ-Батор": "Sükhbaatar",
                "5 ноября 1921 г.": "5 November 1921",
                "5.XI.1921": "5 November 1921",
            },
        ),
        (
            "people.html",
            {
                "Семенов": "Семёнов",
                "Сухбаатар": "Сүхбаатар",
                "Damdin  Sükhbaatar": "Sükhbaatar",
                "張作霖": "Zhang Zuolin",
            },
        ),
        ("places.html", {"库伦": "Urga"}),
        ("disagreements.html", {"claim C086": "C086"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_finds_by_the_rule_of_the_search(page: Page, site: Path, table, asked):
    page.goto(f"{site.as_uri()}/book/{table}")
    rows = page.locator(".tb-table[data-tools] tbody tr:not([hidden])")
    everything = rows.count()
    for typed, words in asked.items():
        for field in page.get_by_role("searchbox", name="Search this table").all():
            field.focus()
            field.fill(typed)
        expect(rows.filter(has_text=words).first).to_be_visible()
        expect(rows).not_to_have_count(everything)
        assert rows.count() > 0


@pytest.mark.parametrize(
    "query",
    [
        "Сухэ-Батор",
        "case D-01",
        *(pytest.param(one, marks=pytest.mark.rare) for one in ("5 November 1921", "Article 3(1)")),
    ],
)
def test_a_search_in_a_folder_leads_straight_to_the_row(visit: Visit, site: Path, query: str):
    links = search(visit.page, site.as_uri(), query).locator("a").all()[:3]
    found = [link.get_attribute("href") for link in links]
    links[found.index(QUERIES[query])].click()
    row = visit.page.locator(":target")
    expect(row).to_be_visible()
    expect(row).to_be_in_viewport()
    assert visit.errors == []


def test_a_search_from_any_page_finds_rows_and_pages(visit: Visit, start: str):
    page = visit.open(f"{start}/book/people.html")
    page.keyboard.press("Control+k")
    page.locator("dialog").get_by_role("searchbox").fill("Сүхбаатар")
    page.keyboard.press("Enter")
    results = page.locator("#search-results")
    expect(results.get_by_role("heading", name="People (1)")).to_be_visible()
    expect(results.locator("li").first).to_contain_text("Person")
    expect(results.locator("[lang=mn]", has_text="Дамдины Сүхбаатар")).to_be_visible()
    results = search(page, start, "bakich")
    # Some of the pages are folded.
    expect(results.locator("a", has_text="What happened, and when?").first).to_be_attached()
    # A policy that stops a script is told among the errors.
    assert visit.errors == []


def without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("kind", ["person", pytest.param("place", marks=pytest.mark.rare)])
def test_everybody_and_every_place_is_found_by_every_name(page: Page, site: Path, book, kind: str):
    asked = {
        (without_marks(name).upper(), f"book/{row.page}.html#{row.anchor}")
        for row in index.rows(book)
        if row.kind == kind
        for name, _ in [(row.title, ""), *row.names]
    }
    assert len(asked) > 100
    assert missed(page, site, sorted(asked), 5) == []


def test_every_day_leads_to_its_events_and_every_number_to_its_article(page, site: Path, book):
    days = book.events[[date.precision == "day" for date in book.events["date"]]]
    asked = []
    for key, date in zip(days["event_id"], days["date"], strict=True):
        for form in (date.earliest.isoformat(), identifiers.reference(book, "date", key).text):
            # Words about a date, such as "about", ask for less than the date does.
            if re.fullmatch(r"[\d-]+|\d+ \w+ \d+", form):
                asked.append((form, f"book/{identifiers.address('event', key)}"))
    clauses = book.clauses[book.clauses["treaty_id"] == book.agreement]
    for key, article in zip(clauses["clause_id"], clauses["article"], strict=True):
        if article.isdecimal():
            for number in (article, index.roman(int(article))):
                asked.append((f"Article {number}", f"book/{identifiers.address('clause', key)}"))
    assert missed(page, site, asked, 12) == []


def test_a_number_is_no_part_of_another_number(page: Page, site: Path):
    first = search(page, site.as_uri(), "Article 5").locator("ul").first
    assert all(re.match(r"Article 5\b", title) for title in first.locator("a").all_inner_texts())


def test_many_results_are_folded_and_counted(page: Page, site: Path):
    results = search(page, site.as_uri(), "Mongolia")
    for part in results.locator("h2").all():
        number = int(re.search(r"\((\d+)\)", part.inner_text())[1])
        assert part.locator("xpath=following-sibling::*[1]/li").count() == min(number, 5)
    results.locator("summary").first.press("Enter")
    expect(results.locator("details[open] li").first).to_be_visible()
    assert re.search(r"\d+ rows of the tables", results.get_by_role("status").inner_text())


def test_a_misspelt_name_gets_a_suggestion_and_nonsense_an_answer(page: Page, site: Path):
    results = search(page, site.as_uri(), "Sukhbatar")
    page.get_by_role("link", name="Sukhbaatar").click()
    expect(results.locator(f'a[href="{LEADER}"]')).to_be_visible()
    results = search(page, site.as_uri(), "qqqq")
    expect(results.get_by_role("status")).to_contain_text("Nothing is found")


def test_weak_evidence_is_marked_among_the_results(page: Page, site: Path, book):
    weak = book.places[book.places["evidence"] == "unverified"].iloc[0]
    link = page.locator(f'a[href$="place-{weak["place_id"]}"]')
    entry = search(page, site.as_uri(), weak["name"]).locator("li", has=link)
    expect(entry.locator(".tb-unverified")).to_have_text("not checked")


def test_html_in_a_query_stays_text(page: Page, site: Path):
    bad = "<img src=x onerror=alert(1)>"
    results = search(page, site.as_uri(), bad)
    expect(results.get_by_role("status")).to_contain_text(bad)
    assert results.locator("img").count() == 0


def test_an_empty_search_shows_what_can_be_asked_and_each_example_finds_something(page, site: Path):
    page.goto(f"{site.as_uri()}/search.html")
    examples = page.locator("#search-results a").all()
    assert len(examples) >= 3
    for address in [example.get_attribute("href") for example in examples]:
        page.goto(f"{site.as_uri()}/search.html{address}")
        expect(page.locator("#search-results h2").first).to_be_visible()


def test_every_result_leads_to_a_row_that_is_there(site: Path, soup, book):
    text = (site / "_static" / "rowsearch" / "rows.js").read_text("utf-8")
    rows = json.loads(text.removeprefix("window.treatybookRows = ").rstrip("; \n"))["rows"]
    places = [urlsplit(unescape(row[3])) for row in rows]
    ids = {
        page: {tag["id"] for tag in soup(page).select("[id]")} for page in {p.path for p in places}
    }
    assert [place.geturl() for place in places if place.fragment not in ids[place.path]] == []
    tables = ("events", "clauses", "people", "places", "verdicts", "claims", "treaties")
    shown = sum(len(book.table(name)) for name in tables) + len(book.bibliography.entries)
    # Accounts of no event have no row of their own to lead to.
    homeless = ((book.claims["field"] == "account") & (book.claims["events"] == "")).sum()
    kinds = [list(index.KINDS)[row[0]] for row in rows]
    assert kinds.count("lesson") == 6
    assert len(rows) - kinds.count("word") - kinds.count("lesson") == shown - homeless


def test_other_books_can_link_to_a_row_by_its_key(site: Path):
    with open(site / "objects.inv", "rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    target = inventory["treatybook:event"]["soviet-mongolian-agreement-1921"]
    assert target[2] == QUERIES["5 November 1921"]


# ---- the page for lost readers ----


@pytest.mark.parametrize("depth", ["nowhere.html", "book/nowhere.html", "a/b/c/nowhere"])
def test_a_lost_reader_is_led_on_from_any_depth_without_javascript(browser, server, depth: str):
    with visiting(browser, java_script_enabled=False) as visit:
        page = visit.open(f"{server}/{depth}")
        failed = [answer.url for answer in visit.answers if answer.status == 404]
        assert failed == [f"{server}/{depth}"], "styles or scripts are not found"
        assert page.locator("article h1").last.inner_text() == "There is no page here"
        assert page.locator("main form:visible").count() == 0, "a form that does nothing is shown"
        links = page.locator("article a:not(.tb-language)")
        addresses = {link.get_attribute("href") for link in links.all()}
        names = ("index", "chronology", "clauses", "people", "glossary")
        assert {f"/fork/book/{name}.html" for name in names} <= addresses
        links.first.click()
        assert page.url.startswith(f"{server}/book/")
        expect(page.locator("article h1").last).to_be_visible()


def test_a_lost_reader_can_search(visit: Visit, server):
    lost = f"{server}/a/b/nowhere"
    page = visit.open(lost)
    expect(page.get_by_label("Search this book:")).to_be_visible()
    assert [answer.url for answer in visit.answers if answer.status == 404] == [lost]
    page.get_by_label("Search this book:").fill("Сухэ-Батор")
    page.get_by_label("Search this book:").press("Enter")
    expect(page.locator(f'#search-results a[href="{LEADER}"]')).to_be_visible()


def test_the_lost_page_works_in_a_folder_when_no_address_is_known(tmp_path: Path):
    lost = tmp_path / "404.html"
    html = (
        '<a href="%sbook/a.html">x</a><a href="#main">y</a><script src="%s_static/x.js"></script>'
    )
    lost.write_text(html % ("", "./"))
    search_page.root_addresses(lost, "")
    assert lost.read_text() == html % ("", "./")
    for _ in range(2):  # a second run changes nothing
        search_page.root_addresses(lost, "https://a.org/b/")
        assert lost.read_text() == html % ("/b/", "/b/")


# ---- what a page says of itself ----


@pytest.fixture(scope="session")
def heads(soup) -> dict[str, BeautifulSoup]:
    names = [f"book/{name}" for name in PAGES] + ["search", "404"]
    return {name: soup(f"{name}.html") for name in names}


def content(soup: BeautifulSoup, kind: str, name: str) -> str:
    (tag,) = soup.head.find_all("meta", attrs={kind: name})
    return tag["content"]


def test_every_page_describes_itself_in_its_own_words(heads):
    described = {name: content(soup, "name", "description") for name, soup in heads.items()}
    assert len(set(described.values())) == len(described)
    assert len({soup.title.get_text() for soup in heads.values()}) == len(heads)
    for name, text in described.items():
        assert 40 <= len(text) <= 160, name
        assert "In this chapter" not in text
        assert not re.search(r"[<>{}\[\]`]|\s\s", text), name
        if name.startswith("book/"):
            words = heads[name].select_one("article").get_text(" ")
            assert re.sub(r"\W", "", text)[:25] in re.sub(r"\W", "", words), name


def test_every_page_can_be_shown_by_other_sites(heads):
    for name, soup in heads.items():
        canonical = [link["href"] for link in soup.select("link[rel=canonical]")]
        if not name.startswith("book/"):
            assert content(soup, "name", "robots") == "noindex"
            assert canonical == []
            continue
        title = soup.select_one("article h1").get_text().rstrip("#¶").strip()
        wanted = {
            "title": title,
            "description": content(soup, "name", "description"),
            "type": "website" if name == "book/index" else "article",
            "site_name": "Moscow–Urga 1921",
            "locale": "en_GB",
            "url": f"{SITE}{name}.html",
            "image": f"{SITE}_static/social.png",
        }
        assert {key: content(soup, "property", f"og:{key}") for key in wanted} == wanted
        assert canonical == [wanted["url"]]


def test_the_sitemap_lists_every_page_and_nothing_else(site: Path):
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    folders = ("", "ru/")
    assert sorted(listed) == sorted(f"{SITE}{f}book/{name}.html" for f in folders for name in PAGES)
    assert f"Sitemap: {SITE}sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_without_an_address_no_sitemap_is_left_over(tmp_path: Path):
    search_page.write_sitemap(tmp_path, SITE, ["book/a", "book/b & c"])
    assert f"<loc>{SITE}book/b%20%26%20c.html</loc>" in (tmp_path / "sitemap.xml").read_text()
    search_page.write_sitemap(tmp_path, "", ["book/a"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, ""),
        ({"BOOK_SITE": "https://example.org/book"}, "https://example.org/book/"),
        ({"GITHUB_REPOSITORY": "Some-School/urga"}, "https://some-school.github.io/urga/"),
        ({"GITHUB_REPOSITORY": "Me/me.github.io"}, "https://me.github.io/"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_SERVER_URL": "https://git.example.org"}, ""),
    ],
)
def test_the_public_address_follows_whoever_builds(monkeypatch, environment, address):
    for name in ("BOOK_SITE", "BOOK_REPOSITORY", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert addresses.public_address() == address


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("BOOK_SITE", "example.org/book")
    with pytest.raises(Exception, match="write it like https"):
        addresses.public_address()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short.", "Short."),
        ("A" * 70 + ". " + "B " * 60, "A" * 70 + "."),
        ("Yes. " + "word " * 40, "Yes. " + "word " * 29 + "word…"),
    ],
)
def test_a_description_is_cut_between_sentences_or_words(text, short):
    assert shorten(text) == short
    assert len(short) <= 160


# ---- languages ----


def test_a_search_goes_on_in_another_language(visit: Visit, server):
    page = visit.open(f"{server}/search.html?q=Danzan")
    page.locator(".tb-language").click()
    page.wait_for_selector(".tb-found")
    assert page.url.endswith("ru/search.html?q=Danzan")
    assert page.locator(".tb-language").get_attribute("href") == "../search.html?q=Danzan"


def test_every_word_in_cyrillic_says_its_language(heads):
    wrong = []
    for name, soup in heads.items():
        article = soup.select_one("article") or soup.select_one("main")
        for text in article.find_all(string=re.compile("[\u0400-\u04ff]")):
            if text.find_parent(["script", "style", "svg"]):
                continue
            own = text.find_parent(attrs={"lang": True})["lang"]
            if own not in (("mn",) if re.search("[өүӨҮ]", text) else ("ru", "mn")):
                wrong.append(f"{name}: {own}: {text.strip()[:60]}")
    assert wrong == []


def test_mongolian_and_russian_forms_are_told_apart_by_the_tables(heads, book):
    cards = heads["book/people"]
    marks = {(mark["lang"], mark.get_text()) for mark in cards.select("#people-table [lang]")}
    for mongolian, russian in zip(book.people["name_mn"], book.people["name_ru"], strict=True):
        if mongolian and mongolian != russian and "," not in mongolian:
            same = set(mongolian.lower().split()) <= set(russian.lower().split())
            assert ("mn", mongolian) in marks or same, mongolian
    assert {("ru", name) for name in ("Сухэ-Батор", "Чойбалсан", "Ленин")} <= marks


def test_marking_languages_changes_nothing_else(book):
    known = languages.known(book)
    html = (
        '<p title="Урга">Урга, Ulaanbaatar &amp; Дамдины Сүхбаатар<br/>x</p><span lang="ru">Ленин '
        '<span>и</span> Чичерин</span> Гец<script>var a = "Урга > Кяхта";</script><td>张作霖</td>'
    )
    marked = mark(html, known)
    added = r'<span lang="(ru|mn|zh)">(Урга|Дамдины Сүхбаатар|Гец|张作霖)</span>'
    assert re.sub(added, r"\2", marked) == html
    assert '<span lang="mn">Дамдины Сүхбаатар</span>' in marked
    assert '<span lang="ru">Гец</span>' in marked
    assert mark(marked, known) == marked
    plain = "<p>No letters but these: ü ö 1921.</p>"
    assert mark(plain, known) == plain


@pytest.mark.parametrize("visit", [WIDE, PHONE], indirect=True)
def test_the_magnifier_stands_before_the_query(page: Page, server: str):
    search(page, server, "Danzan")
    form = page.locator("main form.bd-search")
    icon = form.locator(".fa-magnifying-glass").bounding_box()
    field = form.locator("input[name=q]")
    indent = field.evaluate("(e) => parseFloat(getComputedStyle(e).paddingLeft)")
    assert icon["x"] + icon["width"] + 4 <= field.bounding_box()["x"] + indent
    expect(page.locator("main h1")).to_have_css("font-weight", "700")

"""Finding things: search by row, the page for lost readers, descriptions, addresses, languages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, SITE
from playwright.sync_api import Browser, Page, expect
from sphinx.util.inventory import InventoryFile
from treatybook.display.marking import mark
from treatybook.evidence import identifiers, languages
from treatybook.site import addresses, search_page
from treatybook.site import search as index
from treatybook.site.heads import shorten

SIGNED = "book/chronology.html#event-soviet-mongolian-agreement-1921"
LEADER = "book/people.html#person-sukhbaatar"
QUERIES = {
    "Sukhbaatar": LEADER,
    "Sükhbaatar": LEADER,
    "Sukhe-Bator": LEADER,
    "Сухэ-Батор": LEADER,
    "Сүхбаатар": LEADER,
    "сухбаатар": LEADER,
    "Damdin": LEADER,
    "5 November 1921": SIGNED,
    "November 5, 1921": SIGNED,
    "1921-11-05": SIGNED,
    "05.11.1921": SIGNED,
    "5 ноября 1921": SIGNED,
    "1921 оны 11 сарын 5": SIGNED,
    "November 1921": SIGNED,
    "agreement signed 1921-11": SIGNED,
    "1915-05-25": "book/chronology.html#event-kyakhta-agreement-1915",
    "Article 5": "book/clauses.html#clause-5-all",
    "Article V": "book/clauses.html#clause-5-all",
    "art. 5": "book/clauses.html#clause-5-all",
    "статья 5": "book/clauses.html#clause-5-all",
    "article 3(1)": "book/clauses.html#clause-3-1",
    "Urga": "book/places.html#place-urga",
    "Ulaanbaatar": "book/places.html#place-urga",
    "Niislel Khuree": "book/places.html#place-urga",
    "Урга": "book/places.html#place-urga",
    "Улан-Батор": "book/places.html#place-urga",
    "Kiakhta": "book/places.html#place-kyakhta",
    "Persia 1921": "book/comparison.html#treaty-rsfsr-persia-1921",
    "D-01": "book/disagreements.html#case-d-01",
    "C001": "book/disagreements.html#claim-c001",
    "AIRAPETOV": "book/sources.html#source-airapetov",
    "suzerainty": "book/glossary.html#term-suzerainty",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
    yield page
    context.close()


def search(page: Page, start: str, query: str) -> None:
    page.goto(f"{start}/search.html?q={quote(query)}")
    expect(page.locator("#search-results").get_by_role("status")).not_to_be_empty()


FIND = (
    "([queries, count]) => queries.map((q) => treatybookFind(q).slice(0, count).map((r) => r.href))"
)


def test_every_way_of_asking_leads_to_the_row(page: Page, site: Path):
    search(page, site.as_uri(), "Urga")
    found = page.evaluate(FIND, [list(QUERIES), 3])
    missed = [q for q, links in zip(QUERIES, found, strict=True) if QUERIES[q] not in links]
    assert missed == []


@pytest.mark.parametrize("query", ["Сүхбаатар", "5 November 1921", "article 3(1)", "D-01"])
def test_a_search_in_a_folder_leads_straight_to_the_row(page: Page, site: Path, query: str):
    search(page, site.as_uri(), query)
    links = page.locator("#search-results a").all()[:3]
    found = [link.get_attribute("href") for link in links]
    links[found.index(QUERIES[query])].click()
    row = page.locator(":target")
    expect(row).to_be_visible()
    expect(row).to_be_in_viewport()
    assert page.errors == []


def test_a_search_from_any_page_finds_rows_on_a_server(page: Page, server: str):
    page.goto(f"{server}/book/people.html")
    page.keyboard.press("Control+k")
    page.locator("dialog").get_by_role("searchbox").fill("Сүхбаатар")
    page.keyboard.press("Enter")
    results = page.locator("#search-results")
    expect(results.get_by_role("heading", name="People (1)")).to_be_visible()
    expect(results.locator("li").first).to_contain_text("Person")
    expect(results.locator("[lang=mn]", has_text="Дамдины Сүхбаатар")).to_be_visible()
    assert page.errors == []


def without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("kind", ["person", "place"])
def test_everybody_and_every_place_is_found_by_every_name(page: Page, site: Path, book, kind: str):
    search(page, site.as_uri(), "Urga")
    asked = {
        (form, f"book/{row.page}.html#{row.anchor}")
        for row in index.rows(book)
        if row.kind == kind
        for name, _ in [(row.title, ""), *row.names]
        for form in (name, without_marks(name), name.upper())
    }
    assert len(asked) > 100
    queries = sorted(asked)
    found = page.evaluate(FIND, [[form for form, _ in queries], 5])
    missed = [one for one, links in zip(queries, found, strict=True) if one[1] not in links]
    assert missed == []


def test_every_day_leads_to_its_events_and_every_number_to_its_article(page, site: Path, book):
    search(page, site.as_uri(), "Urga")
    days = book.events[[date.precision == "day" for date in book.events["date"]]]
    asked = [
        (form, f"book/{identifiers.address('event', row['event_id'])}")
        for row in days.to_dict("records")
        for form in (
            row["date"].earliest.isoformat(),
            identifiers.reference(book, "date", row["event_id"]).text,
        )
    ]
    # Words about a date, such as "about", ask for less than the date does.
    asked = [(form, link) for form, link in asked if re.fullmatch(r"[\d-]+|\d+ \w+ \d+", form)]
    for row in book.clauses[book.clauses["treaty_id"] == book.agreement].to_dict("records"):
        if row["article"].isdecimal():
            link = f"book/{identifiers.address('clause', row['clause_id'])}"
            asked += [(f"Article {row['article']}", link)]
            asked += [(f"Article {index.roman(int(row['article']))}", link)]
    found = page.evaluate(FIND, [[form for form, _ in asked], 12])
    missed = [one for one, links in zip(asked, found, strict=True) if one[1] not in links]
    assert missed == []


def test_a_number_is_no_part_of_another_number(page: Page, site: Path):
    search(page, site.as_uri(), "Article 5")
    first = page.locator("#search-results ul").first.locator("a").all_inner_texts()
    assert all(re.match(r"Article 5\b", title) for title in first)


def test_many_results_are_folded_and_counted(page: Page, site: Path):
    search(page, site.as_uri(), "Mongolia")
    results = page.locator("#search-results")
    for part in results.locator("h2").all():
        number = int(re.search(r"\((\d+)\)", part.inner_text())[1])
        shown = part.locator("xpath=following-sibling::*[1]/li").count()
        assert shown == min(number, 5)
    fold = results.locator("summary").first
    fold.focus()
    page.keyboard.press("Enter")
    expect(results.locator("details[open] li").first).to_be_visible()
    assert re.search(r"\d+ rows of the tables", results.get_by_role("status").inner_text())


def test_a_misspelt_name_gets_a_suggestion_and_nonsense_an_answer(page: Page, site: Path):
    search(page, site.as_uri(), "Sukhbatar")
    page.get_by_role("link", name="Sukhbaatar").click()
    expect(page.locator(f'#search-results a[href="{LEADER}"]')).to_be_visible()
    search(page, site.as_uri(), "qqqq")
    expect(page.locator("#search-results").get_by_role("status")).to_contain_text(
        "Nothing is found"
    )


def test_weak_evidence_is_marked_among_the_results(page: Page, site: Path, book):
    weak = book.people[book.people["evidence"] == "unverified"].iloc[0]
    search(page, site.as_uri(), weak["name_en"])
    entry = page.locator(
        "#search-results li", has=page.locator(f'a[href$="person-{weak["person_id"]}"]')
    )
    expect(entry.locator(".tb-unverified")).to_have_text("not checked")


def test_html_in_a_query_stays_text(page: Page, site: Path):
    bad = "<img src=x onerror=alert(1)>"
    search(page, site.as_uri(), bad)
    expect(page.locator("#search-results").get_by_role("status")).to_contain_text(bad)
    assert page.locator("#search-results img").count() == 0


def test_an_empty_search_shows_what_can_be_asked_and_each_example_finds_something(page, site: Path):
    page.goto(f"{site.as_uri()}/search.html")
    examples = page.locator("#search-results a").all()
    assert len(examples) >= 3
    for address in [example.get_attribute("href") for example in examples]:
        page.goto(f"{site.as_uri()}/search.html{address}")
        expect(page.locator("#search-results h2").first).to_be_visible()


def rows_of(site: Path) -> list:
    text = (site / "_static" / "finding" / "rows.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.treatybookRows = ").rstrip().removesuffix(";"))[
        "rows"
    ]


def test_every_result_leads_to_a_row_that_is_there(site: Path, book):
    rows = rows_of(site)
    ids = {
        name: set(
            re.findall(r'\sid="([^"]+)"', (site / "book" / f"{name}.html").read_text("utf-8"))
        )
        for name in PAGES
    }
    addresses = [urlsplit(unescape(row[3])) for row in rows]
    dead = [a.geturl() for a in addresses if a.fragment not in ids[Path(a.path).stem]]
    assert dead == []
    counted = sum(
        len(book.table(t))
        for t in ("events", "clauses", "people", "places", "verdicts", "claims", "treaties")
    )
    shown = counted + len(book.bibliography.entries)
    # Accounts of no event have no row of their own to lead to.
    homeless = sum(
        row["field"] == "account" and not row["events"] for row in book.claims.to_dict("records")
    )
    kinds = list(index.KINDS)
    others = (kinds.index("word"), kinds.index("lesson"))
    assert sum(row[0] == kinds.index("lesson") for row in rows) == 6
    assert len(rows) - sum(row[0] in others for row in rows) == (shown - homeless)


def test_only_the_search_page_loads_the_lists(site: Path):
    for name in PAGES:
        html = (site / "book" / f"{name}.html").read_text("utf-8")
        assert "rows.js" not in html
        assert "finding.js" not in html
        assert "searchindex.js" not in html
    assert "rows.js" in (site / "search.html").read_text("utf-8")


def test_other_books_can_link_to_a_row_by_its_key(site: Path):
    with open(site / "objects.inv", "rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    target = inventory["treatybook:event"]["soviet-mongolian-agreement-1921"]
    assert target[2] == SIGNED


# ---- the page for lost readers ----


@pytest.mark.parametrize("depth", ["nowhere.html", "book/nowhere.html", "a/b/c/nowhere"])
def test_a_lost_reader_is_led_on_from_any_depth_without_javascript(
    browser: Browser, server: str, depth: str
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    failed = []
    page.on("response", lambda answer: answer.status == 404 and failed.append(answer.url))
    page.goto(f"{server}/{depth}")
    assert failed == [f"{server}/{depth}"], "styles or scripts are not found"
    assert page.locator("article h1").last.inner_text() == "There is no page here"
    assert page.locator("main form:visible").count() == 0, "a form that does nothing is shown"
    links = page.locator("article a")
    addresses = [link.get_attribute("href") for link in links.all()]
    for name in ("index", "chronology", "clauses", "people", "glossary"):
        assert f"/fork/book/{name}.html" in addresses
    links.first.click()
    assert page.url.startswith(f"{server}/book/")
    assert page.locator("article h1").last.is_visible()
    context.close()


def test_a_lost_reader_can_search(page: Page, server: str):
    page.goto(f"{server}/a/b/nowhere")
    page.get_by_label("Search this book:").fill("Сухэ-Батор")
    page.get_by_label("Search this book:").press("Enter")
    expect(page.locator(f'#search-results a[href="{LEADER}"]')).to_be_visible()


def test_the_lost_page_works_in_a_folder_when_no_address_is_known(tmp_path: Path):
    lost = tmp_path / "404.html"
    html = '<a href="book/a.html">x</a><a href="#main">y</a><script src="./_static/x.js"></script>'
    lost.write_text(html)
    search_page.root_addresses(lost, "")
    assert lost.read_text() == html
    for _ in range(2):  # a second run changes nothing
        search_page.root_addresses(lost, "https://a.org/b/")
        assert lost.read_text() == (
            '<a href="/b/book/a.html">x</a><a href="#main">y</a><script src="/b/_static/x.js"></script>'
        )


# ---- what a page says of itself ----


@pytest.fixture(scope="session")
def heads(site: Path) -> dict[str, BeautifulSoup]:
    names = [f"book/{name}" for name in PAGES] + ["search", "genindex", "404"]
    return {
        name: BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in names
    }


def content(soup: BeautifulSoup, kind: str, name: str) -> str:
    tags = soup.head.find_all("meta", attrs={kind: name})
    assert len(tags) == 1, f"{name}: {len(tags)} tags"
    return tags[0]["content"]


def test_every_page_describes_itself_in_its_own_words(heads):
    described = {name: content(soup, "name", "description") for name, soup in heads.items()}
    assert len(set(described.values())) == len(described)
    assert len({soup.title.get_text() for soup in heads.values()}) == len(heads)
    for name, text in described.items():
        assert 40 <= len(text) <= 160, name
        assert "In this chapter" not in text
        assert not re.search(r"[<>{}\[\]`]|\s\s", text), name
        if name.startswith("book/"):
            words = " ".join(heads[name].select_one("article").get_text(" ").split())
            start = re.sub(r"\W", "", text)[:25]
            assert start in re.sub(r"\W", "", words), name


def test_every_page_can_be_shown_by_other_sites(heads):
    for name, soup in heads.items():
        if not name.startswith("book/"):
            assert content(soup, "name", "robots") == "noindex"
            assert not soup.select("link[rel=canonical]")
            continue
        title = soup.select_one("article h1").get_text().rstrip("#¶").strip()
        assert content(soup, "property", "og:title") == title
        assert content(soup, "property", "og:description") == content(soup, "name", "description")
        assert content(soup, "property", "og:type") in ("article", "website")
        assert content(soup, "property", "og:site_name") == "Moscow–Urga 1921"
        assert content(soup, "property", "og:locale") == "en_GB"
        assert content(soup, "property", "og:url") == f"{SITE}{name}.html"
        assert [link["href"] for link in soup.select("link[rel=canonical]")] == [
            f"{SITE}{name}.html"
        ]
        image = soup.select_one('meta[property="og:image"]')
        assert bool(image) == (ROOT / "book" / "_static" / "social.png").is_file()
        assert not image or image["content"] == f"{SITE}_static/social.png"


def test_the_sitemap_lists_every_page_and_nothing_else(site: Path):
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text("utf-8"))
    assert sorted(listed) == sorted(f"{SITE}book/{name}.html" for name in PAGES)
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
        (
            {"GITHUB_REPOSITORY": "a/b", "GITHUB_SERVER_URL": "https://git.example.org"},
            "",
        ),
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


def test_every_word_in_cyrillic_says_its_language(heads):
    silent, wrong = [], []
    for name, soup in heads.items():
        article = soup.select_one("article") or soup.select_one("main")
        for text in article.find_all(string=re.compile("[\u0400-\u04ff]")):
            if text.find_parent(["script", "style"]):
                continue
            own = text.find_parent(attrs={"lang": True})
            if own is None or own.name == "html":
                silent.append(f"{name}: {text.strip()[:60]}")
            elif own["lang"] not in ("ru", "mn") or (
                re.search("[өүӨҮ]", text) and own["lang"] != "mn"
            ):
                wrong.append(f"{name}: {own['lang']}: {text.strip()[:60]}")
    assert silent == []
    assert wrong == []


def test_mongolian_and_russian_forms_are_told_apart_by_the_tables(heads, book):
    cards = heads["book/people"]
    marks = {(mark["lang"], mark.get_text()) for mark in cards.select("#people-table [lang]")}
    russian = {text for language, text in marks if language == "ru"}
    for row in book.people.to_dict("records"):
        mongolian = row["name_mn"]
        if mongolian and mongolian != row["name_ru"] and "," not in mongolian:
            same = set(mongolian.lower().split()) <= set(row["name_ru"].lower().split())
            assert ("mn", mongolian) in marks or same, mongolian
    assert {"Сухэ-Батор", "Чойбалсан", "Ленин"} <= russian


def test_marking_languages_changes_nothing_else(book):
    known = languages.known(book)
    html = (
        '<p title="Урга">Урга, Ulaanbaatar &amp; Дамдины Сүхбаатар<br/>x</p><span lang="ru">Ленин '
        '<span>и</span> Чичерин</span> Гец<script>var a = "Урга > Кяхта";</script><td>张作霖</td>'
    )
    marked = mark(html, known)
    assert (
        re.sub(r'<span lang="(ru|mn|zh)">(Урга|Дамдины Сүхбаатар|Гец|张作霖)</span>', r"\2", marked)
        == html
    )
    assert '<span lang="mn">Дамдины Сүхбаатар</span>' in marked
    assert '<span lang="ru">Гец</span>' in marked
    assert mark(marked, known) == marked
    plain = "<p>No letters but these: ü ö 1921.</p>"
    assert mark(plain, known) == plain


@pytest.mark.parametrize("width", [360, 1280])
def test_the_magnifier_stands_before_the_query(browser: Browser, server: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    search(page, server, "Danzan")
    field = page.locator("main form.bd-search input[name=q]")
    icon = page.locator("main form.bd-search .fa-magnifying-glass").bounding_box()
    words = field.bounding_box()["x"] + field.evaluate(
        "(e) => parseFloat(getComputedStyle(e).paddingLeft)"
    )
    assert icon["x"] + icon["width"] + 4 <= words
    weight = "(e) => getComputedStyle(e).fontWeight"
    assert page.locator("main h1").evaluate(weight) == "700"
    context.close()

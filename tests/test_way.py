"""Where a reader stands: numbers and times of the chapters, the cards, the bar with its names."""

from __future__ import annotations

import re

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, on_a_phone
from playwright.sync_api import Page, expect
from treatybook.evidence import prose
from treatybook.site import bar, chapters
from treatybook.site.notebooks import convert

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
NUMBERED = CONFIG["sphinx"]["config"]["numbered_parts"]
TOC = {
    "root": "book/index",
    "parts": [
        {
            "caption": "The story",
            "chapters": [{"file": f"book/{name}"} for name in ("war", "gone", "mission")],
        },
        {"caption": "Words", "chapters": [{"file": "book/people"}, {"file": "book/glossary"}]},
        {"caption": "Afterwards", "chapters": [{"file": "book/army"}]},
    ],
}
LONG = "word " * 1000
TEXTS = {
    "index": "# Start\n\n*About 15 minutes.*\n",
    "war": "# Whose war?\n\n*About 30 minutes. Read another page first.*\n",
    "mission": f"---\n{LONG}\n---\n\n# Who went?\n\n{LONG}\n\n```{{code-cell}}\n{LONG}\n```\n",
    "people": "# Who?\n\n*About 15 minutes, or as a place to look people up.*\n",
    "glossary": "# Words\n\nText. *About 99 minutes* later.\n",
    "army": "# Who armed?\n\n*About 20 minutes. Or more than 60.*\n",
}


def found(name: str) -> chapters.Chapter:
    parts = chapters.contents(TOC, TEXTS, ["The story", "Afterwards"])
    return next(one for part in parts.values() for one in part if one.name == name)


def test_chapters_are_numbered_through_the_parts_that_tell_and_a_missing_page_takes_no_number():
    assert [(found(name).number, found(name).of) for name in ("war", "mission", "army")] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert found("war").place == "1 of 3 · 30 minutes"
    assert found("war").title == "Whose war?"
    with pytest.raises(StopIteration):
        found("gone")
    with pytest.raises(StopIteration):
        found("index")


def test_a_page_for_looking_things_up_has_its_time_and_no_number():
    assert (found("people").number, found("people").place) == (0, "15 minutes")
    assert found("glossary").place == ""


def test_a_chapter_that_says_no_time_is_as_long_as_its_prose():
    """A thousand words, and neither those of its head nor those of its cell."""
    assert found("mission").minutes == 10


def test_the_time_left_is_that_of_this_chapter_and_all_later_ones():
    assert [found(name).left for name in ("war", "mission", "army")] == [60, 30, 20]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(20, "½ hour"), (30, "½ hour"), (60, "1 hour"), (61, "1½ hours"), (240, "4 hours")],
)
def test_a_long_time_is_told_in_half_hours(minutes: int, words: str):
    assert chapters.duration(minutes) == words


def test_the_way_leads_back_and_on_and_the_ends_lead_nowhere():
    page = {"link": "next.html", "title": "Who <em>armed</em>?"}
    way = BeautifulSoup(chapters.way_of(found("mission"), None, page), "html.parser").nav
    (link,) = way.select("a")
    assert (link["href"], link["aria-label"]) == ("next.html", "Next: Who armed?")
    assert way.select_one(".tb-here").get_text("; ") == "2 of 3 · 10 minutes; ½ hour to the end"
    last = chapters.way_of(found("army"), page, None)
    assert "3 of 3 · 20 minutes" in last and "the last" in last and "to the end" not in last


def test_the_parts_that_are_numbered_are_parts_of_the_book():
    captions = [
        part["caption"] for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    ]
    assert [caption for caption in captions if caption in NUMBERED] == NUMBERED


@pytest.mark.parametrize("part", NUMBERED)
def test_every_numbered_chapter_says_how_long_it_takes_and_has_a_drawing(part: str):
    for chapter in chapters.of_book(NUMBERED)[part]:
        assert chapters.SAID.search(prose.text_of_page(chapter.name)), chapter.name
        assert 10 <= chapter.minutes <= 40


def test_the_notebook_of_the_start_page_lists_what_the_page_has_on_cards(book):
    text = "".join(cell.source for cell in convert(ROOT / "book" / "index.md", book).cells)
    assert "{chapters}" not in text and "> **Chapters**" not in text
    linked = set(
        re.findall(
            r"^- \[[^\]]+\]\((?:\.\./book/)?(?:\d\d-)?([a-z0-9-]+)\.\w+\)$", text, re.MULTILINE
        )
    )
    assert linked == {*PAGES} - {"index"}


# The built site -----------------------------------------------------------------------------------


def test_the_start_page_has_a_card_for_every_page_and_shows_no_code_before_the_story(soup):
    page = soup("book/index.html")
    cards = [link["href"].removesuffix(".html") for link in page.select(".tb-chapter a")]
    assert cards == [name for name in PAGES if name != "index"]
    for card in page.select(".tb-chapter a"):
        title = soup(f"book/{card['href']}").h1.find(string=True).strip()
        assert card.select_one(".tb-name").get_text() == title
    assert "Whose country was it" in page.select_one(".bd-article h1 ~ *").get_text()
    story = page.find(id="the-story-in-short")
    shown = [cell for cell in page.select("div.cell") if "hide" not in str(cell.find("details"))]
    before = {id(tag) for tag in story.find_all_previous("div")}
    assert shown and not before & set(map(id, shown))


def test_every_chapter_says_where_it_stands_and_leads_on(soup):
    for part in NUMBERED:
        for chapter in chapters.of_book(NUMBERED)[part]:
            way = soup(f"book/{chapter.name}.html").select_one("article > .tb-way")
            assert chapter.place in way.get_text()
            footer = soup(f"book/{chapter.name}.html").select(".prev-next-area a")
            assert {a["href"] for a in way.select("a")} == {a["href"] for a in footer}


def test_every_button_of_the_bar_has_a_word_on_it(soup):
    for name in PAGES:
        buttons = soup(f"book/{name}.html").select(".bd-header-article button:not(.dropdown-item)")
        words = [button.get_text(strip=True) for button in buttons]
        assert set(words) <= {*bar.names().values()} and len(words) >= 6, words


def test_a_name_is_written_once_and_a_page_without_the_bar_stays_as_it_is():
    button = '<button class="primary-toggle" title="x" data-bs-toggle="tooltip"><i></i></button>'
    page = f'<div class="bd-header-article">{button}</div><div id="jb-print-docs-body">{button}'
    once = bar.named(page)
    named = '<button class="primary-toggle"><i></i><span class="tb-label">Chapters</span></button>'
    assert once == page.replace(button, named, 1)
    assert bar.named(once) == once
    assert bar.named(button) == button


@on_a_phone
def test_on_a_phone_the_bar_fits_and_its_words_are_seen(page: Page):
    page.goto("book/war.html")
    for word in ("Chapters", "Run", "Colours", "Search", "Headings"):
        label = page.locator(".bd-header-article .tb-label", has_text=word)
        expect(label).to_be_in_viewport(ratio=1)
    for word in ("Previous:", "Next:"):
        link = page.locator(".tb-way").get_by_role("link", name=word)
        expect(link).to_be_in_viewport(ratio=1)

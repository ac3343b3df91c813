"""Text first: what a page fetches before its text, and when figures come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import PAGES
from playwright.sync_api import Browser, Page, expect
from treatybook.site.scripts import lighten

HEAD = """<head><link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="preload" as="script" href="a.js" />
<script src="a.js?v=1"></script>
<script defer src="b.js"></script>
<script type="module" src="c.js"></script>
<script>let here = 1;</script>
<script src="../searchindex.js"></script>
</head><body><script src="end.js"></script></body>"""


def test_a_script_of_the_head_waits_for_the_text_and_keeps_its_place():
    page = lighten(HEAD, searches=False)
    order = re.findall(r"<script[^>]*>", page)
    assert order == [
        '<script defer src="a.js?v=1">',
        '<script defer src="b.js">',
        '<script type="module" src="c.js">',
        "<script>",
        '<script src="end.js">',
    ]
    assert "preload" not in page
    assert 'href="../_static/basic.css"' in page
    assert lighten(page, searches=False) == page


def test_the_search_page_gets_its_rows_after_sphinx_and_before_the_index():
    head = HEAD.replace(
        "<head>",
        '<head><script defer src="finding/rows.js"></script>\n'
        '<script defer src="finding/finding.js"></script>\n',
    )
    page = lighten(head, searches=True)
    order = re.findall(r'<script defer src="([^"]+)"', page)
    assert order == [
        "a.js?v=1",
        "b.js",
        "finding/rows.js",
        "finding/finding.js",
        "../searchindex.js",
    ]
    assert lighten(page, searches=True) == page


def test_a_page_that_does_not_search_has_no_index():
    assert "searchindex" not in lighten(HEAD, searches=False)


@pytest.mark.parametrize("name", [*(f"book/{name}" for name in PAGES), "search", "genindex"])
def test_no_script_holds_back_the_text_of_a_page(site: Path, name: str):
    soup = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
    waiting = ("defer", "async", "type")
    blocking = [
        s for s in soup.head.select("script[src]") if not any(s.has_attr(w) for w in waiting)
    ]
    assert blocking == []
    fetched = " ".join(script["src"] for script in soup.select("script[src]"))
    assert ("searchindex.js" in fetched) == (name == "search")
    # A sheet that only names another one is a journey more.
    sheets = [
        site / name / ".." / tag["href"].split("?")[0]
        for tag in soup.select("link[rel=stylesheet]")
    ]
    assert [sheet.name for sheet in sheets if "@import" in sheet.resolve().read_text("utf-8")] == []


@contextmanager
def visiting(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the addresses it asks for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page, asked
    context.close()


def test_the_scripts_of_the_theme_still_do_their_work(browser: Browser, server: str):
    errors: list[str] = []
    with visiting(browser) as (page, _):
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server}/book/clauses.html")
        expect(page.locator("button.copybtn").first).to_be_attached()
        assert page.evaluate("DOCUMENTATION_OPTIONS.pagename") == "book/clauses"
        page.goto(f"{server}/search.html?q=Danzan")
        expect(page.locator("main a", has_text="Soliin Danzan").first).to_be_visible()
    assert errors == []


def test_a_figure_out_of_sight_waits_until_the_reader_moves(browser: Browser, server: str):
    with visiting(browser) as (page, asked):
        page.goto(f"{server}/book/index.html")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        assert not any("plotly" in address for address in asked)
        page.mouse.move(640, 400)
        page.mouse.wheel(0, 40)
        # It lies further down than that: it is drawn before the reader arrives.
        expect(page.locator("#timeline-plot")).to_have_attribute(
            "data-drawn", "true", timeout=20_000
        )
        assert page.evaluate("scrollY") < 200


def test_readers_who_save_data_say_when_the_library_is_fetched(browser: Browser, server: str):
    with visiting(browser) as (page, asked):
        page.add_init_script(
            "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
        )
        page.goto(f"{server}/book/clauses.html")
        plot = page.locator("#clause-matrix-plot")
        plot.scroll_into_view_if_needed()
        button = plot.get_by_role("button", name="Draw the figures")
        expect(button).to_be_visible()
        controls = page.locator("#clause-matrix .tb-buttons")
        expect(controls).to_be_hidden()
        found = Axe().run(
            page, context="#clause-matrix", options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}
        )
        assert found.response["violations"] == []
        assert not any("plotly" in address for address in asked)
        button.press("Enter")
        expect(plot).to_have_attribute("data-drawn", "true", timeout=20_000)
        expect(plot).to_be_focused()
        expect(controls).to_be_visible()
        expect(page.locator(".tb-offer")).to_have_count(0)


def test_a_figure_that_cannot_be_drawn_says_where_its_data_is(browser: Browser, server: str):
    with visiting(browser) as (page, _):
        page.route("**/plotly.min.js", lambda route: route.abort())
        page.goto(f"{server}/book/sources.html")
        plot = page.locator("#read-extent-plot")
        high = plot.bounding_box()["height"]
        plot.scroll_into_view_if_needed()
        expect(plot).to_have_attribute("data-state", re.compile("could not be drawn"))
        shown = plot.evaluate("plot => getComputedStyle(plot, '::before').content")
        assert "Its data is in the table below" in shown
        assert plot.bounding_box()["height"] == high

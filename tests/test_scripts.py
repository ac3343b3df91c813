"""Text first: what a page fetches before its text, and when figures come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES, Visit, draw
from playwright.sync_api import Page, expect
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
    assert "searchindex" not in page
    assert 'href="../_static/basic.css"' in page
    assert lighten(page, searches=False) == page


def test_the_search_page_gets_its_rows_after_sphinx_and_before_the_index():
    more = [
        f'<script defer src="rowsearch/{name}.js"></script>\n' for name in ("rows", "rowsearch")
    ]
    page = lighten(HEAD.replace("<head>", "<head>" + "".join(more)), searches=True)
    order = re.findall(r'<script defer src="([^"]+)"', page)
    rows = ["rowsearch/rows.js", "rowsearch/rowsearch.js"]
    assert order == ["a.js?v=1", "b.js", *rows, "../searchindex.js"]
    assert lighten(page, searches=True) == page


@pytest.mark.parametrize("name", [*(f"book/{name}" for name in PAGES), "search", "genindex"])
def test_no_script_holds_back_the_text_of_a_page(site: Path, soup, name: str):
    page = soup(f"{name}.html")
    assert page.head.select("script[src]:not([defer], [async], [type])") == []
    html = (site / f"{name}.html").read_text("utf-8")
    for only_searched in ("rows.js", "rowsearch.js", "searchindex.js"):
        assert (only_searched in html) == (name == "search")
    # A sheet that only names another one is a journey more.
    links = [tag["href"].split("?")[0] for tag in page.select("link[rel=stylesheet]")]
    sheets = {link: (site / name / ".." / link).resolve().read_text("utf-8") for link in links}
    assert [link for link, style in sheets.items() if "@import" in style] == []


def test_the_scripts_of_the_theme_still_do_their_work(page: Page):
    page.goto("book/clauses.html")
    expect(page.locator("button.copybtn").first).to_be_attached()
    assert page.evaluate("DOCUMENTATION_OPTIONS.pagename") == "book/clauses"


def test_a_figure_out_of_sight_waits_until_the_reader_moves(visit: Visit):
    page = visit.open("book/index.html")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    assert [address for address in visit.asked if "plotly" in address] == []
    page.mouse.move(640, 400)
    page.mouse.wheel(0, 40)
    # It lies further down than that: it is drawn before the reader arrives.
    expect(page.locator("#timeline-plot")).to_have_attribute("data-drawn", "true", timeout=20_000)
    assert page.evaluate("scrollY") < 200


def test_readers_who_save_data_say_when_the_library_is_fetched(visit: Visit):
    saving = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    visit.page.add_init_script(saving)
    page = visit.open("book/clauses.html")
    plot = page.locator("#clause-matrix-plot")
    plot.scroll_into_view_if_needed()
    button = plot.get_by_role("button", name="Draw the figures")
    expect(button).to_be_visible()
    controls = page.locator("#clause-matrix .tb-buttons")
    expect(controls).to_be_hidden()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}
    found = Axe().run(page, context="#clause-matrix", options=rules)
    assert found.response["violations"] == []
    assert [address for address in visit.asked if "plotly" in address] == []
    button.press("Enter")
    draw(page)
    expect(plot).to_be_focused()
    expect(controls).to_be_visible()
    expect(page.locator(".tb-offer")).to_have_count(0)


def test_a_figure_that_cannot_be_drawn_says_where_its_data_is(page: Page):
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto("book/sources.html")
    plot = page.locator("#read-extent-plot")
    high = plot.bounding_box()["height"]
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("data-state", re.compile("could not be drawn"))
    shown = plot.evaluate("plot => getComputedStyle(plot, '::before').content")
    assert "Its data is in the table below" in shown
    assert plot.bounding_box()["height"] == high

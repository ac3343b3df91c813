"""Text first: what a page fetches before its text, and when figures come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import PAGES, Visit, ask_axe
from playwright.sync_api import Page, expect
from treatybook.display.rendering import figure_html
from treatybook.site.scripts import lighten
from treatybook.views import sources

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


@pytest.mark.parametrize("name", [*(f"book/{name}" for name in PAGES), "search"])
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


def library(visit: Visit) -> list[str]:
    """What was asked for of the figure library and the descriptions of figures."""
    return [address for address in visit.asked if "plotly" in address or "/figures/" in address]


SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
MATRIX = "book/clauses.html"


def test_a_figure_is_there_at_once_and_looking_at_it_fetches_nothing(visit: Visit):
    page = visit.open(MATRIX)
    for drawing in page.locator(".tb-plot > .tb-wide").all():
        drawing.scroll_into_view_if_needed()
        expect(drawing).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")
    assert library(visit) == []


WAYS_TO_ACT = {
    "the button below it": lambda figure: figure.get_by_role("button", name="Explore").press(
        "Enter"
    ),
    "a click": lambda figure: figure.locator(".tb-plot").click(position={"x": 5, "y": 5}),
    "one of its own buttons": lambda figure: figure.locator(".tb-buttons button").last.press(
        "Space"
    ),
    "a mouse that rests": lambda figure: figure.locator(".tb-plot").hover(
        position={"x": 5, "y": 5}
    ),
}


@pytest.mark.parametrize(
    ("way", "from_folder"),
    [
        # Two ways on a server and in a folder speak for the others.
        pytest.param(way, number % 2, marks=pytest.mark.rare if number > 1 else [])
        for number, way in enumerate(WAYS_TO_ACT)
    ],
)
def test_a_reader_who_acts_on_a_figure_gets_the_live_one_in_its_box(
    visit: Visit, server: str, site: Path, way: str, from_folder: int
):
    page = visit.open(f"{site.as_uri() if from_folder else server}/{MATRIX}")
    figure = page.locator("#clause-matrix")
    plot = figure.locator(".tb-plot")
    before = plot.bounding_box()
    WAYS_TO_ACT[way](figure)
    expect(plot).to_have_attribute("data-drawn", "true", timeout=20_000)
    expect(plot.locator(".tb-wide")).to_be_hidden()
    assert plot.bounding_box()["height"] == before["height"]
    if way == "one of its own buttons":
        expect(figure.locator(".tb-buttons button").last).to_have_attribute("aria-pressed", "true")
    assert len(library(visit)) == 2, "the library, and what this figure is"
    assert visit.errors == []


def test_a_mouse_that_rests_fetches_nothing_for_readers_who_save_data(visit: Visit):
    visit.page.add_init_script(SAVING)
    page = visit.open(MATRIX)
    page.locator("#clause-matrix-plot").hover(position={"x": 5, "y": 5})
    page.wait_for_timeout(600)
    assert library(visit) == []


def test_a_figure_that_cannot_be_fetched_keeps_its_drawing_and_says_so(page: Page):
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto("book/sources.html")
    figure = page.locator("#read-extent")
    button = figure.get_by_role("button", name="Explore")
    button.press("Enter")
    expect(figure.locator(".tb-explore")).to_contain_text("could not be fetched")
    expect(figure.locator(".tb-wide")).to_be_visible()


def undrawn(page: Page, book) -> None:
    """Serve the page of the sources as a build without a browser leaves it."""
    view = sources.read_extent(book)

    def answer(route) -> None:
        html = route.fetch().text()
        start, end = html.index('<figure class="tb-figure"'), html.index("</figure>") + 9
        route.fulfill(
            body=html[:start] + str(figure_html(view)) + html[end:], content_type="text/html"
        )

    page.route("**/book/sources.html", answer)


def test_what_the_build_has_not_drawn_is_drawn_when_it_comes_near(book, visit: Visit):
    undrawn(visit.page, book)
    page = visit.open("book/sources.html")
    plot = page.locator("#read-extent-plot")
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("data-drawn", "true", timeout=20_000)
    assert visit.violations() == []


def test_readers_who_save_data_say_when_an_undrawn_figure_is_drawn(book, visit: Visit):
    undrawn(visit.page, book)
    visit.page.add_init_script(SAVING)
    page = visit.open("book/sources.html")
    plot = page.locator("#read-extent-plot")
    plot.scroll_into_view_if_needed()
    button = plot.get_by_role("button", name="Draw the figure")
    expect(button).to_be_visible()
    assert ask_axe(page, away=".citation")["violations"] == []
    assert library(visit) == []
    button.press("Enter")
    expect(plot).to_have_attribute("data-drawn", "true", timeout=20_000)

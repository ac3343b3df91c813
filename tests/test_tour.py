"""A tour of the built site: pages are visited as readers do, and the tests read the record.

On a wide screen pages come from a server; on a phone from a folder, as a copy is read that was
taken along; and once more without JavaScript. Every page is opened, in one of its languages; what
takes longer is done with a page of each kind. All pages in all ways come with the rare tests. What
is not in the table of contents (search, sheets, slides, the page for lost readers) is found in the
built site.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import PAGES, Visit, ask_axe, draw, every_page, visiting
from playwright.sync_api import Page
from treatybook.evidence import wording
from treatybook.site import printing

# All rows of a table are written by one function: the first speak for the rest, except in the rare
# tests, which look at every one.
LATER_ROWS = ".tb-table tbody tr:nth-child(n+11)"
# The screen of a visit, and a narrower one that it is turned to; 640 pixels are 1280 at a zoom of
# 200 per cent.
SCREENS = {"desktop": (1280, 640), "phone": (360, 320)}
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts.push(
  [entry.value, ...entry.sources.map(({node}) => node?.outerHTML?.slice(0, 100) ?? `${node?.nodeName}`)]); })
  .observe({type: 'layout-shift', buffered: true});
"""
READ_TO_THE_END = """async () => {
  // A page that is not drawn has no frames: a reader who waits for one would wait for ever.
  const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 500); });
  for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
    scrollTo({top: y, behavior: 'instant'});
    await frame();
  }
  scrollTo({top: 0, behavior: 'instant'});
}"""
DRAWN = """box => {
  const plot = box.querySelector(':scope > .tb-live');
  const seen = (selector) => [...plot.querySelectorAll(selector)]
    .filter((mark) => mark.getBoundingClientRect().width > 0).length;
  return {marks: seen('.scatterlayer path.point') + seen('.barlayer g.point > path')
    + seen('path.js-line') + seen('.heatmaplayer image'),
          types: plot._fullData.map((trace) => trace.type), ink: plot.layout.font.color,
          width: plot.getBoundingClientRect().width};
}"""
ALL_STEPS = "document.querySelectorAll('section[hidden]').forEach((part) => { part.hidden = false; }); dispatchEvent(new Event('resize'))"
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
CUT = """() => [
  ...[...document.querySelectorAll('button, summary, h1, h2, h3, figcaption, label, .bd-header-article *')]
    .filter((e) => e.checkVisibility() && e.innerText && getComputedStyle(e).overflowX !== 'visible'
      && e.scrollWidth > e.clientWidth + 1),
  ...[...document.querySelectorAll('.bd-header-article button')].filter((e) => e.checkVisibility())
    .filter((e) => { const r = e.getBoundingClientRect(); return r.left < 0 || r.right > innerWidth; }),
].map((e) => e.outerHTML.slice(0, 100))"""
WIDE_ON_PAPER = """() => {
  document.querySelectorAll('details.tb-data').forEach((fold) => { fold.open = true; });
  return [...document.querySelectorAll('.tb-table, .bd-article table')]
    .filter((box) => box.scrollWidth > box.clientWidth + 1)
    .map((box) => `${box.id} ${box.scrollWidth} > ${box.clientWidth}`);
}"""


def heights(page: Page) -> list[float]:
    return page.evaluate("[...document.querySelectorAll('.tb-plot')].map((p) => p.offsetHeight)")


def axe(page: Page, every_row: bool = False) -> list[str]:
    """What axe finds, each fault with its element."""
    # Where the reader happens to stand, the bar at the top may cover half of a button.
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    found = ask_axe(page, "" if every_row else LATER_ROWS)["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def described_in(file: Path) -> dict:
    """What a file beside the pages says of a figure."""
    return json.loads(re.fullmatch(r'tbDescribed\("[\w-]+", (.*)\);\n', file.read_text("utf-8"))[1])


class Tour(Visit):
    """What one visit of one page shows."""

    def go(self, address: str, screen: str, theme: str, every_row: bool) -> None:
        """Visit the page as a reader does, and note everything."""
        self.page.add_init_script(WATCH)
        page = self.open(address, theme)
        # A lesson shows one step at a time; here all are looked at.
        page.evaluate(ALL_STEPS)
        before = heights(page)
        page.evaluate(READ_TO_THE_END)
        self.asked_by_reading = [url for url in self.asked if "plotly" in url or "/figures/" in url]
        draw(page)
        self.heights = (before, heights(page))
        self.shifts = page.evaluate("window.shifts")
        plots = page.locator(".tb-plot:visible").all()
        layouts = [plot.get_attribute("data-layout") for plot in plots]
        files = [plot.get_attribute("data-source").rpartition("/")[2] for plot in plots]
        self.described = list(zip(files, layouts, strict=True))
        self.drawn = [plot.evaluate(DRAWN) for plot in plots]
        self.faults = axe(page, every_row)
        wide, narrow = SCREENS[screen]
        self.too_wide = {wide: page.evaluate(TOO_WIDE)}
        other = "light" if theme == "dark" else "dark"
        page.evaluate(f"document.documentElement.dataset.theme = '{other}'")
        page.wait_for_timeout(200)
        self.other_inks = [
            plot.evaluate("box => box.querySelector('.tb-live').layout.font.color")
            for plot in plots
        ]
        page.set_viewport_size({"width": narrow, "height": 800})
        self.too_wide[narrow] = page.evaluate(TOO_WIDE)
        self.cut = page.evaluate(CUT)
        self.refused = self.violations()
        self.wide_on_paper = []
        if screen == "desktop":
            page.emulate_media(media="print")
            for paper, width in printing.WIDTHS.items():
                page.set_viewport_size({"width": width, "height": 900})
                self.wide_on_paper += [f"{paper}: {box}" for box in page.evaluate(WIDE_ON_PAPER)]


# A page with the largest figures, one with the longest table, and one with questions and steps.
# Each is seen in one of two ways, which between them show both screens, both themes, a server and a
# folder. All four ways of every page come with the rare tests.
KINDS = "war chronology lesson-1".split()
WAYS = [("desktop", "light"), ("phone", "dark"), ("desktop", "dark"), ("phone", "light")]
VISITS = [
    pytest.param(name, *way, marks=[] if often else pytest.mark.rare)
    for number, name in enumerate(PAGES)
    for kind, way in enumerate(WAYS)
    for often in [name in KINDS and kind == number % 2]
]
# A page with most kinds of figures and tables speaks for those that are seen with the rare.
RUSSIAN = ("clauses",)
# Page by page in one language after the other; in the rest of them with the rare.
IN_TURN = [
    pytest.param(name, folder, marks=[] if number % len(folders) == turn else pytest.mark.rare)
    for folders in [("", *wording.FURTHER)]
    for number, name in enumerate(PAGES)
    for turn, folder in enumerate(folders)
]


@pytest.mark.parametrize(("name", "folder"), IN_TURN)
def test_a_page_in_each_language_is_whole_on_a_phone(browser, site, folder: str, name: str):
    with visiting(browser, viewport={"width": 360, "height": 800}) as visit:
        page = visit.open((site / folder / "book" / f"{name}.html").as_uri())
        page.evaluate(ALL_STEPS)
        assert page.evaluate(TOO_WIDE) <= 0
        assert page.evaluate(CUT) == []
        assert visit.errors == []
        assert visit.violations() == []
        assert visit.elsewhere(site.as_uri()) == []


@pytest.mark.parametrize(("name", "screen", "theme"), VISITS)
def test_a_page_is_sound(browser, server, site, subtests, request, name: str, screen, theme):
    every_row = request.node.get_closest_marker("rare") is not None
    be_sound(browser, server, site, subtests, name, screen, theme, every_row)


@pytest.mark.parametrize(
    "name",
    [name if name in RUSSIAN else pytest.param(name, marks=pytest.mark.rare) for name in PAGES],
)
def test_a_page_in_russian_is_sound(browser, server, site, subtests, name: str):
    be_sound(browser, f"{server}/ru", site / "ru", subtests, name, "phone", "light", False)


def be_sound(browser, server, site, subtests, name: str, screen, theme, every_row: bool) -> None:
    start = server if screen == "desktop" else site.as_uri()
    size = {"width": SCREENS[screen][0], "height": 800}
    with visiting(browser, viewport=size, has_touch=screen == "phone") as visit:
        tour = Tour(visit.page)
        tour.go(f"{start}/book/{name}.html", screen, theme, every_row)
    figures = (site / "book" / f"{name}.html").read_text("utf-8").count('<figure class="tb-figure')
    with subtests.test("nothing fails and no other host is asked"):
        assert tour.errors == []
        # The figure library of all languages lies at the root of the site.
        assert tour.elsewhere(start.removesuffix("/ru")) == []
        assert tour.refused == [], "the page breaks its own policy"
    with subtests.test("every figure is drawn as described and fits"):
        assert len(tour.drawn) == figures
        for drawn, (file, layout) in zip(tour.drawn, tour.described, strict=True):
            described = described_in(site / "figures" / file)["drawings"][layout]
            assert drawn["types"] == [trace["type"] for trace in described["data"]]
            assert drawn["marks"] > 0
            assert drawn["width"] <= SCREENS[screen][0]
    with subtests.test("the figure library is fetched once, and only when a reader acts"):
        assert tour.asked_by_reading == []
        assert sum("plotly" in url for url in tour.asked) == bool(figures)
    with subtests.test("figures follow the theme"):
        for drawn, other in zip(tour.drawn, tour.other_inks, strict=True):
            assert drawn["ink"] != other
    with subtests.test("reading and drawing move nothing"):
        before, after = tour.heights
        assert before == after
        assert sum(value for value, *_ in tour.shifts) < 0.01, tour.shifts
    with subtests.test("nothing stops readers with a handicap"):
        assert tour.faults == []
    with subtests.test("nothing scrolls sideways or is cut"):
        assert {width: more for width, more in tour.too_wide.items() if more > 0} == {}
        assert tour.cut == []
    with subtests.test("tables fit their paper"):
        assert tour.wide_on_paper == []


# ---- what is not in the table of contents ----

LESSON = re.compile(r"lesson-\d|project")


@pytest.mark.parametrize("all_lessons", [False, pytest.param(True, marks=pytest.mark.rare)])
def test_every_other_page_is_sound_on_any_screen_and_from_a_folder(
    browser, server, site, all_lessons
):
    listed = {"index.html", *(f"book/{name}.html" for name in PAGES)}
    others = [name for name in every_page(site) if name not in listed]
    # The sheets and the deck of one lesson speak for those of all.
    names = (
        others if all_lessons else list({LESSON.sub("", name): name for name in others}.values())
    )
    assert len(names) >= 10
    for name in names:
        with visiting(browser) as visit:
            page = visit.page
            if name != "404.html":  # served at any depth, so its addresses are whole
                visit.open(f"{site.as_uri()}/{name}")
                draw(page)
                assert visit.violations() == [], name
            page.set_viewport_size({"width": 360, "height": 740})
            visit.open(f"{server}/{name}")
            draw(page)
            assert axe(page) == [], name
            assert visit.errors == [], name
            assert page.evaluate(TOO_WIDE) <= 0, name
            assert visit.violations() == [], name
            assert visit.elsewhere(server, "file:") == [], name
            missing = [answer.url for answer in visit.answers if answer.status >= 400]
            assert missing == [], name


def test_the_start_of_the_site_leads_to_the_first_page(page: Page, site: Path):
    page.goto((site / "index.html").as_uri())
    page.wait_for_url(f"**/book/{PAGES[0]}.html")


# ---- without JavaScript ----

DEAD_CONTROLS = """() => [...document.querySelectorAll(
  '.tb-explore, .tb-buttons, .tb-player, .tb-write :is(button, output), '
  + '.tb-quiz :is(button, input, select, output)')]
  .filter((part) => part.checkVisibility({visibilityProperty: true}))
  .map((part) => part.outerHTML.slice(0, 100))"""
FIGURES = """() => [...document.querySelectorAll('figure.tb-figure')].map((figure) => {
  const seen = (selector) => [...figure.querySelectorAll(selector)]
    .filter((part) => part.checkVisibility({visibilityProperty: true}) && part.getBoundingClientRect().width);
  return {id: figure.id, caption: seen('figcaption').length === 1, drawings: seen('.tb-drawn').length,
          words: document.getElementById(`${figure.id}-words`).innerText, data: seen('tbody tr').length > 0};
})"""
WITHOUT_GROUND = """() => [...document.querySelectorAll('.highlight pre, .tb-table table tbody tr:first-child')]
  .filter((part) => getComputedStyle(part).backgroundColor === 'rgba(0, 0, 0, 0)')
  .map((part) => part.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(
    "name",
    [name if name in KINDS else pytest.param(name, marks=pytest.mark.rare) for name in PAGES],
)
def test_without_javascript_a_page_tells_its_story_and_shows_its_data(browser, server, name):
    with visiting(browser, java_script_enabled=False) as visit:
        page = visit.open(f"{server}/book/{name}.html")
        assert page.locator("article h1").is_visible()
        assert page.evaluate(DEAD_CONTROLS) == []
        for figure in page.evaluate(FIGURES):
            assert figure["caption"], figure
            assert len(figure["words"]) > 40, figure
            assert figure["drawings"] == 1, figure
            assert figure["data"], f"{figure}: the data are still folded"
        assert page.evaluate(WITHOUT_GROUND) == []
        if name == "chronology":
            assert page.locator("#chronology-table tbody tr:visible").count() > 40

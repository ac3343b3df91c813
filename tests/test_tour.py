"""A tour of the built site: each page is visited once in each way, and the tests read the record.

On a wide screen pages come from a server; on a phone from a folder, as a copy is read that was
taken along; and once more without JavaScript. What is not in the table of contents (search, sheets,
slides, the page for lost readers) is found in the built site.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES
from playwright.sync_api import Browser, ConsoleMessage, Page
from treatybook.site import printing

# Without "preload": it would fetch the styles once more, which a folder refuses. What passes is not
# told, which saves most of the time on long pages.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,
}
# All rows of a table are written by one function: the first speak for the rest, except in the rare
# tests, which look at every one.
LATER_ROWS = ".tb-table tbody tr:nth-child(n+26)"
# The screen of a visit, and a narrower one that it is turned to; 640 pixels are 1280 at a zoom of
# 200 per cent.
SCREENS = {"desktop": (1280, 640), "phone": (360, 320)}
WATCH = """
window.shifts = [];
window.violations = [];
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts.push(
  [entry.value, ...entry.sources.map(({node}) => node?.outerHTML?.slice(0, 100) ?? `${node?.nodeName}`)]); })
  .observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
READ_TO_THE_END = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
    scrollTo({top: y, behavior: 'instant'});
    await frame();
  }
  scrollTo({top: 0, behavior: 'instant'});
}"""
DRAWN = """plot => {
  const seen = (selector) => [...plot.querySelectorAll(selector)]
    .filter((mark) => mark.getBoundingClientRect().width > 0).length;
  return {marks: seen('.scatterlayer path.point') + seen('.barlayer g.point > path'),
          types: plot._fullData.map((trace) => trace.type), ink: plot.layout.font.color,
          width: plot.getBoundingClientRect().width};
}"""
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


@dataclass
class Record:
    """What one visit of one page has shown."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    described: list[dict] = field(default_factory=list)
    drawn: list[dict] = field(default_factory=list)
    other_inks: list[str] = field(default_factory=list)
    heights: list[list[float]] = field(default_factory=list)
    shifts: list[list] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    too_wide: dict[int, int] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    wide_on_paper: list[str] = field(default_factory=list)

    def watch(self, page: Page, theme: str) -> None:
        """Note what the page asks for and complains of."""
        page.add_init_script(WATCH)
        page.add_init_script(
            f"for (const name of ['mode', 'theme']) localStorage.setItem(name, '{theme}')"
        )
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(said.text)

    def elsewhere(self, start: str) -> list[str]:
        """Addresses that were asked for and do not lie in the site."""
        return [url for url in self.requests if not url.startswith((start, "data:", "blob:"))]


def draw(page: Page) -> None:
    """Go to each figure that is shown, and wait until it is drawn."""
    # On slides only the figure of the slide that is shown can be reached.
    for plot in page.locator(".tb-plot:visible").all():
        plot.scroll_into_view_if_needed()
        page.wait_for_selector(f"#{plot.get_attribute('id')}[data-drawn]", timeout=30_000)


def heights(page: Page) -> list[float]:
    return page.evaluate("[...document.querySelectorAll('.tb-plot')].map((p) => p.offsetHeight)")


def axe(page: Page, every_row: bool = False) -> list[str]:
    """What axe finds, each fault with its element."""
    # Where the reader happens to stand, the bar at the top may cover half of a button.
    page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
    context = None if every_row else {"exclude": [[LATER_ROWS]]}
    found = Axe().run(page, context=context, options=AXE_OPTIONS).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


def visit(page: Page, address: str, screen: str, theme: str, every_row: bool) -> Record:
    """Visit one page as a reader does, and note everything."""
    record = Record()
    record.watch(page, theme)
    page.goto(address)
    page.wait_for_load_state("load")
    record.heights.append(heights(page))
    page.evaluate(READ_TO_THE_END)
    draw(page)
    record.heights.append(heights(page))
    record.shifts = page.evaluate("window.shifts")
    plots = page.locator(".tb-plot:visible").all()
    for plot in plots:
        record.described.append(json.loads(plot.locator("xpath=../script").text_content() or "{}"))
        record.drawn.append(plot.evaluate(DRAWN))
    record.faults = axe(page, every_row)
    wide, narrow = SCREENS[screen]
    record.too_wide[wide] = page.evaluate(TOO_WIDE)
    other = "light" if theme == "dark" else "dark"
    page.evaluate(f"document.documentElement.dataset.theme = '{other}'")
    page.wait_for_timeout(200)
    record.other_inks = [plot.evaluate("plot => plot.layout.font.color") for plot in plots]
    page.set_viewport_size({"width": narrow, "height": 800})
    record.too_wide[narrow] = page.evaluate(TOO_WIDE)
    record.cut = page.evaluate(CUT)
    record.violations = page.evaluate("window.violations")
    if screen == "desktop":
        page.emulate_media(media="print")
        for paper, width in printing.WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            record.wide_on_paper += [f"{paper}: {box}" for box in page.evaluate(WIDE_ON_PAPER)]
    return record


# Two ways between them show both screens, both themes, a server and a folder; the other two come
# with the rare tests.
WAYS = (("desktop", "light"), ("phone", "dark"), ("desktop", "dark"), ("phone", "light"))
VISITS = [
    pytest.param(
        name, screen, theme, id=f"{name}-{screen}-{theme}", marks=[pytest.mark.rare] * (way > 1)
    )
    for name in PAGES
    for way, (screen, theme) in enumerate(WAYS)
]


@pytest.mark.parametrize(("name", "screen", "theme"), VISITS)
def test_a_page_is_sound(
    browser: Browser,
    server: str,
    site: Path,
    subtests: pytest.Subtests,
    name: str,
    screen: str,
    theme: str,
):
    start = server if screen == "desktop" else site.as_uri()
    size = {"width": SCREENS[screen][0], "height": 800}
    context = browser.new_context(viewport=size, has_touch=screen == "phone")
    every_row = (screen, theme) in WAYS[2:]
    record = visit(context.new_page(), f"{start}/book/{name}.html", screen, theme, every_row)
    context.close()
    for check in (
        nothing_fails_and_no_other_host_is_asked,
        every_figure_is_drawn_as_described_and_fits,
        figures_follow_the_theme,
        reading_and_drawing_move_nothing,
        nothing_stops_readers_with_a_handicap,
        nothing_scrolls_sideways_or_is_cut,
        tables_fit_their_paper,
    ):
        with subtests.test(check.__name__.replace("_", " ")):
            check(record, start)
    with subtests.test("every figure of the page was seen"):
        html = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
        assert len(record.drawn) == html.count('<figure class="tb-figure')


def nothing_fails_and_no_other_host_is_asked(record: Record, start: str) -> None:
    assert record.errors == []
    assert record.elsewhere(start) == []
    assert record.violations == [], "the page breaks its own policy"


def every_figure_is_drawn_as_described_and_fits(record: Record, start: str) -> None:
    for drawn, described in zip(record.drawn, record.described, strict=True):
        assert drawn["types"] == [trace["type"] for trace in described["data"]]
        assert drawn["marks"] > 0
        assert drawn["width"] <= max(record.too_wide)


def figures_follow_the_theme(record: Record, start: str) -> None:
    for drawn, other in zip(record.drawn, record.other_inks, strict=True):
        assert drawn["ink"] != other


def reading_and_drawing_move_nothing(record: Record, start: str) -> None:
    before, after = record.heights
    assert before == after
    assert sum(value for value, *_ in record.shifts) < 0.01, record.shifts


def nothing_stops_readers_with_a_handicap(record: Record, start: str) -> None:
    assert record.faults == []


def nothing_scrolls_sideways_or_is_cut(record: Record, start: str) -> None:
    assert {width: more for width, more in record.too_wide.items() if more > 0} == {}
    assert record.cut == []


def tables_fit_their_paper(record: Record, start: str) -> None:
    assert record.wide_on_paper == []


# ---- what is not in the table of contents ----


def others(site: Path) -> list[str]:
    """Every other page of the site; the theme's templates are none."""
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    listed = {"index.html", *(f"book/{name}.html" for name in PAGES)}
    return [name for name in names if name not in listed and not name.startswith("_static/")]


@pytest.mark.parametrize("part", range(4))
def test_every_other_page_is_sound_on_any_screen_and_from_a_folder(
    browser: Browser, server: str, site: Path, part: int
):
    names = others(site)[part::4]
    assert names
    for name in names:
        record = Record()
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        record.watch(page, "light")
        if name != "404.html":  # served at any depth, so its addresses are whole
            page.goto(f"{site.as_uri()}/{name}")
            draw(page)
            assert page.evaluate("window.violations") == [], name
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{server}/{name}")
        draw(page)
        assert axe(page) == [], name
        assert record.errors == [], name
        assert page.evaluate(TOO_WIDE) <= 0, name
        assert page.evaluate("window.violations") == [], name
        outside = [url for url in record.elsewhere(server) if not url.startswith("file:")]
        assert outside == [], name
        context.close()


def test_the_start_of_the_site_leads_to_the_first_page(browser: Browser, site: Path):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_url(f"**/book/{PAGES[0]}.html")
    page.close()


# ---- without JavaScript ----


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript_a_page_tells_its_story_and_shows_its_data(
    browser: Browser, server: str, name: str
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/book/{name}.html")
    assert page.locator("article h1").is_visible()
    dead = page.locator(".tb-plot:visible, .tb-buttons:visible, .tb-player:visible")
    assert dead.count() == 0, "a control that does nothing is shown"
    for figure in page.locator("figure.tb-figure").all():
        assert figure.locator("figcaption").is_visible()
        assert len(figure.locator(".tb-words").inner_text()) > 40
        assert figure.locator("noscript p").is_visible()
        assert figure.locator("tbody tr").first.is_visible(), "the data are still folded"
    for ground in page.locator(".highlight pre, .tb-table table tbody tr:first-child").all():
        colour = ground.evaluate("(part) => getComputedStyle(part).backgroundColor")
        assert colour != "rgba(0, 0, 0, 0)"
    assert page.locator(".tb-quiz :is(button, input, output):visible").count() == 0
    if name == "chronology":
        assert page.locator("#chronology-table tbody tr:visible").count() > 40
    context.close()

"""How pages load in a browser: what comes over the line, what moves, when the first figure is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench_figure import Figure
from bench_server import serving
from conftest import PAGES
from playwright.sync_api import Browser, Page, Request
from treatybook.site.browser import running

# Lighthouse's slow phone, and its "slow 4G".
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
RUNS = 3
PATIENCE = 60_000  # milliseconds
HERE = "127.0.0.1"
# Nothing outside answers, as in a school behind a wall.
NOWHERE = {"server": f"http://{HERE}:9", "bypass": HERE}
LIBRARY = "/plotly/"
SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""
# Seconds from the moment a reader comes to the first figure until there is a drawing.
WAIT = """() => new Promise((resolve) => {
  const figure = document.querySelector('.tb-figure');
  const start = performance.now();
  figure.querySelector('.tb-plot').scrollIntoView({block: 'center'});
  const look = () => {
    const drawing = figure.querySelector('svg, img');
    if (drawing && (drawing.complete ?? true)) resolve((performance.now() - start) / 1000);
    else setTimeout(look, 20);
  };
  look();
})"""


def size(asked: list[Request], library: bool = False) -> float:
    """Kilobytes over the line: of the figure library, or of all else."""
    came = [r.sizes() for r in asked if not r.failure and (LIBRARY in r.url) == library]
    return sum(part["responseHeadersSize"] + part["responseBodySize"] for part in came) / 1000


def outside(asked: list[Request]) -> set[str]:
    """Addresses on other hosts."""
    web = [request.url for request in asked if request.url.startswith("http")]
    return {address for address in web if urlsplit(address).hostname != HERE}


@contextmanager
def visiting(
    browser: Browser, address: str, slow: bool = False
) -> Iterator[tuple[Page, list[Request]]]:
    """A page as a phone with an empty cache sees it, and what it asks for."""
    context = browser.new_context(**PHONE, proxy=NOWHERE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request))
    page.add_init_script(SHIFTS)
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, timeout=PATIENCE)
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    yield page, asked
    context.close()


def measure(site: Path, rival: Path) -> Iterator[Figure]:
    """Every page of the table of contents, and the first figure of the start page."""
    sizes, strangers, shifts, waits = {}, set(), [], []
    theirs = their_strangers = None
    with running() as browser, serving(site) as ours, serving(rival) as other:
        for name in PAGES:
            with visiting(browser, f"{ours}/book/{name}.html") as (page, asked):
                sizes[name] = size(asked)
                strangers |= outside(asked)
                shifts.append(page.evaluate("shifted"))
        for _ in range(RUNS):
            with visiting(browser, f"{ours}/book/{PAGES[0]}.html", slow=True) as (page, asked):
                waits.append(page.evaluate(WAIT))
                page.wait_for_load_state("networkidle")
                library = size(asked, library=True)
                shifts.append(page.evaluate("shifted"))
        if rival.is_dir():
            with visiting(browser, f"{other}/intro.html") as (_, asked):
                theirs, their_strangers = size(asked), len(outside(asked))
    heaviest = max(sizes, key=sizes.__getitem__)
    yield Figure("start page, first visit", sizes[PAGES[0]], "kB", 220, theirs)
    yield Figure(f"heaviest page ({heaviest}), first visit", sizes[heaviest], "kB", 220)
    yield Figure("figure library, once", library, "kB", 1500)
    yield Figure("slow phone: from reaching the first figure to seeing it", median(waits), "s", 2.5)
    yield Figure("layout shift, greatest of all pages", max(shifts), budget=0)
    yield Figure("requests to other hosts", len(strangers), budget=0, theirs=their_strangers)

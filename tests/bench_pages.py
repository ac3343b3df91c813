"""How pages load in a browser: what comes over the line, what moves, when the first figure is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench_figure import Figure
from bench_server import serving
from conftest import PAGES, Visit, visiting
from playwright.sync_api import Browser
from treatybook.evidence import wording
from treatybook.site.browser import running

# Lighthouse's slow phone, and its "slow 4G".
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
BYTES = {"downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
NETWORK = {"offline": False, "latency": 150, **BYTES}
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
    const drawing = figure.querySelector('.tb-plot svg');
    if (drawing) resolve((performance.now() - start) / 1000);
    else setTimeout(look, 20);
  };
  look();
})"""


def size(visit: Visit, library: bool = False) -> float:
    """Kilobytes over the line: of the figure library, or of all else."""
    came = [a.request.sizes() for a in visit.answers if (LIBRARY in a.url) == library]
    return sum(part["responseHeadersSize"] + part["responseBodySize"] for part in came) / 1000


def outside(visit: Visit) -> set[str]:
    """Addresses on other hosts."""
    return set(visit.elsewhere(f"http://{HERE}:"))


@contextmanager
def phone(browser: Browser, address: str, slow: bool = False) -> Iterator[Visit]:
    """A page as a phone with an empty cache sees it."""
    with visiting(browser, **PHONE, proxy=NOWHERE) as visit:
        visit.page.add_init_script(SHIFTS)
        if slow:
            session = visit.page.context.new_cdp_session(visit.page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", NETWORK)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        visit.page.goto(address, timeout=PATIENCE)
        visit.page.wait_for_load_state("networkidle", timeout=PATIENCE)
        yield visit


def measure(site: Path, rival: Path) -> Iterator[Figure]:
    """Every page of every language, and the first figure of the start page."""
    names = [f"book/{name}" for name in PAGES]
    names += [f"{language}/{name}" for language in wording.FURTHER for name in names]
    sizes, strangers, shifts, waits = {}, set(), [], []
    theirs = their_strangers = None
    with running() as browser, serving(site) as ours, serving(rival) as other:
        for name in names:
            with phone(browser, f"{ours}/{name}.html") as visit:
                sizes[name] = size(visit)
                strangers |= outside(visit)
                shifts.append(visit.page.evaluate("shifted"))
        for _ in range(RUNS):
            with phone(browser, f"{ours}/{names[0]}.html", slow=True) as visit:
                waits.append(visit.page.evaluate(WAIT))
                before = size(visit, library=True)
                visit.page.locator(".tb-explore").first.click()
                visit.page.wait_for_selector(".tb-plot[data-drawn]", timeout=PATIENCE)
                library = size(visit, library=True)
                shifts.append(visit.page.evaluate("shifted"))
        if rival.is_dir():
            with phone(browser, f"{other}/intro.html") as visit:
                theirs, their_strangers = size(visit), len(outside(visit))
    heaviest = max(sizes, key=sizes.__getitem__)
    yield Figure("start page, first visit", sizes[names[0]], "kB", 220, theirs)
    yield Figure(f"heaviest page ({heaviest}), first visit", sizes[heaviest], "kB", 220)
    yield Figure("figure library, once a reader acts", library, "kB", 1500)
    yield Figure("the same, for a reader who only looks", before, "kB", 0)
    yield Figure("slow phone: from reaching the first figure to seeing it", median(waits), "s", 2.5)
    yield Figure("layout shift, greatest of all pages", max(shifts), budget=0)
    yield Figure("requests to other hosts", len(strangers), budget=0, theirs=their_strangers)

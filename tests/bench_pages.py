"""How pages load in a real browser: what comes over the line, when it is seen, what moves, what it holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urlsplit

from bench_report import Report
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from treatybook.browser import BROWSER_FLAGS, find_browser

# Lighthouse's "slow 4G" and its slow phone.
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOW_CPU = 4
PHONE = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75, "is_mobile": True}
RUNS = 3
HERE = "127.0.0.1"
# Nothing outside answers, as in a school behind a wall; this machine itself is never asked by proxy.
NO_OUTSIDE = "--proxy-server=http://127.0.0.1:9"
DRAWN = 60_000  # milliseconds within which a figure has to be there
# Kinds of page: ours, and where there is one the template's.
KINDS = {
    "start": ("book/index.html", "intro.html"),
    "chapter with figures": ("book/clauses.html", "notebooks.html"),
    "long table": ("book/chronology.html", None),
    "sources": ("book/sources.html", "markdown.html"),
    "lessons": ("book/teach.html", None),
    "search": ("search.html", "search.html"),
}
PAINTED = ("start", "chapter with figures")
WATCH = """() => {
  window.bench = {lcp: 0, cls: 0};
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({type, buffered: true});
  watch('largest-contentful-paint', (entry) => { bench.lcp = entry.startTime; });
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) bench.cls += entry.value; });
}"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass
class Traffic:
    """What came over the line since the last ``clear``."""

    size: float = 0
    requests: int = 0
    outside: set[str] = field(default_factory=set)

    def clear(self) -> None:
        self.size, self.requests = 0, 0
        self.outside.clear()

    def listen(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", lambda event: self._asked(event["request"]["url"]))
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def _asked(self, address: str) -> None:
        parts = urlsplit(address)
        self.requests += 1
        if parts.scheme in ("http", "https") and parts.hostname != HERE:
            self.outside.add(address)

    def _came(self, event: dict) -> None:
        self.size += event["encodedDataLength"]  # 0 where the cache answered


@dataclass(frozen=True)
class Load:
    """One visit to a page on a slow phone."""

    first_paint: float
    largest_paint: float
    shift: float
    heap: float
    figure: float | None = None
    next_figure: float | None = None


@contextmanager
def browsing() -> Iterator[Browser]:
    flags = [*BROWSER_FLAGS, NO_OUTSIDE]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A phone with an empty cache."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def read_to_the_end(page: Page) -> int:
    """Scroll to every figure of the page and wait until it is there; gives their number."""
    figures = page.locator(".tb-plot")
    for number in range(figures.count()):
        figures.nth(number).scroll_into_view_if_needed()
        page.wait_for_function(
            "number => document.querySelectorAll('.tb-plot')[number].dataset.drawn",
            arg=number,
            timeout=DRAWN,
        )
    return figures.count()


def transfer(browser: Browser, first: str, later: str) -> dict[str, float]:
    """Kilobytes over the line: a first visit, the same page read to its end, then another page."""
    traffic, kilobytes = Traffic(), {}
    with visiting(browser) as (page, session):
        traffic.listen(session)
        for name, work in (
            ("first visit", lambda: page.goto(first)),
            ("read to the end", lambda: read_to_the_end(page)),
            ("another page later", lambda: (page.goto(later), settle(page), read_to_the_end(page))),
        ):
            traffic.clear()
            work()
            settle(page)
            kilobytes[name] = traffic.size / 1000
    return kilobytes


def asked_outside(browser: Browser, addresses: list[str]) -> set[str]:
    """Addresses on other hosts that pages ask for."""
    outside: set[str] = set()
    for address in addresses:
        traffic = Traffic()
        with visiting(browser) as (page, session):
            traffic.listen(session)
            page.goto(address)
            settle(page)
            read_to_the_end(page)
        outside |= traffic.outside
    return outside


def slow_visit(browser: Browser, address: str) -> Load:
    """Open a page on a slow phone, wait for its text, then go to its first figures."""
    with visiting(browser) as (page, session):
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
        page.add_init_script(f"({WATCH})()")
        page.goto(address, timeout=DRAWN)
        settle(page)
        paints = page.evaluate(f"[{FIRST_PAINT}, bench.lcp]")
        waits = [_wait(page, number) for number in range(min(2, page.locator(".tb-plot").count()))]
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        return Load(*paints, page.evaluate("bench.cls"), heap, *waits)


def _wait(page: Page, number: int) -> float:
    """Milliseconds from the moment a reader comes to a figure until it can be used."""
    script = """number => new Promise((resolve) => {
      const plot = document.querySelectorAll('.tb-plot')[number];
      const start = performance.now();
      plot.scrollIntoView({block: 'center'});
      const look = () => plot.dataset.drawn ? resolve(performance.now() - start) : setTimeout(look, 20);
      look();
    })"""
    return page.evaluate(script, number)


def middle(loads: list[Load], name: str) -> float | None:
    values = [getattr(load, name) for load in loads]
    return None if None in values else median(values)


def measure(report: Report, ours: str, theirs: str) -> None:
    """Measure every kind of page of this book, and of the template's where it has one."""
    with browsing() as browser:
        _measure_transfer(report, browser, ours, theirs)
        _measure_outside(report, browser, ours, theirs)
        for kind in PAINTED:
            _measure_paint(report, browser, kind, ours, theirs)


def _measure_transfer(report: Report, browser: Browser, ours: str, theirs: str) -> None:
    mine = transfer(browser, f"{ours}/book/index.html", f"{ours}/book/mission.html")
    rival = transfer(browser, f"{theirs}/intro.html", f"{theirs}/notebooks.html")
    words = {
        "first visit": "start page, first visit",
        "read to the end": "start page, its figures drawn, in addition",
        "another page later": "a chapter with figures after that",
    }
    for name, what in words.items():
        beside = None if name == "read to the end" else rival[name]
        report.add(f"transfer, {what}", mine[name], "kB", theirs=beside, told=f"sent: {what}")
    for kind in ("chapter with figures", "long table", "sources", "lessons", "search"):
        page, other = KINDS[kind]
        with visiting(browser) as (opened, session):
            size = _first_visit(opened, session, f"{ours}/{page}")
        beside = None
        if other:
            with visiting(browser) as (opened, session):
                beside = _first_visit(opened, session, f"{theirs}/{other}")
        report.add(f"transfer, {kind}, first visit", size, "kB", theirs=beside)


def _first_visit(page: Page, session: CDPSession, address: str) -> float:
    traffic = Traffic()
    traffic.listen(session)
    page.goto(address)
    settle(page)
    return traffic.size / 1000


def _measure_outside(report: Report, browser: Browser, ours: str, theirs: str) -> None:
    mine = asked_outside(browser, [f"{ours}/{page}" for page, _ in KINDS.values()])
    rival = asked_outside(browser, [f"{theirs}/{page}" for _, page in KINDS.values() if page])
    report.add(
        "requests to other hosts", len(mine), "", theirs=len(rival), told="requests to other hosts"
    )
    for name, asked in (("this book", mine), ("the template", rival)):
        if asked:
            hosts = sorted({urlsplit(address).hostname or "" for address in asked})
            report.note(f"{name} asks {', '.join(hosts)}")


def _measure_paint(report: Report, browser: Browser, kind: str, ours: str, theirs: str) -> None:
    page, other = KINDS[kind]
    mine = [slow_visit(browser, f"{ours}/{page}") for _ in range(RUNS)]
    rival = [slow_visit(browser, f"{theirs}/{other}") for _ in range(RUNS)] if other else []
    figures: tuple[tuple[str, str, str, Callable[[float], float]], ...] = (
        ("first_paint", "first text on the screen", "s", _thousandth),
        ("largest_paint", "largest part on the screen", "s", _thousandth),
        ("figure", "from reaching the first figure to using it", "s", _thousandth),
        ("next_figure", "the same, next figure", "s", _thousandth),
        ("shift", "layout shift, thousandths", "", lambda value: value * 1000),
        ("heap", "JavaScript memory", "MB", lambda value: value / 1e6),
    )
    for name, what, unit, scale in figures:
        value, beside = middle(mine, name), middle(rival, name) if rival else None
        if value is None:
            continue
        told = f"slow phone: {kind}, {what}" if name != "shift" else ""
        report.add(
            f"slow phone, {kind}: {what}",
            scale(value),
            unit,
            theirs=None if beside is None else scale(beside),
            told=told,
        )


def _thousandth(value: float) -> float:
    return value / 1000

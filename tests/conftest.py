"""Shared by all tests: the data, a cold build in a clean copy, and a real browser."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bench_server import serving
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, Response, expect
from treatybook.display import output
from treatybook.display.content import FigureView
from treatybook.display.markdown import is_notebook
from treatybook.evidence import prose, tables
from treatybook.site.browser import NoBrowser, running

ROOT = Path(__file__).resolve().parent.parent
# For the programs that tests start; pytest's own setting reaches only its own process.
os.environ["PYTHONPATH"] = str(ROOT / "book")


def contents() -> list[str]:
    """Every page of the table of contents, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [Path(file).name for file in (toc["root"], *chapters)]


PAGES = tuple(contents())
NOTEBOOKS = tuple(name for name in PAGES if is_notebook(ROOT / "book" / f"{name}.md"))
expect.set_options(timeout=20_000)  # a machine that is busy with other tests is slow
SITE = "https://example.github.io/fork/"  # where the tested build believes that it stands
# Tests that ask for one of these need the built book or a browser.
SLOW_FIXTURES = {"site", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW_FIXTURES & set(item.fixturenames):
            item.add_marker("built")
    # One worker builds the site, and runs the cells of all pages, while the others run what needs
    # neither.
    of_site = [item for item in items if "site" in item.fixturenames]
    of_cells = [item for item in items if getattr(item.module, "ran", None) is ran]
    needs = dict.fromkeys(items, 2) | dict.fromkeys(of_cells, 1)
    needs |= {item: 3 for item in items if item.get_closest_marker("built")}
    items.sort(key=(needs | dict.fromkeys(of_site[:1], 0)).__getitem__)


@pytest.fixture(scope="session")
def book() -> tables.Book:
    return tables.read()


class Ran(NamedTuple):
    """A page whose cells have run as a build runs them."""

    names: dict[str, object]  # what a learner has then; not to be changed
    figures: list[tuple[FigureView, str]]  # each with its HTML


@cache
def ran(page: str) -> Ran:
    """Run the cells of a page; once for all tests of a worker."""
    made = Ran({}, [])
    write = output.figure_html

    def keep(view: FigureView, links: bool = True, **more: object) -> str:
        html = write(view, links, **more)
        made.figures.append((view, html))
        return html

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(output.PAGE_VARIABLE, "1")
        patch.setattr(output, "display", lambda *_, **__: None)
        patch.setattr(output, "figure_html", keep)
        for _, code in prose.cells(page):
            exec(code, made.names)
    return made


def copy_repository(target: Path) -> Path:
    """Copy what git would hand to a newcomer, and nothing that was generated."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def build(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the book in a folder as ``make book`` does, from nothing."""
    # What builds the tests must not decide where the launch buttons of a test lead.
    named = ("GITHUB_", "BOOK_")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(named)}
    return subprocess.run(
        [sys.executable, "-m", "treatybook", "build"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**outside, "PYTHONPATH": "book", **environment},
    )


def another_day() -> str:
    """A time zone where the date is not the one of the machine."""
    now = dt.datetime.now(dt.UTC)
    today = dt.datetime.now().date()
    # In POSIX's names of zones the sign says what to add to reach UTC.
    zones = {hours: f"Etc/GMT{-hours:+d}" for hours in (14, -12)}
    return next(
        zone for hours, zone in zones.items() if (now + dt.timedelta(hours=hours)).date() != today
    )


def build_site(folder: Path, number: int) -> str:
    """Build the site cold in a clean copy, and tell what went wrong.

    Each number has its own time zone and hash seed.
    """
    copy_repository(folder)
    elsewhere = {"TZ": another_day()} if number else {}
    done = build(
        folder,
        BOOK_REPOSITORY="https://github.com/example/fork",
        BOOK_SITE=SITE,
        PYTHONHASHSEED=str(number),
        **elsewhere,
    )
    return done.stdout[-4000:] + done.stderr[-8000:] if done.returncode else ""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], str]) -> Path:
    """A folder that the workers of a run share: one makes it and tells what went wrong."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    told = folder.with_name(f"{name} is made")
    try:
        folder.mkdir()
    except FileExistsError:  # another worker makes it
        while not told.exists():
            time.sleep(0.2)
    else:
        wrong = "it could not be made"
        try:
            wrong = make(folder)
        finally:
            told.write_text(wrong, "utf-8")
    assert not told.read_text("utf-8")
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built book, in a folder whose path holds a blank."""
    return made_once(tmp_path_factory, "clean copy", partial(build_site, number=0)) / "_build/html"


def every_page(site: Path) -> list[str]:
    """Every English page of the site, whoever wrote it; the theme's templates are none."""
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    return [name for name in names if not name.startswith(("_static/", "ru/"))]


@pytest.fixture(scope="session")
def soup(site: Path) -> Callable[[str], BeautifulSoup]:
    """What reads a page of the site without a browser; give it the page's path in the site."""
    return cache(lambda name: BeautifulSoup((site / name).read_text("utf-8"), "lxml"))


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """Address of the site on a server of this machine."""
    with serving(site, urlsplit(SITE).path) as address:
        yield address


@pytest.fixture(params=["server", "folder"])
def start(request: pytest.FixtureRequest, server: str, site: Path) -> str:
    """Where the addresses of the site begin: on the server, and in its folder."""
    return server if request.param == "server" else site.as_uri()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with running() as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))


NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""


# A school that blocks cookies.
NO_STORAGE = """Object.defineProperty(window, 'localStorage', {configurable: true, get() { throw new DOMException('refused'); }})"""


class Visit:
    """A page in the browser, with everything that it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.answers: list[Response] = []
        self.errors: list[str] = []
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("response", lambda answer: self.answers.append(answer))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    def open(self, address: str, theme: str = "light") -> Page:
        for key in ("mode", "theme"):
            self.page.add_init_script(f"localStorage.setItem('{key}', '{theme}')")
        self.page.goto(address)
        return self.page

    def violations(self) -> list[str]:
        """What the policy of the page has refused."""
        return self.page.evaluate("window.violations")

    def elsewhere(self, *starts: str) -> list[str]:
        """Addresses that were asked for and begin in another way."""
        return [url for url in self.asked if not url.startswith((*starts, "data:", "blob:"))]


WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 800}}
on_a_phone = pytest.mark.parametrize("visit", [PHONE], indirect=True)


@contextmanager
def visiting(browser: Browser, **options: object) -> Iterator[Visit]:
    """A visit by a reader who has never been here, on a wide screen unless the options differ."""
    with browser.new_context(**{**WIDE, **options}) as context:
        yield Visit(context.new_page())


@pytest.fixture
def visit(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit; addresses may be given as paths in the site on the server."""
    with visiting(browser, base_url=f"{server}/", **getattr(request, "param", {})) as visit:
        yield visit


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def draw(page: Page) -> int:
    """Bring each figure that is shown to life, as a reader does; give their number."""
    # On slides only the figure of the slide that is shown can be reached.
    plots = page.locator(".tb-plot:visible").all()
    for plot in plots:
        button = plot.locator("xpath=../button[contains(@class, 'tb-explore')]")
        if button.is_visible():
            button.click()
        else:
            plot.dispatch_event("click")
        page.wait_for_selector(f"#{plot.get_attribute('id')}[data-drawn]", timeout=30_000)
    return len(plots)


# Without "preload": it would fetch the styles once more, which a folder refuses. What passes is not
# told, which saves most of the time on long pages.
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,
}
# What axe need not look at is away for as long: to leave it out by its own means takes longer than
# to look at it.
ASK_AXE = """async ([away, options]) => {
  const taken = [...document.querySelectorAll(away || 'none')].map((part) => {
    const mark = document.createComment('');
    part.replaceWith(mark);
    return [mark, part];
  });
  const { violations, incomplete } = await axe.run(document, options);
  taken.forEach(([mark, part]) => mark.replaceWith(part));
  return { violations, incomplete };
}"""


def ask_axe(page: Page, away: str = "", **options: object) -> dict[str, list[dict]]:
    """What axe says of a page without what is away: violations, and what it could not see."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(ASK_AXE, [away, AXE_OPTIONS | options])


def letters(page: Page, selector: str) -> list[str]:
    """Fonts that the browser really took for the first element that fits."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return [font["familyName"] for font in used]


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what Playwright's own waiting cannot: the policy of the pages forbids its scripts."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about in ten seconds")

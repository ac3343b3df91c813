"""Shared by all tests: the data, a cold build in a clean copy, and a real browser."""

from __future__ import annotations

import datetime as dt
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from playwright.sync_api import Browser
from treatybook.display.markdown import is_notebook
from treatybook.evidence import tables
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
SITE = "https://example.github.io/fork/"  # where the tested build believes that it stands
# Tests that ask for one of these need the built book or a browser.
SLOW_FIXTURES = {"site", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW_FIXTURES & set(item.fixturenames):
            item.add_marker("built")


@pytest.fixture(scope="session")
def book() -> tables.Book:
    return tables.read()


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


def built_site(folder: Path, number: int) -> Path:
    """The site, built cold in a clean copy; each number has its own time zone and hash seed."""
    copy_repository(folder)
    elsewhere = {"TZ": another_day()} if number else {}
    done = build(
        folder,
        BOOK_REPOSITORY="https://github.com/example/fork",
        BOOK_SITE=SITE,
        PYTHONHASHSEED=str(number),
        **elsewhere,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built book of this worker, in a folder whose path holds a blank."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return built_site(tmp_path_factory.mktemp("clean copy"), number)


class PagesHandler(http.server.SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: below a path, with ``404.html`` for what is not there."""

    site: Path
    below = urlsplit(SITE).path

    def log_message(self, *arguments: object) -> None:
        """Keep the test output free of requests."""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self.site / path.removeprefix(self.below)
        there = path.startswith(self.below) and file.is_file()
        content = (file if there else self.site / "404.html").read_bytes()
        self.send_response(200 if there else 404)
        kind = self.guess_type(str(file)) if there else "text/html"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """Address of the site on a server of this machine."""
    handler = type("Handler", (PagesHandler,), {"site": site})
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}{PagesHandler.below}".rstrip("/")
    httpd.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with running() as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))

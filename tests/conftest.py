"""Shared by all tests: the data, a cold build in a clean copy, and a real browser."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from treatybook import tables
from treatybook.browser import NoBrowser, running

ROOT = Path(__file__).resolve().parent.parent
# Every page, with the number of figures it draws; None for a page without a notebook.
FIGURES: dict[str, int | None] = {
    "index": 1,
    "background": 2,
    "revolution": 2,
    "war": 2,
    "mission": 1,
    "clauses": 3,
    "silences": 1,
    "comparison": 3,
    "coding": 2,
    "army": 2,
    "withdrawal": 2,
    "recognition": 1,
    "chronology": 1,
    "disagreements": 2,
    "sources": 1,
    "verification": 1,
    "data": 0,
    "people": 1,
    "places": 1,
    "glossary": 0,
    "workshop": 2,
    "run": None,
    "teach": None,
}
PAGES = tuple(FIGURES)
FIGURE_PAGES = {name: number for name, number in FIGURES.items() if number}


SITE = "https://example.github.io/fork/"  # where the tested build believes that it stands


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
    run = functools.partial(
        subprocess.run,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**outside, "PYTHONPATH": "book", **environment},
    )
    for module in ("treatybook.check", "treatybook.notebooks"):
        done = run([sys.executable, "-m", module])
        if done.returncode:
            return done
    program = Path(sys.executable).parent / "jupyter-book"
    return run([str(program), "build", ".", "-W", "-n", "--keep-going", "--quiet"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built book, made cold in a clean copy whose path holds a blank."""
    folder = copy_repository(tmp_path_factory.mktemp("clean copy"))
    done = build(
        folder,
        BOOK_REPOSITORY="https://github.com/example/fork",
        BOOK_SITE=SITE,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return folder / "_build" / "html"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Keep the test output free of requests."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    handler = functools.partial(QuietHandler, directory=str(site))
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with running() as browser:
            yield browser
    except NoBrowser as error:
        pytest.fail(str(error))

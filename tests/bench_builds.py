"""Build times, and the rival: the book that Jupyter Book's own template makes, with the same versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_figure import Figure
from conftest import PAGES, ROOT, build, copy_repository

WORK = ROOT / "_build" / "bench"
RIVAL = WORK / "template"
RIVAL_SITE = RIVAL / "_build" / "html"
DRAWING = WORK / "packages"  # the template draws with matplotlib, which this book does not use
NO_CACHE = {"UV_NO_CACHE": "1", "PIP_NO_CACHE_DIR": "1"}


def timed(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def ran(command: list[str], folder: Path = ROOT, **environment: str) -> None:
    """Run a command as somebody who has just opened a terminal; what stops it is told."""
    ours = ("PYTHONPATH", "MAKEFLAGS", "VIRTUAL_ENV")
    known = {name: value for name, value in os.environ.items() if name not in ours} | environment
    succeeded(subprocess.run(command, cwd=folder, capture_output=True, text=True, env=known))


def succeeded(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr)[-2000:])


def add_line(page: Path) -> None:
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")


def rival() -> tuple[float, float, int]:
    """Make the template's book as a newcomer would: seconds cold and after an edit, and its pages."""
    inline = "module://matplotlib_inline.backend_inline"
    drawing = {"PYTHONPATH": str(DRAWING), "MPLBACKEND": inline}
    uv = [sys.executable, "-m", "uv", "pip", "install", "--constraint", "requirements.txt"]
    ran([*uv, "--target", str(DRAWING), "matplotlib"])
    # Its first import compiles it and looks for fonts; that is no part of a build.
    ran([sys.executable, "-c", "import matplotlib.pyplot"], **drawing)
    shutil.rmtree(RIVAL, ignore_errors=True)
    program = str(Path(sys.executable).parent / "jupyter-book")
    ran([program, "create", str(RIVAL)])
    making = [program, "build", str(RIVAL)]
    cold = timed(lambda: ran(making, **drawing))
    add_line(RIVAL / "markdown.md")
    edit = timed(lambda: ran(making, **drawing))
    return cold, edit, len(list((RIVAL_SITE / "_sources").iterdir()))


def measure() -> Iterator[Figure]:
    with TemporaryDirectory(prefix="bench ") as folder:
        fresh = copy_repository(Path(folder, "fresh"))
        seconds = timed(lambda: ran(["make", "book"], fresh, **NO_CACHE))
        yield Figure("fresh machine: environment and whole book", seconds, "s", 120)
        known = copy_repository(Path(folder, "known"))
        cold = timed(lambda: succeeded(build(known)))
        yield Figure("whole book, cold build, its figures drawn", cold, "s", 100)
        add_line(known / "book" / "silences.md")
        edit = timed(lambda: succeeded(build(known)))
    their_cold, their_edit, pages = rival()
    yield Figure("cold build, per page", cold / len(PAGES), "s", theirs=their_cold / pages)
    yield Figure("build after an edit of one page", edit, "s", 6, their_edit)

"""Build times, and the rival: the book that the package's own template makes, with the same versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench_report import Report
from conftest import ROOT, build, copy_repository

WORK = ROOT / "_build" / "bench"
SITE = Path("_build") / "html"
JUPYTER_BOOK = Path(sys.executable).parent / "jupyter-book"
# The template's notebook draws with matplotlib, which this book does not use: it goes beside.
PACKAGES = WORK / "packages"
DRAWING = (
    "matplotlib==3.11.2",
    "contourpy==1.3.3",
    "cycler==0.12.1",
    "fonttools==4.68.0",
    "kiwisolver==1.5.1",
    "pillow==13.0.0",
)
BUDGETS = {"cold": 90, "edit": 10}


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def add_line(page: Path) -> None:
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")


def build_book(report: Report) -> Path:
    """Build this book cold in a clean copy, then after an edit; gives the folder of its pages."""
    folder = copy_repository(Path(tempfile.mkdtemp(prefix="bench ")))
    cold = timed(lambda: built(build(folder)))
    report.add(
        "cold build of the whole book",
        cold,
        "s",
        budget=BUDGETS["cold"],
        told="whole book, cold build",
    )
    add_line(folder / "book" / "silences.md")
    edit = timed(lambda: built(build(folder)))
    report.add(
        "build after an edit of one page",
        edit,
        "s",
        budget=BUDGETS["edit"],
        told="build after an edit of one page",
    )
    pages = len(list((folder / "book").glob("*.md")))
    rival = build_rival(report)
    report.add(
        "cold build, per page",
        cold / pages,
        "s",
        theirs=rival["cold"] / rival["pages"],
        told="cold build, per page",
    )
    report.add(
        "build after an edit, whole book",
        edit,
        "s",
        theirs=rival["edit"],
        told="build after an edit of one page",
    )
    return folder / SITE


def built(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise RuntimeError(f"the build failed: {(done.stdout + done.stderr)[-2000:]}")


def rival_site() -> Path:
    """Folder of the template's built pages."""
    return WORK / "template" / SITE


def build_rival(report: Report) -> dict[str, float]:
    """Make the template's book as a newcomer would, and build it cold and after an edit."""
    fetch_drawing(report)
    folder = WORK / "template"
    shutil.rmtree(folder, ignore_errors=True)
    run_jupyter_book("create", folder)
    cold = timed(lambda: run_jupyter_book("build", folder))
    add_line(folder / "markdown.md")
    edit = timed(lambda: run_jupyter_book("build", folder))
    pages = len(list((folder / SITE / "_sources").iterdir()))
    return {"cold": cold, "edit": edit, "pages": pages}


def run_jupyter_book(command: str, folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {
        "PYTHONPATH": str(PACKAGES),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    done = subprocess.run(
        [str(JUPYTER_BOOK), command, str(folder)], capture_output=True, text=True, env=environment
    )
    built(done)


def fetch_drawing(report: Report) -> None:
    if (PACKAGES / "matplotlib").is_dir():
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--target", str(PACKAGES), *DRAWING], capture_output=True, text=True
    )
    if done.returncode:
        report.note(
            "matplotlib could not be fetched: the template's notebook is built without its figure"
        )

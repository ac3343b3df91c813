"""Measure times, sizes and growth, each beside its budget: ``make bench``.

The rival is the book that ``jupyter-book create`` makes, built with the same versions in the
same run. Benchmarks are not tests: they print, and a slow machine fails nothing.

``.venv/bin/python tests/bench.py --only pages`` measures a part, pages as they
are in ``_build/html``; ``--table`` prints the last whole run, the table of README.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date

import bench_builds
import bench_growth
import bench_pages
from bench_figure import HEAD, Figure
from conftest import ROOT

PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "builds": bench_builds.measure,
    "pages": lambda: bench_pages.measure(ROOT / "_build" / "html", bench_builds.RIVAL_SITE),
    "growth": bench_growth.measure,
}
RESULT = bench_builds.WORK / "table.md"


def run(parts: list[str]) -> Iterator[str]:
    """The table, line by line; what stops a part is told, and the next one is measured."""
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    yield f"Measured on {date.today()} with `make bench`, {os.cpu_count()} cores, {load}.\n"
    yield HEAD
    for name in parts:
        try:
            for figure in PARTS[name]():
                yield figure.row()
        except Exception as error:
            print(f"{name}: not measured further: {type(error).__name__}: {error}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description="measure times, sizes and growth")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--table", action="store_true", help="print the last run for README")
    wanted = parser.parse_args()
    if wanted.table and RESULT.exists():
        print(RESULT.read_text(encoding="utf-8"), end="")
        return
    lines = []
    for line in run(wanted.only):
        lines.append(f"{line}\n")
        print(line, flush=True)
    if wanted.only == list(PARTS):
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

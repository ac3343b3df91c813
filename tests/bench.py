"""Measure times, sizes and loading, each beside its budget or its rival: ``make bench``.

The rival is the book that ``jupyter-book create`` makes, built with the same versions in
the same run. Benchmarks are not tests: they print, and a slow machine fails nothing.

``bench.py --only pages lighthouse`` measures some parts on the book in ``_build/html``;
``bench.py --table`` prints the last whole run as the table of README.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "book"))

import bench_growth
import bench_lighthouse
import bench_pages
import bench_report
from bench_builds import SITE, WORK, build_book, build_rival, rival_site
from bench_server import serving
from conftest import PAGES, ROOT

PARTS = ("builds", "sizes", "pages", "lighthouse", "growth")
RESULT = WORK / "figures.json"


def sizes(report: bench_report.Report, site: Path) -> None:
    own = [site / "_static" / name for name in ("treatybook.css", "treatybook.js")]
    scripts = sum(len(gzip.compress(path.read_bytes())) for path in own) / 1000
    for name in PAGES:
        page = len(gzip.compress((site / "book" / f"{name}.html").read_bytes())) / 1000
        what = f"page {name}, own styles and scripts, compressed"
        report.add(what, page + scripts, "kB", budget=60)
    library = gzip.compress((site / "_static" / "plotly" / "plotly.min.js").read_bytes(), 9)
    what = "figure library, compressed, once a visit"
    report.add(what, len(library) / 1000, "kB", budget=1500, told=what)


def run(parts: tuple[str, ...]) -> bench_report.Report:
    report = bench_report.Report()
    site = ROOT / SITE
    if "builds" in parts:
        with report.part("Builds"):
            site = build_book(report)
    elif not rival_site().is_dir():
        with report.part("The template's book"):
            build_rival(report)
    if "sizes" in parts:
        with report.part("Sizes"):
            sizes(report, site)
    with serving(site) as ours, serving(rival_site()) as theirs:
        if "pages" in parts:
            with report.part("Pages in a browser"):
                bench_pages.measure(report, ours, theirs)
        if "lighthouse" in parts:
            with report.part("Lighthouse"):
                bench_lighthouse.measure(report, ours, theirs, WORK)
    if "growth" in parts:
        with report.part("Growth"):
            bench_growth.measure(report)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description="measure times, sizes and loading")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--table", action="store_true", help="print the last run for README")
    wanted = parser.parse_args()
    if not wanted.table or not RESULT.exists():
        report = run(tuple(wanted.only))
        print(f"\nMeasured with {bench_report.load()} at the end.")
        if tuple(wanted.only) == PARTS:
            report.save(RESULT)
    if wanted.table:
        print(bench_report.table(json.loads(RESULT.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()

"""Measure times and sizes, each beside its budget: ``make bench``.

Benchmarks are not tests: they print, and a slow machine fails nothing.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import PAGES, ROOT, build, copy_repository
from treatybook import audit, tables, timeline
from treatybook.check import check

TIMES = 100
MANY = ("events", "claims", "clauses", "codings")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def line(what: str, value: float, budget: float, unit: str) -> None:
    print(f"{what:<52}{value:>10.1f} {unit:<3} budget {budget:>8.1f}   ratio {value / budget:5.2f}")


def build_times() -> Path:
    folder = copy_repository(Path(tempfile.mkdtemp(prefix="bench ")))
    line("cold build of the whole book", timed(lambda: build(folder)), 90, "s")
    page = folder / "book" / "silences.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    line("build after an edit of one page", timed(lambda: build(folder)), 10, "s")
    return folder / "_build" / "html"


def sizes(site: Path) -> None:
    own = [site / "_static" / name for name in ("treatybook.css", "treatybook.js")]
    scripts = sum(len(gzip.compress(path.read_bytes())) for path in own) / 1000
    for name in PAGES:
        page = len(gzip.compress((site / "book" / f"{name}.html").read_bytes())) / 1000
        line(f"page {name}, own styles and scripts, compressed", page + scripts, 60, "kB")
    library = gzip.compress((site / "_static" / "plotly" / "plotly.min.js").read_bytes(), 9)
    line("figure library, compressed, once a visit", len(library) / 1000, 1500, "kB")


def enlarged(target: Path) -> Path:
    """The data with 100 times the events and claims, each copy under its own key."""
    shutil.copytree(ROOT / "data", target)
    for name in MANY:
        path = target / f"{name}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            for number in range(TIMES):
                writer.writerows(copied(name, row, number) for row in rows)
    return target


def copied(name: str, row: dict[str, str], number: int) -> dict[str, str]:
    if not number:
        return row
    if name == "events":
        return {**row, "event_id": f"{row['event_id']}-{number}"}
    if name in ("clauses", "codings"):
        return {**row, "clause_id": f"{row['clause_id']}-{number}"}
    keys = "; ".join(f"{key}-{number}" for key in tables.split(row["events"]))
    return {**row, "claim_id": f"{row['claim_id']}{number:03}", "events": keys}


def growth() -> None:
    with tempfile.TemporaryDirectory() as folder:
        large = tables.read(enlarged(Path(folder) / "data"))
        small = tables.read()
        line("check of the data", timed(lambda: check(small)), 5, "s")
        for what, work in (
            ("check", check),
            ("timeline", timeline.timeline),
            ("audit", audit.unconfirmed),
        ):
            once, many = timed(lambda w=work: w(small)), timed(lambda w=work: w(large))
            line(f"{what}, {TIMES} times events, claims, clauses", many / once, TIMES, "x")


if __name__ == "__main__":
    sizes(build_times())
    growth()

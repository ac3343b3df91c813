"""How times and sizes grow with a hundred times the events, claims, clauses and codings."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_builds import timed
from bench_figure import Figure
from conftest import ROOT
from treatybook.display.rendering import figure_html, table_html
from treatybook.evidence import tables
from treatybook.evidence.validation import check
from treatybook.views import audit, timeline

TIMES = 100
RUNS = 3
WORKS = {"check": check, "timeline": timeline.timeline, "audit": audit.unconfirmed}
KEYS = {"events": "event_id", "claims": "claim_id", "clauses": "clause_id", "codings": "clause_id"}


def enlarged(target: Path) -> Path:
    """The data many times over, each copy under its own keys."""
    shutil.copytree(ROOT / "data", target)
    for name, key in KEYS.items():
        with open(target / f"{name}.csv", "r+", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            for number in range(1, TIMES):
                writer.writerows(copied(row, key, number) for row in rows)
    return target


def copied(row: dict[str, str], key: str, number: int) -> dict[str, str]:
    new = {key: f"{row[key]}{number:03}" if key == "claim_id" else f"{row[key]}-{number}"}
    if key == "claim_id":  # a claim is about the copies of its events
        new["events"] = "; ".join(f"{event}-{number}" for event in tables.split(row["events"]))
    return {**row, **new}


def chronology_size(book: tables.Book) -> int:
    """Characters of HTML that the data gives to the page of the chronology."""
    figure = figure_html(timeline.timeline(book, "1920-09-01", "1922-09-01"))
    return len(figure) + len(table_html(timeline.chronology(book)))


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        small, large = tables.read(), tables.read(enlarged(Path(folder, "data")))
        for name, work in WORKS.items():
            # The best of some runs: the first reads the tables, and other work makes some longer.
            once, often = (min(timed(work, book) for _ in range(RUNS)) for book in (small, large))
            yield Figure(f"time of {name}, {TIMES} times the data", often / once, "x", TIMES)
        growth = chronology_size(large) / chronology_size(small)
    yield Figure(f"HTML of the chronology, {TIMES} times the data", growth, "x", TIMES)

"""How times and sizes grow with the data: ten and a hundred times the events, claims and clauses."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from bench_builds import timed
from bench_report import Report
from conftest import ROOT
from treatybook import audit, tables, timeline
from treatybook.check import check
from treatybook.show import figure_html, table_html

TIMES = (10, 100)
MANY = ("events", "claims", "clauses", "codings")


def enlarged(target: Path, times: int) -> Path:
    """The data with many times the events and claims, each copy under its own key."""
    shutil.copytree(ROOT / "data", target)
    for name in MANY:
        path = target / f"{name}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            for number in range(times):
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


def chronology_size(book: tables.Book) -> int:
    """Characters of HTML that the data gives to the page of the chronology."""
    figure = figure_html(timeline.timeline(book, "1920-09-01", "1922-09-01"))
    return len(figure) + len(table_html(timeline.chronology(book)))


def measure(report: Report) -> None:
    works = {"check": check, "timeline": timeline.timeline, "audit": audit.unconfirmed}
    small = tables.read()
    report.add(
        "check of the data", timed(lambda: check(small)), "s", budget=5, told="check of the data"
    )
    once = {name: timed(lambda work=work: work(small)) for name, work in works.items()}
    size = chronology_size(small)
    for times in TIMES:
        with tempfile.TemporaryDirectory() as folder:
            large = tables.read(enlarged(Path(folder) / "data", times))
            for name, work in works.items():
                ratio = timed(lambda work=work, large=large: work(large)) / once[name]
                _tell(report, f"time of {name}", ratio, times)
            _tell(report, "HTML of the chronology", chronology_size(large) / size, times)


def _tell(report: Report, what: str, ratio: float, times: int) -> None:
    told = f"{what}, {times} times the data" if times == max(TIMES) else ""
    report.add(
        f"{what}, {times} times events, claims, clauses", ratio, "x", budget=times, told=told
    )

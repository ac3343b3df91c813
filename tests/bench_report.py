"""What was measured: printed beside its budget or its rival as it comes, kept for the table of README."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

MINUTE = 60
RIVAL = "template"


@dataclass(frozen=True)
class Measured:
    """One figure of this book, with its budget or the same figure of the template's book."""

    what: str
    ours: float
    unit: str
    budget: float | None = None
    theirs: float | None = None
    # Words for the table of README; a figure without them is only printed.
    told: str = ""

    @property
    def beside(self) -> float | None:
        return self.theirs if self.budget is None else self.budget

    @property
    def ratio(self) -> float | None:
        return self.ours / self.beside if self.beside else None

    def __str__(self) -> str:
        text = f"{self.what:<60}{self.ours:>10.1f} {self.unit:<3}"
        if self.beside is None:
            return text.rstrip()
        name = RIVAL if self.budget is None else "budget"
        told = "    –" if self.ratio is None else f"{self.ratio:5.2f}"
        return f"{text} {name:<8} {self.beside:>8.1f}   ratio {told}"


@dataclass
class Report:
    """All figures of a run."""

    figures: list[Measured] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=perf_counter)

    def add(self, what: str, ours: float, unit: str, **beside) -> None:
        """Print a figure and keep it."""
        self.figures.append(Measured(what, ours, unit, **beside))
        print(self.figures[-1], flush=True)

    def note(self, text: str) -> None:
        """Print what a reader of the figures has to know, and keep it."""
        self.notes.append(text)
        print(f"  note: {text}", flush=True)

    @contextmanager
    def part(self, title: str) -> Iterator[None]:
        """A part of the run; what stops it is told, and the run goes on."""
        minutes, seconds = divmod(int(perf_counter() - self.began), MINUTE)
        print(f"\n{title} [{minutes}:{seconds:02} after the start, {load()}]", flush=True)
        try:
            yield
        except Exception as error:
            lines = str(error).strip().splitlines() or [""]
            self.note(f"{title}: not measured further: {type(error).__name__}: {lines[0]}")

    def save(self, path: Path) -> None:
        content = {
            "date": date.today().isoformat(),
            "cores": os.cpu_count(),
            "load": load(),
            "notes": self.notes,
            "figures": [asdict(figure) for figure in self.figures],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def load() -> str:
    """How busy the machine is: other work makes every time longer."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def number(value: float) -> str:
    """A figure for people: no more digits than a measurement bears."""
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2g}"


def table(saved: dict) -> str:
    """Markdown of the figures that README tells."""
    figures = [Measured(**figure) for figure in saved["figures"]]
    told = [figure for figure in figures if figure.told]
    parts = [
        f"Measured on {saved['date']} with `make bench`, {saved['cores']} cores, {saved['load']}.",
        *_rows("a plain Jupyter Book", (f for f in told if f.budget is None)),
        *_rows("budget", (f for f in told if f.budget is not None)),
    ]
    return "\n".join(parts)


def _rows(other: str, figures: Iterable[Measured]) -> list[str]:
    lines = [
        f"| {figure.told} | {_with_unit(figure.ours, figure)} "
        f"| {'–' if figure.beside is None else _with_unit(figure.beside, figure)} "
        f"| {'–' if figure.ratio is None else f'{figure.ratio:.2f}'} |"
        for figure in figures
    ]
    head = [f"| what | this book | {other} | ratio |", "|---|---:|---:|---:|"]
    return ["", *head, *lines] if lines else []


def _with_unit(value: float, figure: Measured) -> str:
    return f"{number(value)} {figure.unit}".strip()

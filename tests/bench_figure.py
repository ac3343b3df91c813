"""One figure of a benchmark, beside its budget and the same figure of the rival."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "| what | this book | budget | ratio | plain Jupyter Book | ratio |\n|---|---:|---:|---:|---:|---:|"


@dataclass(frozen=True)
class Figure:
    """What was measured; without a budget it only stands beside the rival's."""

    what: str
    ours: float
    unit: str = ""
    budget: float | None = None
    theirs: float | None = None

    def row(self) -> str:
        """A row of the table of README."""
        cells = [self.what, self._number(self.ours)]
        for other in (self.budget, self.theirs):
            cells += [self._number(other), self._ratio(other)]
        return f"| {' | '.join(cells)} |"

    def _number(self, value: float | None) -> str:
        """No more digits than a measurement bears."""
        if value is None:
            return "–"
        text = f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"
        return f"{text} {self.unit}".strip()

    def _ratio(self, other: float | None) -> str:
        if other is None:
            return "–"
        return f"{self.ours / other:.2f}" if other else "over" if self.ours else "kept"

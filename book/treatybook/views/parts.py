"""Rows of a figure that are more than a phone can show: the first ones, and buttons for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from treatybook.display.content import Button
from treatybook.evidence.wording import _

MOST_PARTS = 5  # as many buttons as stand in two lines on a phone


class Rows(NamedTuple):
    """Rows of a figure: the first lies at height 0, each other one lower by 1.

    Attributes
    ----------
    total : int
        How many there are.
    at_once : int
        How many are shown at once.
    height, around : int
        Height of one row, and of what lies around all, in CSS pixels.
    """

    total: int
    at_once: int
    height: int
    around: int

    @property
    def drawn(self) -> int:
        """How many rows have a button; the rest stands in the table alone."""
        return min(self.total, self.at_once * MOST_PARTS)

    @property
    def words(self) -> str:
        """What a caption says of the rows that are not seen at first; empty if there are none."""
        if self.total <= self.at_once:
            return ""
        told = _("The first {n} are shown, and the buttons show others.")
        if self.drawn < self.total:
            told = _(
                "The first {n} are shown, and the buttons show others; "
                "all {all} stand in the table."
            )
        return " " + told.format(n=self.at_once, all=self.total)

    def shown(self, start: int = 0) -> dict[str, object]:
        """The height of the figure and the range of its rows, from one row on.

        Parameters
        ----------
        start : int
            Number of the first row.
        """
        end = min(start + self.at_once, self.total)
        height = self.around + self.height * (end - start)
        return {"yaxis.range": [0.5 - end, 0.5 - start], "height": height}

    def buttons(self, more: Callable[[int], dict] = lambda start: {}) -> list[Button]:
        """A button for each part of the rows; none if all are shown at once.

        Parameters
        ----------
        more : callable
            From the number of the first row of a part to further changes of the layout.
        """
        if self.total <= self.at_once:
            return []
        starts = range(0, self.drawn, self.at_once)
        ends = [min(start + self.at_once, self.total) for start in starts]
        return [
            Button(
                _("{first} to {last}").format(first=start + 1, last=end),
                {**self.shown(start), **more(start)},
            )
            for start, end in zip(starts, ends, strict=True)
        ]

"""How far two lists of labels agree: in per cent, and as Krippendorff's alpha.

Per cent says how often two coders chose the same label. Alpha asks how much of the
disagreement that chance would bring is gone: 1 is full agreement, 0 is what chance gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import krippendorff
import pandas as pd

from treatybook.display.content import TableView
from treatybook.evidence.errors import WrongArgument, checked
from treatybook.evidence.wording import _, number

# Up to so many labels, the pairs that differ are written out one by one.
WRITTEN_OUT = 3
# Below this number of uses, one clause more or less moves alpha too far for a comparison.
RARE = 10


@dataclass(frozen=True)
class Agreement:
    """How far two codings of the same clauses agree.

    Attributes
    ----------
    clauses : int
        Clauses compared.
    same : int
        Clauses with the same label in both.
    alpha : float or None
        Krippendorff's alpha for labels without an order; ``None`` where it is undefined.
    """

    clauses: int
    same: int
    alpha: float | None

    @property
    def percent(self) -> float:
        """Share of the clauses with the same label, in per cent."""
        return 100 * self.same / self.clauses

    @property
    def alpha_words(self) -> str:
        """Alpha to two places, or why there is none; never rounded up to full agreement."""
        if self.alpha is None:
            return _undefined()
        rounded = round(self.alpha, 2)
        return number(0.99 if rounded == 1 and self.same < self.clauses else rounded, 2)

    @property
    def same_words(self) -> str:
        """The agreement as a count and in per cent: ``188 of 195 (96.4%)``."""
        told = _("{n} of {all} ({share})")
        return told.format(n=self.same, all=self.clauses, share=f"{number(self.percent, 1)}%")


def _figures(value: float) -> str:
    """A number with four figures at most."""
    return number(value, len(f"{value:.4g}".partition(".")[2]))


def _undefined() -> str:
    return _("cannot be computed: only one label was used")


@checked
def agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> Agreement:
    """Compare two lists of labels, place by place.

    Parameters
    ----------
    first, second : sequence
        The labels of the two coders; the order of the labels has no meaning (nominal).

    Returns
    -------
    Agreement
        Its alpha is ``None`` where only one label was used: then nothing could differ.

    Raises
    ------
    ValueError
        If the lists are empty or differ in length.
    """
    if not first or len(first) != len(second):
        told = _("two lists of the same length are needed, not {one} and {other} labels")
        raise WrongArgument(told.format(one=len(first), other=len(second)))
    same = sum(one == other for one, other in zip(first, second, strict=True))
    numbers = {label: number for number, label in enumerate(dict.fromkeys([*first, *second]))}
    if len(numbers) == 1:
        return Agreement(len(first), same, None)
    rows = [[numbers[label] for label in labels] for labels in (first, second)]
    value = float(krippendorff.alpha(rows, level_of_measurement="nominal"))
    return Agreement(len(first), same, value)


@checked
def steps(first: Sequence[Hashable], second: Sequence[Hashable]) -> TableView:
    """Alpha step by step, counted by hand, with the library's number beside it.

    Parameters
    ----------
    first, second : sequence
        The labels of the two coders.

    Returns
    -------
    TableView
        Columns: Step, Number, How.

    Raises
    ------
    ValueError
        If the lists are empty or differ in length.
    """
    found = agreement(first, second)
    bag = Counter([*first, *second])
    clauses, differ = found.clauses, found.clauses - found.same
    observed = differ / clauses
    expected, counted = _expected(bag)
    contents = ", ".join(f"{number} {label}" for label, number in bag.items())
    by_hand = number(1 - observed / expected, 2) if expected else _undefined()
    divided = (
        f"1 − {_figures(observed)} / {_figures(expected)}"
        if expected
        else _("nothing divided by nothing")
    )
    same = _("the same in {n} of {all}").format(n=found.same, all=clauses)
    differs = _("{n} of {all} differ: {n} / {all}").format(n=differ, all=clauses)
    drawn = _("chance that two labels drawn from it differ: {chance}").format(chance=counted)
    divided = _("1 minus observed divided by expected: {numbers}").format(numbers=divided)
    library = _("the package krippendorff, nominal")
    rows = [
        (_("Percent agreement"), f"{number(found.percent, 1)}%", same),
        (_("Observed disagreement"), _figures(observed), differs),
        (_("The bag"), _("{n} labels").format(n=2 * clauses), contents),
        (_("Expected disagreement"), _figures(expected), drawn),
        (_("Alpha, by hand"), by_hand, divided),
        (_("Alpha, by the library"), found.alpha_words, library),
    ]
    caption = _("Alpha step by step for {n} clauses").format(n=clauses)
    heads = [_("Step"), _("Number"), _("How")]
    return TableView("alpha-steps", caption, pd.DataFrame(rows, columns=heads))


def _expected(bag: Counter) -> tuple[float, str]:
    """Chance that two labels drawn from the bag differ, and how it is counted."""
    numbers, drawn = list(bag.values()), sum(bag.values())
    draws = drawn * (drawn - 1)
    equal = sum(number * (number - 1) for number in numbers)
    if len(numbers) == 1:
        return 0.0, _("they never differ")
    if len(numbers) > WRITTEN_OUT:
        alike = " + ".join(f"{number} × {number - 1}" for number in numbers)
        return 1 - equal / draws, f"1 − ({alike}) / ({drawn} × {drawn - 1})"
    pairs = [f"{one} × {other}" for one, other in combinations(numbers, 2)]
    unlike = pairs[0] if len(pairs) == 1 else f"({' + '.join(pairs)})"
    return 1 - equal / draws, f"2 × {unlike} / ({drawn} × {drawn - 1})"

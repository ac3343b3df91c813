"""Answers that wait in a notebook until their reader has tried, and stand folded on a page."""

from __future__ import annotations

import os

import pandas as pd

from treatybook.display.content import TableView
from treatybook.display.output import PAGE_VARIABLE

FIRST = (
    "Write your own answers down first. Then change False to True in this cell and run it again."
)


def when(done: bool, answers: TableView) -> TableView:
    """The answers, or in a notebook a line that asks for the reader's own first.

    A page of the book has no kernel that could wait, so the answers always stand on it.

    Parameters
    ----------
    done : bool
        Whether the reader has finished.
    answers : TableView
        What is shown then.
    """
    if done or os.environ.get(PAGE_VARIABLE):
        return answers
    return TableView(answers.name, "The answers wait", pd.DataFrame([{"What to do": FIRST}]))

"""What a deck takes from the pages of its lesson, told without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from treatybook.evidence import prose
from treatybook.teaching import slides
from treatybook.teaching.lessons import all_lessons
from treatybook.views import clauses, presence, status

LESSON = all_lessons()["lesson-2"]
Give = Callable[[slides.Drawn | slides.Listed], None]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Make one part the whole of the deck."""
    return lambda part: monkeypatch.setitem(slides.DECKS, LESSON.name, ("failed-test", (part,)))


@pytest.mark.parametrize(
    "part",
    [
        slides.Drawn(status.promises),
        slides.Drawn(presence.words_and_boots, ("1925",)),
        slides.Listed(clauses.answers_table, ("status-words",), ("Instrument",)),
    ],
    ids=["another figure", "a figure with other arguments", "a table with other arguments"],
)
def test_a_deck_shows_only_what_the_pages_of_its_lesson_show(book, give: Give, part):
    give(part)
    with pytest.raises(slides.NotOnThePage, match=part.view.__name__):
        slides.deck(book, LESSON)


def test_a_view_that_a_page_no_longer_shows_is_missed(book, monkeypatch, give: Give):
    give(slides.Listed(clauses.answers_table, ("debts",), ("Instrument",)))
    slides.deck(book, LESSON)
    cells = prose.cells

    def without(page: str) -> list[tuple[str, str]]:
        return [(heading, code.replace("debts", "troops")) for heading, code in cells(page)]

    monkeypatch.setattr(prose, "cells", without)
    with pytest.raises(slides.NotOnThePage, match=r"answers_table\(book, 'debts'\)"):
        slides.deck(book, LESSON)


def test_a_deck_says_which_row_is_missing(book, give: Give):
    give(slides.Listed(clauses.answers_table, ("debts",), ("Instrument",), ("Persia 1912",)))
    with pytest.raises(LookupError, match="Persia 1912"):
        slides.deck(book, LESSON)

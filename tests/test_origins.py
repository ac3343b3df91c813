"""Before 1921: who was a party, and how the calendars differ."""

from __future__ import annotations

import re

from test_views import drawn
from treatybook.display import style
from treatybook.views import clauses, origins, status


def test_the_powers_are_those_among_the_parties(book):
    names = {"russia": "Russian Empire|RSFSR|USSR", "china": "China", "mongolia": "Mongol"}
    for row in book.treaties.to_dict("records"):
        parties = " ".join(row["parties"])
        assert set(row["powers"]) == {
            key for key, words in names.items() if re.search(words, parties)
        }


def test_every_power_has_one_sign_in_each_column(book):
    view = origins.at_the_table(book)
    marks = drawn(view)
    assert len(marks) == len(marks.drop_duplicates(["x", "y"])) == len(view.table.frame) * 3
    absent = drawn(view, "not at the table")
    mongolia = absent[absent["y"] == -list(book.labels("power")).index("mongolia")]
    assert "Declaration 1913" in set(mongolia["x"])
    assert "Kyakhta 1915" not in set(absent["x"])


def test_a_seat_has_the_colour_of_its_power(book):
    marks = drawn(origins.at_the_table(book))
    colours = style.party_colours(book, "power")
    for number, power in enumerate(book.labels("power")):
        row = marks[(marks["y"] == -number) & (marks["symbol"] != "x")]
        assert set(row["colour"]) == {colours[power]}


def test_the_words_name_those_made_without_mongolia(book):
    view = origins.at_the_table(book, "1911", "1915")
    words = view.alternative
    assert "Declaration 1913, Notes 1913" in words
    assert view.headline.startswith("Mongolia was not at the table for 2 of ")
    assert "All three were parties to Kyakhta 1915" in words


def test_the_computed_day_is_the_day_of_the_table(book):
    frame = origins.two_calendars(book).frame
    assert len(frame) == (book.events["date_old_style"] != "").sum() > 0
    assert list(frame["New Style, computed"]) == list(frame["New Style in the table"])
    assert set(frame["Days between"]) == {13}


def test_the_words_of_status_can_end_with_a_year(book):
    assert len(status.status_words(book, 1920).frame) < len(status.status_words(book).frame)
    for last, told in ((1920, False), (1921, True)):
        names = {cell.text for cell in status.status_words(book, last).frame["Instrument"]}
        assert ("Mongolia 1921" in names) == told


def test_words_of_status_and_recognitions_are_kept_apart(book):
    answers = book.answers.set_index(["treaty_id", "question"])["detail"]
    rows = status.status_words(book).frame.to_dict("records")
    for key, row in zip(status.instruments_on_mongolia(book)["treaty_id"], rows, strict=True):
        assert row["Words of status"] == (answers[key, "status-words"] or "none seen")
        assert row["Recognition"] == (answers[key, "recognition"] or "none seen")


def test_side_by_side_each_clause_stands_once_under_its_main_topic(book):
    frame = status.side_by_side(book).frame.set_index("Topic")
    mine = clauses.coded(book)
    told = " / ".join(words for words in frame["Mongolia 1921"] if "nothing" not in words)
    assert told.count(" / ") + 1 == len(mine)
    topics = book.labels("topic")
    for row in mine.to_dict("records"):
        assert row["digest_en"] in frame.loc[topics[row["main"]], "Mongolia 1921"]


def test_the_button_of_the_early_years_ends_with_the_last_instrument_before_1916(book):
    view = origins.at_the_table(book)
    button = next(button for button in view.buttons if button.label == "1911 to 1915")
    years = [int(cell.sort[:4]) for cell in view.table.frame["Signed"]]
    assert button.layout["xaxis.range"] == [-0.5, sum(year <= 1915 for year in years) - 0.5]

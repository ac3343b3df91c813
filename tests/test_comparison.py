"""The comparison of instruments: who is bound, which topics, which answers, like clauses."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from test_views import GROUNDS, contrast
from treatybook.display import style
from treatybook.display.content import FigureView
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.views import clauses, comparison


@pytest.fixture(scope="module")
def burdens(book) -> FigureView:
    return comparison.burdens(book)


@pytest.fixture(scope="module")
def topics(book) -> FigureView:
    return comparison.topic_grid(book)


def test_every_clause_is_counted_once_among_the_burdens(book, burdens):
    names = book.treaties.set_index("treaty_id")["short_en"]
    levels = list(comparison.heads().values())
    counted = burdens.table.frame.groupby("Instrument")[levels].sum().sum(axis=1)
    for treaty in book.settings["neighbours"]:
        assert counted[names[treaty]] == (book.clauses["treaty_id"] == treaty).sum(), treaty


def test_the_button_hides_what_was_not_read(burdens):
    shown = burdens.buttons[1].data["visible"]
    for trace, visible in zip(burdens.plot.data, shown, strict=True):
        assert visible == (trace.name is not None or trace.meta != style.OPEN)
        assert (trace.marker.color == style.HOLLOW) == (style.OPEN in (trace.meta, trace.name))


def test_a_bar_has_the_colour_of_the_party_that_is_bound(book, burdens):
    colours = set(style.party_colours(book, "direction").values())
    for trace in burdens.plot.data:
        assert trace.name is not None or trace.marker.line.color in colours


def test_who_carries_a_norm():
    directions = ("mutual", "declaratory", "RU->MN", "CN+RU->MN", "MN->RU", "CN->MN")
    carried = [comparison.burden(direction) for direction in directions]
    assert carried == ["alike", "states", "party", "party", "other", "other"]


def test_a_topic_is_as_well_known_as_its_best_known_clause(topics):
    frame = topics.table.frame
    mine = frame[frame["Instrument"] == "Mongolia 1921"].set_index("Topic")["Best known"]
    assert mine["recognition"] == "text read, at least in part"
    assert mine["borders"] == "a source states it"
    assert mine["jurisdiction"] == comparison.known_words()[comparison.WEAK]
    assert "troops" not in mine


def drawn_answers(view: FigureView) -> pd.DataFrame:
    """Symbol and size of each mark of the questions, by instrument and height."""
    parts = [
        pd.DataFrame({"x": t.x, "y": t.y, "symbol": t.marker.symbol, "size": t.marker.size})
        for t in view.plot.data
        if None not in t.x
    ]
    return pd.concat(parts).set_index(["x", "y"])


def test_not_seen_is_never_drawn_like_no_and_a_memory_never_like_an_answer(book):
    drawn = drawn_answers(comparison.question_grid(book))
    names, questions = book.by_key("treaties", "short_en"), list(book.labels("question"))
    seen = set()
    for row in book.answers.to_dict("records"):
        mark = drawn.loc[(names[row["treaty_id"]], -questions.index(row["question"]))]
        remembered = row["evidence"] in WEAK_LEVELS and row["answer"] != "not-seen"
        assert mark["symbol"].endswith("-open") == remembered
        assert (mark["symbol"] == "line-ew") == (row["answer"] == "not-seen")
        assert mark["symbol"].startswith("x") == (row["answer"] == "no")
        seen.add(row["answer"])
    assert len(drawn) == len(book.answers) and {"no", "not-seen"} <= seen


def test_what_is_there_is_drawn_larger_than_what_is_not(book):
    view = comparison.question_grid(book)
    drawn = drawn_answers(view)
    sizes = drawn.groupby("symbol")["size"].min()
    assert sizes["circle"] > sizes["x"] > sizes["line-ew"]
    assert min(contrast(style.NEUTRAL, ground) for ground in (*GROUNDS, "#ffffff")) >= 3
    asked, number = re.match(r"“(.+)” (\d+) other texts", view.headline).groups()
    key = {words: key for key, words in book.labels("question").items()}[asked]
    told = book.answers[book.answers["answer"].isin(["yes", "partly"])]
    assert (told["question"] == key).sum() == int(number)


def test_the_words_of_the_topics_leave_out_what_nobody_has_read(topics):
    frame = topics.table.frame
    firm = frame[frame["Best known"] != comparison.known_words()[comparison.WEAK]]
    for name, rows in firm.groupby("Instrument"):
        assert f"{name}: {len(rows)}" in topics.alternative
    assert len(firm) < len(frame)
    assert re.search(r"Urga 1912: \d+; Urga protocol 1912: \d+", topics.alternative)


def test_the_words_of_the_burdens_count_read_and_unread_clauses_apart(burdens):
    frame = burdens.table.frame
    unread = frame["Subject only or not checked"].sum()
    frame = frame.assign(known=frame["Read"] + frame["Reported"])
    assert f"Another {unread} clauses, drawn hollow" in burdens.alternative
    for name, rows in frame.groupby("Instrument"):
        alike = rows[rows["Who is bound"] == "all alike"]["known"].sum()
        assert f"{name}: {alike} of {rows['known'].sum()}" in burdens.alternative
    assert re.search(r"Kyakhta 1915: \d+ of \d+;", burdens.alternative)


def test_each_topic_stands_under_one_button_and_every_part_fits_on_a_phone(topics):
    named = [note["text"] for button in topics.buttons for note in button.layout["annotations"]]
    assert sorted(named) == sorted(f"{name}" for name in topics.table.frame["Topic"].unique())
    assert max(button.layout["height"] for button in topics.buttons) <= 560
    first = [note.text for note in topics.plot.layout.annotations]
    assert first == [note["text"] for note in topics.buttons[0].layout["annotations"]]


def test_the_topic_grid_opens_on_what_is_not_seen_in_the_agreement(book, topics):
    first = {note.text for note in topics.plot.layout.annotations}
    frame = topics.table.frame
    assert "troops" in first and "troops" in topics.headline
    assert not first & set(frame[frame["Instrument"] == "Mongolia 1921"]["Topic"])
    firm = frame[frame["Best known"] != comparison.known_words()[comparison.WEAK]]
    assert f"{(firm['Topic'] == 'troops').sum()} other texts" in topics.headline


def test_only_a_text_read_whole_can_lack_a_topic(book):
    kyakhta = comparison.only_in_one(book, "CNRUMN-1915-KIAKHTA").frame
    lacking = kyakhta[kyakhta["Had by"] == "Mongolia 1921"]
    assert set(lacking["In the other"]) == {"not in it: read whole"}
    persia = comparison.only_in_one(book, "RSFSR-PERSIA-1921").frame
    assert "not in it: read whole" not in set(persia["In the other"])
    assert "troops" in set(persia["Topic"])


def test_like_clauses_share_the_main_topic_and_lead_to_their_rows(book):
    view = comparison.like_clauses(book, f"{book.agreement}/3/1")
    anchors = set(comparison.other_clauses(book).row_ids) | set(clauses.clause_table(book).row_ids)
    assert all(cell.href.split("#")[1] in anchors for cell in view.frame["Clause"])
    table = clauses.clause_table(book).frame.set_index("Clause")
    linked = table.loc["Article 3(1)", "Like clauses"].links
    there = {cell.href for cell in view.frame["Clause"] if cell.href.startswith("comparison")}
    assert {href for _, href in linked} == there
    assert ("Persia 1921, 5(1)", "comparison.html#clause-rsfsr-persia-1921-5-1") in linked

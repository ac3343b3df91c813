"""The comparison of instruments: who is bound, which topics, which answers, like clauses."""

from __future__ import annotations

import re

import pytest
from test_views import GROUNDS, contrast
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
    levels = ["Read or reported", "Subject only or not checked"]
    counted = burdens.table.frame.groupby("Instrument")[levels].sum().sum(axis=1)
    for treaty in book.settings["neighbours"]:
        assert counted[names[treaty]] == (book.clauses["treaty_id"] == treaty).sum(), treaty


def test_the_button_hides_what_was_not_read(burdens):
    shown = burdens.buttons[1].data["visible"]
    for trace, visible in zip(burdens.plot.data, shown, strict=True):
        assert visible == (trace.name == comparison.KNOWN)
        assert (trace.marker.pattern.shape == "x") == (trace.name == comparison.WEAK)


def test_who_carries_a_norm():
    directions = ("mutual", "declaratory", "RU->MN", "CN+RU->MN", "MN->RU", "CN->MN")
    carried = [comparison.burden(direction) for direction in directions]
    assert carried == ["alike", "states", "party", "party", "other", "other"]


def test_a_topic_is_as_well_known_as_its_best_known_clause(topics):
    frame = topics.table.frame
    mine = frame[frame["Instrument"] == "Mongolia 1921"].set_index("Topic")["Best known"]
    assert mine["recognition"] == "text read, at least in part"
    assert mine["borders"] == "a source states it"
    assert mine["jurisdiction"] == comparison.WEAK
    assert "troops" not in mine


def test_not_seen_is_never_drawn_like_no_and_a_memory_never_like_an_answer(book):
    view = comparison.question_grid(book)
    traces = {trace.name: trace for trace in view.plot.data}
    assert len(view.table.frame) == len(book.answers)
    assert len({trace.marker.symbol for trace in traces.values()}) == len(view.plot.data)
    weak = book.answers["evidence"].isin(WEAK_LEVELS) & (book.answers["answer"] != "not-seen")
    assert len(traces[comparison.REMEMBERED].x) == weak.sum() > 0


def test_what_was_not_seen_can_be_seen_in_both_themes(book):
    view = comparison.question_grid(book)
    unseen = next(t for t in view.plot.data if t.name == book.labels("answer")["not-seen"])
    assert unseen.marker.opacity in (None, 1)
    assert min(contrast(unseen.marker.color, ground) for ground in (*GROUNDS, "#ffffff")) >= 3


def test_the_words_of_the_topics_leave_out_what_nobody_has_read(topics):
    frame = topics.table.frame
    firm = frame[frame["Best known"] != comparison.WEAK]
    for name, rows in firm.groupby("Instrument"):
        assert f"{name}: {len(rows)}" in topics.alternative
    assert len(firm) < len(frame)
    assert re.search(r"Urga 1912: \d+; Urga protocol 1912: \d+", topics.alternative)


def test_the_words_of_the_burdens_count_read_and_unread_clauses_apart(burdens):
    frame = burdens.table.frame
    unread = frame["Subject only or not checked"].sum()
    assert f"Another {unread} clauses, drawn hollow" in burdens.alternative
    for name, rows in frame.groupby("Instrument"):
        alike = rows[rows["Who is bound"] == "all alike"]["Read or reported"].sum()
        assert f"{name}: {alike} of {rows['Read or reported'].sum()}" in burdens.alternative
    assert re.search(r"Kyakhta 1915: \d+ of \d+;", burdens.alternative)


def test_a_tall_grid_names_its_columns_again_below_and_both_move_together(topics):
    layout = topics.plot.layout
    assert layout.xaxis2.categoryarray == layout.xaxis.categoryarray
    assert (layout.xaxis.side, layout.xaxis2.side) == ("top", "bottom")
    assert layout.xaxis2.matches == "x"


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

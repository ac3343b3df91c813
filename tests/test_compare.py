"""The comparison of instruments: who is bound, which topics, which answers, like clauses."""

from __future__ import annotations

import re

import pytest
from test_views import luminance
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.views import clauses, comparison


def test_every_clause_is_counted_once_among_the_burdens(book):
    view = comparison.burdens(book)
    for treaty in book.settings["neighbours"]:
        name = book.treaties.set_index("treaty_id").loc[treaty, "short_en"]
        rows = view.table.frame[view.table.frame["Instrument"] == name]
        drawn = rows[["Read or reported", "Subject only or not checked"]].to_numpy().sum()
        assert drawn == (book.clauses["treaty_id"] == treaty).sum(), name


def test_the_button_hides_what_was_not_read(book):
    view = comparison.burdens(book)
    shown = view.buttons[1].data["visible"]
    assert len(shown) == len(view.plot.data)
    for trace, visible in zip(view.plot.data, shown, strict=True):
        assert visible == (trace.name == comparison.KNOWN)
        assert (trace.marker.pattern.shape == "x") == (trace.name == comparison.WEAK)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("mutual", "alike"),
        ("declaratory", "states"),
        ("RU->MN", "party"),
        ("CN+RU->MN", "party"),
        ("MN->RU", "other"),
        ("CN->MN", "other"),
    ],
)
def test_who_carries_a_norm(direction, expected):
    assert comparison.burden(direction) == expected


def test_a_topic_is_as_well_known_as_its_best_known_clause(book):
    frame = comparison.topic_grid(book).table.frame
    mine = frame[frame["Instrument"] == "Mongolia 1921"].set_index("Topic")["Best known"]
    assert mine["recognition"] == "text read, at least in part"
    assert mine["borders"] == "a source states it"
    assert mine["jurisdiction"] == comparison.WEAK
    assert "troops" not in mine
    marks = sum(len(trace.x) for trace in comparison.topic_grid(book).plot.data)
    assert marks == len(frame)


def test_not_seen_is_never_drawn_like_no_and_a_memory_never_like_an_answer(book):
    view = comparison.question_grid(book)
    traces = {trace.name: trace for trace in view.plot.data}
    assert sum(len(trace.x) for trace in traces.values()) == len(book.answers)
    symbols = [trace.marker.symbol for trace in traces.values()]
    assert len(set(symbols)) == len(symbols)
    weak = book.answers["evidence"].isin(WEAK_LEVELS) & (book.answers["answer"] != "not-seen")
    assert len(traces[comparison.REMEMBERED].x) == weak.sum() > 0


def test_what_was_not_seen_can_be_seen_in_both_themes(book):
    view = comparison.question_grid(book)
    unseen = next(t for t in view.plot.data if t.name == book.labels("answer")["not-seen"])
    assert unseen.marker.opacity in (None, 1)
    for ground in ("#ffffff", "#14181e"):
        light, dark = sorted([luminance(unseen.marker.color), luminance(ground)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def test_years_and_counts_do_not_run_into_each_other(book):
    assert re.search(
        r"Urga 1912: \d+; Urga protocol 1912: \d+", comparison.topic_grid(book).alternative
    )
    assert re.search(r"Kyakhta 1915: \d+ of \d+;", comparison.burdens(book).alternative)


def test_the_words_of_the_topics_leave_out_what_nobody_has_read(book):
    view = comparison.topic_grid(book)
    firm = view.table.frame[view.table.frame["Best known"] != comparison.WEAK]
    for name, topics in firm.groupby("Instrument"):
        assert f"{name}: {len(topics)}" in view.alternative
    assert len(firm) < len(view.table.frame)


def test_the_words_of_the_burdens_count_read_and_unread_clauses_apart(book):
    view = comparison.burdens(book)
    unread = view.table.frame["Subject only or not checked"].sum()
    assert f"Another {unread} clauses, drawn hollow" in view.alternative
    for name, rows in view.table.frame.groupby("Instrument"):
        alike = rows[rows["Who is bound"] == "all alike"]["Read or reported"].sum()
        assert f"{name}: {alike} of {rows['Read or reported'].sum()}" in view.alternative


def test_a_tall_grid_names_its_columns_again_below_and_both_move_together(book):
    layout = comparison.topic_grid(book).plot.layout
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
    assert {href for _, href in linked} == {
        cell.href for cell in view.frame["Clause"] if cell.href.startswith("comparison")
    }
    assert ("Persia 1921, 5(1)", "comparison.html#clause-rsfsr-persia-1921-5-1") in linked


def test_what_was_not_coded_cannot_be_compared(book):
    with pytest.raises(ValueError, match="no coded instrument"):
        comparison.burdens(book, ("RSFSR-KARS-1921", book.agreement))
    with pytest.raises(ValueError, match="no clause"):
        comparison.like_clauses(book, "RSFSR-MONGOLIA-1921/99/all")
    with pytest.raises(ValueError, match="no coder"):
        comparison.all_coded(book, "Z")

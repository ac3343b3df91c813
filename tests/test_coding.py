"""The chapter on coding: agreement of two coders, and a reader's own coding as a third."""

from __future__ import annotations

import ast
import re

import pandas as pd
import pytest
from treatybook.display.output import PAGE_VARIABLE
from treatybook.evidence import counts, tables
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.teaching import quizzes
from treatybook.views import codings, intercoder, reliability

CLAUSE = "RSFSR-MONGOLIA-1921/1/all"
SLEEPER = ["no"] * 8
CAREFUL = ["yes"] * 2 + ["no"] * 6


def labels_of(book, coder: str) -> pd.DataFrame:
    return book.codings[book.codings["coder"] == coder].set_index("clause_id")


def parties(directions) -> list[set[str]]:
    return [set(re.findall(r"\w+", direction)) for direction in directions]


@pytest.fixture(scope="module")
def pairs(book) -> pd.DataFrame:
    return codings.paired(book)


@pytest.fixture(scope="module")
def counted(book, pairs) -> pd.DataFrame:
    return intercoder.topic_counts(book, pairs).set_index("topic")


# The numbers


def test_alpha_is_one_for_equal_lists_and_not_above_chance_for_a_sleeper():
    assert reliability.agreement(CAREFUL, CAREFUL).alpha == pytest.approx(1)
    asleep = reliability.agreement(CAREFUL, SLEEPER)
    assert asleep.percent == 75
    assert asleep.alpha <= 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("yynnnnnn", "nnnnnnnn"),
        ("aabbcca", "abbbcaa"),
        ("abcd", "abdd"),
        ("yy" + "n" * 193, "y" + "n" * 194),
    ],
)
def test_the_steps_show_arithmetic_that_can_be_done_again_and_agree_with_the_library(first, second):
    rows = reliability.steps(list(first), list(second)).frame.set_index("Step")
    assert rows["Number"]["Alpha, by hand"] == rows["Number"]["Alpha, by the library"]
    for step in ("Observed disagreement", "Expected disagreement", "Alpha, by hand"):
        sum_of_it = rows["How"][step].rsplit(": ", 1)[1].replace("×", "*").replace("−", "-")
        assert float(rows["Number"][step]) == pytest.approx(eval(sum_of_it), abs=0.0051)


def test_the_example_of_the_page_is_worked_out():
    rows = reliability.steps(CAREFUL, ["yes", *["no"] * 7]).frame.set_index("Step")
    assert "2 × 3 × 13 / (16 × 15)" in rows["How"]["Expected disagreement"]
    assert rows["Number"]["Expected disagreement"] == "0.325"


def test_alpha_is_undefined_and_not_one_where_nothing_could_differ():
    found = reliability.agreement(SLEEPER, SLEEPER)
    assert found.alpha is None
    assert "only one label" in found.alpha_words
    assert "cannot be computed" in reliability.steps(SLEEPER, SLEEPER).frame["Number"].iloc[-2]


def test_nearly_full_agreement_is_not_rounded_up_to_full_agreement():
    first = ["a", "b"] * 1000
    found = reliability.agreement(first, ["b", *first[1:]])
    assert found.same == len(first) - 1
    assert found.alpha_words == "0.99"


@pytest.mark.parametrize("lists", [([], []), (["a"], ["a", "b"])])
def test_lists_that_cannot_be_compared_are_refused(lists):
    with pytest.raises(ValueError, match="same length"):
        reliability.agreement(*lists)


# Which clauses, and what is changed before comparing


def test_the_only_change_to_a_label_is_the_order_of_joined_parties(book):
    assert codings.same_parties("RU+CN->MN") == "CN+RU->MN"
    assert codings.same_parties("CN->RU") != codings.same_parties("RU->CN")
    for coder in "AB":
        own = labels_of(book, coder)
        read = codings.coding(book, coder).loc[own.index]
        assert parties(own["direction"]) == parties(read["direction"])
        for column in ("clause_type", "topics"):
            assert list(own[column]) == list(read[column])


def test_every_example_of_the_codebook_names_its_clauses(book):
    rows = book.codebook[book.codebook["list"].isin(["topic", "clause_type"])]
    assert (rows[rows["clear_case"] != ""]["clauses"].str.len() > 0).all()
    named = book.codebook.set_index(["list", "label"])["clauses"]
    assert "RSFSR-MONGOLIA-1921/3/1" in named["topic", "hostile-organisations"]
    assert codings.examples(book) == {clause for clauses in named for clause in clauses}


def test_about_a_third_of_the_clauses_are_examples(book):
    share = len(codings.examples(book)) / len(book.clauses)
    assert 0.3 < share < 0.4


def test_the_ten_clauses_have_a_source_and_are_no_examples(book):
    chosen = codings.task_clauses(book)
    rows = book.clauses.set_index("clause_id").loc[chosen]
    assert len(set(chosen)) == 10
    assert not set(rows["evidence"]) & set(WEAK_LEVELS)
    assert not set(chosen) & codings.examples(book)
    assert list(codings.task(book).frame["Clause"]) == chosen
    assert set(codings.task_answers(book).frame["Clause"]) == set(chosen)


# Agreement of A and B


def test_the_counts_of_a_topic_are_those_of_the_table(book, counted):
    own, other = labels_of(book, "A")["topics"], labels_of(book, "B")["topics"]
    for topic, row in counted.iterrows():
        of_a, of_b = ({key for key, topics in c.items() if topic in topics} for c in (own, other))
        numbers = (row["both"], row["only_1"], row["uses"], row["result"].same)
        both = (len(of_a & of_b), len(of_a - of_b), len(of_a | of_b))
        assert numbers == (*both, len(own) - len(of_a ^ of_b)), topic


def test_a_rare_topic_stays_in_the_figure_without_alpha(book, counted):
    view = intercoder.by_topic(book)
    first, *_, others = view.buttons
    names = [note["text"] for part in (first, others) for note in part.layout["annotations"]]
    assert len(names) == len(book.labels("topic"))
    rare = [name for name in names if "too rare" in name]
    assert len(rare) == int((counted["uses"] < reliability.RARE).sum()) > 0
    assert others.data["x"][2].count(None) == len(rare)
    table = view.table.frame
    assert set(table[table["Topic"] == "transit of arms"]["Alpha"]) == {"too rare (under 10)"}


def test_the_figure_opens_on_the_topics_with_the_lowest_alpha(book, counted):
    view = intercoder.by_topic(book)
    alphas = list(view.plot.data[2].x)
    assert alphas == sorted(counted["alpha"].dropna())[: intercoder.MOST]
    assert f"alpha falls to {min(alphas):.2f}" in view.headline
    assert max(button.layout["height"] for button in view.buttons) <= 560


def test_the_buttons_leave_out_examples_and_clauses_without_a_source(book):
    everything, without, sourced, _ = intercoder.by_topic(book).buttons
    weak = book.clauses["evidence"].isin(WEAK_LEVELS).sum()
    left_out = ((everything, 0), (without, len(codings.examples(book))), (sourced, weak))
    for button, number in left_out:
        assert f"({len(book.clauses) - number})" in button.label
    assert without.data["x"] != everything.data["x"]
    assert len(without.layout["annotations"]) == len(everything.layout["annotations"])


@pytest.mark.parametrize("field", intercoder.GRID_FIELDS)
def test_the_pairs_of_labels_are_drawn_where_they_differ_and_all_stand_in_the_table(book, field):
    view = intercoder.grid(book, field)
    frame, (bars,) = view.table.frame, view.plot.data
    assert sum(frame["Clauses"]) == len(book.clauses)
    unlike = frame[frame["Coder A"].astype(str) != frame["Coder B"].astype(str)]["Clauses"]
    assert list(bars.x) == sorted(unlike, reverse=True)[: intercoder.MOST]
    assert f" of {sum(unlike)} differences" in view.headline
    assert max(button.layout["height"] for button in view.buttons) <= 560


def test_the_differences_are_all_there_and_nothing_else(book):
    frame = intercoder.differences(book).frame
    for field, key in (
        ("Main topic", "topic"),
        ("Direction", "direction"),
        ("Clause type", "type"),
    ):
        assert (frame["Field"] == field).sum() == counts.COUNTS[f"coders-differ-{key}"](book)
    assert (frame["Coder A"] != frame["Coder B"]).all()


def test_two_readers_can_be_compared_and_keep_their_own_columns(book):
    mine = [{"clause_id": CLAUSE, "direction": "mutual", "topics": "recognition"}]
    other = [{"clause_id": CLAUSE, "direction": "declaratory", "topics": "recognition"}]
    frame = intercoder.differences(book, mine, other).frame
    assert list(frame[["You, first", "You, second"]].iloc[0]) == ["mutual", "declaratory"]
    assert len(intercoder.grid(book, "direction", mine, other).table.frame) == 1
    with pytest.raises(ValueError, match="do not differ"):
        intercoder.differences(book, mine, mine)
    with pytest.raises(ValueError, match="no clause in common"):
        intercoder.by_field(book, mine, {"RSFSR-MONGOLIA-1921/2/all": "recognition"})


# What the page says in prose


def test_what_the_page_says_of_the_lowest_topics_holds(counted):
    shown = counted[~counted["rare"]]["result"].map(lambda result: result.alpha).sort_values()
    assert list(shown.index[:3]) == ["prior-treaties-annulled", "third-parties", "recognition"]
    earlier, recognition = counted.loc["prior-treaties-annulled"], counted.loc["recognition"]
    assert earlier["only_1"] == 0 < earlier["only_2"]
    assert round(recognition["result"].percent) == 96
    assert recognition["uses"] == 3 * (recognition["only_1"] + recognition["only_2"])


def test_what_the_page_says_of_the_examples_holds(book, pairs, counted):
    rest = pairs[~pairs["example"]]
    for field in codings.FIELDS:
        one, other = (intercoder.field_agreement(rows, field) for rows in (pairs, rest))
        assert 0 < one.percent - other.percent < 3
    fewer = intercoder.topic_counts(book, rest).set_index("topic")
    for topic, lower in (("recognition", True), ("border", True), ("third-parties", False)):
        less, more = fewer["result"][topic].alpha, counted["result"][topic].alpha
        assert less != more and (less < more) == lower
    assert (~fewer["rare"]).sum() == 10


def test_what_the_page_says_of_directions_and_doubt_holds(pairs):
    final = pairs[(pairs["direction_1"] == "declaratory") & (pairs["direction_2"] == "mutual")]
    assert set(final["clause_type_1"]) == set(final["clause_type_2"]) == {"final"}
    outside = pairs[(pairs["direction_1"] == "CN->RU") & (pairs["direction_2"] == "CN->MN")]
    assert set(outside["instrument"]) == {"Declaration 1913", "Notes 1945"}
    plain = pairs[pairs["difficulty"] == 1]
    assert (plain["clause_type_1"] == plain["clause_type_2"]).all()
    heads = {"recognition", "sovereignty-status"}
    order = [{a, b} == heads for a, b in zip(pairs["main_1"], pairs["main_2"], strict=True)]
    assert set(pairs[order]["main_1"]) == {"recognition"}


# A reader's own coding


def test_a_copy_of_a_coder_agrees_with_that_coder(book):
    copy = book.codings[book.codings["coder"] == "A"]
    frame = codings.compare(book, copy).frame
    assert set(frame["Result"]) == {"as both", "as A, not as B"}
    assert len(frame) == 3 * len(book.clauses)
    fields = intercoder.by_field(book, copy, "A").frame
    assert set(fields["Alpha"]) == {"1.00"}


def test_the_rule_for_final_clauses_raises_the_agreement_as_the_exercise_says(book, pairs):
    again = book.codings[book.codings["coder"] == "A"].copy()
    again.loc[again["clause_type"] == "final", "direction"] = "mutual"
    before = intercoder.field_agreement(pairs, "direction")
    after = intercoder.field_agreement(codings.paired(book, again, "B"), "direction")
    assert after.same > before.same + 5


def test_labels_may_be_keys_or_words_and_empty_cells_are_not_coded(book):
    mine = {
        "RSFSR-MONGOLIA-1921/1/all": "Recognition; third parties",
        "RSFSR-MONGOLIA-1921/2/all": ["recognition"],
        "RSFSR-MONGOLIA-1921/3/1": "",
    }
    own = codings.own_coding(book, mine)
    assert list(own["topics"]) == [("recognition", "third-parties"), ("recognition",)]
    assert "too few" in intercoder.by_field(book, mine, "A").frame["Alpha"].iloc[0]
    frame = codings.compare(book, mine).frame
    assert len(frame) == 2
    assert set(frame["Field"]) == {"Main topic"}


def test_a_clause_may_be_named_as_the_tables_print_it(book, pairs):
    assert pairs["where"].is_unique
    own = codings.own_coding(book, dict.fromkeys(pairs["where"], "other"))
    assert list(own.index) == list(pairs["clause_id"])


def labels_of_the_ten(book, labels: list[str]) -> dict[str, str]:
    return dict(zip(codings.task_clauses(book), labels, strict=True))


def test_empty_labels_are_skipped_and_counted(book):
    nothing = codings.compare(book, labels_of_the_ten(book, [""] * 10))
    assert nothing.caption == "Nothing to compare yet: 10 of the ten clauses are still empty"
    assert list(nothing.frame["Clause"]) == codings.task_clauses(book)
    three = codings.compare(book, labels_of_the_ten(book, ["troops"] * 3 + [""] * 7))
    assert len(three.frame) == 3 and "alpha" not in three.caption
    assert three.caption.endswith("7 of the ten clauses are still empty")
    assert "empty" not in codings.compare(book, {CLAUSE: "recognition"}).caption


def test_ten_clauses_are_compared_in_per_cent_and_by_alpha(book):
    of_a = [labels_of(book, "A")["topics"][clause][0] for clause in codings.task_clauses(book)]
    mine = [*of_a[:-1], "troops"]
    caption = codings.compare(book, labels_of_the_ten(book, mine)).caption
    assert "10 labels compared: 9 as coder A (90%)" in caption
    alpha = reliability.agreement(mine, of_a).alpha_words
    assert f"Main topic: alpha {alpha} with coder A" in caption
    assert "10 clauses are few" in caption


def test_fifty_clauses_are_no_longer_called_few(book):
    labels = labels_of(book, "A")["topics"].to_dict()
    for number, few in ((codings.FEW - 1, True), (codings.FEW, False)):
        mine = {clause: labels[clause] for clause in list(labels)[:number]}
        assert (f"{number} clauses are few" in codings.compare(book, mine).caption) == few


def test_the_form_of_the_page_holds_the_ten_clauses_and_its_sample_none_of_them(book):
    page = (tables.BOOK_FOLDER / "coding.md").read_text(encoding="utf-8")
    written = dict(re.findall(r"^(mine|sample) = (\{.*?^\})", page, re.DOTALL | re.MULTILINE))
    assert ast.literal_eval(written["mine"]) == labels_of_the_ten(book, [""] * 10)
    results = codings.compare(book, ast.literal_eval(written["sample"])).frame
    assert not set(results["Clause"]) & set(codings.task_clauses(book))
    assert set(results["Result"]) == {"as both", "differs, and A and B agree"}


def test_the_answers_wait_in_the_notebook_and_stand_on_the_page(book, monkeypatch):
    view = codings.task_answers(book)
    monkeypatch.delenv(PAGE_VARIABLE, raising=False)
    waiting = quizzes.when_done(False, view)
    assert len(waiting.frame) == 1 and "True" in waiting.frame.iloc[0, 0]
    assert quizzes.when_done(True, view) is view
    monkeypatch.setenv(PAGE_VARIABLE, "1")
    assert quizzes.when_done(False, view) is view


def test_the_lists_of_the_page_are_short(book):
    for name in ("direction", "clause_type"):
        view = codings.short_list(book, name)
        assert list(view.frame["Label"]) == list(book.labels(name))
        assert len(view.frame.columns) == 3


def test_a_spreadsheet_read_by_pandas_is_a_coding(book, tmp_path):
    path = tmp_path / "friend.csv"
    path.write_text(
        "clause_id,topics,direction,clause_type\n"
        "CNRUMN-1915-KIAKHTA/6/all,sovereignty-status,RU + CN -> MN,negative-duty\n"
        "RSFSR-MONGOLIA-1921/1/all,recognition,,declaration\n"
    )
    own = codings.own_coding(book, pd.read_csv(path))
    assert own["direction"].iloc[0] == "CN+RU->MN"
    assert own["direction"].isna().iloc[1]
    assert len(codings.compare(book, pd.read_csv(path)).frame) == 5


def test_the_result_of_a_comparison_follows_from_the_three_labels():
    assert codings._results()[codings._found("x", "x", "x")] == "as both"
    assert codings._results()[codings._found("x", "x", "y")] == "as A, not as B"
    assert codings._results()[codings._found("x", "y", "x")] == "as B, not as A"
    assert codings._results()[codings._found("x", "y", "y")] == "differs, and A and B agree"
    assert codings._results()[codings._found("x", "y", "z")] == "differs from both, who differ too"


@pytest.mark.parametrize("topics", ["recognition;;", ";recognition; ", ["recognition", ""]])
def test_a_semicolon_too_many_is_no_label(book, topics):
    assert codings.own_coding(book, {CLAUSE: topics}).loc[CLAUSE, "topics"] == ("recognition",)


@pytest.mark.parametrize(
    ("mine", "message"),
    [
        ({"RSFSR-MONGOLIA-1921/1/al": "recognition"}, "mean 'RSFSR-MONGOLIA-1921/1/all'"),
        ({CLAUSE: "recogniton"}, "did you mean 'recognition'"),
        ([{"clause_id": CLAUSE, "clause_type": "declarations"}], "did you mean 'declaration'"),
        ([{"clause_id": CLAUSE, "direction": "RU->MM"}], "did you mean 'RU->MN'"),
        ([{"clause_id": CLAUSE, "clausetype": "final"}], "did you mean 'clause_type'"),
        ([{"clause_id": CLAUSE, "topics": "troops"}] * 2, "stands twice"),
        ({CLAUSE: "status, troops"}, "separated by a semicolon"),
        ({CLAUSE: "court"}, "no topic .court. in the codebook; there are: recognition, .*, other"),
        ({CLAUSE: "trade"}, "did you mean 'trade-duties'"),
        ({"Kyakhta 1915: 99": "troops"}, r"in clauses\.csv; there are: .*KIAKHTA.* and \d+ more"),
        ({CLAUSE: "troops; troops"}, "stands twice"),
        ({CLAUSE: ""}, "nothing is coded"),
        ({}, "nothing is coded"),
    ],
)
def test_a_fault_in_a_readers_coding_is_named(book, mine, message):
    with pytest.raises(ValueError, match=message):
        codings.compare(book, mine)


def test_alpha_is_given_from_ten_clauses_on(book):
    keys = list(book.clauses["clause_id"])
    for number, given in ((9, False), (10, True)):
        mine = dict.fromkeys(keys[:number], "troops")
        view = intercoder.by_field(book, mine, "A").frame
        main = view[view["Field"] == "Main topic"].iloc[0]
        assert main["Alpha"].startswith("too few") != given

"""The audit: what it counts, what it lists, and that nothing open is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from treatybook.display.content import text_of
from treatybook.evidence import attestation, copies, counts, prose
from treatybook.evidence.errors import WrongArgument
from treatybook.views import audit


def test_every_level_of_the_codebook_is_known_in_its_order(book):
    assert tuple(book.labels("evidence")) == attestation.LEVELS
    assert set(attestation.WEAK_LEVELS) < set(attestation.LEVELS)


def test_the_levels_of_a_table_add_up_to_its_rows(book):
    counted = audit.level_counts(book)
    assert dict(counted["rows"]) == {name: len(book.table(name)) for name in counted.index}
    view = audit.by_table(book)
    for bar_end in zip(*[trace.x for trace in view.plot.data], strict=True):
        assert sum(bar_end) == pytest.approx(100, abs=0.3)
    assert [trace.name for trace in view.plot.data] == ["read", "reported", "not established"]
    steps = {"read": ("text", "text-part"), "reported": ("secondary", "computed")}
    for name, levels in steps.items():
        assert f"{counted[list(levels)].sum().sum():,}" in view.headline, name
    assert f"{counted['rows'].sum():,} rows" in view.alternative


def test_events_on_one_source_are_those_with_a_single_key_in_the_claims(book):
    frame = audit.one_source(book).frame
    said = book.claims[(book.claims["source"] != "") & (book.claims["stance"] == "attests")]
    said = said.explode("events")
    keys = said.groupby("events")["source"].nunique()
    titles = book.events.set_index("event_id")["title_en"]
    listed = {cell.text for cell in frame["Event"]}
    assert listed == {titles[event] for event in keys[keys == 1].index}
    assert len(listed) == len(counts.resting_on(book))
    entries = book.bibliography.entries
    for row in frame.to_dict("records"):
        ((key, _),) = row["Its only source"].links
        assert row["How much of it was read"] == entries[key].fields["readextent"]


def test_a_claim_is_confirmed_only_by_another_source_that_says_the_same(book):
    confirmed = audit.confirmed_claims(book)
    assert {"C002", "C003"} <= confirmed, "two sources name Danzan first"
    assert "C001" not in confirmed, "nobody but Airapetov has Sükhbaatar lead the mission"
    assert "CA008" not in confirmed, "what is only remembered confirms nothing"
    listed = set(audit.unconfirmed(book).frame["Claim"])
    rows = book.claims[book.claims["field"] != "account"]
    assert listed | (confirmed & set(rows["claim_id"])) == set(rows["claim_id"])
    assert not listed & confirmed


def test_every_open_question_says_where_to_look_and_which_rows_may_change(book):
    view = audit.open_questions(book)
    assert len(view.frame) == len(book.checks) == len(set(view.row_ids))
    assert all(view.frame["Where to look"])
    for kind in book.labels("check_kind"):
        assert set(audit.open_questions(book, kind).frame["No."]) < set(view.frame["No."])


def test_every_unsettled_case_and_every_unread_article_is_an_open_question(book):
    unsettled = book.verdicts[book.verdicts["verdict_type"].isin(("unsettled", "unconfirmed"))]
    assert set(unsettled["case_id"]) <= set(book.checks["cases"].explode())
    clauses = book.clauses[book.clauses["treaty_id"] == book.agreement]
    unread = clauses[clauses["evidence"] != "text"]
    assert set(unread["clause_id"]) <= set(book.checks["clauses"].explode())


def test_a_claim_serves_as_an_example_of_a_row_in_six_columns(book):
    dated = audit.example_row(book, "C086").frame
    claim = book.rows("claims")["C086"]
    shown = [text_of(value) for value in dated.iloc[0]]
    level = book.labels("evidence")[claim["evidence"]]
    own = [claim["subject"], str(claim["date"]), claim["date"].text]
    assert shown == [*own, claim["source"], claim["locator"], level]
    (undated,) = audit.example_row(book, "c090").frame.to_dict("records")
    assert undated["Date (EDTF)"] == ""
    assert undated["What the source says"] == book.rows("claims")["C090"]["value"]
    with pytest.raises(WrongArgument, match="C9999"):
        audit.example_row(book, "C9999")


def test_the_figures_nobody_gives_are_listed(book):
    questions = " ".join(audit.open_questions(book, "number").frame["Question"]).lower()
    for word in ("soldiers", "rifles", "instructors"):
        assert word in questions
    assert book.presence["strength_low"].isna().any(), "a garrison without a number stays one"


def test_rows_that_pages_name_are_found_with_their_levels(book, tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A page\n{event}`ungern-order-15-1921` and {date}`ungern-order-15-1921`, "
        "{clause}`the end <RSFSR-MONGOLIA-1921/1/all>`, {cite}`GRIMM-91`.\n",
        encoding="utf-8",
    )
    found = prose.named(book, tmp_path)[["table", "evidence", "title"]].to_numpy().tolist()
    assert found == [["clauses", "text", "A page"], ["events", "topic", "A page"]]
    listed = audit.by_page(book).frame
    assert {cell.href for cell in listed["Page"]} >= {"clauses.html", "chronology.html"}


def test_the_command_prints_the_audit():
    command = [sys.executable, "-m", "treatybook", "audit"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "events" in said and "rest on one source" in said


def test_every_statement_of_the_account_stands_in_its_order_with_a_verdict_of_its_own(book):
    view = audit.tested(book)
    assert list(view.frame["No."]) == list(range(1, len(book.statements) + 1))
    by_case = book.statements.explode("cases").dropna(subset="cases").groupby("cases")["verdict"]
    assert by_case.nunique().max() > 1, "one case can hold a right statement and a wrong one"


def test_every_statement_is_told_on_the_page_that_its_row_names(book):
    named = prose.named(book).groupby("page")["key"].agg(set)
    cases = {
        page: {key for kind, key in prose.roles(text) if kind == "case"}
        for page, text in prose.texts().items()
    }
    untold = [
        row["digest_en"]
        for row in book.rows("statements").values()
        if not {*row["events"], *row["claims"], *row["cases"]}
        & (named[row["page"]] | cases[row["page"]])
    ]
    assert untold == []


def test_every_claim_of_the_account_carries_a_statement(book):
    own = book.claims[
        (book.claims["source"] == book.account) & (book.claims["stance"] == "attests")
    ]
    assert set(own["claim_id"]) <= set(book.statements["claims"].explode())


def test_a_claim_that_only_bears_on_an_event_is_no_source_of_it(book):
    sources = attestation.sources_of_events(book)
    assert sources["sukhbaatar-commander-1921"] == ("SMELE",), "the others speak of the staff"
    assert "AIRAPETOV" not in sources["chinese-protest-1922"], "he speaks of relations, not of it"
    assert sources["expeditionary-corps-disbanded-1921"] == ("AIRAPETOV",)
    claims = book.claims[book.claims["stance"] == "bears-on"].explode("events")
    attested = book.claims[book.claims["stance"] == "attests"].explode("events")
    pairs = set(zip(attested["events"], attested["source"], strict=True))
    for event, source in zip(claims["events"], claims["source"], strict=True):
        if (event, source) not in pairs:
            assert source not in sources.get(event, ())


def test_the_axis_of_the_levels_reaches_a_hundred(book):
    axis = audit.by_table(book).plot.layout.xaxis
    assert list(axis.tickvals) == [0, 25, 50, 75, 100]
    assert axis.range[1] == 100
    assert axis.ticklabeloverflow == "allow", "plotly leaves out a label that crosses the edge"


def test_two_plain_reports_of_an_event_are_no_dispute(book, tmp_path: Path):
    mine = copies.copy(book, tmp_path / "copy")
    peaceful = next(iter(sorted(set(book.events["event_id"]) - attestation.disputed_events(book))))
    assert peaceful not in attestation.disputed_events(book)
    for field, disputed in (("account", False), ("number", True)):
        for number, value in enumerate(("one thing", "another")):
            row = {"claim_id": f"X{field[0].upper()}{number}", "events": peaceful, "value": value}
            mine = copies.add(
                mine,
                "claims",
                row,
                field=field,
                subject="x",
                evidence="unverified",
                stance="attests",
            )
        assert (peaceful in attestation.disputed_events(mine)) == disputed


def test_what_only_bears_on_an_event_confirms_no_claim_about_it(book, tmp_path: Path):
    mine = copies.copy(book, tmp_path / "copy")
    row = {"subject": "x", "field": "number", "value": "seven", "evidence": "secondary"}
    row |= {"events": "danzan-executed-1924"}
    mine = copies.add(mine, "claims", row, claim_id="X1", source="LCW42", stance="attests")
    mine = copies.add(mine, "claims", row, claim_id="X2", source="PSS44", stance="bears-on")
    assert not {"X1", "X2"} & attestation.confirmed_claims(mine)
    mine = copies.add(mine, "claims", row, claim_id="X3", source="PSS53", stance="attests")
    assert {"X1", "X3"} <= attestation.confirmed_claims(mine)


def test_the_counts_of_the_prose_are_those_of_the_audit(book):
    rows = audit.one_source(book).frame
    assert counts.COUNTS["one-source-events"](book) == len(rows)
    assert counts.COUNTS["airapetov-alone"](book) == sum(
        cell.text == "AIRAPETOV" for cell in rows["Its only source"]
    )


def test_a_role_within_code_names_no_row():
    text = "{event}`a` and\n\n```{note}\n{place}`b`\n```\n\n```{code-cell}\n# {event}`c`\n```\n"
    assert list(prose.roles(text)) == [("event", "a"), ("place", "b")]


def test_a_cell_stands_in_the_part_whose_heading_is_the_last_above_it(monkeypatch):
    cell = "```{code-cell}\n:tags: [hide-input]\n1 + 1\n```\n"
    text = f"# Title\n\n{cell}\n## One\n\n{cell}\n### Within\n\n{cell}\n## Two\n"
    monkeypatch.setattr(prose, "text_of_page", lambda page: text)
    assert prose.cells("any") == [("", "1 + 1\n"), ("One", "1 + 1\n"), ("Within", "1 + 1\n")]

"""What rows must say together: each rule refuses what cannot be, once, and nothing that may be."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT
from treatybook.evidence import copies, dates, tables
from treatybook.evidence.validation import check

Change = Callable[[Path], None]
SIGNED = "soviet-mongolian-agreement-1921"
AGREEMENT = "RSFSR-MONGOLIA-1921"
CLAUSE = f"{AGREEMENT}/3/1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data and the bibliography that a test may break."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "data" / "references.bib")
    return tmp_path / "data"


def rewrite(path: Path, make: Callable[[list[dict]], list[dict]]) -> None:
    """Write a table anew."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    header = list(rows[0])
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(make(rows))


def has_key(row: dict, key: str | tuple[str, ...]) -> bool:
    key = (key,) if isinstance(key, str) else key
    return tuple(row.values())[: len(key)] == key


def put(file: str, key: str | tuple[str, ...], **cells: str) -> Change:
    """Set cells of the row with a key."""

    def make(rows: list[dict]) -> list[dict]:
        assert any(has_key(row, key) for row in rows), f"no row {key}"
        return [row | cells if has_key(row, key) else row for row in rows]

    return lambda folder: rewrite(folder / file, make)


def add(file: str, **cells: str) -> Change:
    """Add a row."""
    return lambda folder: rewrite(folder / file, lambda rows: [*rows, cells])


def drop(file: str, key: str | tuple[str, ...]) -> Change:
    """Take out the rows with a key."""
    return lambda folder: rewrite(
        folder / file, lambda rows: [row for row in rows if not has_key(row, key)]
    )


def event(**cells: str) -> Change:
    base = {"event_id": "x-1922", "date": "1922-03", "title_en": "An envoy"}
    base |= {"title_ru": "Посланец", "summary_en": "An envoy came.", "category": "diplomacy"}
    base |= {"summary_ru": "Посланец прибыл.", "thread": "moscow", "in_airapetov": "no"}
    return add("events.csv", **(base | {"evidence": "unverified"} | cells))


def claim(**cells: str) -> Change:
    base = {"claim_id": "X901", "subject": "practice", "field": "remark", "value": "5 November"}
    return add(
        "claims.csv",
        **(base | {"source": "LCW42", "evidence": "secondary", "stance": "attests"} | cells),
    )


def rule(earlier: str, later: str) -> Change:
    return add("rules.csv", earlier=earlier, later=later, reason="a test")


def quiz(name: str, **cells: str) -> Change:
    """Another question, without the Russian for what is not the same any more."""
    worded = ("options", "answer", "feedback")
    if not any(f"{part}_ru" in cells for part in worded) and {*worded} & {*cells}:
        cells = {f"{part}_ru": "" for part in worded} | cells
    return put("quizzes.csv", name, **cells)


def person(**cells: str) -> Change:
    """A life that no claim speaks of."""
    change, lonely = put("people.csv", "shirnendamdin", **cells), drop("claims.csv", "CP012")

    def both(folder: Path) -> None:
        lonely(folder)
        change(folder)

    return both


def coding(clause: str, coder: str) -> Change:
    cells = {"topics": "other", "direction": "mutual", "clause_type": "final"}
    return add("codings.csv", clause_id=clause, coder=coder, **cells)


def clause(treaty: str, article: str, position: str, **cells: str) -> Change:
    key = {"clause_id": f"{treaty}/{article}/all", "treaty_id": treaty, "article": article}
    words = {"digest_en": "A test.", "digest_ru": "Проба.", "evidence": "unverified"}
    return add("clauses.csv", **key, paragraph="all", position=position, **(words | cells))


LENIN, BOGD, ARMY = "lenin-receives-mongols-1921", "bogd-khan-dies-1924", "military-agreement-1924"
THIRD_CODER = add(
    "codebook.csv",
    list="coder",
    label="C",
    position="3",
    label_en="Coder C",
    label_ru="Кодировщик C",
    definition="A third coder.",
)

# By kind: what is broken; the file, the column and a part of the one message.
Broken = dict[str, tuple[list[Change], str, str, str]]
ORDER_AND_LIVES: Broken = {
    "an event before itself": ([rule(SIGNED, SIGNED)], "rules.csv", "later", "earlier than itself"),
    "a circle of two": ([rule(ARMY, BOGD), rule(BOGD, ARMY)], "rules.csv", "later", f"{ARMY} already comes before {BOGD}"),
    "a reversed pair": ([rule(LENIN, SIGNED), rule(SIGNED, LENIN)], "rules.csv", "later", f"{LENIN} already comes before {SIGNED}"),
    "a circle of three": (
        [*(event(event_id=key, date="1921") for key in "xyz"), rule("x", "y"), rule("y", "z"), rule("z", "x")],
        "rules.csv", "later", "x already comes before z, by the rules on lines"),
    "deeds before birth": ([*map(partial(drop, "claims.csv"), ("CE201", "CE202", "CP023")), put("people.csv", "danzan", born="1921-12-01")], "people.csv", "born", "takes part in party-founded-1920 of 1920-06-25 (events.csv, line"),
    "a deed after death": ([event(people="sukhbaatar", date="1924-01")], "people.csv", "died", "x-1922 of 1924-01 (events.csv, line"),
    "a deed at an age of 140": ([person(born="1780")], "people.csv", "born", "takes part in"),
    "a life of 330 years": ([put("people.csv", "sukhbaatar", born="1593-02-02")], "people.csv", "born", "more than 110 years; died is 1923-02-20"),
    "a life of 111 years": ([person(born="1880", died="1991")], "people.csv", "born", "more than 110 years"),
    "a birth without an end": ([person(born="1885/..")], "people.csv", "born", "no open end"),
    "a death without a start": ([person(died="../1940")], "people.csv", "died", "no open end"),
    "a death beside its event": ([put("people.csv", "sukhbaatar", died="1923-02-21")], "people.csv", "died", "says 1923-02-20"),
    "a death that no claim gives": ([put("people.csv", "tserendorj", died="1928-03")], "people.csv", "died", "C212 says 13 February 1928; C213"),
    "an Old Style day of the year 0": ([event(date="1901-03-14", date_old_style="0000-01-01")], "events.csv", "date_old_style", "between 1500 and 2100"),
    "an Old Style day of the year 9999": ([event(date="1901-03-14", date_old_style="9999-12-31")], "events.csv", "date_old_style", "between 1500 and 2100"),
    "29 February of another Old Style year": ([event(date="1901-03-14", date_old_style="1901-02-29")], "events.csv", "date_old_style", "never was in the Julian calendar"),
}  # fmt: skip
EDTF: Broken = {
    name: ([person(born=text)], "people.csv", "born", words)
    for name, text, words in (
        ("a day that is half known", "1885-1X", "write it like 1921-11-05"),
        ("a quarter", "1885-33", "not a date in EDTF, levels 0 and 1; write it like"),
        ("a half-year", "1885-40", "not a date in EDTF, levels 0 and 1; write it like"),
        ("a day of any month", "1885-XX-05", "not a date in EDTF, levels 0 and 1"),
        ("until the year 9999", "../9999", "a year between 1500 and 2100"),
        ("from the year 1", "0001/1885", "a year between 1500 and 2100"),
        ("a decade beyond 2100", "210X", "a year between 1500 and 2100"),
        ("a span of one day", "1885-11-05/1885-11-05", "for one date write 1885-11-05"),
        ("a span of one month, written in two ways", "1885-11/1885-11-XX", "write 1885-11"),
        ("a century", "18XX", "a form of EDTF that this book leaves out"),
        ("a time of day", "1885-11-05T10:00:00", "a form of EDTF that this book leaves out"),
    )
}
FIGURES_AND_PLACES: Broken = {
    "low without high": ([put("forces.csv", "F001", high="")], "forces.csv", "high", "low is 200"),
    "high without low": ([put("forces.csv", "F001", low="")], "forces.csv", "low", "high is 200"),
    "a strength without its upper figure": ([put("presence.csv", "expeditionary-corps", strength_high="")], "presence.csv", "strength_high", "fill both"),
    "half a man": ([put("forces.csv", "F001", low="50.5", high="50.5")], "forces.csv", "low", "men are counted whole"),
    "ten thousand with a point": ([put("forces.csv", "F001", low="10.000", high="10.000")], "forces.csv", "low", "no point for thousands"),
    "a part of a sabre": ([put("forces.csv", "F001", measure="sabres", high="200.5")], "forces.csv", "high", "sabres are counted whole"),
    "swapped coordinates": ([put("places.csv", "omsk", latitude="73.4", longitude="55.0")], "places.csv", "latitude", "swapped"),
    "a place in the far west": ([put("places.csv", "graz", latitude="15.45", longitude="-47.07")], "places.csv", "longitude", "outside the region"),
    "a place in the far north": ([put("places.csv", "urga", latitude="89", longitude="106.88")], "places.csv", "latitude", "outside the region of the book: latitude 15 to 70"),
    "null island": ([put("places.csv", "urga", latitude="0", longitude="0")], "places.csv", "latitude", "0, 0 lies in the sea"),
    "a line to a place without a position": ([put("routes.csv", "peking-kalgan", places="peking; maimaicheng-urga")], "routes.csv", "places", "no position in places.csv"),
    "a line of one place": ([put("routes.csv", "peking-kalgan", places="peking")], "routes.csv", "places", "two places or more"),
    "two places of one identifier": ([put("places.csv", "kyakhta", wikidata="Q23430")], "places.csv", "wikidata", "this is urga (places.csv, line"),
    "a person that is a place": ([person(wikidata="Q23430")], "places.csv", "wikidata", "this is shirnendamdin (people.csv, line"),
}  # fmt: skip
EVIDENCE_AND_VERDICTS: Broken = {
    "a claim of another case": ([put("verdicts.csv", "D-02", claims_followed="C001")], "verdicts.csv", "claims_followed", "this one belongs to D-01"),
    "one strange claim of several": ([put("verdicts.csv", "D-02", claims_followed="C010; C212; C011")], "verdicts.csv", "claims_followed", "found 'C212'"),
    "a verdict without claims": ([add("verdicts.csv", case_id="D-99", subject="What?", verdict="None.", verdict_type="unsettled")], "verdicts.csv", "case_id", "say why not in note"),
    "a place in no source": ([claim(source="", locator="p. 446", evidence="unverified")], "claims.csv", "source", "a claim with a locator (p. 446)"),
    "words of another date": ([claim(date="1921-11-05", value="7 December 1921")], "claims.csv", "value", "the column date has 1921-11-05"),
    "a value of another date": ([put("claims.csv", "C018", value="1921-07-13")], "claims.csv", "value", "the column date has 1921-07-12"),
    "words of another month": ([claim(date="1921-11", value="he came in May 1921")], "claims.csv", "value", "the column date has 1921-11"),
    "an answer from an unread treaty": ([put("answers.csv", ("RSFSR-KARS-1921", "recognition"), evidence="text", answer="yes")], "answers.csv", "evidence", "nothing of RSFSR-KARS-1921 was read"),
    "an answer from summaries": ([put("answers.csv", ("RSFSR-AFGHAN-1921", "troops"), evidence="text-part")], "answers.csv", "evidence", "the best is 'secondary'"),
    "clauses of an unread treaty": ([put("treaties.csv", "RSFSR-TURKEY-1921", evidence="secondary")], "treaties.csv", "evidence", "'text-part' or better"),
    "a treaty beside its event": ([put("treaties.csv", AGREEMENT, date="1922-11-05")], "treaties.csv", "date", "says 5 November 1921"),
    "a treaty a day late": ([put("treaties.csv", "SUMN-1936-PROT", date="1936-03-13")], "treaties.csv", "date", "protocol-1936"),
    "a report above its claims": ([put("presence.csv", "expeditionary-corps", evidence="text")], "presence.csv", "evidence", "the claims C179, C180"),
    "an event that nobody attests": ([event(evidence="secondary"), claim(events="x-1922", field="remark", value="near it", stance="bears-on")], "events.csv", "evidence", "no claim that attests x-1922 reaches this level"),
    "an event that is denied only": ([event(evidence="secondary"), claim(events="x-1922", field="remark", value="never", stance="contradicts")], "events.csv", "evidence", "no claim that attests x-1922 reaches this level"),
    "a claim without a stance": ([claim(stance="")], "claims.csv", "stance", ""),
    "a stance that is none": ([claim(stance="near")], "claims.csv", "stance", "attests (attests it)"),
    "a day of a claim that has the month": ([event(date="1922-03-05", evidence="secondary"), claim(events="x-1922", field="date", value="March 1922", date="1922-03")], "events.csv", "date", "the finest leaves 31 days"),
    "a day of a claim that has none": ([event(date="1922-03-05", evidence="secondary"), claim(events="x-1922", field="account", value="reports it")], "events.csv", "date", "none has a date like it"),
    "a reason that is not needed": ([put("events.csv", "sukhbaatar-dies-1923", date_basis="inferred")], "events.csv", "date_basis", "leave it empty"),
    "a statement out of its order": ([put("statements.csv", "S02", position="3")], "statements.csv", "position", "this is 2"),
    "a statement on a page that is none": ([put("statements.csv", "S02", page="misson")], "statements.csv", "page", "did you mean 'mission'?"),
    "a report on a weaker claim": ([put("claims.csv", "CA001", evidence="topic")], "presence.csv", "evidence", "the best is 'topic'"),
}  # fmt: skip
KEYS_AND_ROWS: Broken = {
    "a clause of another treaty": ([put("clauses.csv", CLAUSE, treaty_id="RSFSR-PERSIA-1921")], "clauses.csv", "treaty_id", f"agree with the clause_id, {CLAUSE}"),
    "a clause of another article": ([put("clauses.csv", CLAUSE, article="7")], "clauses.csv", "article", f"agree with the clause_id, {CLAUSE}"),
    "a paragraph that became a date": ([put("clauses.csv", CLAUSE, paragraph="01. Mrz")], "clauses.csv", "paragraph", "agree with the clause_id"),
    "a key of another clause": ([put("clauses.csv", CLAUSE, article="4", paragraph="all")], "clauses.csv", "clause_id", f"this clause is {AGREEMENT}/4/all"),
    "an article beyond the last": ([clause("SUMN-1936-PROT", "5", "6"), coding("SUMN-1936-PROT/5/all", "A"), coding("SUMN-1936-PROT/5/all", "B")], "clauses.csv", "article", "has 4 articles"),
    "an added clause with one coding": ([clause(AGREEMENT, "99", "99"), coding(f"{AGREEMENT}/99/all", "A")], "clauses.csv", "clause_id", "no coding of it by B"),
    "a clause at the place of another": ([put("clauses.csv", CLAUSE, position="1")], "clauses.csv", "position", "only once in each instrument"),
    "one coding missing": ([drop("codings.csv", (CLAUSE, "B"))], "clauses.csv", "clause_id", "no coding of it by B"),
    "both codings missing": ([drop("codings.csv", CLAUSE)], "clauses.csv", "clause_id", "no coding of it by A and B"),
    "a coder in Cyrillic": ([put("codings.csv", (CLAUSE, "A"), coder="А")], "codings.csv", "coder", "CYRILLIC"),
    "a level that the book cannot rank": (
        [add("codebook.csv", list="evidence", label="rumour", position="7", label_en="rumour", label_ru="слух", definition="Heard."),
         event(evidence="rumour")],
        "codebook.csv", "label", "only the levels text, text-part"),
    "two labels of the same words": ([put("codebook.csv", ("category", "politics"), label_en="diplomacy")], "codebook.csv", "label_en", "already on line"),
    "two labels of the same Russian words": ([put("codebook.csv", ("yes_no", "no"), label_ru="Да")], "codebook.csv", "label_ru", "already on line"),
    "a subject with two Russian wordings": ([put("claims.csv", "C008", subject_ru="глава миссии")], "claims.csv", "subject_ru", "otherwise, 'кто возглавлял"),
    "a value with two Russian wordings": ([put("claims.csv", "C019", value_ru="Сухэ-Батор")], "claims.csv", "value_ru", "otherwise, 'Дамдины Сухэ-Батор'"),
    "two values of one Russian wording": ([claim(value="Danzan of old", value_ru="Солийн Данзан")], "claims.csv", "value_ru", "it stands for 'Soliin Danzan'"),
    "two labels of one place": ([put("codebook.csv", ("category", "politics"), position="2")], "codebook.csv", "position", "only once in each list"),
}  # fmt: skip
QUIZZES: Broken = {
    "a page that is none": ([quiz("mission-head", page="misison")], "quizzes.csv", "page", "did you mean 'mission'?"),
    "a page without questions": ([quiz("mission-head", page="glossary")], "quizzes.csv", "page", "no page of this name shows questions"),
    "a page outside the book": ([quiz("mission-head", page="../CONTRIBUTING")], "quizzes.csv", "page", "no page of this name shows questions"),
    "a date in words": ([quiz("mission-month", answer="October 1921")], "quizzes.csv", "answer", "asks for the date of mongol-mission-moscow-1921"),
    "a day that never was": ([quiz("note-peking", answer="1925-02-30")], "quizzes.csv", "answer", "never was"),
    "feedback to the right answer": ([quiz("two-reports", feedback="one => Wrong.; two => The same.")], "quizzes.csv", "feedback", "this is the right answer"),
    "feedback to the right answer in capitals": ([quiz("army-1924", answer="none", feedback="None => Wrong.")], "quizzes.csv", "feedback", "this is the right answer"),
    "feedback twice": ([quiz("two-reports", feedback="two => One.; two => Two.")], "quizzes.csv", "feedback", "once for each wrong answer"),
    "feedback to no option": ([quiz("two-reports", feedback="two => One.; three => Two.")], "quizzes.csv", "feedback", "one of the options: one, two"),
    "a wrong option without feedback": ([quiz("two-reports", feedback="")], "quizzes.csv", "feedback", "each wrong option needs feedback: two"),
    "one option": ([quiz("two-reports", options="one", feedback="")], "quizzes.csv", "options", "two options or more"),
    "a placeholder": ([quiz("army-1924", answer="your answer")], "quizzes.csv", "answer", "write the right answer"),
    "a placeholder in capitals": ([quiz("army-1924", answer="Your Answer")], "quizzes.csv", "answer", "write the right answer"),
    "an answer that is no option": ([quiz("two-reports", answer="three")], "quizzes.csv", "answer", "one of the options: one, two"),
    "an option fewer in Russian": ([quiz("lesson-1-copy", options_ru="самостоятельный свидетель")], "quizzes.csv", "options_ru", "in the same order: 2"),
    "another answer in Russian": ([quiz("lesson-1-copy", answer_ru="самостоятельный свидетель")], "quizzes.csv", "answer_ru", "at the place of the answer: один голос вместе с другой строкой"),
    "no answer in Russian": ([quiz("lesson-1-copy", answer_ru="")], "quizzes.csv", "answer_ru", "at the place of the answer"),
    "an answer in Russian alone": ([quiz("two-reports", options_ru="", feedback_ru="", answer_ru="один")], "quizzes.csv", "answer_ru", "leave it empty"),
    "a date in Russian words": ([quiz("note-peking", answer_ru="март")], "quizzes.csv", "answer_ru", "leave it empty"),
    "no feedback in Russian": ([quiz("lesson-1-copy", feedback_ru="")], "quizzes.csv", "feedback_ru", "in its form: 1"),
    "feedback in Russian without an arrow": ([quiz("lesson-1-copy", feedback_ru="Нет.")], "quizzes.csv", "feedback_ru", "in its form: 1"),
    "feedback in Russian alone": ([quiz("two-reports", options_ru="", answer_ru="", feedback_ru="два => Нет.")], "quizzes.csv", "feedback_ru", "translate the options first"),
    "feedback in Russian to another option": ([quiz("lesson-1-copy", feedback_ru="один голос вместе с другой строкой => Нет.")], "quizzes.csv", "feedback_ru", "the option at this place: самостоятельный"),
}  # fmt: skip
KINDS = {
    "order and lives": ORDER_AND_LIVES,
    "EDTF": EDTF,
    "figures and places": FIGURES_AND_PLACES,
    "evidence and verdicts": EVIDENCE_AND_VERDICTS,
    "keys and rows": KEYS_AND_ROWS,
    "quizzes": QUIZZES,
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in KINDS[kind]])
def test_what_cannot_be_is_refused_with_one_message(folder: Path, kind: str, name: str):
    changes, file, column, words = KINDS[kind][name]
    for change in changes:
        change(folder)
    (problem,) = check(tables.read(folder))
    assert (problem.file, problem.column) == (file, column), str(problem)
    assert words in str(problem)


ALLOWED: dict[str, list[Change]] = {
    "29 February 1900, Old Style": [event(date="1900-03-13", date_old_style="1900-02-29")],
    "rules that branch and join": [rule(LENIN, SIGNED), rule(LENIN, ARMY), rule(SIGNED, ARMY)],
    "a deed in the month of death": [event(date="1923-02", people="sukhbaatar")],
    "a life of 110 years": [person(born="1880", died="1990")],
    "a birth in a span": [person(born="1880/1885")],
    "a birth in a season, not certain": [person(born="1885-21?")],
    "parts of a thousand roubles": [
        put("forces.csv", "F001", measure="thousand-roubles", low="0.5", high="0.5")
    ],
    "no figure at all": [put("forces.csv", "F001", low="", high="")],
    "a day that the editors infer": [
        event(date="1922-03-05", evidence="secondary", date_basis="inferred", note="Why."),
        claim(events="x-1922", field="account", value="reports it"),
    ],
    "a day in words": [claim(date="1921-11-05", value="on 5 November 1921")],
    "an Old Style day in words": [claim(date="1915-06-07", value="25 May 1915, Old Style")],
    "words of a year": [claim(date="1921-11-05", value="in the autumn of 1921")],
    "a case without claims, with its reason": [
        add("verdicts.csv", case_id="D-99", subject="What?", verdict="None.", verdict_type="unsettled", note="No source was found.")
    ],
    "a third coder who has begun": [THIRD_CODER, coding(CLAUSE, "C")],
    "an instrument of the context, coded in part": [
        clause("SUMN-1930-PROT", "1", "1"),
        coding("SUMN-1930-PROT/1/all", "A"),
    ],
    "a written answer without feedback": [quiz("army-1924", feedback="")],
    "one page of questions more": [quiz("mission-head", page="chronology")],
    "the right answer at the end": [quiz("two-reports", options="two; one")],
    "feedback in another order than the options": [
        quiz("two-reports", options="two; none; one", feedback="none => Read on.; two => Not so.")
    ],
    "four options": [
        quiz(
            "two-reports",
            options="two; none; one; three",
            feedback="two => No.; none => No.; three => No.",
        )
    ],
    "a claim translated by another row": [put("claims.csv", "C008", subject_ru="")],
    "a question translated but for its options": [quiz("two-reports", prompt_ru="Сколько их?")],
    "a Russian answer that is written": [
        quiz("army-1924", answer="none", answer_ru="никто", feedback="all => No.", feedback_ru="все => Нет.")
    ],
    "an answer that is a part of an option": [
        quiz("two-reports", options="one; one or two", feedback="one or two => Choose.")
    ],
}  # fmt: skip


def test_a_day_put_to_a_month_that_is_attested_is_refused_for_every_such_event(book, folder: Path):
    plain = book.events[book.events["date_basis"] == ""]
    months = [row for row in plain.to_dict("records") if row["date"].precision == "month"]
    assert len(months) > 10
    for row in months:
        put("events.csv", row["event_id"], date=f"{row['date'].text}-01")(folder)
    told = " ".join(map(str, check(tables.read(folder))))
    assert [row["event_id"] for row in months if row["event_id"] not in told] == []


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_be_is_not_refused(folder: Path, name: str):
    for change in ALLOWED[name]:
        change(folder)
    assert [str(problem) for problem in check(tables.read(folder))] == []


def test_the_years_of_the_tables_have_ends():
    assert dates.in_table("1500") and dates.in_table("2100") and dates.in_table("../1921")
    for text in ("1499", "2101", "1499/1921", "1921/2101"):
        with pytest.raises(dates.DateError, match="between 1500 and 2100"):
            dates.in_table(text)


def test_another_story_has_another_region_and_other_pages(tmp_path: Path):
    gym = copies.new(tmp_path / "gym", "Gym", "GYM-2026", {"A": "A", "B": "B"}, {"t": "Talks"})
    place = {"place_id": "lima", "name": "Lima", "kind": "town", "evidence": "unverified"}
    gym = copies.add(gym, "places", place | {"latitude": "-12.05", "longitude": "-77.04"})
    question = {"quiz_id": "who", "page": "gym", "kind": "date-it", "aim": "Try.", "prompt": "Who?"}
    gym = copies.add(gym, "quizzes", question | {"answer": "Anna", "hint": "Ask.", "why": "So."})
    assert [str(problem) for problem in check(gym)] == []

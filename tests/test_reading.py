"""Files as other programs leave them: read as CSV allows, or refused in one line that is true."""

from __future__ import annotations

import csv
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from test_data import SIGNED, Change, append, cell, raw, replace
from treatybook.evidence import tables
from treatybook.evidence.reading import Problem, Unreadable
from treatybook.evidence.register import CHECKS
from treatybook.evidence.validation import ALIKE, check, examine, main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data and the bibliography that a test may break."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "data" / "references.bib")
    return tmp_path / "data"


def only_fault(folder: Path, change: Change) -> Problem:
    change(folder)
    (problem,) = check(tables.read(folder))
    return problem


def title(words: str) -> Change:
    return cell("events.csv", SIGNED, "title_en", words)


def russian(words: str) -> Change:
    return cell("events.csv", SIGNED, "title_ru", words)


# What a cell may not hold, and what the message must name.
CELLS: dict[str, tuple[Change, str, str]] = {
    "letters lost as question marks": (russian("?????????? ?? 5 ??????"), "title_ru", "'??????????'"),
    "the sign for a lost letter": (russian("Согла\ufffdение"), "title_ru", "U+FFFD"),
    "a byte-order mark within": (title("The agree\ufeffment"), "title_en", "U+FEFF"),
    "a blank without width": (title("The agree\u200bment"), "title_en", "U+200B ZERO WIDTH SPACE"),
    "a soft hyphen": (cell("people.csv", "danzan", "name_en", "Dan\u00adzan"), "name_en", "U+00AD"),
    "a backspace": (cell("events.csv", SIGNED, "note", "not\x08"), "note", "U+0008"),
    "a tab": (cell("events.csv", SIGNED, "note", "one\ttwo"), "note", "U+0009"),
    "a private character": (title("The \ue000 agreement"), "title_en", "U+E000"),
    "two blanks": (title("The  agreement"), "title_en", "one between words"),
    "decomposed letters": (
        cell("people.csv", "sukhbaatar", "name_en", unicodedata.normalize("NFD", "Sükhbaatar")),
        "name_en",
        "U+0308 COMBINING DIAERESIS",
    ),
    "a Latin letter in Russian": (russian("Cоглашение"), "title_ru", "U+0043 LATIN CAPITAL LETTER C"),
    "a Cyrillic letter in English": (title("Mosсow"), "title_en", "U+0441 CYRILLIC SMALL LETTER ES"),
    "a Greek letter in English": (title("Μoscow"), "title_en", "GREEK CAPITAL LETTER MU"),
    "a Cyrillic letter in a label": (cell("events.csv", SIGNED, "category", "trеaty"), "category", "U+0435"),
    "a Cyrillic letter in a key": (cell("claims.csv", "C001", "source", "АIRAPETOV"), "source", "U+0410"),
    "a number in wide digits": (cell("places.csv", "urga", "latitude", "４７.９"), "latitude", "digits only"),
    "a number in Arabic digits": (cell("treaties.csv", "RUMN-1912-AGR", "articles_count", "١٧"), "articles_count", "digits"),
    "wide digits in words": (title("Signed in １921"), "title_en", "U+FF11 FULLWIDTH DIGIT ONE"),
    "a number of twenty digits": (cell("clauses.csv", "RUMN-1912-AGR/preamble/1", "position", "9" * 20), "position", "15 digits"),
    "an error of a spreadsheet": (cell("forces.csv", "F001", "unit", "#REF!"), "unit", "an error of a spreadsheet"),
    "a column that was too narrow": (cell("events.csv", SIGNED, "note", "########"), "note", "an error of a spreadsheet"),
    "nothing as a database writes it": (russian("NULL"), "title_ru", "an error of a spreadsheet"),
    "English where Russian stands": (russian("The agreement"), "title_ru", "Cyrillic letters"),
    "Russian where English stands": (title("Соглашение"), "title_en", "no Cyrillic words"),
    "Mongolian where Russian stands": (cell("people.csv", "sukhbaatar", "name_ru", "Сүхбаатар"), "name_ru", "U+04AF"),
    "a tag without an end": (title("Signed <img src=x onerror=alert(1)"), "title_en", "no HTML"),
    "an entity": (title("Danzan &amp; others"), "title_en", "no HTML"),
    "a role": (cell("events.csv", SIGNED, "summary_en", "See {event}`x`."), "summary_en", "roles"),
    "a very long text": (cell("events.csv", SIGNED, "note", "x" * 20_001), "note", "20,000 characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_what_no_cell_may_hold_is_named_once(folder: Path, name: str):
    change, column, words = CELLS[name]
    problem = only_fault(folder, change)
    assert problem.column == column
    assert words in str(problem)
    assert len(str(problem)) < 700


def test_persian_digits_beside_persian_words_and_question_marks_of_a_question_are_words(
    folder: Path,
):
    title("Who came, and why??")(folder)
    cell("treaties.csv", "RSFSR-PERSIA-1921", "title_other", "fa: عهدنامه ۱۹۲۱")(folder)
    assert check(tables.read(folder)) == []


def shuffled(header: bytes) -> Callable[[bytes], bytes]:
    return lambda text: text.replace(text.split(b"\n", 1)[0], header, 1)


# Files that are no table: the line, and what the message must say.
FILES: dict[str, tuple[Change, str, int, str]] = {
    "tabs": (raw("rules.csv", lambda b: b.replace(b",", b"\t")), "rules.csv", 1, "split by tabs"),
    "a column twice": (replace("events.csv", "title_en,title_ru", "title_en,title_en"), "events.csv", 1, "only once: title_en; lacking: title_ru"),
    "a column of another name": (replace("rules.csv", "reason", "reasons"), "rules.csv", 1, "did you mean 'reason'"),
    "columns in another order": (raw("rules.csv", shuffled(b"later,earlier,reason,reason_ru")), "rules.csv", 1, "in this order: earlier, later, reason"),
    "UTF-16": (raw("rules.csv", lambda b: b.decode().encode("utf-16")), "rules.csv", 1, "not UTF-8"),
    "a quote without an end": (append("rules.csv", 'a,b,"c' + "x" * 200_000), "rules.csv", 0, "is a quote missing?"),
    "a file in other capitals": (lambda folder: (folder / "rules.csv").rename(folder / "Rules.csv"), "rules.csv", 0, "there is Rules.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table_is_one_fault_for_every_reader(folder: Path, name: str, capsys):
    change, file, line, words = FILES[name]
    problem = only_fault(folder, change)
    assert problem.file == file and problem.line in (line, problem.line * (not line))
    assert words in str(problem)
    # Whoever opens the table is told the same.
    with pytest.raises(Unreadable) as caught:
        tables.read(folder).table(file.removesuffix(".csv"))
    assert str(caught.value) == str(problem)
    assert main(str(folder)) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == str(problem) and printed[1] == "1 fault in the data."
    assert printed[2].startswith(f"Not checked until {file.removesuffix('.csv')} can be read: ")
    assert len(printed) == 3


def test_a_quote_without_an_end_is_told_whatever_limit_another_library_has_set(folder: Path):
    before = csv.field_size_limit(10**9)
    try:
        change, _, _, words = FILES["a quote without an end"]
        assert words in str(only_fault(folder, change))
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("name", ["events", "claims", "places", "codebook"])
def test_a_table_that_cannot_be_read_leaves_out_what_needs_it_and_nothing_else(folder, name):
    (folder / f"{name}.csv").write_bytes(b"\xff")
    cell("quizzes.csv", "mission-head", "answer", "Nobody")(folder)
    report = examine(tables.read(folder))
    assert [problem.file for problem in report.problems] == [f"{name}.csv", "quizzes.csv"]
    assert report.unread == [name]
    assert report.left_out == [unit for unit in CHECKS if name in unit.tables]


def test_many_faults_of_one_column_are_counted_after_the_first_ten(folder: Path, capsys):
    raw("codings.csv", lambda text: text.replace(b",mutual,", b",mutul,"))(folder)
    number = len(check(tables.read(folder)))
    assert number > 100
    main(str(folder))
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == ALIKE + 2
    assert printed[-2] == f"codings.csv, column direction: {number - ALIKE:,} more like these"


def test_every_check_says_what_it_is_about_and_names_tables_that_there_are(book):
    assert len({unit.subject for unit in CHECKS}) == len(CHECKS) > 8
    assert {table for unit in CHECKS for table in unit.tables} <= set(book.names)

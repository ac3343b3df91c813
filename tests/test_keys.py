"""What a reader writes wrong is told in one line, and the cell still fails."""

from __future__ import annotations

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from treatybook.evidence import dates, identifiers
from treatybook.evidence.errors import InputError, WrongArgument, known_key, known_keys, nearest
from treatybook.views import (
    army,
    audit,
    campaign,
    clauses,
    comparison,
    dictionary,
    forces,
    intercoder,
    revolution,
    status,
    timeline,
)

THREADS = ("moscow", "status", "peking")


def test_a_wrong_key_is_told_with_all_that_are_allowed_and_the_nearest():
    with pytest.raises(WrongArgument) as caught:
        known_key("thread", "pekng", THREADS)
    words = "no thread 'pekng'; there are: moscow, status, peking; did you mean 'peking'?"
    assert str(caught.value) == words
    with pytest.raises(
        WrongArgument, match=r"^no person 'danzn' in people\.csv; did you mean 'dan"
    ):
        known_key("person", "danzn", ("danzan", "bodoo"), "people.csv")


def test_capitals_do_not_hide_what_was_meant_and_words_can_stand_for_a_key():
    assert nearest("PEKING", THREADS) == "; did you mean 'peking'?"
    assert nearest("soliin danzan", {"Soliin Danzan": "danzan"}) == "; did you mean 'danzan'?"
    assert nearest("zzz", THREADS) == ""


def test_a_single_text_is_one_key_and_a_number_is_asked_for_its_quotes():
    assert known_keys("thread", "peking", THREADS) == ("peking",)
    assert known_keys("thread", ["peking", "moscow"], THREADS) == ("peking", "moscow")
    with pytest.raises(WrongArgument, match="written in quotes, and this is not: 1921"):
        known_keys("thread", 1921, THREADS)
    with pytest.raises(WrongArgument, match="there are: none yet"):
        known_key("case", "D-01", ())


@pytest.mark.parametrize("text", ["1921-9-5", "September 1921", 1921])
def test_a_day_that_is_no_day_is_told_with_an_example(text):
    with pytest.raises(dates.DateError, match="not a whole day; write it in quotes, like"):
        dates.day(text)
    with pytest.raises(dates.DateError, match="never was"):
        dates.day("1921-02-29")


def test_all_mistakes_of_a_reader_are_of_one_kind_and_stay_what_they_were():
    assert issubclass(dates.DateError, InputError) and issubclass(dates.DateError, ValueError)
    assert issubclass(identifiers.UnknownReference, InputError)
    assert issubclass(identifiers.UnknownReference, LookupError)
    assert issubclass(WrongArgument, InputError) and issubclass(WrongArgument, ValueError)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("dates.parse('May 1921')", "DateError: 'May 1921' is not a date in EDTF"),
        ("identifiers.reference(read(), 'person', 'danzn')", "did you mean 'danzan'?"),
        ("days.calendar(read(), '1921-09-05', '1921-11-20', 'pekng')", "no thread 'pekng'"),
    ],
)
def test_in_a_notebook_a_mistake_is_one_line_and_the_run_still_fails(call, words):
    """The build runs its cells through nbclient too: it must not go on after such an error."""
    cells = [f"from treatybook import dates, days, identifiers, read\n{call}", "print('went on')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder = {"metadata": {"path": str(ROOT / "book")}}
    with pytest.raises(CellExecutionError) as caught:
        NotebookClient(notebook, kernel_name="python3", resources=folder).execute()
    assert words in str(caught.value)
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "error"
    assert len(output.traceback) == 1 and words in output.traceback[0]
    assert notebook.cells[1].outputs == []


# Calls as a page or a task has them, with one key that is slightly wrong, and what is offered.
MISTAKES = {
    "no coded instrument": (
        lambda b: comparison.burdens(b, "RSFSR-PERSIA-1920"),
        "RSFSR-PERSIA-1921",
    ),
    "in the grid": (lambda b: comparison.topic_grid(b, ("RSFSR-TURKY-1921",)), "RSFSR-TURKEY-1921"),
    "only in one": (lambda b: comparison.only_in_one(b, "persia-1921"), "RSFSR-PERSIA-1921"),
    "no clause": (
        lambda b: comparison.like_clauses(b, "RSFSR-MONGOLIA-1921/3"),
        "RSFSR-MONGOLIA-1921/3/",
    ),
    "one treaty": (
        lambda b: clauses.clause_matrix(b, "CNRUMN-1915-KYAKHTA"),
        "CNRUMN-1915-KIAKHTA",
    ),
    "points": (lambda b: clauses.point_table(b, "RSFSR-MONGOLIA-1921/1"), "RSFSR-MONGOLIA-1921/"),
    "no question": (lambda b: clauses.answers_table(b, "troop"), "troops"),
    "side by side": (
        lambda b: status.side_by_side(b, right="CNSU-1924-GENPRINCE"),
        "CNSU-1924-GENPRINC",
    ),
    "no group": (lambda b: intercoder.by_group(b, "dificulty"), "difficulty"),
    "no grid": (lambda b: intercoder.grid(b, "directions"), "direction"),
    "a source": (lambda b: audit.tested(b, "airapetow"), "AIRAPETOV"),
    "a kind": (lambda b: audit.open_questions(b, "numbers"), "number"),
    "a list": (lambda b: dictionary.code_list(b, "topics"), "topic"),
    "a table": (lambda b: dictionary.columns(b, "event"), "events"),
    "one thread": (lambda b: army.witnesses(b, "Army"), "army"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_slip_in_a_call_of_a_page_is_answered_with_what_was_meant(book, name):
    call, meant = MISTAKES[name]
    with pytest.raises(WrongArgument, match=f"did you mean '{meant}"):
        call(book)


def test_one_instrument_or_clause_needs_no_brackets(book):
    one = comparison.topic_grid(book, "RSFSR-PERSIA-1921")
    assert one.plot == comparison.topic_grid(book, ("RSFSR-PERSIA-1921",)).plot
    points = clauses.point_table(book, "RSFSR-MONGOLIA-1921/1/all").frame
    assert 0 < len(points) < len(book.points)


@pytest.mark.parametrize(
    "call",
    [
        lambda b: timeline.timeline(b, "1921", "1922"),
        lambda b: forces.between(b, "1921-3-1", "1921-07-06"),
        lambda b: revolution.where(b, "1920-02", "1921-07"),
        lambda b: campaign.campaign(b, "May 1921", "1921-09"),
    ],
)
def test_a_span_without_whole_days_is_told_how_to_write_it(book, call):
    with pytest.raises(dates.DateError, match="write it in quotes, like"):
        call(book)

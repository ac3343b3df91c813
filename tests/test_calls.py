"""What a reader writes wrong is told in one line, and the cell still fails."""

from __future__ import annotations

import nbformat
import pytest
import treatybook
from conftest import ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from treatybook.evidence import dates, identifiers
from treatybook.evidence.errors import InputError, WrongArgument, known_key, known_keys, nearest
from treatybook.views import clauses, comparison

THREADS = ("moscow", "status", "peking")


def test_a_wrong_key_is_told_with_all_that_are_allowed_and_the_nearest():
    words = r"^no thread 'pekng'; there are: moscow, status, peking; did you mean 'peking'\?$"
    with pytest.raises(WrongArgument, match=words):
        known_key("thread", "pekng", THREADS)
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
    for kind in (dates.DateError, WrongArgument):
        assert issubclass(kind, InputError) and issubclass(kind, ValueError)
    assert set(identifiers.UnknownReference.__mro__) > {InputError, LookupError}


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


# Calls as a page or a task has them with one fault, and what is told and offered.
FAULTS = [
    ("comparison.burdens(book, 'RSFSR-PERSIA-1920')", "no coded instrument .* mean 'RSFSR-PERSIA-1921'"),
    ("comparison.burdens(book, ('RSFSR-KARS-1921', book.agreement))", "no coded instrument 'RSFSR-KARS"),
    ("comparison.topic_grid(book, ('RSFSR-TURKY-1921',))", "did you mean 'RSFSR-TURKEY-1921'"),
    ("comparison.only_in_one(book, 'persia-1921')", "did you mean 'RSFSR-PERSIA-1921'"),
    ("comparison.like_clauses(book, 'RSFSR-MONGOLIA-1921/3')", "no clause .* mean 'RSFSR-MONGOLIA-1921/3/"),
    ("comparison.all_coded(book, 'Z')", "no coder 'Z'"),
    ("clauses.coded(book, 'RSFSR-NOWHERE-1921')", "no clause of 'RSFSR-NOWHERE-1921' was coded"),
    ("clauses.clause_matrix(book, 'CNRUMN-1915-KYAKHTA')", "did you mean 'CNRUMN-1915-KIAKHTA'"),
    ("clauses.point_table(book, 'RSFSR-MONGOLIA-1921/1')", "did you mean 'RSFSR-MONGOLIA-1921/"),
    ("clauses.answers_table(book, 'troop')", "no question 'troop'.* recognition.* mean 'troops'"),
    ("status.side_by_side(book, right='CNSU-1924-GENPRINCE')", "was coded.* mean 'CNSU-1924-GENPRINC'"),
    ("status.side_by_side(book, right='SUMN-1929-PRINC')", "no clause of 'SUMN-1929-PRINC' was coded"),
    ("intercoder.by_group(book, 'dificulty')", "difficulty, evidence.* did you mean 'difficulty'"),
    ("intercoder.grid(book, 'directions')", "clause_type, direction; did you mean 'direction'"),
    ("intercoder.by_field(book, 'C')", "there are: A, B$"),
    ("audit.tested(book, 'airapetow')", "no claim has the source .* mean 'AIRAPETOV'"),
    ("audit.open_questions(book, 'numbers')", "no kind 'numbers'.* did you mean 'number'"),
    ("dictionary.code_list(book, 'topics')", "evidence.* did you mean 'topic'"),
    ("dictionary.columns(book, 'event')", "did you mean 'events'"),
    ("army.witnesses(book, 'Army')", "no thread 'Army'.* did you mean 'army'"),
    ("army.what_is_counted(book, 1925, 1923)", "the last year, 1923, lies before the first, 1925"),
    ("timeline.timeline(book, '1850-01-01', '1851-01-01')", "no event lies between 1850-01-01 and 1851"),
    ("forces.between(book, '1800-01-01', '1800-12-31')", "no figure for a force between 1800-01-01"),
    ("revolution.in_lanes(book, '1901-01-01', '1901-12-31')", "no event of these threads between 1901"),
    ("campaign.campaign(book, '1921-05', '1921-01')", "the last month, 1921-01, lies before the first"),
    ("campaign.campaign(book, '1905-01', '1905-03')", "no event of the war between 1905-01-01"),
    ("days.calendar(book, '1850-01-01', '1850-02-01')", "no event of moscow, .* between 1850-01-01"),
    ("days.calendar(book, '1921-09-05', '1921-11-20', ('moscow', 'pekng'))", "no thread 'pekng'; there are: status, .*, army; did you mean 'peking'.$"),
    ("days.delegation(book, ('danzan', 'trotsky'))", "no person 'trotsky'"),
    ("days.delegation(book, ('sukhbator',))", r"'sukhbator' in people\.csv; did you mean 'sukhbaatar'"),
    ("voices.by_source(book, ('D-56',), {'1925': ('1925-01-01', '1926-12-31')})", "no claim of D-56 states a date"),
    ("voices.dated_claims(book, ('D-26', 'D-99'))", "no case 'D-99'"),
    ("disagreements.claims_table(book, 'T-18')", "no case 'T-18'; .* run from D-01 to T-17; did you mean 'T-17'"),
    ("disagreements.claims_table(book, 26)", "case must be a text in quotes, and this is not: 26"),
    ("origins.at_the_table(book, '1917', '1919')", "no instrument on Mongolia was signed from 1917"),
    ("quizzes.check(book, 'mission-monht', '1921')", "did you mean 'mission-month'"),
    ("quizzes.of_page(book, 'nowhere')", "no question on the page 'nowhere'"),
]  # fmt: skip


def as_written(call: str, book) -> object:
    return eval(f"treatybook.{call}", {"treatybook": treatybook, "book": book})


@pytest.mark.parametrize(("call", "words"), FAULTS)
def test_a_fault_in_a_call_of_a_page_is_answered_with_what_was_meant(book, call, words):
    with pytest.raises(WrongArgument, match=words):
        as_written(call, book)


def test_one_instrument_or_clause_needs_no_brackets(book):
    one = comparison.topic_grid(book, "RSFSR-PERSIA-1921")
    assert one.plot == comparison.topic_grid(book, ("RSFSR-PERSIA-1921",)).plot
    points = clauses.point_table(book, "RSFSR-MONGOLIA-1921/1/all").frame
    assert 0 < len(points) < len(book.points)


@pytest.mark.parametrize(
    "call",
    [
        "timeline.timeline(book, '1921', '1922')",
        "days.calendar(book, '1921-9-5', '1921-11-20')",
        "forces.between(book, '1921-3-1', '1921-07-06')",
        "revolution.where(book, '1920-02', '1921-07')",
        "campaign.campaign(book, 'May 1921', '1921-09')",
    ],
)
def test_a_span_without_whole_days_is_told_how_to_write_it(book, call):
    with pytest.raises(dates.DateError, match="write it in quotes, like"):
        as_written(call, book)

"""What a reader writes wrong is told in one line, and the cell still fails."""

from __future__ import annotations

import inspect

import nbformat
import pytest
import treatybook
from conftest import ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from treatybook.evidence import dates, identifiers
from treatybook.evidence.errors import (
    InputError,
    WrongArgument,
    known_key,
    known_keys,
    meant,
    nearest,
)
from treatybook.views import clauses, comparison

THREADS = ("moscow", "status", "peking")


def test_a_wrong_key_is_told_with_all_that_are_allowed_and_the_nearest():
    words = r"^no thread 'pekng'; there are: moscow, status, peking; did you mean 'peking'\?$"
    with pytest.raises(WrongArgument, match=words):
        known_key("thread", "pekng", THREADS)
    with pytest.raises(
        WrongArgument, match=r"^no person 'danzn' in people\.csv; .*bodoo; did you mean 'dan"
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
    ("comparison.only_in_one(book, 'persia-192')", "did you mean 'RSFSR-PERSIA-1921'"),
    ("comparison.like_clauses(book, 'RSFSR-MONGOLIA-1921/3')", "no clause .* mean 'RSFSR-MONGOLIA-1921/3/"),
    ("comparison.all_coded(book, 'Z')", "no coder 'Z'"),
    ("clauses.coded(book, 'RSFSR-NOWHERE-1921')", "no coded instrument 'RSFSR-NOWHERE-1921'; there are: CNRU-1913"),
    ("clauses.clause_matrix(book, 'CNRUMN-1915-KYAKHTA')", "did you mean 'CNRUMN-1915-KIAKHTA'"),
    ("clauses.point_table(book, 'RSFSR-MONGOLIA-1921/1')", "did you mean 'RSFSR-MONGOLIA-1921/"),
    ("clauses.answers_table(book, 'troop')", "no question 'troop'.* recognition.* mean 'troops'"),
    ("status.side_by_side(book, right='CNSU-1924-GENPRINCE')", "no coded instrument.* mean 'CNSU-1924-GENPRINC'"),
    ("status.side_by_side(book, right='SUMN-1929-PRINC')", "no coded instrument 'SUMN-1929-PRINC'; there are: CNRU"),
    ("intercoder.by_group(book, 'dificulty')", "difficulty, evidence.* did you mean 'difficulty'"),
    ("intercoder.grid(book, 'directions')", "clause_type, direction; did you mean 'direction'"),
    ("intercoder.by_field(book, 'C')", "there are: A, B$"),
    ("audit.open_questions(book, 'numbers')", "no kind 'numbers'.* did you mean 'number'"),
    ("dictionary.code_list(book, 'topics')", "evidence.* did you mean 'topic'"),
    ("dictionary.columns(book, 'event')", "did you mean 'events'"),
    ("army.witnesses(book, 'Armi')", "no thread 'Armi'.* did you mean 'army'"),
    ("army.what_is_counted(book, 1925, 1923)", "the last year, 1923, lies before the first, 1925"),
    ("timeline.timeline(book, '1850-01-01', '1851-01-01')", "no event lies between 1850-01-01 and 1851"),
    ("forces.between(book, '1800-01-01', '1800-12-31')", "no figure for a force between 1800-01-01"),
    ("revolution.in_lanes(book, '1901-01-01', '1901-12-31')", "no event of these threads between 1901"),
    ("campaign.campaign(book, '1921-05', '1921-01')", "the last month, 1921-01, lies before the first"),
    ("campaign.campaign(book, '1905-01', '1905-03')", "no event of the war between 1905-01-01"),
    ("days.calendar(book, '1850-01-01', '1850-02-01')", "no event of moscow, .* between 1850-01-01"),
    ("days.calendar(book, '1921-09-05', '1921-11-20', ('moscow', 'pekng'))", "no thread 'pekng'; there are: status, .*, army; did you mean 'peking'.$"),
    ("days.delegation(book, ('danzan', 'trotsky'))", "no person 'trotsky'"),
    ("days.delegation(book, ('sukhbator',))", r"'sukhbator' in people\.csv; .* and \d+ more; did you mean 'sukhbaatar'"),
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


# Modules whose functions a cell calls, and their functions that take no book, table or text.
ROOMS = {
    "views": "army audit campaign clauses codings comparison days dictionary disagreements exports "
    "forces gazetteer intercoder origins people presence reliability revolution sources status "
    "timeline voices",
    "teaching": "quizzes workshop",
}
WITHIN = {"clause_link", "short_name", "type_words", "plain", "question", "judged"}
WITHIN |= {"strength_words", "zipped", "listed", "main"}
WITHIN |= {"with_first_cell", "clause_title", "coded_instruments", "party_keys"}


def public() -> dict[str, object]:
    """Every function that a cell can call, by its module and name."""
    found = {}
    for module in " ".join(ROOMS.values()).split():
        for name, function in vars(getattr(treatybook, module)).items():
            own = getattr(function, "__module__", "").endswith(f".{module}")
            if inspect.isfunction(function) and own and not name.startswith("_"):
                found[f"{module}.{name}"] = function
    return {key: f for key, f in found.items() if key.partition(".")[2] not in WITHIN}


# What a learner hands over instead of what is meant: wrong kinds, nothing, impossible spans.
ODD = [
    ("status.promises(book, '1921-13-01')", "1921-13-01 names a day that never was"),
    ("status.promises(book, None)", "first must be a text in quotes, and this is not: None"),
    ("status.promises(book, 1921)", "first must be a text in quotes, and this is not: 1921"),
    ("status.promises(book, '1947-01-01', '1911-01-01')", "the last day, 1911-01-01, lies before"),
    ("status.status_words(book, 0)", "from 1500 to 2100, and this is not: 0"),
    ("army.numbers(book, 'then')", "a whole number from 1500 to 2100, and this is not: 'then'"),
    ("army.what_is_counted(book, 0)", "from 1500 to 2100, and this is not: 0"),
    ("army.what_is_counted(book, 1921, 99999)", "from 1500 to 2100, and this is not: 99999"),
    ("origins.at_the_table(book, 'early', '1919')", "from 1500 to 2100, and this is not: 'early'"),
    ("days.calendar(book, '1921-09-05', '1921-11-20', ())", "no thread is named"),
    ("days.calendar(book, '0001-01-01', '9999-12-31')", "from 1500 to 2100, and this is not: 1"),
    ("days.calendar(book, '1921-11-20', '1921-09-05')", "the last day, 1921-09-05, lies before"),
    ("days.calendar(book, '1921-09-05')", "missing a required argument: 'last'"),
    ("days.calendar(book, first='1921-09-05', lst='1921-11-20')", "calendar.*'l(a)?st'"),
    ("intercoder.by_field(book, None)", "first must be a text in quotes or .* not: None"),
    ("codings.compare(book, 'second-coder.csv')", r"pandas\.read_csv\('second-coder\.csv'\)"),
    ("codings.own_coding(book, [1])", "mine must be a text in quotes or a dictionary or a DataFrame or a list"),
    ("timeline.timeline(treatybook.read)", "book must be a book, as in book = read()"),
    ("timeline.timeline('events.csv')", "book must be a book, .* not: 'events.csv'"),
    ("voices.by_source(book, (), {})", "no case is named"),
    ("voices.by_source(book, 'D-26', {})", "name at least one span"),
    ("voices.by_source(book, 'D-26', {'x': ('1925-01-01',)})", "the span 'x' needs two days"),
    ("sources.most_used(book, 0)", "from 1 to 10000, and this is not: 0"),
    ("forces.strengths(book, least=-3)", "and this is not: -3"),
    ("quizzes.check(book, None, '1921')", "quiz_id must be a text in quotes"),
    ("reliability.agreement(['a'], ['a', 'b'])", "two lists of the same length"),
    ("reliability.steps('trade', ['a'])", "first must be a list, and this is not: 'trade'"),
    ("codings.compare(book, 'trade')", "as in {clause: topic}, .* is neither: 'trade'$"),
    ("quizzes.when_done('False', treatybook.codings.task_answers(book))", "True or False without quotes, .* 'False'"),
    ("status.status_words(book, 1800)", "no instrument on Mongolia was signed up to 1800"),
    ("exports.timelinejs(book, 'mn')", "no language 'mn'"),
    ("clauses.in_words(book, book.events)", "in_words: clauses has no column 'name'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), ODD)
def test_a_wrong_kind_of_argument_or_an_impossible_span_is_one_line(book, call, words):
    with pytest.raises(InputError, match=words) as caught:
        as_written(call, book)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("treatybook.read('my-copi')", "my-copi has no datapackage.json"),
        ("treatybook.read(1921)", "a folder is named in quotes, and this is not: 1921"),
        ("book.table('event')", "no table 'event'; .* did you mean 'events'"),
        ("book.event", "the book has no 'event'; did you mean 'events'"),
        ("book.labels('topics')", "no list 'topics' in codebook.csv; .*did you mean 'topic'"),
        ("book.labels('topic', 'mn')", "no language 'mn'"),
        ("book.labels('thread')['pekng']", "no 'pekng' in the list 'thread' of codebook.csv"),
        ("book.rows('people')['danzn']", "no 'danzn' in people.csv; did you mean 'danzan'"),
    ],
)
def test_a_folder_table_list_or_row_that_is_not_there_is_one_line(book, call, words):
    with pytest.raises(InputError, match=words) as caught:
        eval(call, {"treatybook": treatybook, "book": book})
    assert "\n" not in str(caught.value) and not str(caught.value).startswith('"')


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("days.delegation(book, 'Soliin Danzan')", "days.delegation(book, 'danzan')"),
        ("disagreements.claims_table(book, 'case D-01')", "disagreements.claims_table(book, 'D-01')"),
        ("clauses.coded(book, 'Persia 1921')", "clauses.coded(book, 'RSFSR-PERSIA-1921')"),
        ("comparison.only_in_one(book, 'Persia 1921')", "comparison.only_in_one(book, 'RSFSR-PERSIA-1921')"),
        ("status.side_by_side(book, right='Persia 1921')", "status.side_by_side(book, right='RSFSR-PERSIA-1921')"),
        ("clauses.all_coded(book, 'coder B')", "clauses.all_coded(book, 'B')"),
        ("army.numbers(book, '1921', '1923')", "army.numbers(book, 1921, 1923)"),
        ("army.witnesses(book, 'The ARMY')", "army.witnesses(book, 'army')"),
        ("audit.open_questions(book, 'Number')", "audit.open_questions(book, 'number')"),
        ("dictionary.columns(book, 'events.csv')", "dictionary.columns(book, 'events')"),
    ],
)  # fmt: skip
def test_the_names_that_the_book_prints_are_taken_as_the_keys(book, printed, key):
    one, other = as_written(printed, book), as_written(key, book)
    assert str(getattr(one, "frame", one)) == str(getattr(other, "frame", other))


@pytest.mark.parametrize(
    ("table", "printed", "key"),
    [
        ("treaties", "Mongolia 1921", "RSFSR-MONGOLIA-1921"),
        ("treaties", "kyakhta 1915", "CNRUMN-1915-KIAKHTA"),
        ("clauses", "Kyakhta 1915: 17(1)", "CNRUMN-1915-KIAKHTA/17/1"),
        ("clauses", "Kyakhta 1915, Article 17(1)", "CNRUMN-1915-KIAKHTA/17/1"),
        ("clauses", "Article 3(1)", "RSFSR-MONGOLIA-1921/3/1"),
        ("people", "Sükhbaatar", "sukhbaatar"),
        ("people", "Сухэ-Батор", "sukhbaatar"),
        ("places", "Urga", "urga"),
    ],
)
def test_a_row_answers_to_every_name_that_the_book_prints(book, table, printed, key):
    assert known_key("row", printed, identifiers.printed_names(book, table)) == key


@pytest.mark.parametrize("table", ["treaties", "clauses", "people", "places", "verdicts"])
def test_no_row_is_taken_for_another_by_one_of_its_names(book, table):
    names = identifiers.printed_names(book, table)
    assert names
    for key, words in names.items():
        assert known_key("row", key, names) == key
        assert {meant(word, names) for word in words} <= {key, ""}


def test_of_many_keys_a_refusal_lists_those_that_are_most_like():
    many = [f"{letter}-{number}" for letter in "abcdef" for number in range(100, 200)]
    with pytest.raises(WrongArgument, match=r"there are: .*b-12\d.* and 592 more;") as caught:
        known_key("row", "B-12", many)
    assert "f-" not in str(caught.value)


SPANS = [
    name
    for name, function in public().items()
    if {"first", "last"} <= set(inspect.signature(function).parameters)
]
assert "timeline.timeline" in SPANS and "campaign.months" in SPANS


@pytest.mark.parametrize("name", SPANS)
def test_no_function_that_takes_a_span_draws_time_backwards(book, name):
    wanted = ("1921-11", "1921-09") if name.startswith("campaign") else ("1921-11-20", "1921-09-05")
    if inspect.signature(public()[name]).parameters["first"].annotation == "int | str":
        wanted = (1923, 1921)
    own = {"book": book} if "book" in inspect.signature(public()[name]).parameters else {}
    with pytest.raises(WrongArgument, match=r"the last \w+, [\d-]+, lies before the first, "):
        public()[name](**own, first=wanted[0], last=wanted[1])


def test_words_are_taken_for_a_key_only_if_one_key_has_them():
    known = {"C086": "the day", "C087": "the place", "C088": "the place"}
    assert known_key("claim", "claim  c086", known) == "C086"
    assert known_key("claim", "The Day", known) == "C086"
    with pytest.raises(WrongArgument, match="no claim 'the place'"):
        known_key("claim", "the place", known)


RIGHT = {"first": "1921-09-05", "last": "1921-11-20", "name": "events", "people": "danzan"}
RIGHT |= {"other": "RSFSR-PERSIA-1921", "clause_id": "RSFSR-MONGOLIA-1921/3/1", "cases": "D-56"}
RIGHT |= {"page": "mission", "quiz_id": "mission-month", "answer": "1921", "group": "difficulty"}
RIGHT |= {"spans": {"all": ("1921-01-01", "1921-12-31")}, "question": "troops", "who": "A"}
WRONG = [None, 0, 10**12, "", "zzz", "9999-12-31", (), (None,), [1], {"a": 1}, b"x", float("nan")]


@pytest.mark.parametrize("name", public())
def test_no_function_that_a_cell_calls_answers_a_wrong_argument_with_a_traceback(book, name):
    function = public()[name]
    assert hasattr(function, "__wrapped__"), "it lacks @checked"
    parameters = inspect.signature(function).parameters
    needed = {key for key, parameter in parameters.items() if parameter.default is parameter.empty}
    right = {key: value for key, value in (RIGHT | {"book": book}).items() if key in needed}
    if "folder" in parameters or "path" in parameters:
        return  # those that write are tested with the workshop
    for key in parameters:
        for wrong in WRONG:
            try:
                function(**(right | {key: wrong}))
            except InputError as error:
                assert "\n" not in str(error) and len(str(error)) < 800

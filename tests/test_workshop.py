"""Make your own: private copies, complaints, and a second book about another agreement."""

from __future__ import annotations

import errno
import io
import json
import re
import subprocess
import sys
import zipfile
from operator import attrgetter
from pathlib import Path

import pandas as pd
import pytest
import treatybook
from treatybook.display.content import FigureView, TableView
from treatybook.display.rendering import figure_html, table_html
from treatybook.evidence import copies, counts, files, tables, wording
from treatybook.evidence.copies import added
from treatybook.evidence.errors import InputError
from treatybook.evidence.validation import check
from treatybook.teaching import workshop
from treatybook.views import clauses, exports, intercoder, timeline

SIGNED = "soviet-mongolian-agreement-1921"
KYAKHTA = "CNRUMN-1915-KIAKHTA"
PARTIES = {"CN": "China", "MN": "Mongolia", "RU": "Russia"}
TWO = {"A": "Class A", "B": "Class B"}
ENVOY = {
    "event_id": "envoy-irkutsk-1922",
    "title_en": "An envoy reaches Irkutsk",
    "title_ru": "Посланец прибывает в Иркутск",
    "summary_en": "An envoy came to Irkutsk.",
    "summary_ru": "Посланец прибыл в Иркутск.",
    "category": "diplomacy",
    "thread": "moscow",
    "in_airapetov": "no",
}
FIRM = ENVOY | {"date": "1922-03", "evidence": "unverified"}
CLAIM = {
    "events": "envoy-irkutsk-1922",
    "subject": "arrival of an envoy",
    "field": "date",
    "evidence": "secondary",
    "stance": "attests",
}


def page(name: str) -> str:
    return (tables.BOOK_FOLDER / name).read_text(encoding="utf-8")


def told(book: tables.Book) -> str:
    return "\n".join(map(str, check(book)))


@pytest.fixture
def mine(book, tmp_path: Path) -> tables.Book:
    """A learner's copy of the data."""
    return workshop.copy(book, tmp_path / "mine")


def with_claims(mine: tables.Book, source: str, *days: str) -> tables.Book:
    """The same with a claim of a source for each of some days of the envoy."""
    for number, day in enumerate(days, 901):
        cells = {"claim_id": f"X{number}", "value": day, "date": day, "source": source}
        mine = workshop.add(mine, "claims", CLAIM, **cells)
    return mine


def test_a_row_is_refused_with_words_until_it_is_in_order(mine):
    assert told(mine) == ""
    wrong = workshop.add(mine, "events", **ENVOY, date="March 1922", evidence="secondary")
    assert "column date" in told(wrong) and "March 1922" in told(wrong)
    mine = workshop.take_back(wrong, "events")
    assert told(mine) == ""
    mine = workshop.add(mine, "events", **ENVOY, date="1922-03", evidence="secondary")
    assert "no claim that attests envoy-irkutsk-1922" in told(mine)
    mine = workshop.add_source(mine, "PRACTICE-LETTER", "An invented letter, for practice")
    mine = with_claims(mine, "PRACTICE-LETTER", "1922-03-04", "1922-03-09")
    assert told(mine) == ""
    in_order = workshop.problems(mine)
    assert (in_order.caption, len(in_order.frame)) == ("The data are in order", 1)


def test_a_new_row_is_drawn_and_two_claims_make_it_disputed(book, mine):
    mine = workshop.add(mine, "events", **ENVOY, date="1922-03", evidence="unverified")
    mine = with_claims(mine, "LCW42", "1922-03-04", "1922-03-09")
    span = ("1922-01-01", "1922-07-01")
    before, after = (timeline.timeline(tables, *span).table.frame for tables in (book, mine))
    assert len(after) == len(before) + 1
    assert "An envoy reaches Irkutsk" not in before.to_string()
    rows = timeline.chronology(mine)
    number = list(rows.row_ids).index("event-envoy-irkutsk-1922")
    assert rows.frame.iloc[number]["Sources disagree"] == "yes"


def test_the_own_tables_of_the_book_cannot_be_changed(book):
    for change, *cells in (
        (workshop.add, "events", ENVOY),
        (workshop.add_source, "X", "x"),
        (workshop.take_back, "events"),
    ):
        with pytest.raises(PermissionError, match=r"workshop\.copy"):
            change(book, *cells)


FAULTS = [
    (lambda m: workshop.add(m, "events", titel_en="x"), "did you mean 'title_en'"),
    (lambda m: workshop.add(m, "events", title="x"), "did you mean 'title_en'"),
    (lambda m: workshop.add(m, "events", ENVOY, event_id=SIGNED), f"'{SIGNED}' that is not yours"),
    (lambda m: workshop.add_source(m, "LCW42", "again"), "it is taken"),
    (lambda m: workshop.add_source(m, "my letter", "A letter"), "capitals and digits"),
    (lambda m: workshop.take_back(m, "people"), "added no row to people"),
]


@pytest.mark.parametrize(("call", "words"), FAULTS)
def test_a_fault_in_a_call_is_told_and_changes_nothing(mine, call, words):
    with pytest.raises(ValueError, match=words):
        call(mine)
    assert told(tables.read(mine.folder)) == ""


def test_a_copy_is_not_made_over_an_earlier_one(book, mine):
    words = r'mine is there already.*open it with read\(".*mine"'
    with pytest.raises(FileExistsError, match=words):
        workshop.copy(book, mine.folder)


def test_rows_and_sources_added_again_replace_their_own_and_leave_the_others(book, mine):
    for date in ("March 1922", "1922-04", "1922-03"):
        mine = workshop.add(mine, "events", ENVOY, date=date, evidence="unverified")
        mine = workshop.add_source(mine, "DIARY", f"A diary of {date} & more", year="2026")
    assert told(mine) == ""
    assert len(mine.events) == len(book.events) + 1
    assert mine.events["date"].iloc[-1].text == "1922-03"
    before, entries = book.bibliography.entries, mine.bibliography.entries
    assert entries["DIARY"].fields["title"] == r"A diary of 1922-03 \& more"
    assert list(entries) == [*before, "DIARY"]
    assert [key for key in before if before[key].fields != entries[key].fields] == []
    mine = workshop.take_back(mine, "events")
    assert list(mine.events["event_id"]) == list(book.events["event_id"])


@pytest.mark.parametrize(
    ("field", "said", "disputed"),
    [
        ("head_of_mission", ("Danzan", "Bodoo"), True),
        ("head_of_mission", ("Danzan", "danzan"), False),
        ("account", ("The envoy came.", "Somebody came."), False),
    ],
)
def test_two_claims_are_disputed_if_they_state_different_things(mine, field, said, disputed):
    for number, value in enumerate(said):
        row = CLAIM | {"field": field, "value": value, "claim_id": f"X{number}"}
        mine = workshop.add(mine, "claims", row)
    assert ("envoy-irkutsk-1922" in counts.disputed_events(mine)) == disputed


def test_the_row_that_was_added_last_is_taken_back_first(mine):
    for name in ("first", "second"):
        mine = workshop.add(mine, "events", ENVOY, event_id=name, date="1922-03")
    assert list(mine.events["event_id"].iloc[-2:]) == ["first", "second"]
    assert workshop.take_back(mine, "events").events["event_id"].iloc[-1] == "first"


def test_sides_that_owe_each_other_are_three_parties_at_most(tmp_path: Path):
    four = {key: f"Class {key}" for key in "ABCD"}
    gym = workshop.new(tmp_path / "gym", "Gym", "GYM-2026", four, {"t": "Talks"})
    directions = set(gym.labels("direction"))
    assert {"A->B", "A+B->C", "D->A+C", "mutual"} <= directions
    assert [label for label in directions if len(re.findall(r"\b[A-D]\b", label)) > 3] == []


def test_labels_may_be_written_in_words_and_russian_left_out(mine):
    row = {column: cell for column, cell in ENVOY.items() if not column.endswith("_ru")}
    row |= {"thread": "moscow and Urga", "category": "Diplomacy", "in_airapetov": ""}
    mine = workshop.add(mine, "events", row, date="1922-03", evidence="unverified")
    assert told(mine) == ""
    assert mine.events["thread"].iloc[-1] == "moscow"


def test_complaints_name_the_row_of_the_learner_and_not_a_line(mine):
    mine = workshop.add(mine, "events", ENVOY, date="March 1922", evidence="unverified", thread="x")
    frame = workshop.problems(mine).frame
    assert set(frame["Where"]) == {"row 'envoy-irkutsk-1922' of your events"}
    said = " ".join(frame["What the check says"])
    assert "1921-11 if only the month is known" in said
    assert "moscow (Moscow and Urga)" in said


def test_a_date_that_no_claim_supports_is_told_with_the_dates_of_the_claims(mine):
    mine = workshop.add(mine, "events", ENVOY, date="1922-05", evidence="secondary")
    mine = with_claims(mine, "LCW42", "1922-03-09", "1922-06-02")
    (said,) = workshop.problems(mine).frame["What the check says"]
    assert "dated May 1922" in said and "no claim about it has such a date" in said
    assert "X901 says 9 March 1922; X902 says 2 June 1922" in said
    for fitting in ("1922-03/1922-06", "1922-06", "1922-05~"):
        mine = workshop.add(mine, "events", ENVOY, date=fitting, evidence="secondary")
        assert told(mine) == "", fitting


def cells_of_the_page() -> list[str]:
    cell = r"```\{code-cell\}[^\n]*\n(?::tags:[^\n]*\n)?(.*?)```"
    cells = re.findall(cell, page("workshop.md"), re.DOTALL)
    # What is only shown costs time and changes nothing.
    return [re.sub(r"^show\(.*\)$", "", cell, flags=re.MULTILINE) for cell in cells]


def state(names: dict) -> dict[str, list]:
    mine, gym = names["mine"], names["gym"]
    return {
        "events": list(mine.events["event_id"]),
        "claims": list(mine.claims["claim_id"]),
        "sources": sorted(mine.bibliography.entries),
        "clauses": list(gym.clauses["clause_id"]),
        "codings": sorted(zip(gym.codings["clause_id"], gym.codings["coder"], strict=True)),
        "gym sources": list(gym.bibliography.entries),
        "order": [told(mine), told(gym)],
    }


@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.rare)])
def test_the_cells_of_the_page_may_be_run_again_from_anywhere(book, step: int):
    cells, names = cells_of_the_page(), {}
    exec("\n".join(cells), names)
    first = state(names)
    assert len(first["events"]) == len(book.events) + 1
    assert len(first["claims"]) == len(book.claims) + 2
    assert len(first["sources"]) == len(book.bibliography.entries) + 2
    assert (len(first["clauses"]), len(first["codings"])) == (3, 6)
    assert first["order"] == ["", ""]
    changing = [n for n, cell in enumerate(cells) if "workshop.add" in cell or "copy" in cell]
    assert len(changing) > 3
    for start in changing[::step]:
        exec("\n".join(cells[start:]), names)
        assert state(names) == first, cells[start]


def test_a_folder_for_another_book_says_what_to_open_and_is_made_once(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = ("our-book", "Our book", "OUR-AGREEMENT", PARTIES, {"talks": "The talks"})
    assert workshop.start(*call) == "Open our-book/notebook.ipynb."
    assert (tmp_path / "our-book" / "notebook.ipynb").is_file()
    with pytest.raises(FileExistsError, match=r"^our-book is there already"):
        workshop.start(*call)


def test_links_of_the_two_pages_carry_the_titles_of_the_pages_they_lead_to():
    for name in ("coding.md", "workshop.md"):
        links = re.findall(r"\[([A-Z][^\]]+\?)\]\(([a-z]+\.md)\)", page(name))
        assert links
        for words, target in links:
            assert f"# {words}\n" in page(target)


def test_a_copy_may_be_written_in_the_readers_language(tmp_path: Path):
    try:
        mine = workshop.copy(tables.read(language="ru"), tmp_path / "mine")
        words = {"title_en": "Посланец в Иркутске", "title_ru": "", "summary_en": "Он приехал."}
        mine = workshop.add(mine, "events", FIRM | words | {"date": "март 1922"})
        shown = workshop.problems(mine)
        ((where, column, found, rule),) = shown.frame.to_numpy().tolist()
    finally:
        tables.read(language="en")
    assert shown.caption == "У проверки 1 возражение"
    assert where == "строка 'envoy-irkutsk-1922' вашей таблицы events"
    assert (column, found) == ("date", "март 1922")
    assert "не дата в EDTF" in rule
    assert told(tables.read(mine.folder)).count("this column is English: no Cyrillic words") == 2


@pytest.fixture(scope="module")
def kyakhta(tmp_path_factory: pytest.TempPathFactory) -> tables.Book:
    """A second data package, about the agreement of Kyakhta, made with the workshop's functions."""
    own = tables.read()
    folder = tmp_path_factory.mktemp("kyakhta") / "data"
    thread = {"status": "Status of Mongolia"}
    made = workshop.new(folder, "Kyakhta 1915", KYAKHTA, PARTIES, thread)
    for key in ("PWEALE", "VOSTLIT-140", "KYAKHTA-RUWIKI", "SIMPLEWIKI-KYA", "GEONAMES12"):
        made = workshop.add_source(made, key, own.bibliography.entries[key].fields["title"])
    known = set(made.bibliography.entries)
    for name, rows in (
        ("places", own.places["place_id"] == "kyakhta"),
        ("treaties", own.treaties["treaty_id"] == KYAKHTA),
        ("events", own.events["event_id"] == "kyakhta-agreement-1915"),
        ("verdicts", own.verdicts["case_id"] == "D-33"),
        ("claims", own.claims["claim_id"].isin(["C138", "C139", "C142", "CE006"])),
        ("clauses", own.clauses["treaty_id"] == KYAKHTA),
        ("codings", own.codings["clause_id"].str.startswith(KYAKHTA)),
        ("answers", own.answers["treaty_id"] == KYAKHTA),
    ):
        frame = pd.read_csv(own.folder / f"{name}.csv", dtype=str, keep_default_na=False)[rows]
        if "people" in frame:
            frame = frame.assign(people="")
        if "sources" in frame:
            keep = [[k for k in tables.split(cell) if k in known] for cell in frame["sources"]]
            frame = frame.assign(sources=["; ".join(keys) for keys in keep])
        frame.to_csv(made.folder / f"{name}.csv", index=False, lineterminator="\n")
    return tables.read(made.folder)


def test_the_second_package_is_in_order(kyakhta):
    assert told(kyakhta) == ""
    assert kyakhta.agreement == KYAKHTA
    assert kyakhta.bibliography_file.parent == kyakhta.folder


# Every function that a book about another agreement needs, called without naming anything.
VIEWS = """
    timeline.timeline timeline.chronology
    clauses.clause_matrix clauses.obligations clauses.clause_table
    comparison.burdens comparison.topic_grid comparison.question_grid comparison.instruments
    intercoder.by_field intercoder.by_topic intercoder.differences
    codings.task codings.task_answers
    disagreements.cases disagreements.claims_table disagreements.dates
    gazetteer.places_table gazetteer.places_map
    sources.read_extent sources.most_used
    audit.by_table audit.one_source audit.unconfirmed
    dictionary.table_list
""".split()


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_pointed_at_the_second_package_just_works(kyakhta, view):
    shown = attrgetter(view)(treatybook)(kyakhta)
    html = figure_html(shown) if isinstance(shown, FigureView) else table_html(shown)
    assert "<td" in html or "<th" in html
    assert "Ungern" not in html, "something of this book leaks into the other"
    assert "Mongolia 1921" not in html


@pytest.mark.parametrize("view", VIEWS)
def test_empty_tables_are_told_in_words(tmp_path: Path, view):
    empty = workshop.new(tmp_path / "x", "Gym", "GYM-2026", TWO, {"t": "Talks"})
    assert told(empty) == ""
    try:
        assert isinstance(attrgetter(view)(treatybook)(empty), FigureView | TableView)
    except ValueError as error:
        assert len(str(error)) > 12


def test_exports_of_the_second_package(kyakhta, tmp_path: Path):
    words = workshop.save_timeline(kyakhta, tmp_path / "timeline.json")
    assert words == "1 events are in timeline.json."
    content = json.loads((tmp_path / "timeline.json").read_text(encoding="utf-8"))
    assert content["events"][0]["start_date"] == {"year": 1915, "month": 6, "day": 7}
    assert exports.linked_places(kyakhta)["features"]


def test_a_learner_codes_a_treaty_outside_the_set(tmp_path: Path):
    mine = workshop.new(tmp_path / "gym", "The gym", "GYM-2026", TWO, {"talks": "Talks"})
    mine = workshop.add_source(mine, "NOTICE", "Notice on the door")
    treaty = {"treaty_id": "GYM-2026", "scope": "core", "title_en": "On the gym"}
    treaty |= {"short_en": "Gym 2026", "date": "2026-09", "parties": ["Class A", "Class B"]}
    known = {"evidence": "text", "sources": "NOTICE"}
    mine = workshop.add(mine, "treaties", **treaty, kind="agreement", **known)
    clause = {"treaty_id": "GYM-2026", "paragraph": "all"} | known
    for place, words in enumerate(("Class A has Mondays.", "Both tidy up."), start=1):
        key = f"GYM-2026/{place}/all"
        cells = {"clause_id": key, "article": place, "position": place, "digest_en": words}
        mine = workshop.add(mine, "clauses", **clause, **cells)
        for coder, direction in (("A", "B->A"), ("B", "mutual")):
            labels = {"topics": "other", "direction": direction, "clause_type": "final"}
            mine = workshop.add(mine, "codings", clause_id=key, coder=coder, **labels)
    assert told(mine) == ""
    assert len(clauses.obligations(mine).table.frame) == 2
    frame = intercoder.by_field(mine).frame
    assert "0 of 2" in " ".join(map(str, frame.to_numpy().ravel()))


def test_a_package_needs_a_key_parties_and_a_thread(tmp_path: Path):
    with pytest.raises(ValueError, match="GYM-2026"):
        workshop.new(tmp_path / "a", "Gym", "gym 2026", PARTIES, {"t": "T"})
    with pytest.raises(ValueError, match="two parties"):
        workshop.new(tmp_path / "b", "Gym", "GYM", {"A": "A"}, {"t": "T"})


def test_every_public_function_of_the_workshop_is_told_on_its_page():
    page = (tables.BOOK_FOLDER / "workshop.md").read_text(encoding="utf-8")
    assert [name for name in workshop.__all__ if f"workshop.{name}" not in page] == []


# Writing is safe ---------------------------------------------------------------------------


def wrecked(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def one_cell_too_many(text: str) -> bytes:
    lines = text.splitlines(keepends=True)
    lines[5] = lines[5].rstrip("\n") + ",x\n"
    return "".join(lines).encode()


DAMAGED = [
    (one_cell_too_many, r"events\.csv, line 6: found '\d+ cells'"),
    (lambda text: text.encode("cp1251", "replace"), r"events\.csv, line \d+.*not UTF-8"),
    (lambda text: text.replace(",", ";").encode(), r"events\.csv, line 1.*split by semicolons"),
    (lambda text: (text + 'x,"1921').encode(), r"events\.csv, line \d+: found 'a stray quote"),
    (lambda text: b"", r"events\.csv, line 1: found 'an empty file'"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGED)
def test_a_table_that_cannot_be_read_is_told_and_not_overwritten(mine, damage, words):
    path = mine.folder / "events.csv"
    path.write_bytes(damage(path.read_text("utf-8")))
    before, mine = wrecked(mine.folder), tables.read(mine.folder)
    for call in (
        lambda: workshop.add(mine, "events", ENVOY, date="1922-03"),
        lambda: workshop.take_back(mine, "events"),
        lambda: timeline.timeline(mine),
    ):
        with pytest.raises(InputError, match=words):
            call()
    assert wrecked(mine.folder) | {".lock": b""} == before | {".lock": b""}
    assert workshop.ready(timeline.timeline, mine).caption == "Nothing to show yet"


def test_a_table_that_a_spreadsheet_saved_is_read_and_added_to(mine):
    path = mine.folder / "events.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = len(mine.events)
    mine = workshop.add(tables.read(mine.folder), "events", FIRM)
    assert len(mine.events) == before + 1 and timeline.timeline(mine)


ADDING = """
import sys
from treatybook import read, workshop
number, folder = sys.argv[1:]
mine = read(folder)
for row in range(4):
    cells = {"event_id": f"e{number}-{row}", "date": "1922-03", "thread": "moscow"}
    mine = workshop.add(mine, "events", cells)
    mine = workshop.add_source(mine, f"S{number}-{row}", "A letter")
"""


# Each starts Python anew: two show what six do.
@pytest.mark.parametrize("processes", [2, pytest.param(6, marks=pytest.mark.rare)])
def test_processes_that_add_at_once_lose_nothing(book, mine, processes: int):
    started = [
        subprocess.Popen([sys.executable, "-c", ADDING, str(number), str(mine.folder)])
        for number in range(processes)
    ]
    assert [process.wait(120) for process in started] == [0] * processes
    mine = tables.read(mine.folder)
    rows = 4 * processes
    assert len(mine.events) == len(book.events) + rows
    assert len(mine.bibliography.entries) == len(book.bibliography.entries) + rows
    assert len(added(mine, "events")) == len(added(mine, "sources")) == rows
    assert [path.name for path in mine.folder.iterdir() if path.name[0] == "."] == [".lock"]
    assert ".lock" not in mine.files()


def test_a_lock_that_nobody_gives_back_is_told_and_not_waited_for_without_end(mine, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    with files.alone(mine.folder), pytest.raises(InputError, match="another program is writing"):
        workshop.add(mine, "events", ENVOY, date="1922-03")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("method", ["write_bytes", "replace", "mkdir"])
def test_a_folder_that_cannot_be_written_is_one_line_and_nothing_is_lost(
    book, mine, tmp_path: Path, monkeypatch, code, method
):
    def fail(*_, **__):
        raise OSError(code, "It does not work")

    before = wrecked(mine.folder)
    with monkeypatch.context() as patched:
        patched.setattr(Path, method, fail)
        for call in (
            lambda: workshop.copy(book, tmp_path / "another"),
            lambda: workshop.start(tmp_path / "third", "Gym", "GYM", TWO, {"t": "T"}),
            lambda: workshop.save_timeline(mine, tmp_path / "folder" / "timeline.json"),
            lambda: workshop.add(mine, "events", ENVOY, date="1922-03"),
            lambda: workshop.add_source(mine, "DIARY", "A diary"),
        ):
            try:
                call()
            except InputError as error:
                assert "cannot be written (it does not work)" in str(error)
            else:
                assert method == "mkdir"  # the folder of a copy is there
    if method != "mkdir":
        assert wrecked(mine.folder) == before | {".lock": b""}
        assert not (tmp_path / "another").exists() and not (tmp_path / "third" / "data").exists()


OWN = ["events.csv", "new.json", "../book/index.md", "../book/_static/x.json", "../timeline.json"]


@pytest.mark.parametrize("name", OWN)
def test_nothing_is_written_among_the_files_of_the_book(book, mine, name):
    before = wrecked(book.folder)
    with pytest.raises(InputError, match=r"among the book's own files|is there already"):
        workshop.save_timeline(mine, book.folder / name)
    with pytest.raises(InputError, match=r"among the book's own files|is there already"):
        workshop.copy(book, book.folder / "new")
    assert wrecked(book.folder) == before


def test_a_timeline_is_written_again_but_over_nothing_else(mine, tmp_path: Path):
    for _ in range(2):
        assert f"{len(mine.events)} events" in workshop.save_timeline(
            mine, tmp_path / "timeline.json"
        )
    for name in ("presence.csv", "datapackage.json", "added.json"):
        (mine.folder / name).touch()
        before = (mine.folder / name).read_bytes()
        with pytest.raises(FileExistsError, match="choose another name"):
            workshop.save_timeline(mine, mine.folder / name)
        assert (mine.folder / name).read_bytes() == before


BRACES = ["A closing } brace", "An opening { brace", "}{", ""]


@pytest.mark.parametrize("title", [*BRACES, None, 1921])
def test_a_title_that_would_make_the_bibliography_unreadable_is_refused(mine, title):
    before = mine.bibliography_file.read_bytes()
    with pytest.raises(InputError):
        workshop.add_source(mine, "X", title)
    assert mine.bibliography_file.read_bytes() == before


def test_odd_words_and_numbers_stay_in_the_bibliography_as_one_source(book, mine):
    for title in ("@misc{A, title = {B}}", "100% of # and ~ ^ _", "two\nlines\n}{".rstrip("}{")):
        mine = workshop.add_source(mine, "X", title, year=2026)
        assert list(mine.bibliography.entries) == [*book.bibliography.entries, "X"]
        assert mine.bibliography.entries["X"].fields["year"] == "2026"
    assert told(mine) == ""


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT])
def test_nothing_is_an_empty_cell(mine, nothing):
    mine = workshop.add(mine, "events", ENVOY, date="1922-03", note=nothing, evidence="unverified")
    assert mine.events["note"].iloc[-1] == "" and told(mine) == ""


def test_a_row_of_a_frame_may_be_added_as_it_is(mine):
    row = mine.places.iloc[0].to_dict() | {"place_id": "new-place", "wikidata": ""}
    mine = workshop.add(mine, "places", row)
    old, new = (mine.places.iloc[n].drop(["place_id", "wikidata"]) for n in (0, -1))
    assert list(map(str, old)) == list(map(str, new))


def test_a_cell_takes_what_the_book_prints_and_a_semicolon_too_many(mine):
    named = {"thread": "Moscow and Urga", "places": "Urga;; Irkutsk ;", "people": "Soliin Danzan"}
    mine = workshop.add(mine, "events", {**ENVOY, "date": "1922-03", "note": "so; so;", **named})
    row = mine.events.iloc[-1]
    assert (row["thread"], row["places"], row["people"]) == (
        "moscow",
        ("urga", "irkutsk"),
        ("danzan",),
    )
    assert row["note"] == "so; so;"


def test_beside_the_notebooks_a_reader_may_write(book):
    for name in ("my-copy", "our-book/data"):
        copies.refuse_own_place(tables.NOTEBOOK_FOLDER / name)
    with pytest.raises(InputError):
        copies.refuse_own_place(tables.NOTEBOOK_FOLDER)
    with pytest.raises(InputError):
        copies.refuse_own_place(tables.BOOK_FOLDER / "my-copy")


UNFIT = [
    ({"note": "a null byte: \x00"}, "could not be read again.*a null byte"),
    ({"note": "x" * 200_000}, "could not be read again"),
    ({"note": "\ud800"}, "half a character"),
    ({"note": len}, "note: a text or a number is wanted, not the function len"),
    ({"event_id": ""}, "needs a name of its own: give it event_id"),
]


@pytest.mark.parametrize(("cells", "words"), UNFIT)
def test_a_cell_that_no_table_can_hold_is_refused_and_changes_nothing(mine, cells, words):
    before = (mine.folder / "events.csv").read_bytes()
    with pytest.raises(InputError, match=words):
        workshop.add(mine, "events", {**ENVOY, "date": "1922-03", **cells})
    assert (mine.folder / "events.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"people": "danzan, bodoo"}, "several are separated by a semicolon"),
        ({"thread": "moscou"}, "no 'moscou' in the list 'thread'.*did you mean 'moscow'"),
        ({"date": "March 1922"}, r"events\.csv, line \d+, column date: found 'March 1922'"),
    ],
)
def test_a_view_of_a_row_with_a_fault_tells_the_fault(mine, cells, words):
    mine = workshop.add(mine, "events", {**ENVOY, "date": "1922-03", **cells})
    with pytest.raises(InputError, match=words):
        timeline.chronology(mine)
    assert workshop.ready(timeline.chronology, mine).caption == "Nothing to show yet"
    assert told(mine)


@pytest.mark.parametrize(
    ("parties", "threads"),
    [
        (["A", "B"], {"t": "T"}),
        (TWO, ["t"]),
        ({"A": "A", "B": 1}, {"t": "T"}),
        ({"a": "A", "b": "B"}, {"t": "T"}),
        ({chr(65 + n): "x" for n in range(20)}, {"t": "T"}),
        (TWO, {}),
        (TWO, {"T 1": "T"}),
        (None, None),
    ],
)
def test_a_book_with_wrong_parties_or_threads_leaves_no_folder_behind(tmp_path, parties, threads):
    with pytest.raises(InputError):
        workshop.start(tmp_path / "y", "Gym", "GYM", parties, threads)
    assert not (tmp_path / "y").exists()
    assert workshop.start(tmp_path / "y", "Gym", "GYM", TWO, {"t": "T"})


@pytest.mark.parametrize("date", ["2026-09-01/..", "../2026", "2026-09-01"])
def test_a_book_with_one_event_is_drawn_even_if_an_end_of_it_is_open(tmp_path: Path, date):
    gym = workshop.new(tmp_path / "gym", "Gym", "GYM-2026", TWO, {"t": "T"})
    event = {"event_id": "x", "title_en": "a", "summary_en": "b", "category": "politics"}
    gym = workshop.add(gym, "events", **event, date=date, thread="t", evidence="unverified")
    assert figure_html(timeline.timeline(gym))


# A notebook anywhere -----------------------------------------------------------------------


def test_a_notebook_without_the_package_says_in_one_line_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "treatybook", None)
    with pytest.raises(ModuleNotFoundError) as caught:
        exec(workshop.first_cell(), {})
    (line,) = caught.value._render_traceback_()
    assert "pip install" in line and "\n" not in line


def test_the_kit_works_wherever_it_is_unpacked_and_says_if_its_data_are_elsewhere(
    book, tmp_path: Path, monkeypatch
):
    (tmp_path / "kit.zip").write_bytes(workshop.kit(book))
    zipfile.ZipFile(tmp_path / "kit.zip").extractall(tmp_path / "a folder")
    folder = tmp_path / "a folder" / "another-agreement"
    notebook = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert cells[0] == workshop.first_cell()
    monkeypatch.chdir(folder)
    exec("\n".join(cells), {})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"data has no datapackage\.json"):
        exec("\n".join(cells), {})


def test_the_kit_in_russian_has_russian_words_and_reads_its_tables_so(
    book, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(wording, "_spoken", "ru")
    with zipfile.ZipFile(io.BytesIO(workshop.kit(book))) as kit:
        notebook = json.loads(kit.read("another-agreement/notebook.ipynb"))
    told = {kind: [] for kind in ("code", "markdown")}
    for cell in notebook["cells"]:
        told[cell["cell_type"]].append("".join(cell["source"]))
    assert 'mine = read("data", language="ru")\nshow(workshop.problems(mine))' in told["code"]
    assert "Всё ли в порядке?\n\nВыполняйте эту ячейку после каждой правки." in told["markdown"][1]
    assert not re.search("[A-Za-z]", re.sub("`[^`]*`", "", " ".join(told["markdown"])))

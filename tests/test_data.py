"""The data are in order, and every kind of broken data is refused with its place."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterable
from itertools import zip_longest
from pathlib import Path

import geojson
import pandas as pd
import pytest
import treatybook
from conftest import NOTEBOOKS, ROOT, build, copy_repository
from test_hostile_data import run
from treatybook.display import output
from treatybook.evidence import counts, tables
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.validation import Problem, check, main
from treatybook.views.sources import uses

Change = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data and the bibliography that a test may break."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "data" / "references.bib")
    return tmp_path / "data"


def faults(folder: Path) -> list[Problem]:
    return check(tables.read(folder))


def lines_of(folder: Path, file: str) -> list[str]:
    return (folder / file).read_text(encoding="utf-8").splitlines()


def test_the_books_own_data_are_in_order(book):
    assert [str(problem) for problem in check(book)] == []


# Lists of plain words, which are the key of nothing.
WORDS = {"treaties.parties", "treaties.parties_ru", "people.other_names", "places.names_historic"}
WORDS |= {"quizzes.options", "quizzes.feedback", "quizzes.options_ru", "quizzes.feedback_ru"}


def test_every_column_has_a_meaning_and_every_list_column_a_target(book):
    fields = [(name, field) for name in book.names for field in book.fields(name)]
    columns = {f"{name}.{field['name']}": field for name, field in fields}
    known = {*columns, *book.codebook["list"], tables.BIBLIOGRAPHY}
    for name, field in columns.items():
        assert len(field["description"]) >= 10, name
        targets = [field[key] for key in ("vocabulary", "refersTo") if key in field]
        assert len(targets) <= 1, name
        assert targets or not field.get("list") or name in WORDS, f"{name} points nowhere"
        assert set(targets) <= known, name


def raw(file: str, make: Callable[[bytes], bytes]) -> Change:
    def change(folder: Path) -> None:
        (folder / file).write_bytes(make((folder / file).read_bytes()))

    return change


def replace(file: str, old: str, new: str) -> Change:
    return raw(file, lambda text: text.replace(old.encode(), new.encode(), 1))


def append(file: str, line: str) -> Change:
    return raw(file, lambda old: old + line.encode() + b"\n")


def cell(file: str, key: str, column: str, value: str) -> Change:
    """Set one cell of the row whose first cell is the key."""

    def change(folder: Path) -> None:
        rows = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        rows.at[rows.index[rows.iloc[:, 0] == key][0], column] = value
        rows.to_csv(folder / file, index=False, lineterminator="\n")

    return change


def cells(file: str, key: str, **columns: str) -> Change:
    """Set several cells of one row."""

    def change(folder: Path) -> None:
        for column, value in columns.items():
            cell(file, key, column, value)(folder)

    return change


SIGNED = "soviet-mongolian-agreement-1921"
BROKEN: dict[str, tuple[Change, str, str, str]] = {
    # name: (what is broken, file, column, part of the message)
    "answer that cannot be chosen": (cell("quizzes.csv", "mission-head", "answer", "Nobody"), "quizzes.csv", "answer", "Soliin Danzan"),
    "feedback without an arrow": (cell("quizzes.csv", "mission-head", "feedback", "Bodoo stayed"), "quizzes.csv", "feedback", "=>"),
    "day that never was": (cell("events.csv", SIGNED, "date", "1921-11-31"), "events.csv", "date", "1921-11-31"),
    "29 February of a common year": (cell("events.csv", SIGNED, "date", "1921-02-29"), "events.csv", "date", "never was"),
    "date in words": (cell("events.csv", SIGNED, "date", "5 Nov 1921"), "events.csv", "date", "1921-11-05"),
    "backwards interval": (cell("events.csv", SIGNED, "date", "1921-11-05/1921-11-01"), "events.csv", "date", "backwards"),
    "year out of range": (cell("events.csv", SIGNED, "date", "0921-11-05"), "events.csv", "date", "1500"),
    "mistyped label": (cell("events.csv", SIGNED, "category", "treatey"), "events.csv", "category", "'treaty'"),
    "unknown level of evidence": (cell("events.csv", SIGNED, "evidence", "certain"), "events.csv", "evidence", "text-part"),
    "unknown person": (cell("events.csv", SIGNED, "people", "danzann"), "events.csv", "people", "'danzan'"),
    "unknown place": (cell("events.csv", SIGNED, "places", "moskow"), "events.csv", "places", "'moscow'"),
    "missing translation": (cell("events.csv", SIGNED, "title_ru", ""), "events.csv", "title_ru", "must be filled"),
    "missing summary": (cell("events.csv", SIGNED, "summary_en", ""), "events.csv", "summary_en", "must be filled"),
    "blank at the end": (cell("events.csv", SIGNED, "title_en", "Agreement "), "events.csv", "title_en", "blanks"),
    "line break in a cell": (cell("events.csv", SIGNED, "summary_en", "one\ntwo"), "events.csv", "summary_en", "line break"),
    "formula": (cell("events.csv", SIGNED, "note", '=HYPERLINK("http://x")'), "events.csv", "note", "formula"),
    "HTML": (cell("events.csv", SIGNED, "note", "<b>bold</b>"), "events.csv", "note", "HTML"),
    "list without a blank": (cell("events.csv", SIGNED, "people", "danzan;sukhbaatar"), "events.csv", "people", "semicolon"),
    "list with commas": (cell("events.csv", SIGNED, "people", "danzan, sukhbaatar"), "events.csv", "people", "separated by a semicolon"),
    "item twice": (cell("events.csv", SIGNED, "people", "danzan; danzan"), "events.csv", "people", "only once"),
    "level above the claims": (cell("events.csv", "one-regiment-remains-1921", "evidence", "text"), "events.csv", "evidence", "no claim"),
    "wrong Old Style": (cell("events.csv", "kyakhta-agreement-1915", "date_old_style", "1915-05-26"), "events.csv", "date_old_style", "1915-06-08"),
    "Old Style that never was": (cell("events.csv", "kyakhta-agreement-1915", "date_old_style", "1915-05-32"), "events.csv", "date_old_style", "never was"),
    "date that no claim gives": (cell("events.csv", SIGNED, "date", "1921-12"), "events.csv", "date", f"{SIGNED} is dated December 1921, but no claim about it has such a date"),
    "shot before the capture": (cell("events.csv", "ungern-executed-1921", "date", "1921-08-01"), "rules.csv", "later", "must not be after"),
    "died before birth": (cell("people.csv", "danzan", "died", "1800"), "people.csv", "died", "born"),
    "latitude out of range": (cell("places.csv", "urga", "latitude", "147.9"), "places.csv", "latitude", "-90"),
    "comma in a number": (cell("places.csv", "urga", "latitude", "47,9"), "places.csv", "latitude", "number"),
    "half a position": (cell("places.csv", "urga", "longitude", ""), "places.csv", "latitude", "both"),
    "year after 2100": (cell("people.csv", "danzan", "died", "2101"), "people.csv", "died", "2100"),
    "year before 1500": (cell("people.csv", "danzan", "born", "1499"), "people.csv", "born", "1500"),
    "level a step above the claims": (cell("events.csv", "mongol-independence-1911", "evidence", "text-part"), "events.csv", "evidence", "the best is 'secondary'"),
    "subject without a source": (cell("claims.csv", "C015", "source", ""), "claims.csv", "evidence", "without source"),
    "plus sign": (cell("events.csv", SIGNED, "note", "+1"), "events.csv", "note", "formula"),
    "part of a whole number": (cell("treaties.csv", "RSFSR-MONGOLIA-1921", "articles_count", "13.5"), "treaties.csv", "articles_count", "whole number"),
    "longitude without latitude": (cell("places.csv", "urga", "latitude", ""), "places.csv", "latitude", "both"),
    "strength upper below lower": (cell("presence.csv", "expeditionary-corps", "strength_high", "1"), "presence.csv", "strength_high", "less than"),
    "upper below lower": (cell("forces.csv", "F024", "high", "1"), "forces.csv", "high", "less than"),
    "unknown source": (cell("claims.csv", "C001", "source", "AIRAPETOW"), "claims.csv", "source", "'AIRAPETOV'"),
    "level without a source": (cell("claims.csv", "C001", "source", ""), "claims.csv", "evidence", "without source"),
    "unknown event in a claim": (cell("claims.csv", "C001", "events", "mission"), "claims.csv", "events", "events.event_id"),
    "unknown clause": (replace("codings.csv", "RSFSR-MONGOLIA-1921/1/all", "RSFSR-MONGOLIA-1921/99/all"), "codings.csv", "clause_id", "clauses"),
    "key of the wrong form": (cell("claims.csv", "C001", "claim_id", "claim one"), "claims.csv", "claim_id", "look like"),
    "mistyped header": (replace("events.csv", "title_en", "titel_en"), "events.csv", "", "header"),
    "semicolons": (raw("rules.csv", lambda b: b.replace(b",", b";")), "rules.csv", "", "semicolons"),
    "stray quote": (append("rules.csv", 'a,b,"stray" quote'), "rules.csv", "", "quote"),
    "extra comma": (append("rules.csv", "a,b,c,г,e"), "rules.csv", "", "4 cells"),
    "empty line": (append("rules.csv", ""), "rules.csv", "", "take it out"),
    "Windows encoding": (raw("events.csv", lambda b: b.decode().encode("cp1251", "replace")), "events.csv", "", "UTF-8"),
    "empty file": (raw("events.csv", lambda b: b""), "events.csv", "", "header"),
    "null byte": (append("rules.csv", "a\0,b,c"), "rules.csv", "", "null"),
    "merge conflict": (append("rules.csv", "<<<<<<< HEAD"), "rules.csv", "", "merge conflict"),
    "missing file": (lambda folder: (folder / "events.csv").unlink(), "events.csv", "", "no such file"),
    "broken bibliography": (replace("references.bib", "@", "@{"), "references.bib", "", "BibTeX"),
}  # fmt: skip


# Where a file cannot be read, the line of the first sign that is wrong.
SPOILT = {
    "a byte that is not UTF-8": (lambda line: line + b"\xff", "byte ff"),
    "a mark of a merge": (lambda line: b"=======\n" + line, "======="),
    "a null byte": (lambda line: line + b"\0", "a null byte"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_the_line_of_a_sign_that_cannot_be_read_is_told(folder: Path, name: str):
    spoil, found = SPOILT[name]
    lines = (folder / "rules.csv").read_bytes().split(b"\n")
    lines[6] = spoil(lines[6])
    (folder / "rules.csv").write_bytes(b"\n".join(lines))
    told = [(p.line, p.found) for p in faults(folder) if p.file == "rules.csv"]
    assert told == [(7, found)]


def changed_line(old: bytes, new: bytes) -> int:
    """The first line, as an editor counts, in which two files differ."""
    pairs = zip_longest(old.splitlines(keepends=True), new.splitlines(keepends=True))
    return next(line for line, (one, other) in enumerate(pairs, start=1) if one != other)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_data_are_refused_with_file_line_and_column(folder: Path, name: str):
    change, file, column, message = BROKEN[name]
    before = (folder / file).read_bytes()
    change(folder)
    found = [p for p in faults(folder) if p.file == file and p.column == column]
    told = [str(problem) for problem in found if message in str(problem)]
    assert told, list(map(str, faults(folder)))[:5]
    after = (folder / file).read_bytes() if (folder / file).is_file() else before
    # A rule about two tables may name a row of the one that did not change.
    if after != before and file.endswith("csv"):
        places = {words.partition(": found")[0].partition(", column")[0] for words in told}
        assert places == {f"{file}, line {changed_line(before, after)}"}


def every_cell_quoted(text: bytes) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(csv.reader(io.StringIO(text.decode(), newline="")))
    return lines.getvalue().encode()


ALLOWED: dict[str, Change] = {
    "a byte-order mark": raw("events.csv", lambda b: b"\xef\xbb\xbf" + b),
    "line ends of Windows": raw("events.csv", lambda b: b.replace(b"\n", b"\r\n")),
    "every cell in quotes": raw("events.csv", every_cell_quoted),
    "a position on the edge of the region": cell("places.csv", "moscow", "longitude", "150"),
    "a claim that is only about right": cell("claims.csv", "CE116", "date", "1921-10-15~"),
    "a claim for the last day of a span": cells("claims.csv", "C157", date="1921-03-03", value="1921-03-03"),
    "an order that the dates leave open": append("rules.csv", "ungern-captured-1921,zhang-two-divisions-1921,only a test,"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_be_true_is_not_refused(folder: Path, name: str):
    ALLOWED[name](folder)
    assert [str(problem) for problem in faults(folder)] == []


@pytest.mark.parametrize("cells", [("1921-12", "computed"), ("1921-12~", "text-part")])
def test_a_date_computed_or_only_about_right_may_lie_beside_the_claims(folder: Path, cells):
    for column, value in zip(("date", "evidence"), cells, strict=True):
        cell("events.csv", SIGNED, column, value)(folder)
    assert [p for p in faults(folder) if "no claim about it" in p.allowed] == []


def test_the_tables_speak_a_language_that_the_site_has_no_pages_in(book, monkeypatch):
    told = book.labels("party", "ru")
    monkeypatch.setattr(tables, "LANGUAGES", ("en",))
    assert book.labels("party", "ru") == told != book.labels("party", "en")
    with pytest.raises(ValueError, match="no language 'mn'; there are: en, ru"):
        book.labels("party", "mn")


def test_an_unknown_label_is_answered_with_codes_and_words(folder: Path):
    cell("events.csv", SIGNED, "thread", "north")(folder)
    (problem,) = faults(folder)
    assert "moscow (Moscow and Urga)" in problem.allowed
    assert problem.key == SIGNED


@pytest.mark.parametrize(
    ("written", "known", "found"),
    [
        ("court", ["consular", "jurisdiction"], ""),
        ("recogniton", ["recognition", "railways"], "recognition"),
        ("title", ["title_ru", "title_en"], "title_en"),
        ("status", ["sovereignty-status", "troops"], "sovereignty-status"),
        ("Danzann", ["danzan", "zanabazar"], "danzan"),
        ("mission", ["first-mission", "second-mission"], ""),
    ],
)
def test_a_guess_is_only_made_when_it_is_close(written, known, found):
    said = nearest(written, known, NEAR)
    assert said == (f"; did you mean {found!r}?" if found else "")


def test_a_duplicated_row_names_both_lines(folder: Path):
    lines = lines_of(folder, "rules.csv")
    append("rules.csv", f"{lines[1]}\n{lines[1]}")(folder)
    found = faults(folder)
    assert [problem.line for problem in found] == [len(lines) + 1, len(lines) + 2]
    assert all("it stands already on line 2;" in str(problem) for problem in found)


def test_the_line_is_the_one_an_editor_shows(folder: Path):
    lines = lines_of(folder, "rules.csv")
    quoted = f'{lines[1].split(",")[0]},{lines[2].split(",")[1]},"two\nlines",'
    (folder / "rules.csv").write_text(
        "\n".join([*lines, quoted, "x,y,z,"]) + "\n", encoding="utf-8"
    )
    places = {(p.line, p.column) for p in faults(folder)}
    assert (len(lines) + 1, "reason") in places
    assert (len(lines) + 3, "earlier") in places


def test_all_faults_are_listed_and_the_exit_code_is_1(folder: Path, capsys):
    cell("events.csv", SIGNED, "date", "soon")(folder)
    cell("claims.csv", "C001", "source", "NOBODY")(folder)
    assert main(str(folder)) == 1
    printed = capsys.readouterr().out
    for words in ("events.csv, line", "claims.csv, line", "faults in the data"):
        assert words in printed


def test_faults_are_listed_in_the_order_of_files_and_lines(folder: Path):
    lines = len(lines_of(folder, "claims.csv"))
    for key in ("C003", "C001", "C002"):
        cell("claims.csv", key, "evidence", "certain")(folder)
    cell("claims.csv", "C002", "source", "NOBODY")(folder)
    append("claims.csv", "x,y")(folder)
    cell("quizzes.csv", "mission-head", "answer", "Nobody")(folder)
    cell("events.csv", SIGNED, "date", "soon")(folder)
    found = [(p.file, p.line, p.column) for p in faults(folder)]
    assert found[0][0] == "events.csv" and found[-1][0] == "quizzes.csv"
    claims = [place[1:] for place in found if place[0] == "claims.csv"]
    assert claims == sorted(claims) and claims[-1] == (lines + 1, "")
    assert len(claims) >= 5


def test_good_data_end_with_exit_code_0(capsys):
    assert main() == 0
    assert "in order" in capsys.readouterr().out


def test_the_check_counts_the_cells_that_are_not_translated(folder: Path, capsys):
    def counted() -> str:
        assert main(str(folder)) == 0
        return capsys.readouterr().out

    assert "no translation" not in counted()
    cell("points.csv", "P01", "note_ru", "")(folder)
    assert "1 cell has no translation yet: points.csv 1" in counted()


def test_a_folder_without_a_descriptor_is_named(tmp_path: Path, capsys):
    assert main(str(tmp_path)) == 1
    assert "datapackage.json" in capsys.readouterr().err


def test_no_source_is_unused_and_every_page_cites_known_keys(book):
    assert set(book.bibliography.entries.keys()) - set(uses(book)) == set()


def test_the_agreement_keeps_its_level(book):
    """Nobody has read Articles IV to XIII: no row about them may claim a text."""
    clauses = book.clauses[book.clauses["treaty_id"] == "RSFSR-MONGOLIA-1921"]
    late = clauses[~clauses["article"].isin(["preamble", "1", "2", "3"])]
    points = book.points[book.points["clause_id"].isin(late["clause_id"])]
    levels = {*late["evidence"], *points["evidence"]}
    assert levels <= {"secondary", "topic", "unverified"}


def test_what_rests_on_airapetov_alone_says_so(book):
    sources = book.claims.explode("events").groupby("events")["source"].agg(set)
    alone = sources[sources == {"AIRAPETOV"}].index
    summaries = book.events.set_index("event_id")["summary_en"]
    assert len(alone)
    assert [event for event in alone if "Airapetov" not in summaries[event]] == []


def test_the_descriptor_is_valid_json_with_one_resource_per_file():
    descriptor = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    named = {resource["path"] for resource in descriptor["resources"]}
    assert named == {path.name for path in (ROOT / "data").glob("*.csv")}


def worked_examples() -> list[tuple[str, str]]:
    """The tables that CONTRIBUTING adds to, in its order, with the lines that it adds."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```csv\n(.*?)\n\s*```", text, re.DOTALL)
    files = ["events.csv", "claims.csv", "clauses.csv", "codings.csv", "claims.csv"]
    rows = [re.sub(r"^ +", "", block, flags=re.MULTILINE) for block in blocks]
    return list(zip(files, rows, strict=True))


def shown_on(pages: Iterable[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the cells of pages show, and every number that prose may quote, of some tables."""
    other, shown = tables.read(folder), {}
    monkeypatch.setattr(treatybook, "read", lambda: other)
    monkeypatch.setenv(output.PAGE_VARIABLE, "1")
    for page in pages:
        made: list[object] = []
        monkeypatch.setattr(output, "display", lambda item, raw=False, made=made: made.append(item))
        run(page)
        shown[page] = "".join(getattr(item, "data", None) or "" for item in made)
    shown["counts"] = str({name: count(other) for name, count in counts.COUNTS.items()})
    return shown


# Pages that tell of an event, of claims and of clauses; the rare tests look at all.
OF_EXAMPLES = ("chronology", "claims", "comparison", "disagreements", "verification")


@pytest.mark.parametrize("pages", [OF_EXAMPLES, pytest.param(NOTEBOOKS, marks=pytest.mark.rare)])
def test_the_worked_examples_of_contributing_are_accepted_and_reach_the_pages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pages: Iterable[str]
):
    for file, rows in worked_examples():
        append(file, rows)(folder)
    assert [str(problem) for problem in faults(folder)] == []
    shown = shown_on(pages, folder, monkeypatch)
    assert "A Mongolian envoy reaches Irkutsk" in shown["chronology"]
    assert "rights of citizens and customs" in shown["comparison"]
    without = (folder / "claims.csv").read_text(encoding="utf-8").replace("envoy-irkutsk-1922", "")
    (folder / "claims.csv").write_text(without, encoding="utf-8")
    (problem,) = faults(folder)
    assert problem.column == "evidence"


@pytest.mark.rare
def test_a_book_with_the_worked_examples_of_contributing_is_built(tmp_path: Path):
    copy_repository(tmp_path)
    for file, rows in worked_examples():
        append(file, rows)(tmp_path / "data")
    done = build(tmp_path)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    page = (tmp_path / "_build" / "html" / "book" / "chronology.html").read_text(encoding="utf-8")
    assert "A Mongolian envoy reaches Irkutsk" in page


def differences(book: tables.Book) -> dict[str, int]:
    return {name: n(book) for name, n in counts.COUNTS.items() if name.startswith("coders-")}


def coded_by(clause: str, coder: str) -> dict[str, str]:
    labels = {"topics": "other", "direction": "mutual", "clause_type": "final"}
    return {"clause_id": clause, "coder": coder, **labels}


# Pages that take clauses by their coding; the rare tests look at all.
OF_CODINGS = ("clauses", "coding", "comparison", "data", "lesson-5")
RARE_CODERS = [
    pytest.param(coders, NOTEBOOKS, marks=pytest.mark.rare)
    for coders in ("A", "B", "AC", "", "ABC")
]


@pytest.mark.parametrize(("coders", "pages"), [("ABC", OF_CODINGS), *RARE_CODERS])
def test_a_clause_that_one_coder_or_three_have_coded_breaks_no_page_and_no_number(
    book, folder: Path, monkeypatch: pytest.MonkeyPatch, coders: str, pages: Iterable[str]
):
    clause = dict.fromkeys((field["name"] for field in book.fields("clauses")), "")
    clause |= {"clause_id": "SUMN-1930-PROT/preamble/1", "treaty_id": "SUMN-1930-PROT"}
    clause |= {"article": "preamble", "paragraph": "1", "position": "1", "evidence": "unverified"}
    clause |= {"digest_en": "A clause.", "digest_ru": "Статья."}
    third = {"list": "coder", "position": "3", "label": "C", "label_en": "Coder C"}
    third |= {"label_ru": "Кодировщик C", "definition": "A third coder."}
    codings = [coded_by("SUMN-1930-PROT/preamble/1", coder) for coder in coders]
    for table, rows in (("clauses", [clause]), ("codebook", [third]), ("codings", codings)):
        path = folder / f"{table}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame = pd.concat([frame, pd.DataFrame(rows)]).fillna("")
        frame.to_csv(path, index=False, lineterminator="\n")
    shown_on(pages, folder, monkeypatch)
    # A and B say the same of the new clause, and C is not compared.
    assert differences(tables.read(folder)) == differences(book)


def test_the_base_map_is_small_covers_the_places_and_says_what_it_holds(book):
    collection = geojson.loads(json.dumps(book.basemap))
    assert collection.is_valid
    kinds = {feature["properties"]["kind"] for feature in collection["features"]}
    assert kinds == {"land", "lake", "river", "border"}
    assert (ROOT / "data" / tables.BASEMAP).stat().st_size < 60_000
    land = next(f for f in collection["features"] if f["properties"]["kind"] == "land")
    # Nothing lies beyond the region, and the whole of it has land.
    for part in (collection, land):
        points = pd.DataFrame(point[:2] for point in geojson.utils.coords(part))
        assert [*points.min(), *points.max()] == [70, 38, 130, 60]


def test_a_data_folder_without_a_base_map_has_an_empty_one(tmp_path: Path):
    shutil.copy(ROOT / "data" / "datapackage.json", tmp_path)
    assert tables.read(tmp_path).basemap["features"] == []


def test_railways_run_between_places_with_a_position(book):
    known = book.places.dropna(subset=["latitude"])["place_id"]
    for route in book.routes.to_dict("records"):
        assert len(route["places"]) > 1 and set(route["places"]) <= set(known), route["route_id"]

"""What stands around the tables: descriptor, bibliography, base map; one fault gives one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from conftest import ROOT
from treatybook.evidence import bibtex, descriptor, tables
from treatybook.evidence.errors import InputError
from treatybook.evidence.validation import Problem, examine, main

Change = Callable[[Path], object]
DESCRIPTOR = "datapackage.json"
BIB = "references.bib"
MAP = "basemap/basemap.geojson"
SIGNED = "soviet-mongolian-agreement-1921"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data and the bibliography that a test may break."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "book" / BIB, tmp_path / "data" / BIB)
    return tmp_path / "data"


def faults(folder: Path) -> list[Problem]:
    return examine(tables.opened(folder)).problems


def told(folder: Path) -> str:
    """The message about the only fault of a folder."""
    (line,) = map(str, faults(folder))
    assert "\n" not in line
    return line


def raw(file: str, make: Callable[[bytes], bytes]) -> Change:
    return lambda folder: (folder / file).write_bytes(make((folder / file).read_bytes()))


def replace(file: str, old: str, new: str) -> Change:
    def make(text: bytes) -> bytes:
        assert old.encode() in text
        return text.replace(old.encode(), new.encode(), 1)

    return raw(file, make)


def described(make: Callable[[dict], object]) -> Change:
    def change(folder: Path) -> None:
        found = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        make(found)
        (folder / DESCRIPTOR).write_text(json.dumps(found), encoding="utf-8")

    return change


def package(**change: object) -> Change:
    return described(lambda found: found.update(change))


def about(**change: object) -> Change:
    return described(lambda found: found["book"].update(change))


def of(found: dict, name: str) -> dict:
    return next(resource for resource in found["resources"] if resource["name"] == name)


def resource(name: str, **change: object) -> Change:
    return described(lambda found: of(found, name).update(change))


def schema(name: str, **change: object) -> Change:
    return described(lambda found: of(found, name)["schema"].update(change))


def column(found: dict, place: str) -> dict:
    name, _, wanted = place.partition(".")
    return next(x for x in of(found, name)["schema"]["fields"] if x["name"] == wanted)


def field(place: str, **change: object) -> Change:
    return described(lambda found: column(found, place).update(change))


def without(place: str, name: str) -> Change:
    return described(lambda found: column(found, place).pop(name))


def constraint(place: str, **change: object) -> Change:
    return described(
        lambda found: column(found, place).setdefault("constraints", {}).update(change)
    )


def span(first: object, last: object) -> Change:
    return about(spans=[{"label": "A span", "first": first, "last": last}])


def linked_out(folder: Path) -> None:
    (folder.parent / "away.csv").write_bytes((folder / "rules.csv").read_bytes())
    (folder / "rules.csv").unlink()
    (folder / "rules.csv").symlink_to(folder.parent / "away.csv")


def twice(found: dict) -> None:
    found["resources"].append(of(found, "rules"))


RULES = "resource rules"
PEOPLE = "resource events, field people"
DAMAGED: dict[str, tuple[Change, str, str]] = {
    # name: (what is broken, where, part of the message)
    "bytes of Windows": (raw(DESCRIPTOR, lambda b: b.replace("–".encode(), b"\x96")), "", "line 4: found 'byte 96'; not UTF-8"),
    "lists without an end": (raw(DESCRIPTOR, lambda b: b"[" * 200_000), "", "lists within lists"),
    "lists of some depth": (package(keywords=json.loads("[" * 50 + "]" * 50)), "keywords", "at most 20"),
    "a comma too many": (raw(DESCRIPTOR, lambda b: b.replace(b'"book": {', b'"book": {,', 1)), "", "not JSON"),
    "a merge": (raw(DESCRIPTOR, lambda b: b"<<<<<<< HEAD\n" + b), "", "merge conflict"),
    "an empty file": (raw(DESCRIPTOR, lambda b: b""), "", "not JSON"),
    "no object": (raw(DESCRIPTOR, lambda b: b"[]"), "", "object"),
    "a name twice": (raw(DESCRIPTOR, lambda b: b.replace(b'"row":', b'"title": "x", "row":', 1)), "", "'title' twice"),
    "a number that is none": (raw(DESCRIPTOR, lambda b: b.replace(b'"minimum": 1', b'"minimum": NaN', 1)), "", "NaN"),
    "a number without an end": (raw(DESCRIPTOR, lambda b: b.replace(b'"minimum": 1', b'"minimum": 1' + b"9" * 5000, 1)), "", "plain numbers"),
    "half a character": (replace(DESCRIPTOR, "Why the order is", "Why \\ud800 is"), "resource rules, field reason", "U+D800"),
    "half a character in a name": (raw(DESCRIPTOR, lambda b: b.replace(b'"licenses"', b'"\\udc00": 1, "licenses"', 1)), "", "U+DC00"),
    "no title": (package(title=" "), "title", "a text"),
    "a licence of a script": (package(licenses=[{"path": "javascript:alert(1)"}]), "licenses", "web address"),
    "a bad moment": (package(created="soon"), "created", "2026-11-23T"),
    "no tables": (package(resources={}), "resources", "a list of tables"),
    "a table without a name": (described(lambda d: of(d, "rules").pop("name")), "resource number", "name"),
    "a table twice": (described(twice), RULES, "no other"),
    "a file of two tables": (resource("rules", path="links.csv"), "resource rules", "no other"),
    "no schema": (described(lambda d: of(d, "rules").pop("schema")), "resource rules, schema", "'nothing'"),
    "no fields": (schema("rules", fields=[]), "resource rules, fields", "every column"),
    "a table is missing": (described(lambda d: d["resources"].remove(of(d, "rules"))), "resources", "'no rules'; missing"),
    "a table that others name is missing": (described(lambda d: d["resources"].remove(of(d, "places"))), "resources", "'no places'; missing"),
    "a path that is a list": (resource("rules", path=["rules.csv"]), "resource rules, path", "as a text"),
    "a path upwards": (resource("rules", path="../data/rules.csv"), "resource rules, path", "outside"),
    "a path upwards of Windows": (resource("rules", path="..\\rules.csv"), "resource rules, path", "outside"),
    "a whole path": (resource("rules", path="/etc/passwd"), "resource rules, path", "outside"),
    "a whole path of Windows": (resource("rules", path="C:\\rules.csv"), "resource rules, path", "outside"),
    "an address": (resource("rules", path="https://example.org/rules.csv"), "resource rules, path", "outside"),
    "a link that leads out": (linked_out, "resource rules, path", "outside"),
    "another sign between cells": (resource("rules", dialect={"delimiter": ";"}), "resource rules, dialect", "only"),
    "another encoding": (resource("rules", encoding="cp1251"), "resource rules, encoding", '"utf-8"'),
    "an unknown table": (field("events.people", refersTo="persons.person_id"), f"{PEOPLE}, refersTo", "table"),
    "an unknown column": (field("events.people", refersTo="people.id"), f"{PEOPLE}, refersTo", "key of the table people: person_id"),
    "a column that is no key": (field("events.people", refersTo="people.name_en"), f"{PEOPLE}, refersTo", "person_id"),
    "a foreign key of no table": (schema("rules", foreignKeys=[{"fields": ["earlier"], "reference": {"resource": "event", "fields": []}}]), "resource rules, foreignKeys", "event"),
    "an unknown list": (field("events.category", vocabulary="categories"), "resource events, field category, vocabulary", "did you mean 'category'?"),
    "an unknown key": (schema("events", primaryKey=["id"]), "resource events, primaryKey", "did you mean 'event_id'?"),
    "no key": (schema("events", primaryKey="event_id"), "resource events, primaryKey", "a list of fields"),
    "no type": (without("events.note", "type"), "resource events, field note, type", "string, integer, number"),
    "an unknown type": (field("events.note", type="strng"), "resource events, field note, type", "did you mean 'string'?"),
    "no description": (without("events.title_en", "description"), "resource events, field title_en, description", "a text"),
    "a field without a name": (without("events.note", "name"), "resource events, field number", "a name"),
    "a field twice": (field("events.note", name="date"), "resource events, field date", "no other"),
    "a list in words": (field("events.people", list="yes"), f"{PEOPLE}, list", "true or false"),
    "another form of dates": (field("events.date", dateFormat="iso"), "resource events, field date, dateFormat", "'edtf'"),
    "an unknown rule": (constraint("events.note", maxLength=3), "resource events, field note, maxLength", "pattern"),
    "a limit in words": (constraint("forces.low", minimum="0"), "resource forces, field low, minimum", "a number"),
    "an empty choice": (constraint("events.note", enum=[]), "resource events, field note, enum", "a list"),
    "a rule in words": (constraint("events.note", required="no"), "resource events, field note, required", "true or false"),
    "unique, but no key": (constraint("events.note", unique=True), "resource events, field note, unique", "primaryKey"),
    "an unknown agreement": (about(agreement="RSFSR-MONGOLIA-1922"), "book, agreement", "did you mean 'RSFSR-MONGOLIA-1921'?"),
    "an unknown account": (about(account="AIRAPETOW"), "book, account", "references.bib; did you mean 'AIRAPETOV'?"),
    "an unknown counterpart": (about(counterpart="X"), "book, counterpart", "clauses.csv"),
    "an unknown neighbour": (about(neighbours=["RSFSR-BUKHARA-1921"]), "book, neighbours", "clauses.csv"),
    "unknown troops": (about(troops=["RSFSR-BUKHARA-1921"]), "book, troops", "treaties"),
    "neighbours in one text": (about(neighbours="RSFSR-TURKEY-1921"), "book, neighbours", "a list of keys"),
    "half a party": (about(party={"code": "RU"}), "book, party", "a name"),
    "a span without days": (about(spans=[{"label": "1921"}]), "book, span 1", "a first and a last day"),
    "a day that never was": (span("1911-06-31", "1926-01-01"), "book, span 1, first", "never was"),
    "a span to a month": (span("1911-06-01", "1926-01"), "book, span 1, last", "whole day"),
    "a span backwards": (span("1926-01-01", "1911-06-01"), "book, span 1, last", "after the first"),
    "a span of nothing": (span("1926-01-01", "1926-01-01"), "book, span 1, last", "after the first"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_descriptor_is_one_line_with_its_place(folder: Path, name: str):
    change, place, message = DAMAGED[name]
    change(folder)
    line = told(folder)
    assert line.startswith(f"{DESCRIPTOR}: {place}" if place else DESCRIPTOR)
    assert message in line


@pytest.mark.parametrize("name", ["bytes of Windows", "no schema", "an unknown key"])
def test_who_reads_a_damaged_descriptor_gets_the_line_of_the_check(folder: Path, name: str, capsys):
    change, *_ = DAMAGED[name]
    change(folder)
    with pytest.raises(InputError) as raised:
        tables.read(folder)
    assert str(raised.value) == told(folder)
    assert main(str(folder)) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [told(folder), "1 fault in the data."]


def test_a_list_that_many_columns_name_is_missed_once(folder: Path):
    lines = (folder / "codebook.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("confidence,")]
    (folder / "codebook.csv").write_text("".join(kept), encoding="utf-8")
    assert "found 'confidence'; the codebook has no list of this name; so do" in told(folder)


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_fault(folder: Path):
    for file in (DESCRIPTOR, BIB, MAP):
        raw(file, lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b"\r\n"))(folder)
    assert faults(folder) == []


def test_a_choice_of_the_descriptor_is_kept_to(folder: Path):
    constraint("events.in_airapetov", enum=["no"])(folder)
    found = faults(folder)
    assert found and {(p.file, p.column, p.found) for p in found} == {
        ("events.csv", "in_airapetov", "yes")
    }
    constraint("events.in_airapetov", enum=["yes", "no"])(folder)
    assert faults(folder) == []


SLOW = ["(a+)+b", "(a|aa)+b", "(-[a-z-]+)*b", "a?a?a?a?a?a?aaa", "a*a*a*a*a*b", "(a{1,9}){1,9}"]
SLOW += ["((a*)*)*", "(?=a+)b", "(.*)*x", "(-?[a-z]+)*!", "(a", "[", "*", 5]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_may_run_for_ever_is_refused_before_it_runs(folder: Path, pattern):
    constraint("events.title_en", pattern=pattern)(folder)
    assert told(folder).startswith(f"{DESCRIPTOR}: resource events, field title_en, pattern: found")


@pytest.mark.parametrize("pattern", [r"[A-Z]+[0-9]+", r"Q\d{1,9}", "(?:a|b)[^/]*", r"(\.[0-9]+)*"])
def test_a_plain_pattern_is_taken(folder: Path, pattern: str):
    constraint("events.note", pattern=pattern)(folder)
    assert not tables.opened(folder).descriptor_faults


JUNK = (None, 1, "", [], {}, "x", ["x"], True, [None], [{}])
# Every place of the descriptor in which a value of another kind may stand.
PLACES = [
    *[(name,) for name in ("book", "resources", "licenses", "keywords", "created")],
    *[("book", name) for name in ("agreement", "neighbours", "party", "spans")],
    *[("book", "spans", 0), ("book", "spans", 0, "first"), ("book", "party", "code")],
    *[("resources", 4), ("resources", 4, "name"), ("resources", 4, "path")],
    *[("resources", 4, "schema"), ("resources", 4, "schema", "fields")],
    *[("resources", 4, "schema", "primaryKey"), ("resources", 4, "schema", "foreignKeys")],
    *[("resources", 4, "schema", "foreignKeys", 0), ("resources", 4, "schema", "primaryKey", 0)],
    ("resources", 4, "schema", "foreignKeys", 0, "reference", "resource"),
    *[("resources", 4, "schema", "fields", 0), ("resources", 4, "schema", "fields", 0, "name")],
    *[("resources", 4, "schema", "fields", 0, x) for x in ("type", "refersTo", "constraints")],
]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_value_of_another_kind_never_ends_in_a_traceback(folder: Path, place: tuple):
    whole = (folder / DESCRIPTOR).read_text(encoding="utf-8")
    for value in JUNK:
        found = json.loads(whole)
        owner = found
        for step in place[:-1]:
            owner = owner[step]
        owner[place[-1]] = value
        (folder / DESCRIPTOR).write_text(json.dumps(found), encoding="utf-8")
        _, problems = descriptor.load(folder)
        assert len(problems) <= 2 or place[-1] in ("resources", "spans"), (value, problems)
        assert all(str(problem).startswith(f"{DESCRIPTOR}: ") for problem in problems)


def entry(text: str) -> Change:
    return raw(BIB, lambda b: b + text.encode() + b"\n")


NEW = "entry NEW-1"
LINE = len((ROOT / "book" / BIB).read_bytes().splitlines()) + 1
FIRST = "https://istmat.org/node/50848"
BROKEN_SOURCES: dict[str, tuple[Change, int, str, str]] = {
    # name: (what is broken, line, where, part of the message)
    "a brace too many": (replace(BIB, "title = {Telegram of the", "title = {{Telegram of the"), 0, "entry DVP4-216, field title", "closed"),
    "an open quote": (entry('@misc{NEW-1, title = "Open}'), LINE, f"{NEW}, field title", "closed"),
    "a key twice": (entry("@misc{LCW42, title = {Again}}"), LINE, "entry LCW42", "stands already on line"),
    "a key twice but for capitals": (entry("@misc{lcw42, title = {Again}}"), LINE, "entry lcw42", "LCW42 stands already"),
    "no @": (entry("misc{NEW-1, title = {Dropped}}"), LINE, "found 'misc{NEW-1", "dropped in silence"),
    "words before the first": (raw(BIB, lambda b: b"Sources\n" + b), 1, "found 'Sources'", "dropped in silence"),
    "a comma is missing": (replace(BIB, "year = {2020},\n", "year = {2020}\n"), 1, "entry AIRAPETOV", "comma"),
    "a field twice": (entry("@misc{NEW-1, title = {One}, title = {Two}}"), LINE, f"{NEW}, field title", "only once"),
    "an unknown word": (entry("@misc{NEW-1, title = {x}, month = frimaire}"), LINE, f"{NEW}, field month: found 'frimaire'", "{braces}"),
    "bytes of Windows": (raw(BIB, lambda b: b.decode().encode("cp1251", "replace")), 3, "found 'byte", "UTF-8"),
    "no title": (entry("@misc{NEW-1, year = {1921}}"), LINE, f"{NEW}, field title", "every source has a title"),
    "an empty title": (entry("@misc{NEW-1, title = {{ }}}"), LINE, f"{NEW}, field title", "every source has a title"),
    "an unknown type": (entry("@boook{NEW-1, title = {x}}"), LINE, f"{NEW}: found '@boook'", "did you mean 'book'?"),
    "a foreign key": (entry("@misc{НОВЫЙ-1, title = {x}}"), LINE, "entry НОВЫЙ-1", "from A to Z"),
    "a name of four parts": (entry("@misc{NEW-1, title = {x}, author = {A, B, C, D, E}}"), LINE, f"{NEW}, field author", "Family, Given"),
    "a script": (replace(BIB, FIRST, "javascript:alert(document.domain)"), 18, "entry DVP4-476, field url", "https://"),
    "a file": (replace(BIB, FIRST, "file:/etc/passwd"), 18, "entry DVP4-476, field url", "https://"),
    "a script in a further address": (entry("@misc{NEW-1, title = {x}, urlextra = {https://a.org/ javascript:x}}"), LINE, f"{NEW}, field urlextra: found 'javascript:x'", "https://"),
    "a script in a note": (entry(r"@misc{NEW-1, title = {x}, note = {\href{javascript:alert(1)}{click}}}"), LINE, f"{NEW}, field note", "plain words"),
    "an open command": (entry(r"@misc{NEW-1, title = {Open \emph and}}"), LINE, rf"{NEW}, field title: found '\\emph'", "plain words"),
    "a link": (entry(r"@misc{NEW-1, title = {\href{https://a.org}{click}}}"), LINE, rf"{NEW}, field title: found '\\href'", "plain words"),
    "a broken command": (entry("@misc{NEW-1, title = {A \\}}}"), LINE, f"{NEW}, field title", "plain words"),
    "a percent sign": (entry("@misc{NEW-1, title = {50% of it}}"), LINE, f"{NEW}, field title", r"\%"),
    "a merge": (entry("<<<<<<< HEAD"), LINE, "found '<<<<<<<'", "merge conflict"),
    "a null byte": (entry("\0"), LINE, "found 'a null byte'", "text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_SOURCES)
def test_a_fault_of_the_bibliography_is_one_line_with_that_of_the_entry(folder: Path, name: str):
    change, line, place, message = BROKEN_SOURCES[name]
    change(folder)
    keys, (problem,) = bibtex.examine(folder / BIB)
    begun = (folder / BIB).read_bytes().splitlines()
    line = line or begun.index(b"@incollection{DVP4-216,") + 1
    assert str(problem).startswith(f"{BIB}, line {line}: {place}")
    assert message in str(problem)
    # Rows may name the entry, whatever is wrong with it.
    assert keys is None or "DVP4-216" in keys


@pytest.mark.parametrize(
    "name", ["a brace too many", "a key twice", "bytes of Windows", "a script"]
)
def test_no_row_is_told_for_a_fault_of_the_bibliography(folder: Path, name: str):
    BROKEN_SOURCES[name][0](folder)
    assert told(folder).startswith(BIB)


SOUND_SOURCES = {
    "a remark": "% seen in Irkutsk",
    "a comment": "@comment{anything, at all}",
    "an abbreviation": '@string{cup = "Cambridge"}\n@misc{NEW-1, title = {x}, publisher = cup}',
    "round brackets": "@misc(NEW-1, title = {x})",
    "letters in LaTeX": r"@misc{NEW-1, title = {Taylor \& Francis, S\"uhbaatar, 50\% of it}}",
    "a source online": "@online{NEW-1, title = {x}, url = {http://a.org/b?c=d%20e#f}}",
    "two addresses": "@misc{NEW-1, title = {x}, urlextra = {https://a.org/ https://b.org/}}",
}


@pytest.mark.parametrize("name", SOUND_SOURCES)
def test_what_bibtex_allows_is_no_fault(folder: Path, name: str):
    entry(SOUND_SOURCES[name])(folder)
    assert bibtex.examine(folder / BIB)[1] == []
    assert len(tables.read(folder).bibliography.entries) >= 241


def test_who_asks_for_the_sources_gets_the_line_of_the_check(folder: Path):
    entry("@misc{LCW42, title = {Again}}")(folder)
    with pytest.raises(InputError) as raised:
        _ = tables.read(folder).sources
    assert str(raised.value) == told(folder)


def points(*found: object) -> Change:
    shape = {"type": "LineString", "coordinates": list(found)}
    return features({"type": "Feature", "properties": {"kind": "river"}, "geometry": shape})


def features(*found: object) -> Change:
    text = json.dumps({"type": "FeatureCollection", "features": list(found)})
    return raw(MAP, lambda b: text.encode())


BROKEN_MAPS: dict[str, tuple[Change, str]] = {
    "half a file": (raw(MAP, lambda b: b[: len(b) // 2]), "JSON"),
    "an open brace": (raw(MAP, lambda b: b"{"), "JSON"),
    "lists without an end": (raw(MAP, lambda b: b"[" * 200_000), "JSON"),
    "a list": (raw(MAP, lambda b: b"[]"), "FeatureCollection"),
    "no feature": (features("land"), "feature 1, kind: found 'null'; one of land"),
    "another kind": (features({"properties": {"kind": "sea"}}), "found 'sea'; one of land"),
    "no shape": (features({"properties": {"kind": "land"}, "geometry": None}), "LineString"),
    "no points": (points(), "lists of points"),
    "a point in words": (points("70 60"), "found '70 60'; a longitude"),
    "nothing for a point": (points(None), "a longitude"),
    "beyond the world": (points([70, 60], [60, 170]), "found '[60, 170]'; a longitude"),
    "bytes of Windows": (raw(MAP, lambda b: b + b"\xff"), "UTF-8"),
}


@pytest.mark.parametrize("name", BROKEN_MAPS)
def test_a_broken_base_map_is_one_line(folder: Path, name: str):
    change, message = BROKEN_MAPS[name]
    change(folder)
    with pytest.raises(InputError) as raised:
        _ = tables.read(folder).basemap
    line = str(raised.value)
    assert line.startswith(MAP) and message in line
    assert name != "half a file" or told(folder) == line


@pytest.mark.parametrize("file", ["rules.csv", BIB, DESCRIPTOR, MAP])
def test_a_file_that_cannot_be_opened_is_one_line(folder: Path, file: str, monkeypatch):
    whole = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path == folder / file:
            raise PermissionError(13, "Permission denied")
        return whole(path)

    # Nobody is refused anything who runs the tests as root.
    monkeypatch.setattr(Path, "read_bytes", refused)
    wanted = f"{file}: found 'a file that cannot be opened'; make it readable: permission denied"
    assert told(folder) == wanted


def test_a_folder_that_cannot_be_opened_is_one_line(folder: Path, monkeypatch, capsys):
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refused)
    assert main(str(folder)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"{folder} cannot be opened: make the folder readable"


@pytest.mark.parametrize("name", ["nowhere", "data/rules.csv"])
def test_no_folder_is_one_line(folder: Path, name: str, capsys):
    assert main(str(folder.parent / name)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("has no datapackage.json, so it is not a data folder")
    with pytest.raises(InputError):
        tables.read(folder.parent / name)


def command(*arguments: str, encoding: str = "utf-8") -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "book"), "PYTHONIOENCODING": encoding}
    line = [sys.executable, "-m", "treatybook", "check", *arguments]
    return subprocess.run(line, env=env, capture_output=True, encoding=encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_without_the_letters_still_gets_its_report(folder: Path, encoding: str):
    replace("events.csv", SIGNED, "договор")(folder)
    done = command(str(folder), encoding=encoding)
    assert done.returncode == 1 and done.stderr == ""
    assert "events.csv, line" in done.stdout and r"\u0434\u043e\u0433" in done.stdout


def test_too_many_folders_are_one_line(folder: Path):
    done = command(str(folder), "b", "c")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the check takes one folder, and 3 were named\n"


def test_no_fault_of_one_file_is_told_of_another(folder: Path):
    for change in (entry("@misc{NEW-1}"), points(), about(agreement="X-1")):
        change(folder)
    found = [problem.file for problem in faults(folder)]
    assert sorted(found) == [MAP, DESCRIPTOR, BIB]
    assert all(f"{one}:" not in other for one, other in product(found, found) if one != other)

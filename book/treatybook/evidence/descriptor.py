"""The descriptor of the data: what datapackage.json may say, told before any table is read.

Every fault names the resource and the field, what was found and what is allowed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from treatybook.evidence import dates
from treatybook.evidence.errors import NEAR, nearest
from treatybook.evidence.reading import FileProblem, Problem, Row, nothing, text_of
from treatybook.evidence.wording import _

DESCRIPTOR = "datapackage.json"
BIBLIOGRAPHY = "references.bib"
# Tables that the checks and the pages read.
TABLES = (
    *("events", "claims", "verdicts", "statements", "rules", "treaties", "answers", "clauses"),
    *("points", "links", "codings", "codebook", "people", "places", "routes", "forces"),
    *("presence", "checks", "quizzes"),
)
TEXTS = ("name", "title", "description", "version", "created")  # of the whole package
TYPES = ("string", "integer", "number")
# What the reader of tables takes for granted.
FIXED = {
    **{"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    **{"dialect": {"delimiter": ","}, "missingValues": [""]},
}
CONSTRAINTS = ("required", "unique", "pattern", "minimum", "maximum", "enum")
DEEPEST = 20  # objects and lists within one another

# A pattern goes over a cell in one run if it chooses seldom. A group may only be repeated if it
# begins with a sign that its other letters do not hold: (-[a-z0-9]+)*
LONGEST_KEY = 100  # characters of a cell that a pattern is compared with
MOST_CHOICES = 4  # repeats and alternatives in one pattern
CLASS = r"\[\^?[^\]\\]+\]"
SAFE_GROUP = re.compile(rf"\((?:\?:)?(?P<sign>\\?[^\w\s\\()\[\]])(?P<part>{CLASS})[+*]\)[+*?]")
CHOICE = re.compile(r"[*+?|]|\{\d*,\d*\}")

Fault = tuple[str, object, str]  # where, what was found, what is allowed


def load(folder: Path) -> tuple[dict, list[Problem]]:
    """Read a descriptor, and find what is wrong with it by itself.

    Parameters
    ----------
    folder : pathlib.Path
        The data folder.

    Returns
    -------
    (dict, list of Problem)
        The descriptor and its faults; what it says can be relied on only if there is none.
    """
    text, fault = text_of(folder / DESCRIPTOR, DESCRIPTOR)
    if fault:
        return {}, [fault]
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1 : error.lineno] or [""]
        return {}, [Problem(DESCRIPTOR, error.lineno, "", line[0].strip(), _not_json(error.msg))]
    except RecursionError:
        return {}, [_problem(_too_deep(""))]
    except ValueError as error:
        return {}, [_problem(("", str(error), _("each name once, and plain numbers")))]
    faults = list(_letters("", found)) or list(_package(folder, found))
    return found, [_problem(fault) for fault in faults]


def _not_json(fault: str) -> str:
    return _("not JSON: {fault}").format(fault=fault)


def _too_deep(place: str) -> Fault:
    rule = _("at most {n} within one another").format(n=DEEPEST)
    return place, _("lists within lists"), rule


def _problem(fault: Fault) -> Problem:
    place, found, allowed = fault
    if not isinstance(found, str):
        found = nothing() if found is None else json.dumps(found, ensure_ascii=False)
    return FileProblem(DESCRIPTOR, 0, place, found, allowed)


def _once(pairs: list[tuple[str, object]]) -> dict:
    """An object whose names all differ; JSON would keep the last in silence."""
    made: dict[str, object] = {}
    for name, value in pairs:
        if name in made:
            raise ValueError(_("{name!a} twice in one object").format(name=name))
        made[name] = value
    return made


def _no_number(name: str) -> None:
    raise ValueError(name)


def _letters(place: str, found: object) -> Iterator[Fault]:
    """Texts that cannot be written anywhere, and lists without an end."""
    todo = [(place, found, 0)]
    while todo:
        place, found, depth = todo.pop()
        if depth > DEEPEST:
            yield _too_deep(place)
            return
        if isinstance(found, str):
            if found.isascii():
                continue
            half = next((sign for sign in found if "\ud800" <= sign <= "\udfff"), "")
            if half:
                rule = _("half a character: write the words again")
                yield place, f"U+{ord(half):04X}", rule
        elif isinstance(found, Mapping):
            for key, value in found.items():
                todo += [(place, key, depth + 1), (_inside(place, key, found), value, depth + 1)]
        elif isinstance(found, list):
            todo += [(place, item, depth + 1) for item in found]


def _inside(place: str, key: str, owner: Mapping) -> str:
    """Where in the descriptor one is, in words: by names of resource and field."""
    name, key = ascii(owner.get("name")).strip("'"), ascii(key).strip("'")
    if place == "resources" and "name" in owner:
        place = _resource_place(name)
    elif "field " not in place and place.startswith("resource ") and "type" in owner:
        place = f"{place}, field {name}"
    return place or key


def _resource_place(name: str) -> str:
    return f"resource {name}"


def _package(folder: Path, found: object) -> Iterator[Fault]:
    """The package as a whole, then each resource, then what they say of one another."""
    if not isinstance(found, dict):
        yield "", found, _("the descriptor is an object: { ... }")
        return
    yield from _texts("", found, TEXTS)
    yield from _licences(found)
    yield from _settings(found.get("book", {}))
    resources = found.get("resources")
    if not isinstance(resources, list):
        yield "resources", resources, _("a list of tables")
        return
    sound: dict[str, dict] = {}
    named: list[str] = []
    for number, resource in enumerate(resources, start=1):
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9_]*", name):
            place = f"resource number {number}"
            yield place, name, _("a table has a name of small letters")
            continue
        if name in named:
            yield _resource_place(name), name, _("a name that no other resource has")
            continue
        named.append(name)
        faults = list(_resource(folder, resource))
        yield from faults
        if not faults:
            sound[name] = resource
    owners: dict[str, list[str]] = {}
    for name, resource in sound.items():
        owners.setdefault(resource["path"], []).append(name)
    for path, (name, *others) in owners.items():
        if others:
            rule = _("no other resource has this file, but {names} has it too")
            rule = rule.format(names=", ".join(others))
            yield f"{_resource_place(name)}, path", path, rule
    lacking = [name for name in TABLES if name not in named]
    # One without a name of its own was told, and is perhaps the one that seems to be missing.
    if lacking and len(resources) - len(named) < len(lacking):
        rule = _("missing: the checks and pages need this table")
        if len(lacking) == 1:
            rule = _("missing: the checks and pages need this table; put it back")
        yield "resources", _("no {names}").format(names=", ".join(lacking)), rule
    for name, resource in sound.items():
        yield from _targets(name, resource, sound, {*named, *lacking})


def _texts(place: str, owner: dict, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        if not isinstance(owner.get(name), str) or not owner[name].strip():
            yield f"{place}, {name}".lstrip(", "), owner.get(name), _("a text")


def _licences(found: dict) -> Iterator[Fault]:
    """What the exports take from the package as a whole."""
    with_path = [x for x in _list(found.get("licenses")) if isinstance(x, dict)]
    paths = [x.get("path") for x in with_path]
    if not paths or not all(isinstance(x, str) and re.match("https?://", x) for x in paths):
        yield "licenses", found.get("licenses"), _("a list with the web address of each licence")
    words = found.get("keywords")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        yield "keywords", words, _("a list of texts")
    created = found.get("created")
    if isinstance(created, str) and created.strip() and not _moment(created):
        yield "created", created, _("a day and a time, like 2026-11-23T00:00:00+00:00")


def _moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _list(found: object) -> list:
    return found if isinstance(found, list) else []


def _settings(about: object) -> Iterator[Fault]:
    """What the descriptor says of the book, as far as no table is needed to judge it."""
    if not isinstance(about, dict):
        yield "book", about, _an_object()
        return
    for name in ("agreement", "account", "counterpart"):
        if not isinstance(about.get(name, ""), str):
            yield f"book, {name}", about[name], _("one key, as a text")
    for name in ("neighbours", "troops"):
        keys = about.get(name, [])
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            yield f"book, {name}", keys, _("a list of keys")
    party = about.get("party", {"code": "", "name": ""})
    if not isinstance(party, dict) or not all(
        isinstance(party.get(x), str) for x in ("code", "name")
    ):
        yield "book, party", party, _("a code and a name")
    spans = about.get("spans", [])
    if not isinstance(spans, list):
        yield "book, spans", spans, _("a list of spans")
    for number, span in enumerate(_list(spans), start=1):
        yield from _span(f"book, span {number}", span)


def _an_object() -> str:
    return _("an object: { ... }")


def _span(place: str, span: object) -> Iterator[Fault]:
    """A span has a label and two whole days, which run forward."""
    whole = isinstance(span, dict) and {"label", "first", "last"} <= set(span)
    if not whole or not isinstance(span["label"], str):
        yield place, span, _("a label, a first and a last day")
        return
    ends = []
    for name in ("first", "last"):
        try:
            ends.append(dates.day(span.get(name)))
        except dates.DateError as error:
            rule = _("a whole day, like 1921-11-05: {fault}").format(fault=error)
            yield f"{place}, {name}", span.get(name), rule
    if len(ends) == 2 and ends[0] >= ends[1]:
        yield f"{place}, last", span["last"], _after(span["first"])


def _after(first: str) -> str:
    return _("a day after the first, {first}").format(first=first)


def _resource(folder: Path, resource: dict) -> Iterator[Fault]:
    """One table by itself."""
    place = _resource_place(resource["name"])
    yield from _texts(place, resource, ("title", "description", "row"))
    yield from _path(folder, place, resource.get("path"))
    schema = resource.get("schema")
    if not isinstance(schema, dict):
        yield f"{place}, schema", schema, _("a schema with the fields of the table")
        return
    for name, only in FIXED.items():
        found = (resource | schema).get(name, only)
        if found != only:
            yield f"{place}, {name}", found, _only(json.dumps(only))
    if not isinstance(schema.get("foreignKeys", []), list):
        yield f"{place}, foreignKeys", schema["foreignKeys"], _("a list")
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        yield f"{place}, fields", fields, _("a list with every column of the table")
        return
    names: list[str] = []
    for number, field in enumerate(fields, start=1):
        name = field.get("name") if isinstance(field, dict) else None
        if not isinstance(name, str) or not name.strip():
            yield f"{place}, field number {number}", name, _("a name")
            continue
        if name in names:
            yield f"{place}, field {name}", name, _("a name that no other field has")
        names.append(name)
    if len(names) < len(fields):
        return
    key = schema.get("primaryKey")
    for field in fields:
        yield from _field(f"{place}, field {field['name']}", field, names, key)
    if not isinstance(key, list) or not key or not all(isinstance(x, str) for x in key):
        yield f"{place}, primaryKey", key, _("a list of fields")
        return
    for name in key:
        if name not in names:
            rule = _("a field of {place}").format(place=place) + nearest(name, names, NEAR)
            yield f"{place}, primaryKey", name, rule


def _only(value: str) -> str:
    return _("only {value}").format(value=value)


def _path(folder: Path, place: str, path: object) -> Iterator[Fault]:
    """The file of a table lies in the folder, also if the path is a link."""
    place = f"{place}, path"
    if not isinstance(path, str) or not path.strip():
        yield place, path, _("the name of one CSV file, as a text")
        return
    windows = PureWindowsPath(path)
    parts = {*PurePosixPath(path).parts, *windows.parts}
    away = ".." in parts or path.startswith(("/", "\\")) or bool(windows.drive) or "\0" in path
    if away or "://" in path or not _inside_folder(folder, path):
        rule = _("a relative path to a file inside the folder; this leads outside")
        yield place, path, rule


def _inside_folder(folder: Path, path: str) -> bool:
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def _field(place: str, field: dict, names: list[str], key: object) -> Iterator[Fault]:
    """One column by itself."""
    yield from _texts(place, field, ("description",))
    kind = field.get("type")
    if kind not in TYPES:
        yield f"{place}, type", kind, _one_of(TYPES) + nearest(kind, TYPES, NEAR)
    for name in ("title", "refersTo", "vocabulary", "example"):
        found = field.get(name, "x")
        if not isinstance(found, str) or not (found or name == "example"):
            yield f"{place}, {name}", found, _("a text")
    for name, only in (("dateFormat", "edtf"), ("calendar", "julian")):
        if field.get(name, only) != only:
            yield f"{place}, {name}", field[name], _only(repr(only))
    if not isinstance(field.get("list", False), bool):
        yield f"{place}, list", field["list"], _("true or false")
    if field.get("translationOf", names[0]) not in names:
        yield f"{place}, translationOf", field["translationOf"], _("a field of the same table")
    rules = field.get("constraints", {})
    if not isinstance(rules, dict):
        yield f"{place}, constraints", rules, _an_object()
        return
    yield from _constraints(place, rules, kind)
    known = isinstance(key, list) and key and all(name in names for name in key)
    if rules.get("unique") is True and known and key != [field["name"]]:
        rule = _("only the key of a table is unique: see primaryKey")
        yield f"{place}, unique", True, rule


def _one_of(names: tuple[str, ...]) -> str:
    return _("one of {names}").format(names=", ".join(names))


def _constraints(place: str, rules: dict, kind: object) -> Iterator[Fault]:
    """What a column demands of its cells: all of it is looked at, or refused here."""
    for name, value in rules.items():
        where = f"{place}, {name}"
        if name not in CONSTRAINTS:
            yield where, name, _one_of(CONSTRAINTS) + nearest(name, CONSTRAINTS, NEAR)
        elif name in ("required", "unique") and not isinstance(value, bool):
            yield where, value, _("true or false")
        elif name in ("minimum", "maximum"):
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield where, value, _("a number")
            elif kind == "string":
                yield where, value, _("a limit belongs to numbers, and this column is text")
        elif name == "enum" and not (value and isinstance(value, list)):
            yield where, value, _("a list of what a cell may be")
        elif name == "pattern" and (why := _slow(value)):
            yield where, value, why


def _slow(pattern: object) -> str:
    """Why a pattern cannot be used; empty if it can, and answers at once."""
    if not isinstance(pattern, str):
        return _("a pattern, as a text")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return _("a regular expression: {fault}").format(fault=error)
    rest = pattern
    for group in SAFE_GROUP.finditer(pattern):
        if not re.fullmatch(group["part"], group["sign"][-1]):
            rest = rest.replace(group[0], "*")
    rest = re.sub(CLASS, "x", re.sub(r"\\.", "x", rest)).replace("(?:", "(")
    if re.search(r"\)[*+{]", rest):
        return _(
            "a repeated group begins with a sign that is nowhere else in it, like (-[a-z0-9]+)*: "
            "other patterns can run for ever"
        )
    if "(?" in rest:
        return _("no signs after (? other than (?:")
    if len(CHOICE.findall(rest)) > MOST_CHOICES:
        rule = _("at most {n} repeats and alternatives, so that it cannot run for ever")
        return rule.format(n=MOST_CHOICES)
    return ""


def _targets(name: str, resource: dict, sound: dict[str, dict], named: set[str]) -> Iterator[Fault]:
    """Columns refer to keys of tables that there are.

    A table that is missing, or has faults of its own, is told once and not here.
    """
    place = _resource_place(name)
    for field in resource["schema"]["fields"]:
        target = field.get("refersTo")
        if target in (None, BIBLIOGRAPHY):
            continue
        where = f"{place}, field {field['name']}, refersTo"
        table, column = target.partition(".")[::2]
        if table not in named:
            rule = _("a key of a table of the descriptor, or {file}").format(file=BIBLIOGRAPHY)
            yield where, target, rule + nearest(table, list(sound), NEAR)
        elif table in sound and column not in (key := sound[table]["schema"]["primaryKey"]):
            rule = _("a key of the table {table}: {keys}")
            yield where, target, rule.format(table=table, keys=", ".join(key))
    names = [field["name"] for field in resource["schema"]["fields"]]
    for foreign in _list(resource["schema"].get("foreignKeys")):
        foreign = foreign if isinstance(foreign, dict) else {}
        reference = foreign.get("reference")
        table = reference.get("resource") if isinstance(reference, dict) else None
        if not isinstance(table, str) or table not in named:
            yield f"{place}, foreignKeys", table, _("a table of the descriptor")
        fields = foreign.get("fields")
        if not isinstance(fields, list) or not all(name in names for name in fields):
            rule = _("a list of fields of {place}").format(place=place)
            yield f"{place}, foreignKeys", fields, rule


def unknown_keys(
    descriptor: dict, tables: Mapping[str, list[Row]], sources: set[str] | None
) -> Iterator[Problem]:
    """Keys and lists that the descriptor names and no table has.

    Where a table or the bibliography could not be read, nothing is said about it, nor while a
    table of another agreement is still empty.
    """
    about = descriptor.get("book", {})
    clauses = {row["treaty_id"] for row in tables.get("clauses", ())}
    treaties = {row["treaty_id"] for row in tables.get("treaties", ())}
    wanted = [
        ("agreement", treaties, "treaties.treaty_id"),
        ("counterpart", clauses, _("an instrument with rows in clauses.csv")),
        ("neighbours", clauses, _("an instrument with rows in clauses.csv")),
        ("troops", treaties, "treaties.treaty_id"),
        ("account", sources or set(), BIBLIOGRAPHY),
    ]
    for name, known, where in wanted:
        keys = about.get(name) or []
        for key in [keys] if isinstance(keys, str) else keys:
            if known and key not in known:
                rule = _("not known: it must be in {place}").format(place=where)
                rule += nearest(key, known, NEAR)
                yield _problem((f"book, {name}", key, rule))
    yield from _unknown_lists(descriptor, tables)


def _unknown_lists(descriptor: dict, tables: Mapping[str, list[Row]]) -> Iterator[Problem]:
    """Lists of labels that the codebook lacks, each told once."""
    known = {row["list"] for row in tables.get("codebook", ())}
    lacking: dict[str, list[str]] = {}
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"] if known else ():
            if field.get("vocabulary", "") and field["vocabulary"] not in known:
                place = f"{_resource_place(resource['name'])}, field {field['name']}"
                lacking.setdefault(field["vocabulary"], []).append(place)
    for name, places in lacking.items():
        rule = _("the codebook has no list of this name") + nearest(name, known, NEAR)
        if len(places) > 1:
            rule += _("; so do {n} more fields").format(n=len(places) - 1)
        yield _problem((f"{places[0]}, vocabulary", name, rule))

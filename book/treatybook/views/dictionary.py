"""The data dictionary, generated from the descriptor; nothing is described twice."""

from __future__ import annotations

import pandas as pd

from treatybook.display.cells import yes_or_no
from treatybook.display.content import TableView
from treatybook.display.labels import in_words
from treatybook.evidence.errors import checked, known_key
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, translated


@checked
def table_list(book: Book) -> TableView:
    """Every table, what one row is, and how many rows it has."""
    resources = book.descriptor["resources"]
    table = {
        _("Table"): book.names,
        _("One row is"): [translated(resource["row"]) for resource in resources],
        _("What it holds"): [translated(resource["description"]) for resource in resources],
        _("Rows"): [len(book.table(name)) for name in book.names],
        _("Columns"): [len(resource["schema"]["fields"]) for resource in resources],
    }
    return TableView("table-list", _("The tables"), pd.DataFrame(table))


@checked
def columns(book: Book, name: str) -> TableView:
    """Every column of one table: meaning, type, what is allowed, an example.

    Raises
    ------
    WrongArgument
        If there is no such table; the message names the nearest.
    """
    name = known_key("table", name, {name: f"{name}.csv" for name in book.names})
    fields = book.fields(name)
    required = [field.get("constraints", {}).get("required") for field in fields]
    table = {
        _("Column"): [field["name"] for field in fields],
        _("Meaning"): [translated(field["description"]) for field in fields],
        _("Type"): [type_words(field) for field in fields],
        _("Must be filled"): yes_or_no(required),
        _("Example"): [field.get("example", "") for field in fields],
    }
    caption = _("Columns of {file}").format(file=f"{name}.csv")
    return TableView(f"columns-{name}", caption, pd.DataFrame(table))


def type_words(field: dict) -> str:
    """Type of a column in words a student can read."""
    basic = {"string": _("text"), "integer": _("whole number"), "number": _("number")}
    words = basic[field["type"]]
    if field.get("dateFormat") == "edtf":
        words = _("Old Style day") if field.get("calendar") == "julian" else _("date (EDTF)")
    if target := field.get("refersTo"):
        words = _("key in {table}").format(table=target)
    if name := field.get("vocabulary"):
        words = _("label of the list {list}").format(list=name)
    return _("list: {items}").format(items=words) if field.get("list") else words


@checked
def code_list(book: Book, name: str) -> TableView:
    """One closed list of the codebook.

    Raises
    ------
    ValueError
        If the codebook has no such list.
    """
    rows = book.codebook
    name = known_key("list", name, sorted(set(rows["list"])))
    rows = rows[rows["list"] == name].sort_values("position")
    rows["words"] = rows["label"].map(book.labels(name))
    names = {"label": _("Label"), "words": _("In words"), "definition": _("When to use it")}
    optional = {
        "clear_case": _("Clear case"),
        "borderline_case": _("Doubtful case"),
        "rule": _("Rule"),
    }
    names |= {key: head for key, head in optional.items() if any(rows[key])}
    caption = _("Labels of the list: {list}").format(list=_(in_words(name)).lower())
    return TableView(f"list-{name}", caption, rows[list(names)].rename(columns=names))

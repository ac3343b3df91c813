"""The data dictionary, generated from the descriptor; nothing is described twice."""

from __future__ import annotations

import pandas as pd

from treatybook.display.content import TableView
from treatybook.evidence.errors import checked, known_key
from treatybook.evidence.tables import Book

BASIC_TYPES = {"string": "text", "integer": "whole number", "number": "number"}


@checked
def table_list(book: Book) -> TableView:
    """Every table, what one row is, and how many rows it has."""
    resources = book.descriptor["resources"]
    table = {
        "Table": book.names,
        "One row is": [resource["row"] for resource in resources],
        "What it holds": [resource["description"] for resource in resources],
        "Rows": [len(book.table(name)) for name in book.names],
        "Columns": [len(resource["schema"]["fields"]) for resource in resources],
    }
    return TableView("table-list", "The tables", pd.DataFrame(table))


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
        "Column": [field["name"] for field in fields],
        "Meaning": [field["description"] for field in fields],
        "Type": [type_words(field) for field in fields],
        "Must be filled": ["yes" if must else "no" for must in required],
        "Example": [field.get("example", "") for field in fields],
    }
    return TableView(f"columns-{name}", f"Columns of {name}.csv", pd.DataFrame(table))


def type_words(field: dict) -> str:
    """Type of a column in words a student can read."""
    words = BASIC_TYPES[field["type"]]
    if field.get("dateFormat") == "edtf":
        words = "Old Style day" if field.get("calendar") == "julian" else "date (EDTF)"
    if target := field.get("refersTo"):
        words = f"key in {target}"
    if name := field.get("vocabulary"):
        words = f"label of the list {name}"
    return f"list: {words}" if field.get("list") else words


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
    names = {"label": "Label", "label_en": "In words", "definition": "When to use it"}
    optional = {"clear_case": "Clear case", "borderline_case": "Doubtful case", "rule": "Rule"}
    names |= {key: head for key, head in optional.items() if any(rows[key])}
    caption = f"Labels of the list: {name.replace('_', ' ')}"
    return TableView(f"list-{name}", caption, rows[list(names)].rename(columns=names))

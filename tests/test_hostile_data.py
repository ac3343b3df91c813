"""Text of the tables stays text: no row can bring an element or a script into a page."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress

import pandas as pd
import pytest
import treatybook
from bs4 import BeautifulSoup
from conftest import NOTEBOOKS, ROOT
from IPython.display import HTML
from treatybook.display import output
from treatybook.display.output import PAGE_VARIABLE
from treatybook.evidence import tables
from treatybook.evidence.errors import WrongArgument

# Leaves an attribute in either quote, an element and a script, and brings elements of its own.
HOSTILE = "\"'></td></script><img src=x onerror=alert(1)><script>alert(1)</script>"
OPTIONS = re.compile(r"\A(---\n.*?\n---\n|(:[\w-]+:[^\n]*\n)+)", re.DOTALL)
# Text that the views look up rather than show.
KEYS = {"article", "paragraph", "page"}
CODED = {"topic", "direction", "clause_type"}
ALLOWED = {"a", "abbr", "b", "br", "button", "caption", "code", "details", "div", "em", "fieldset",
           "figcaption", "figure", "form", "input", "label", "legend", "li", "nav", "noscript", "ol", "output", "p",
           "path", "script", "span", "strong", "summary", "svg", "table", "tbody", "td", "th", "thead", "tr",
           "ul"}  # fmt: skip


def free(field: dict, keys: list[str]) -> bool:
    """Whether a column takes any words: no list, key, date, number or vocabulary."""
    bound = {"vocabulary", "refersTo", "dateFormat"} & set(field)
    pattern = "pattern" in field.get("constraints", {})
    text = field["type"] == "string" and not (bound or pattern)
    return text and field["name"] not in {*keys, *KEYS}


def poison(row: dict[str, str], field: dict) -> str:
    cell = row[field["name"]]
    # Numbers stay numbers, and a page of coding names its labels by their words.
    if not cell or cell[0].isdigit() or row.get("list") in CODED:
        return cell
    items = cell.split(tables.SEPARATOR) if field.get("list") else [cell]
    return tables.SEPARATOR.join(f"{item}{HOSTILE}" for item in items)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tables.Book:
    """The book's data with hostile words in every cell of every column of free text."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        keys = schema["primaryKey"]
        columns = [field for field in schema["fields"] if free(field, keys)]
        path = folder / resource["path"]
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows = frame.to_dict("records")
        for field in columns:
            frame[field["name"]] = [poison(row, field) for row in rows]
        frame.to_csv(path, index=False, lineterminator="\n")
    return tables.read(folder)


# Pages with a cell that looks for certain words in a column: here it finds none of them.
LOOKS_FOR_WORDS = {
    "war",
    "mission",
    "comparison",
    "disagreements",
    "lesson-2",
    "lesson-3",
    "lesson-4",
}


def run(page: str) -> None:
    """Run the cells of a page as the build does."""
    lost = (WrongArgument, LookupError, NameError) if page in LOOKS_FOR_WORDS else ()
    text = (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for cell in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", text, re.DOTALL):
        with suppress(*lost):
            exec(OPTIONS.sub("", cell), names)


SHEET = re.compile(
    r"(\.tb-left[\d-]* tr > :nth-last-child\(\d+\)(, | ))+\{text-align: left !important\}"
)


def faults(html: str) -> list[str]:
    """Elements and attributes that no view writes."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all():
        addresses = [str(tag.get(name, "")) for name in ("href", "src", "action")]
        data = tag.name == "script" and tag.get("type") == "application/json"
        # A table in JupyterLab says which of its columns are text.
        sheet = tag.name == "style" and SHEET.fullmatch(tag.string)
        if (
            (tag.name not in ALLOWED and not sheet)
            or (tag.name == "script" and not data)
            or any(name.startswith("on") for name in tag.attrs)
            or any(address.strip().lower().startswith("javascript") for address in addresses)
        ):
            found.append(str(tag)[:200])
        if data:
            json.loads(tag.string)
    return found


# Words are escaped in one place, whatever view brings them there: some pages speak for all, and
# fewer for what a view gives to a notebook, which is made of what it gives to a page.
ON_PAGES = ("chronology", "comparison", "people", "lesson-1")
IN_NOTEBOOKS = ("war",)


@pytest.mark.parametrize(
    ("name", "where"),
    [
        pytest.param(name, where, marks=[] if often else pytest.mark.rare)
        for name in NOTEBOOKS
        for where, often in (("page", name in ON_PAGES), ("notebook", name in IN_NOTEBOOKS))
    ],
)
def test_hostile_words_in_any_column_stay_words(
    hostile: tables.Book, monkeypatch: pytest.MonkeyPatch, name: str, where: str
):
    monkeypatch.setattr(treatybook, "read", lambda: hostile)
    monkeypatch.setenv(PAGE_VARIABLE, "1" if where == "page" else "")
    shown: list[str] = []
    monkeypatch.setattr(
        output,
        "display",
        lambda item, raw=False: shown.append(item.data if isinstance(item, HTML) else ""),
    )
    run(name)
    assert [fault for html in shown for fault in faults(html)] == []
    # The views of the sources show only keys and labels of the bibliography.
    reached = any("&lt;script&gt;alert(1)" in html for html in shown)
    assert reached or name == "sources", "no hostile word reached a view"

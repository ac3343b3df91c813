"""The reader's words for names of columns and codes: the descriptor and the codebook have them.

A learner's frame and drawing speak as the tables do: ``thread``, ``moscow``. What is shown says
*Thread* and *Moscow and Urga*. What the tables do not know stays as it is written.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
from babel.numbers import get_decimal_symbol

from treatybook.display.content import Cell
from treatybook.evidence import identifiers
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.tables import LANGUAGES, Book
from treatybook.evidence.wording import _, spoken

# Kind and column of the words of a row, for the tables whose rows have a name.
NAMED = {
    "events": ("event", "title"),
    "people": ("person", "name"),
    "places": ("place", "name"),
    "treaties": ("treaty", "short"),
}
# What express writes of a value at a mark: ``thread=moscow`` or ``thread=%{x}``.
PAIR = re.compile(r"(?P<start>^|<br>)(?P<column>[^<=]+)=(?P<value>[^<]*)")
# The same of a picture of numbers: ``thread: %{y}``.
AXES = re.compile(r"(?P<start>^|<br>)(?P<column>[^<:]+)(?P<end>: %\{)")
OF = re.compile(r"(?P<sum>sum|avg|min|max|count|nunique) of (?P<column>.+)")
NAME_LINE = 24  # characters in a line of a name on an axis
EXACT = 1e6  # numbers up to it are written without an exponent
PARTS = {"x": "x", "y": "y", "label": "labels", "text": "text"}  # of a mark, and their property


@dataclass(frozen=True)
class Words:
    """What the tables of a book call their columns and codes."""

    book: Book

    def heading(self, column: object) -> str:
        """A column in words: its title in the descriptor, or else its name without signs.

        Parameters
        ----------
        column : object
            The name; also as plotly express writes it: ``sum of low``.
        """
        name = str(column)
        if of := OF.fullmatch(name):
            return _sums()[of["sum"]].format(column=self.heading(of["column"]).lower())
        for field in self._fields(name):
            if field.get("title"):
                return _(field["title"])
        if name in ("n", "count"):
            return _("Number")
        if name == "variable":  # of express, where each column is a series
            return _("Variable")
        if name.endswith("_ru"):
            base = in_words(name.removesuffix("_ru"))
            return _("{column} (Russian)").format(column=_(base))
        return _(in_words(name))

    def series(self, column: str) -> str:
        """A column as the entry of a legend, with small letters as a code has them."""
        return self.heading(column).lower() if column.islower() else column

    def of(self, column: object, codes: Iterable[object]) -> Mapping[str, str]:
        """The words for the codes of a column; none unless all are known and stay apart.

        Parameters
        ----------
        column : object
            Its name.
        codes : iterable
            Its cells; a cell may be a list of codes.
        """
        found = {code for cell in codes for code in _codes(cell) if code not in ("", None)}
        for words in self.dictionaries(str(column)):
            said = {code: words[code] for code in found if code in words}
            if len(said) == len(found) == len(set(said.values())):
                return said
        return {}

    def list_of(self, column: object) -> str:
        """Name of the closed list of a column; empty for none."""
        found = (field.get("vocabulary") for field in self._fields(str(column)))
        return next(filter(None, found), "")

    def _fields(self, column: str) -> list[dict]:
        book = self.book
        return [
            field for name in book.names for field in book.fields(name) if field["name"] == column
        ]

    def dictionaries(self, column: str) -> Iterable[Mapping[str, str]]:
        """What the codes of a column of this name may mean; one name can have several lists."""
        for name in dict.fromkeys(field.get("vocabulary") for field in self._fields(column)):
            if name:
                yield self.book.labels(name, self.book.language)
        if table := self.table_of(column):
            _, words = NAMED[table]
            yield self.book.by_key(table, words)
        if column == "field":
            yield {field: aspect(field) for field in self.book.claims["field"]}

    def table_of(self, column: str) -> str:
        """The table whose keys stand in a column, if its rows have names; else empty."""
        targets = {field.get("refersTo", "").partition(".")[0] for field in self._fields(column)}
        own = {
            name for name in NAMED if self.book.resource(name)["schema"]["primaryKey"] == [column]
        }
        return next(iter((targets & set(NAMED)) | own), "")


def in_words(name: str) -> str:
    """The name of a column without signs, in English."""
    words = re.sub(r"_(id|en)$", "", name).replace("_", " ")
    return words[:1].upper() + words[1:]


def aspect(field: str) -> str:
    """What a claim is about, in words: ``date of start`` for ``date_of_start``."""
    return _(field.replace("_", " ")) if field else ""


def _sums() -> dict[str, str]:
    """What express writes before the column that it has summed up, in words."""
    return {
        "sum": _("Sum of {column}"),
        "avg": _("Avg of {column}"),
        "min": _("Min of {column}"),
        "max": _("Max of {column}"),
        "count": _("Count of {column}"),
        "nunique": _("Nunique of {column}"),
    }


def _codes(cell: object) -> tuple:
    if isinstance(cell, tuple | list):
        return tuple(cell)
    return (cell,) if isinstance(cell, str) else ()


# Frames --------------------------------------------------------------------------------------


def frame(words: Words, data: pd.DataFrame) -> pd.DataFrame:
    """A frame for a reader: headings, cells in words, keys that lead to their rows.

    Parameters
    ----------
    words : Words
        What the tables call their columns.
    data : pandas.DataFrame
        A column of one language is left out where the reader's own stands beside it.
    """
    other = {f"{name}_{language}" for name in data.columns for language in LANGUAGES}
    shown = [name for name in data.columns if name not in other]
    made = pd.DataFrame(
        {place: _cells(words, name, data[name]) for place, name in enumerate(shown)}
    )
    return made.set_axis(map(words.heading, shown), axis="columns")


def _cells(words: Words, column: object, values: pd.Series) -> list[Cell]:
    said, table = words.of(column, values), words.table_of(str(column))
    kind = NAMED[table][0] if said and table else ""
    made = []
    for value in values:
        codes = _codes(value) if kind else ()
        links = [(said[code], identifiers.address(kind, code)) for code in codes if code]
        sort = value.text if isinstance(value, EdtfDate) else ""
        level = value if column == "evidence" and value in said else ""
        made.append(Cell(_text(value, said), sort=sort, sign=level, links=links))
    return made


def _text(value: object, said: Mapping[str, str]) -> str:
    """A cell as a reader sees it."""
    if isinstance(value, tuple | list):
        return "; ".join(_text(part, said) for part in value)
    if isinstance(value, str):
        return said.get(value, value)
    if isinstance(value, float) and value == round(value, 2):
        return _pointed(f"{value:g}" if abs(value) < EXACT else f"{value:.0f}")
    if isinstance(value, float) and not pd.isna(value):
        return _pointed(f"{value:.2f}")
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)


def _pointed(written: str) -> str:
    """A number with the sign before its parts that the language in use has."""
    return written.replace(".", get_decimal_symbol(spoken()))


# Drawings ------------------------------------------------------------------------------------


def drawing(words: Words, plot: go.Figure) -> tuple[go.Figure, set[str]]:
    """A drawing for a reader, and the names of the columns that it shows.

    Parameters
    ----------
    words : Words
        What the tables call their columns.
    plot : plotly.graph_objects.Figure
        The titles of its axes, its legend and its hover texts may be names of columns.
    """
    made, shown = go.Figure(plot), set()
    legend = made.layout.legend.title.text or ""
    for trace in (trace for part in (made, *made.frames) for trace in part.data):
        shown |= _trace_in_words(words, made.layout, trace)
        if legend and trace.name:
            trace.name = _name(words, legend, trace.name)
            shown.add(trace.name)  # of a frame with a column for each
    for axis in (*made.select_xaxes(), *made.select_yaxes()):
        shown.add(axis.title.text or "")
        if axis.categoryarray is not None:
            axis.categoryarray = _in_lines(_said(words, axis.title.text, axis.categoryarray))
        _retitle(words, axis.title)
    for title in (made.layout.legend.title, made.layout.coloraxis.colorbar.title):
        shown.add(title.text or "")
        _retitle(words, title)
    for note in made.layout.annotations:  # above the parts of a figure that has several
        note.text = _pairs(words, note.text or "").partition(": ")[2] or note.text
    names = {OF.sub(r"\g<column>", part) for text in shown for part in text.split(", ")}
    return made, names


def _retitle(words: Words, title: object) -> None:
    if title.text:
        title.text = ", ".join(words.heading(part) for part in title.text.split(", "))


def _name(words: Words, legend: str, name: str) -> str:
    """The entry of a trace: one code for each column that the legend names."""
    columns, codes = legend.split(", "), name.split(", ")
    if len(columns) != len(codes):
        return name
    return ", ".join(
        _said(words, *pair)[0] for pair in zip(columns, ([x] for x in codes), strict=True)
    )


def _said(words: Words, column: object, codes: Iterable[object]) -> list:
    codes = list(codes)
    said = words.of(column, codes)
    return [said.get(code, code) if isinstance(code, str) else code for code in codes]


def _trace_in_words(words: Words, layout: go.Layout, trace: object) -> set[str]:
    """Put the words into one trace; gives the columns that it names."""
    asked = {
        part: layout[f"{part}axis{(trace[part + 'axis'] or '')[1:]}"].title.text
        for part in "xy"
        if f"{part}axis" in trace
    }
    template = trace.hovertemplate if "hovertemplate" in trace else None
    if trace.type == "heatmap" and template:
        template = trace.hovertemplate = AXES.sub(
            lambda found: found["start"] + words.series(found["column"]) + found["end"], template
        )
    pairs = [(m["column"], m["value"]) for m in PAIR.finditer(template or "")]
    asked |= {value[2:-1]: column for column, value in pairs if value.startswith("%{")}
    for part, column in asked.items():
        _part_in_words(words, trace, part, column)
    if template:
        trace.hovertemplate = _pairs(words, trace.hovertemplate)
    return {column or "" for column in (*asked.values(), *(column for column, _ in pairs))}


def _part_in_words(words: Words, trace: object, part: str, column: str | None) -> None:
    place = re.fullmatch(r"customdata\[(\d+)\]", part)
    if place and trace.customdata is not None:
        rows = [list(row) for row in trace.customdata]
        told = _said(words, column, [row[int(place[1])] for row in rows])
        for row, word in zip(rows, told, strict=True):
            row[int(place[1])] = _text(word, {}) if isinstance(word, EdtfDate | tuple) else word
        trace.customdata = rows
    elif part in PARTS and trace[PARTS[part]] is not None:
        values = list(trace[PARTS[part]])
        if any(isinstance(value, EdtfDate) for value in values):
            _dated(trace, part, values)
        else:
            told = _said(words, column, values)
            trace[PARTS[part]] = _in_lines(told) if part in "xy" else told


def _in_lines(values: list) -> list:
    """Long names on an axis in two lines, which leave room for the drawing on a phone."""
    limits = {"width": NAME_LINE, "max_lines": 2, "placeholder": "…"}
    told = [
        "<br>".join(textwrap.wrap(value, **limits)) if isinstance(value, str) else value
        for value in values
    ]
    return told if len(set(told)) == len(set(values)) else values


def _dated(trace: object, part: str, values: list) -> None:
    """Dates on an axis: each stands on its first day, and is said as the table writes it."""
    known = [isinstance(value, EdtfDate) and not value.is_open for value in values]
    trace[PARTS[part]] = [
        value.earliest.isoformat() if drawn else None
        for value, drawn in zip(values, known, strict=True)
    ]
    free = ["hovertext"] if trace.type in ("scatter", "bar") else []
    free += ["text"] if trace.type == "scatter" and "text" not in (trace.mode or "") else []
    place = next((name for name in free if trace[name] is None), "")
    if place:
        trace[place] = [_text(value, {}) for value in values]
        if trace.hovertemplate:
            trace.hovertemplate = trace.hovertemplate.replace(f"%{{{part}}}", f"%{{{place}}}")


def _pairs(words: Words, text: str) -> str:
    def told(found: re.Match[str]) -> str:
        column, value = found["column"], found["value"]
        return f"{found['start']}{words.heading(column)}: {_said(words, column, [value])[0]}"

    return PAIR.sub(told, text)

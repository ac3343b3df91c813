"""Words and boots: what the treaties say beside where Red Army units are reported."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import checked
from treatybook.evidence.identifiers import number_words
from treatybook.evidence.tables import Book

FIRST, LAST = dt.date(1921, 1, 1), dt.date(1926, 1, 1)
TEXT, UNIT = "§", "◆"  # signs that the letters of the book have
KINDS = {TEXT: "treaty text", UNIT: "reported unit"}
UNKNOWN = "not given"  # the strength of a unit of which no source tells it
ANSWER_COLOURS = {"yes": "#2f80c8", "partly": "#2b95b5"}


@checked
def words_and_boots(book: Book) -> FigureView:
    """Treaty texts above, reported Red Army units below, on one time axis.

    A unit whose strength no source gives is hatched. A report without a known end is faded
    up to the end of the axis. Where the start is known only to a longer span, that span is
    drawn as a thin line before the bar; a date marked ``?`` leaves its bar hollow.
    """
    treaties, reports = _treaties(book), _reports(book)
    lines = [*treaties, *reports]
    plot = style.figure(
        [bar for n, line in enumerate(lines) for bar in _bars(line, -n)],
        height=90 + 48 * len(lines),
        barmode="overlay",
        showlegend=False,
        xaxis={"type": "date", "range": [FIRST.isoformat(), LAST.isoformat()]},
        yaxis=style.rows(0.3 - len(lines), 0.9),
        annotations=[_name(line, -n) for n, line in enumerate(lines)],
    )
    known = sum(line["strength"] != UNKNOWN for line in reports)
    silent = [line["label"] for line in treaties if line["answer"] != "yes"]
    words = (
        f"{len(treaties)} treaty texts and {len(reports)} reports of Red Army units in Mongolia. "
        f"A strength is given in {known} of the {len(reports)} reports. "
        f"Texts in which no clause on troops was seen: {', '.join(silent) or 'none'}."
    )
    rows = [
        {
            "Line": line["label"],
            "Kind": KINDS[line["sign"]],
            "When": date_cell(line["date"]),
            "Troops clause": book.labels("answer").get(line.get("answer"), ""),
            "Strength": line.get("strength", ""),
            "Evidence": evidence_cell(book, line["evidence"]),
            "Sources": sources_cell(line["sources"]),
        }
        for line in lines
    ]
    table = TableView("words-and-boots-data", "Treaty texts and reported units", pd.DataFrame(rows))
    caption = (
        f"Words and boots. Above, with {TEXT}: treaty texts; an unfilled bar is a text in which no "
        f"clause on troops was seen. Below, with {UNIT}: Red Army units as reported; hatched means "
        "that no source gives a strength, unfilled that the dates are doubtful, pale that no end is "
        "given. A thin line covers the days on which a unit may already have come."
    )
    buttons = [
        Button("all years", {"xaxis.range": [FIRST.isoformat(), LAST.isoformat()]}),
        Button("1921", {"xaxis.range": ["1921-05-01", "1922-02-01"]}),
        Button("1925", {"xaxis.range": ["1924-10-01", LAST.isoformat()]}),
    ]
    return FigureView("words-and-boots", plot, caption, words, table, buttons)


def _treaties(book: Book) -> list[dict]:
    troops = book.answers[book.answers["question"] == "troops"]
    rows = book.treaties[book.treaties["treaty_id"].isin(book.settings.get("troops", ()))]
    rows = rows.merge(troops[["treaty_id", "answer", "detail"]], on="treaty_id")
    return [
        row
        | {
            "sign": TEXT,
            "label": row["short_en"],
            "end": LAST,
            "hollow": row["answer"] not in ANSWER_COLOURS,
            "colour": ANSWER_COLOURS.get(row["answer"], style.NEUTRAL),
        }
        for row in rows.sort_values("date").to_dict("records")
    ]


def _reports(book: Book) -> list[dict]:
    rows = book.presence
    rows["strength"] = list(map(strength_words, rows["strength_low"], rows["strength_high"]))
    return [
        row
        | {
            "sign": UNIT,
            "label": row["unit_en"],
            "end": LAST if row["date"].is_open else min(row["date"].latest + dt.timedelta(1), LAST),
            "hollow": row["date"].uncertain and row["strength"] != UNKNOWN,
            "colour": style.THREAD_COLOURS["troops"],
            "detail": f"Strength: {row['strength']}",
        }
        for row in sorted(rows.to_dict("records"), key=lambda row: _surest_start(row["date"]))
    ]


def _surest_start(date: EdtfDate) -> dt.date:
    """First day on which the unit must have been there, if the report is right."""
    return date.start.latest if date.start else FIRST


def strength_words(low: object, high: object) -> str:
    """A strength as a range of men, or "not given" where no source gives one."""
    known = [end for end in (low, high) if not pd.isna(end)]
    return f"{number_words({'low': known[0], 'high': known[-1]})} men" if known else UNKNOWN


def _bars(line: dict, y: int) -> list[go.Bar]:
    date = line["date"]
    start, maybe = max(_surest_start(date), FIRST), max(date.earliest, FIRST)
    marker = {
        "color": style.HOLLOW if line["hollow"] else line["colour"],
        "line": {"color": line["colour"], "width": 2},
        "opacity": style.FADED if date.is_open else 1.0,
        "pattern": {"shape": "/" * (line.get("strength") == UNKNOWN), "fillmode": "overlay"},
    }
    thin = {"color": line["colour"], "opacity": style.FADED}
    parts = [(start, line["end"], 0.34, marker)] + [(maybe, start, 0.06, thin)] * (maybe < start)
    hover = style.words(line["label"], date, line["detail"])
    return [
        style.bars([first], [(last - first).days], [y], width=width, hovertext=hover, marker=look)
        for first, last, width, look in parts
    ]


def _name(line: dict, y: float) -> dict:
    name = f"<b>{line['sign']} {line['label']}</b>" + ", end not given" * line["date"].is_open
    return style.row_name(name, y + 0.36)

"""Words and boots: what the treaties say beside where Red Army units are reported."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, Cell, FigureView, TableView
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.tables import Book

FIRST, LAST = dt.date(1921, 1, 1), dt.date(1926, 1, 1)
TEXT, UNIT = "§", "◆"  # signs that the letters of the book have
ANSWER_COLOURS = {"yes": "#2f80c8", "partly": "#2b95b5"}


def words_and_boots(book: Book) -> FigureView:
    """Treaty texts above, reported Red Army units below, on one time axis.

    A unit whose strength no source gives is hatched. A report without a known end is faded
    up to the end of the axis. Where the start is known only to a longer span, that span is
    drawn as a thin line before the bar; a date marked ``?`` leaves its bar hollow.
    """
    treaties = _treaties(book)
    reports = _reports(book)
    lines = [*treaties, *reports]
    traces = [bar for n, line in enumerate(lines) for bar in _bars(line, -n)]
    plot = style.figure(
        traces,
        height=90 + 48 * len(lines),
        barmode="overlay",
        showlegend=False,
        xaxis={"type": "date", "range": [FIRST.isoformat(), LAST.isoformat()]},
        yaxis={"visible": False, "range": [-len(lines) + 0.3, 0.9], "fixedrange": True},
        annotations=[_name(line, -n) for n, line in enumerate(lines)],
    )
    known = [line for line in reports if line["strength"] != "not given"]
    silent = [line["label"] for line in treaties if line["says"] != "yes"]
    words = (
        f"{len(treaties)} treaty texts and {len(reports)} reports of Red Army units in Mongolia. "
        f"A strength is given in {len(known)} of the {len(reports)} reports. "
        f"Texts in which no clause on troops was seen: {', '.join(silent) or 'none'}."
    )
    rows = [
        {
            "Line": line["label"],
            "Kind": line["kind"],
            "When": date_cell(line["date"]),
            "Troops clause": line["answer"],
            "Strength": line["strength"],
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
    answers = book.answers
    troops = answers[answers["question"] == "troops"].set_index("treaty_id")
    labels = book.labels("answer")
    rows = book.treaties[book.treaties["treaty_id"].isin(book.settings.get("troops", ()))]
    return [
        {
            "kind": "treaty text",
            "label": row["short_en"],
            "date": row["date"],
            "maybe": row["date"].earliest,
            "start": row["date"].earliest,
            "end": LAST,
            "says": troops.loc[row["treaty_id"], "answer"],
            "answer": Cell(labels[troops.loc[row["treaty_id"], "answer"]]),
            "strength": "",
            "hollow": troops.loc[row["treaty_id"], "answer"] not in ANSWER_COLOURS,
            "hatched": False,
            "colour": ANSWER_COLOURS.get(troops.loc[row["treaty_id"], "answer"], style.NEUTRAL),
            "evidence": row["evidence"],
            "sources": row["sources"],
            "detail": troops.loc[row["treaty_id"], "detail"],
            "open": False,
        }
        for row in rows.sort_values("date").to_dict("records")
    ]


def _reports(book: Book) -> list[dict]:
    lines = []
    rows = sorted(book.presence.to_dict("records"), key=lambda row: _surest_start(row["date"]))
    for row in rows:
        strength = strength_words(row["strength_low"], row["strength_high"])
        date: EdtfDate = row["date"]
        lines.append(
            {
                "kind": "reported unit",
                "label": row["unit_en"],
                "date": date,
                "maybe": date.earliest,
                "start": _surest_start(date),
                "end": min(date.latest + dt.timedelta(days=1), LAST) if not date.is_open else LAST,
                "says": "",
                "answer": Cell(""),
                "strength": strength,
                "hollow": date.uncertain,
                "hatched": strength == "not given",
                "colour": style.THREAD_COLOURS["troops"],
                "evidence": row["evidence"],
                "sources": row["sources"],
                "detail": f"Strength: {strength}",
                "open": date.is_open,
            }
        )
    return lines


def _surest_start(date: EdtfDate) -> dt.date:
    """First day on which the unit must have been there, if the report is right."""
    return date.start.latest if date.start else FIRST


def strength_words(low: object, high: object) -> str:
    """A strength as a range of men, or "not given" where no source gives one."""
    if pd.isna(low) and pd.isna(high):
        return "not given"
    if pd.isna(low) or pd.isna(high) or low == high:
        return f"{int(high if pd.isna(low) else low):,} men"
    return f"{int(low):,} to {int(high):,} men"


def _bars(line: dict, y: int) -> list[go.Bar]:
    start, maybe = max(line["start"], FIRST), max(line["maybe"], FIRST)
    hover = f"<b>{line['label']}</b><br>{line['date']}<br>{line['detail']}"
    fill = "rgba(0,0,0,0)" if line["hollow"] and not line["hatched"] else line["colour"]
    marker = {
        "color": fill,
        "line": {"color": line["colour"], "width": 2},
        "opacity": style.FADED if line["open"] else 1.0,
        "pattern": {"shape": "/" if line["hatched"] else "", "fillmode": "overlay"},
    }
    bars = [_bar(start, line["end"], y, 0.34, hover, marker)]
    if maybe < start:
        thin = {"color": line["colour"], "opacity": style.FADED}
        bars.append(_bar(maybe, start, y, 0.06, hover, thin))
    return bars


def _bar(start: dt.date, end: dt.date, y: int, width: float, hover: str, marker: dict) -> go.Bar:
    return go.Bar(
        orientation="h",
        base=[start.isoformat()],
        x=[(end - start).days * style.DAY_MS],
        y=[y],
        width=width,
        hovertext=hover,
        hoverinfo="text",
        marker=marker,
    )


def _name(line: dict, y: float) -> dict:
    mark = UNIT if line["kind"] == "reported unit" else TEXT
    end = ", end not given" if line["open"] else ""
    return style.row_name(f"<b>{mark} {line['label']}</b>{end}", y + 0.36)

"""Words and boots: what the treaties say beside where Red Army units are reported."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, evidence_cell, sources_cell
from treatybook.display.content import Button, FigureView, TableView
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import checked
from treatybook.evidence.identifiers import address, number_words
from treatybook.evidence.tables import Book
from treatybook.evidence.wording import _, number
from treatybook.views import dated

FIRST, LAST = dt.date(1921, 1, 1), dt.date(1926, 1, 1)
TEXT, UNIT = "§", "▲"  # signs that the letters of the book have
SPEAKS = ("yes", "partly")  # answers that say that a text speaks of troops
ROW, WIDE_ROW, AROUND = 44, 36, 50  # CSS pixels of a row, on a wide page, and for the axis
THICK, THIN = 0.3, 0.06  # of a row


@checked
def words_and_boots(book: Book) -> FigureView:
    """Treaty texts above, reported Red Army units below, on one time axis.

    A bar covers the days of a stay. A thin line covers the days of which nobody says whether
    they belong to it: before a start that is known to a longer span only, and after the start
    of what has no known end. The first day of such a thing is a mark.
    """
    treaties, reports = _treaties(book), _reports(book)
    lines = [line | {"y": -n} for n, line in enumerate([*treaties, *reports])]
    plot = style.figure(
        [*_bars(lines), *dated.day_marks(_ends(lines)), *_keys(lines)],
        height=AROUND + ROW * len(lines),
        barmode="overlay",
        xaxis={"type": "date", "range": [FIRST.isoformat(), LAST.isoformat()]},
        yaxis=style.rows(0.4 - len(lines), 0.8),
        annotations=[_name(line) for line in lines],
        shapes=[style.row_line(0.6 - len(treaties))],
    )
    buttons = [
        Button(_("all years"), {"xaxis.range": [FIRST.isoformat(), LAST.isoformat()]}),
        Button("1921", {"xaxis.range": ["1921-05-01", "1922-02-01"]}),
        Button("1925", {"xaxis.range": ["1924-10-01", LAST.isoformat()]}),
    ]
    return FigureView(
        "words-and-boots",
        plot,
        _(
            "Words and boots. With {text}: treaty texts, from their signing on; with {unit}: units "
            "of the Red Army, as reported. A thin line runs where nobody says whether the text "
            "still held, or the unit was there."
        ).format(text=TEXT, unit=UNIT),
        _words(treaties, reports),
        _table(book, lines),
        buttons,
        headline=_headline(treaties, reports),
        adapt=partial(_wide_rows, rows=len(lines)),
    )


def _wide_rows(plot: go.Figure, rows: int) -> None:
    """Beside their bars, names take up to two lines each."""
    plot.layout.height = AROUND + WIDE_ROW * rows


def _treaties(book: Book) -> list[dict]:
    troops = book.answers[book.answers["question"] == "troops"]
    rows = book.treaties[book.treaties["treaty_id"].isin(book.settings.get("troops", ()))]
    rows = rows.drop(columns="evidence").merge(troops, on="treaty_id")
    colours = style.party_colours(book, "power")
    return [
        row
        | {
            "sign": TEXT,
            "label": row["short"],
            "said": _("speaks of troops")
            if row["answer"] in SPEAKS
            else _("no clause on troops seen"),
            "span": row["in_force"] or row["date"],
            "open": row["in_force"] is None or row["in_force"].is_open,
            "colour": _colour(row["powers"], colours),
            "address": address("treaty", row["treaty_id"]),
        }
        for row in rows.sort_values("date").to_dict("records")
    ]


def _colour(powers: tuple[str, ...], colours: dict[str, str]) -> str:
    """The colour of the one partner of Russia; neutral for two."""
    partners = [colours[power] for power in powers if power != "russia"]
    return partners[0] if len(partners) == 1 else style.NEUTRAL


def _reports(book: Book) -> list[dict]:
    rows = book.presence
    rows["strength"] = list(map(strength_words, rows["strength_low"], rows["strength_high"]))
    return [
        row
        | {
            "sign": UNIT,
            "label": row["unit"],
            "said": _men("–".join(_ends_of(row))) if _ends_of(row) else _("? men"),
            "span": row["date"],
            "open": row["date"].is_open,
            "colour": style.PARTY_COLOURS["soviet"],
            "detail": _("Strength: {men}").format(men=row["strength"]),
            "address": address("claim", row["claims"][0]) if row["claims"] else "",
        }
        for row in sorted(rows.to_dict("records"), key=lambda row: _surest_start(row["date"]))
    ]


def _surest_start(date: EdtfDate) -> dt.date:
    """First day on which the unit must have been there, if the report is right."""
    return date.start.latest if date.start else FIRST


def strength_words(low: object, high: object) -> str:
    """A strength as a range of men, or "not given" where no source gives one."""
    known = [end for end in (low, high) if not pd.isna(end)]
    if not known:
        return _("not given")
    return _men(number_words({"low": known[0], "high": known[-1]}))


def _men(strength: str) -> str:
    return _("{n} men").format(n=strength)


def _ends_of(row: dict) -> list[str]:
    """The ends of a strength, one where they are equal, none where nobody gives it."""
    known = [row[end] for end in ("strength_low", "strength_high") if not pd.isna(row[end])]
    return list(dict.fromkeys(map(number, known)))


def _bars(lines: list[dict]) -> list[go.Bar]:
    """Of each line the days that are told, thick, and those of which nobody knows, thin."""
    return [
        style.bars(
            [first],
            [(last - first).days],
            [line["y"]],
            width=width,
            hovertext=style.words(line["label"], line["span"], line["detail"]),
            customdata=[line["address"]],
            marker=look,
            showlegend=False,
        )
        for line in lines
        for first, last, width, look in _parts(line)
        if first < last
    ]


def _parts(line: dict) -> list[tuple[dt.date, dt.date, float, dict]]:
    span, colour = line["span"], line["colour"]
    start, maybe = max(_surest_start(span), FIRST), max(span.earliest, FIRST)
    thin = {"color": colour}
    if line["open"]:
        return [(maybe, LAST, THIN, thin)]
    end = min(span.latest + dt.timedelta(days=1), LAST)
    look = style.bar_look(line["evidence"], colour)
    return [(maybe, start, THIN, thin), (start, end, THICK, look)]


def _ends(lines: list[dict]) -> pd.DataFrame:
    """Days that are marked: the first one of what has no end, and those that are in doubt."""
    ends = [
        line | {"date": day, "hover": style.words(line["label"], line["span"], line["detail"])}
        for line in lines
        for day in (line["span"].start, line["span"].end)
        if day and day.days == 1 and FIRST <= day.earliest < LAST
        if line["open"] or day.uncertain or day.approximate
    ]
    ends = pd.DataFrame(ends, columns=["date", "hover", "y", "evidence", "colour", "address"])
    dated.add_days(ends)
    return ends


def _keys(lines: list[dict]) -> list[go.Scatter]:
    diamond = style.key(_("about or uncertain"), 5, symbol="diamond")
    thin = style.lines([], width=2, name=_("how long, nobody says"), legendrank=6)
    return [
        *style.evidence_keys(line["evidence"] for line in lines),
        *[diamond] * bool(dated.inexact(_ends(lines)).any()),
        *[thin] * any(line["open"] for line in lines),
    ]


def _name(line: dict) -> dict:
    return style.row_name(f"<b>{line['sign']} {line['label']}</b>: {line['said']}", line["y"] + 0.4)


def _headline(treaties: list[dict], reports: list[dict]) -> str:
    silent = [line["label"] for line in treaties if line["answer"] not in SPEAKS]
    unknown = sum(not _ends_of(line) for line in reports)
    return _(
        "No clause on troops was seen in {texts}, "
        "and {n} of {all} reports of units give no number of men"
    ).format(
        texts=", ".join(silent) or _("none of the texts"),
        n=unknown,
        all=len(reports),
    )


def _words(treaties: list[dict], reports: list[dict]) -> str:
    known = sum(bool(_ends_of(line)) for line in reports)
    silent = [line["label"] for line in treaties if line["answer"] not in SPEAKS]
    endless = [line["label"] for line in treaties if line["open"]]
    return _(
        "A strength is given in {n} of the {all} reports of Red Army units in Mongolia. "
        "Of {texts} treaty texts, those in which no clause on troops was seen: {silent}. "
        "No end in these years was found for: {endless}."
    ).format(
        n=known,
        all=len(reports),
        texts=len(treaties),
        silent=", ".join(silent) or _("none"),
        endless=", ".join(endless) or _("none"),
    )


def _table(book: Book, lines: list[dict]) -> TableView:
    kinds = {TEXT: _("treaty text"), UNIT: _("reported unit")}
    rows = [
        {
            _("Line"): line["label"],
            _("Kind"): kinds[line["sign"]],
            _("When"): date_cell(line["date"]),
            _("Troops clause"): book.labels("answer").get(line.get("answer"), ""),
            _("Strength"): line.get("strength", ""),
            _("Evidence"): evidence_cell(book, line["evidence"]),
            _("Sources"): sources_cell(line["sources"]),
        }
        for line in lines
    ]
    caption = _("Treaty texts and reported units")
    return TableView("words-and-boots-data", caption, pd.DataFrame(rows))

"""Where sources disagree: every disputed date and number, and what the editors make of it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import pandas as pd
import plotly.graph_objects as go

from treatybook.display import style
from treatybook.display.cells import date_cell, events_cell, evidence_cell, source_cell
from treatybook.display.content import Button, Cell, FigureView, TableView, linked, without_empty
from treatybook.evidence.attestation import WEAK_LEVELS
from treatybook.evidence.dates import EdtfDate
from treatybook.evidence.errors import WrongArgument
from treatybook.evidence.identifiers import address, anchor, case_key, said
from treatybook.evidence.tables import Book

NUMBER_COLUMNS = (
    "case_id", "subject", "field", "claim_id", "low", "high", "source", "evidence", "followed",
)  # fmt: skip
MARKS = ((True, "filled: followed", "circle"), (False, "hollow: not followed", "diamond-open"))
CROSS = "cross: no source seen"
DATE_ROW, NUMBER_ROW = 100, 104  # height of a row in CSS pixels
AROUND = 130  # CSS pixels for the key
ROOM = 0.48  # share of a row for its marks; the rest holds its name
# Where a number stands above or below its mark, in CSS pixels.
ASIDE = 20
NARROW, LETTER = 280, 6.6  # width of the drawing on a phone, and of a letter, in CSS pixels
NUMBER = re.compile(r"(\d[\d ,]*)(?:/(\d[\d ,]*))?")


def cases(book: Book) -> TableView:
    """Every case: the question, the verdict, how sure it is, and what it teaches.

    Returns
    -------
    TableView
        Columns: Question, Case, Verdict, Kind of verdict, Confidence, Claims, What it teaches,
        Events.
    """
    kinds, confidence = book.labels("verdict_type"), book.labels("confidence")
    events = {event["event_id"]: event for event in book.events.to_dict("records")}
    claims = _claims_of_cases(book)
    verdicts = book.verdicts.to_dict("records")
    rows = [
        {
            "Question": row["subject"],
            "Case": row["case_id"],
            "Verdict": row["verdict"],
            "Kind of verdict": kinds[row["verdict_type"]],
            "Confidence": confidence.get(row["confidence"], "not stated"),
            "Claims": _claim_links(claims[row["case_id"]], row["claims_followed"]),
            "What it teaches": row["teaching_point"],
            "Events": events_cell(events[event] for event in row["events"]),
        }
        for row in verdicts
    ]
    return TableView(
        "cases",
        f"The {len(rows)} cases",
        pd.DataFrame(rows),
        row_ids=[anchor("case", row["case_id"]) for row in verdicts],
        filters=("Kind of verdict", "Confidence"),
        searchable=True,
    )


def _claims_of_cases(book: Book) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for claim in book.claims.to_dict("records"):
        for case in claim["cases"]:
            found[case].append(claim)
    return found


def _claim_links(claims: list[dict], followed: tuple[str, ...]) -> Cell | str:
    if not claims:
        return "none"
    links = [
        (
            f"{claim['claim_id']}{' (followed)' if claim['claim_id'] in followed else ''}",
            address("claim", claim["claim_id"]),
        )
        for claim in claims
    ]
    return linked(links, ", ")


def claims_table(book: Book, case: str = "") -> TableView:
    """Claims as rows that can be linked to: who says what, where, and how far it was read.

    Parameters
    ----------
    book : Book
        The tables.
    case : str
        Only the claims of this case (``D-26``, also written ``d26``), or empty for all but
        plain reports of an event.

    Raises
    ------
    WrongArgument
        If there is no such case (the message names the nearest), or no claim to show.
    """
    case = case_key(book, case) if case != "" else ""
    chosen = [
        claim
        for claim in book.claims.to_dict("records")
        if (case in claim["cases"] if case else claim["field"] != "account")
    ]
    if not chosen and case:
        raise WrongArgument(f"case {case} has no claims: it is about what nobody says")
    if not chosen:
        raise WrongArgument("there is no claim yet but plain reports: see claims.csv")
    if case:
        return _claims_of_case(book, case, chosen)
    rows = [
        {
            "About": claim["subject"],
            "Claim": claim["claim_id"],
            "What is said": said(claim),
            "By": source_cell(claim["source"]),
            "Where": claim["locator"],
            "Evidence": evidence_cell(book, claim["evidence"]),
            "Note": claim["note"],
            "Case": linked(((key, address("case", key)) for key in claim["cases"]), ", "),
        }
        for claim in chosen
    ]
    return TableView(
        "claims",
        f"{len(rows)} claims",
        pd.DataFrame(rows),
        row_ids=[anchor("claim", claim["claim_id"]) for claim in chosen],
        filters=("Evidence",),
        searchable=True,
    )


def _claims_of_case(book: Book, case: str, claims: list[dict]) -> TableView:
    """The claims of one case, source by source; what they share stands in the caption."""
    rows = [
        {
            "By": source_cell(claim["source"]),
            "What is said": Cell(said(claim), href=address("claim", claim["claim_id"])),
            "About": claim["subject"],
            "Where": claim["locator"],
            "Evidence": evidence_cell(book, claim["evidence"]),
            "Note": claim["note"],
        }
        for claim in claims
    ]
    frame, caption = without_empty(pd.DataFrame(rows)), f"Claims of case {case}"
    if len(set(frame["About"])) == 1:
        caption += f": {frame['About'].iloc[0]}"
        frame = frame.drop(columns="About")
    return TableView(f"claims-{case.lower()}", caption, frame)


def disputed_dates(book: Book) -> pd.DataFrame:
    """Cases in which sources give different dates for the same thing.

    Returns
    -------
    pandas.DataFrame
        One row per claim: ``case_id``, ``question``, ``subject``, ``claim_id``, ``date``,
        ``source``, ``evidence``, ``followed``; only subjects with at least two dates.

    Raises
    ------
    ValueError
        If no claim of a case states a date.
    """
    followed = {claim for claims in book.verdicts["claims_followed"] for claim in claims}
    questions = dict(zip(book.verdicts["case_id"], book.verdicts["subject"], strict=True))
    rows = [
        {
            "case_id": case,
            "question": questions[case],
            "subject": claim["subject"],
            "field": claim["field"],
            "claim_id": claim["claim_id"],
            "date": claim["date"],
            "source": claim["source"] or "no source seen",
            "evidence": claim["evidence"],
            "followed": claim["claim_id"] in followed,
        }
        for claim in book.claims.to_dict("records")
        if claim["date"] is not None
        for case in claim["cases"]
    ]
    if not rows:
        raise WrongArgument("no claim of a case states a date, so there is nothing to compare")
    frame = pd.DataFrame(rows)
    group = frame.groupby(["case_id", "subject", "field"])["date"]
    several = group.transform(lambda dates: len({date.text for date in dates})) > 1
    return frame[several].reset_index(drop=True)


def dates(book: Book) -> FigureView:
    """One row per disputed date, one mark per source, each row on its own scale.

    A span is a bar over all its days. The scale of a row runs from the first to the last day
    that any source names, so rows must not be compared by length.
    """
    frame = disputed_dates(book)
    if frame.empty:
        raise WrongArgument("no two claims of a case give different dates for the same thing")
    groups = list(frame.groupby(["case_id", "subject", "field"], sort=True))
    drawn, texts, spans = [], [], []
    for number, (key, group) in enumerate(groups):
        first = min(date.earliest for date in group["date"])
        last = max(_last(date) for date in group["date"])
        spans.append((last - first).days)
        texts += _row_words(key, -number, first, last)
        drawn += _placed(group, -number, first, max(spans[-1], 1))
    plot = style.figure(
        _claim_traces(book, drawn),
        height=_height(len(groups)),
        xaxis={"visible": False, "range": [-0.06, 1.06], "fixedrange": True},
        yaxis={"visible": False, "range": [-len(groups) + 0.45, 0.55], "fixedrange": True},
        annotations=texts,
        shapes=[style.row_line(0.5 - number) for number in range(len(groups))],
        legend={"y": -0.01},
    )
    words = (
        f"{len(groups)} disputed dates in {frame['case_id'].nunique()} cases, with {len(frame)} "
        f"claims. From the first day named to the last it is {min(spans)} to {max(spans):,} days."
    )
    table = TableView(
        "disputed-dates-data",
        "Claims about disputed dates",
        pd.DataFrame(
            [
                {
                    "About": claim["subject"],
                    "Case": Cell(claim["case_id"], href=address("case", claim["case_id"])),
                    "Date": date_cell(claim["date"]),
                    "Source": claim["source"],
                    "Followed": "yes" if claim["followed"] else "no",
                    "Evidence": evidence_cell(book, claim["evidence"]),
                }
                for claim in frame.to_dict("records")
            ]
        ),
    )
    return FigureView(
        "disputed-dates",
        plot,
        "Disputed dates, one mark for each source. Each row has its own scale: its first and "
        "last day are written at its ends. A filled mark is a reading that the book follows, a hollow "
        "one a reading that it does not.",
        words,
        table,
        _buttons(len(groups)),
    )


def _last(date: EdtfDate) -> dt.date:
    """Last day a date can mean; for an open span the last day of what is known."""
    return date.start.latest if date.is_open and date.start else date.latest


def _placed(group: pd.DataFrame, y: float, first: dt.date, length: int) -> list[dict]:
    """Claims of one row with their place in it, from 0 (its first day) to 1 (its last)."""
    return [
        {
            **claim,
            "low": (claim["date"].earliest - first).days / length,
            "high": (_last(claim["date"]) - first).days / length,
            "y": y + 0.16 - ROOM * (place % 4) / 4,
        }
        for place, claim in enumerate(group.sort_values("date").to_dict("records"))
    ]


def _row_words(key: tuple, y: float, first: dt.date, last: dt.date) -> list[dict]:
    case, subject, _ = key
    ends = [
        {
            "text": f"{day.day} {day:%b} {day.year}",
            "x": place,
            "xanchor": anchor,
            "y": y - 0.38,
            "showarrow": False,
            "font": {"size": 12},
        }
        for day, place, anchor in ((first, -0.05, "left"), (last, 1.05, "right"))
    ]
    return [style.row_name(f"<b>{case}</b> {subject}", y + 0.38), *ends]


def _claim_traces(book: Book, drawn: list[dict]) -> list[go.Scatter]:
    labels = book.labels("evidence")
    traces = []
    spans = [claim for claim in drawn if claim["date"].days > 1]
    if spans:
        traces.append(
            go.Scatter(
                x=[x for claim in spans for x in (claim["low"], claim["high"], None)],
                y=[y for claim in spans for y in (claim["y"], claim["y"], None)],
                mode="lines",
                line={"color": style.NEUTRAL, "width": 5},
                name="a span of days",
                hoverinfo="skip",
            )
        )
    for followed, name, symbol in MARKS:
        claims = [claim for claim in drawn if claim["followed"] == followed]
        traces.append(style.key(name, 1, symbol=symbol, **_look(followed)))
        traces.append(
            go.Scatter(
                x=[(claim["low"] + claim["high"]) / 2 for claim in claims],
                y=[claim["y"] for claim in claims],
                mode="markers",
                showlegend=False,
                marker={
                    "symbol": [_symbol(claim["evidence"], symbol) for claim in claims],
                    **_look(followed),
                },
                hovertext=[
                    f"<b>{claim['source']}</b><br>{claim['date']}<br>{labels[claim['evidence']]}"
                    for claim in claims
                ],
                hoverinfo="text",
            )
        )
    if any(claim["evidence"] in WEAK_LEVELS for claim in drawn):
        traces.append(style.key(CROSS, 1, symbol="x"))
    return traces


def _look(followed: bool) -> dict:
    colour = style.THREAD_COLOURS["moscow" if followed else "troops"]
    return {"size": 14 if followed else 12, "color": colour, "line": {"width": 2}}


def _symbol(level: str, symbol: str) -> str:
    """The symbol of a mark; a cross is filled or hollow as the symbol in its place would be."""
    if level not in WEAK_LEVELS:
        return symbol
    return "x-open" if symbol.endswith("-open") else "x"


def _height(rows: int) -> int:
    return AROUND + DATE_ROW * rows


def _buttons(total: int) -> list[Button]:
    """All rows at once, or ten at a time; the figure is as high as the rows that it shows."""
    parts = [(start, min(start + 10, total)) for start in range(0, total, 10)]
    labels = {"all": (0, total)} | {f"{start + 1} to {end}": (start, end) for start, end in parts}
    return [
        Button(label, {"yaxis.range": [0.45 - end, 0.55 - start], "height": _height(end - start)})
        for label, (start, end) in labels.items()
    ]


def disputed_numbers(book: Book) -> pd.DataFrame:
    """Claims that give a number for the same thing, where the numbers differ.

    Returns
    -------
    pandas.DataFrame
        One row per claim: ``case_id``, ``subject``, ``field``, ``claim_id``, ``low``,
        ``high``, ``source``, ``evidence``, ``followed``; only subjects with at least two
        numbers. Without any, an empty table with the same columns.
    """
    followed = {claim for claims in book.verdicts["claims_followed"] for claim in claims}
    rows = []
    for claim in book.claims.to_dict("records"):
        found = NUMBER.fullmatch(claim["value"])
        if claim["date"] is not None or not found:
            continue
        low, high = (int(re.sub("[ ,]", "", part)) for part in (found[1], found[2] or found[1]))
        rows += [
            {
                "case_id": case,
                "subject": claim["subject"],
                "field": claim["field"],
                "claim_id": claim["claim_id"],
                "low": low,
                "high": high,
                "source": claim["source"] or "no source seen",
                "evidence": claim["evidence"],
                "followed": claim["claim_id"] in followed,
            }
            for case in claim["cases"]
        ]
    frame = pd.DataFrame(rows, columns=list(NUMBER_COLUMNS))
    several = frame.groupby(["subject", "field"])["low"].transform("nunique") > 1
    return frame[several].reset_index(drop=True)


def numbers(book: Book) -> FigureView:
    """One row per disputed number, from nought to the largest figure any source gives.

    Raises
    ------
    WrongArgument
        If no two claims give different numbers for the same thing.
    """
    frame = disputed_numbers(book)
    if frame.empty:
        raise WrongArgument("no two claims of a case give different numbers for the same thing")
    names = list(dict.fromkeys(zip(frame["case_id"], frame["subject"], strict=True)))
    rows = {name: -number for number, name in enumerate(names)}
    keys = list(zip(frame["case_id"], frame["subject"], strict=True))
    largest = frame.groupby("subject")["high"].transform("max")
    frame = frame.assign(
        y=[rows[key] - 0.08 for key in keys],
        from_=frame["low"] / largest,
        to=frame["high"] / largest,
    )
    ranges = frame[frame["low"] < frame["high"]]
    traces = [
        go.Scatter(
            x=[x for r in ranges.to_dict("records") for x in (r["from_"], r["to"], None)],
            y=[y for r in ranges.to_dict("records") for y in (r["y"], r["y"], None)],
            mode="lines",
            name="a range",
            line={"color": style.NEUTRAL, "width": 6},
            hoverinfo="skip",
        )
    ]
    for followed, name, symbol in MARKS:
        part = frame[frame["followed"] == followed]
        traces.append(
            go.Scatter(
                x=list((part["from_"] + part["to"]) / 2),
                y=list(part["y"]),
                mode="markers",
                name=name,
                marker={"symbol": symbol, **_look(followed)},
                hovertext=[
                    f"<b>{r['source']}</b><br>{_figure_words(r)}" for r in part.to_dict("records")
                ],
                hoverinfo="text",
            )
        )
    plot = style.figure(
        traces,
        height=AROUND + NUMBER_ROW * len(rows),
        xaxis={"visible": False, "range": [-0.05, 1.1], "fixedrange": True},
        yaxis={"visible": False, "range": [-len(rows) + 0.45, 0.55], "fixedrange": True},
        annotations=[
            style.row_name(f"<b>{case}</b> {subject}", y + 0.36)
            for (case, subject), y in rows.items()
        ]
        + [note for _, row in frame.groupby("y") for note in _number_names(row)],
        shapes=[style.row_line(y + 0.5) for y in rows.values()],
        legend={"y": -0.01},
    )
    factors = frame.groupby("subject").agg(low=("low", "min"), high=("high", "max"))
    widest = (factors["high"] / factors["low"]).idxmax()
    ratio = factors.loc[widest, "high"] / factors.loc[widest, "low"]
    words = (
        f"{len(rows)} things for which sources give different numbers, {len(frame)} claims. "
        f"They lie furthest apart for {widest}: the largest figure is {ratio:.0f} times the smallest."
    )
    table = TableView(
        "disputed-numbers-data",
        "Claims about disputed numbers",
        pd.DataFrame(
            [
                {
                    "About": r["subject"],
                    "Case": Cell(r["case_id"], href=address("case", r["case_id"])),
                    "Number": _figure_words(r),
                    "Source": r["source"],
                    "Followed": "yes" if r["followed"] else "no",
                    "Evidence": evidence_cell(book, r["evidence"]),
                }
                for r in frame.to_dict("records")
            ]
        ),
    )
    caption = "Disputed numbers. Each row runs from nought to the largest figure given."
    return FigureView("disputed-numbers", plot, caption, words, table)


def _number_names(row: pd.DataFrame) -> list[dict]:
    """The numbers of a row, below their marks; one that would lie over another stands above."""
    names, free = [], {-1: -1.0, 1: -1.0}  # how far the names below and above reach
    for claim in row.sort_values(["from_", "to"]).to_dict("records"):
        text, place = _figure_words(claim), (claim["from_"] + claim["to"]) / 2
        half = (len(text) + 1) * LETTER / 2 / NARROW
        side = -1 if place - half >= free[-1] or free[-1] < free[1] else 1
        free[side] = place + half
        names.append(
            {
                "text": text,
                "x": place,
                "y": claim["y"],
                "yshift": side * ASIDE,
                "showarrow": False,
                "font": {"size": 12},
            }
        )
    return names


def _figure_words(row: dict) -> str:
    if row["low"] == row["high"]:
        return f"{row['low']:,}"
    return f"{row['low']:,} to {row['high']:,}"
